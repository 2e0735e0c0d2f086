/* SPDX-License-Identifier: Apache-2.0
 *
 * The HTTP layer alone, as an upper bound for everything above it: POST or GET /null is answered by the
 * worker that has the connection, /hop goes to the next worker and back by mail. Measure with wrk -t1 -c128
 * -d5s http://127.0.0.1:PORT/null Ends at the end of its standard input. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
#include "http/reply.h"
#include "http/server.h"

struct hop {
    struct th_mail mail;
    struct th_req *r;
};

static struct th_listener *listener;
static __thread struct th_server *server;

static void on_back(struct th_worker *w, struct th_mail *m)
{
    struct hop *hop = th_container_of(m, struct hop, mail);
    struct th_req *r = hop->r;
    th_req_reply_static(r, 200, "application/json", TH_STR("{}"));
    th_req_unref(r);
}

static void on_there(struct th_worker *w, struct th_mail *m)
{
    struct hop *hop = th_container_of(m, struct hop, mail);
    m->run = on_back;
    th_worker_post(hop->r->worker, m);
}

static void on_request(struct th_req *r)
{
    if (!th_str_eq(r->path, TH_STR("/hop"))) {
        th_req_reply_static(r, 200, "application/json", TH_STR("{}"));
        return;
    }
    struct th_runtime *rt = r->worker->rt;
    struct hop *hop = th_arena_alloc(&r->arena, sizeof(*hop));
    hop->r = r;
    hop->mail.run = on_there;
    th_req_ref(r);
    th_worker_post(&rt->workers[(r->worker->index + 1) % rt->worker_count], &hop->mail);
}

static int start(struct th_worker *w, struct th_error *err)
{
    return th_server_start(w, listener, on_request, NULL, &server, err);
}

static void drain(struct th_worker *w)
{
    th_server_drain(server, th_worker_drained);
}

static void stop(struct th_worker *w)
{
    th_server_stop(server);
}

int main(int argc, char **argv)
{
    static const struct th_worker_part part = {"null", start, drain, stop};
    static const struct th_worker_part *const parts[] = {&part, NULL};
    const struct th_listener_opts opts = {.max_connections = 4096,
        .max_body = 1 << 20,
        .header_timeout = 10000,
        .request_timeout = 60000,
        .idle_timeout = 60000};
    struct th_runtime rt;
    struct th_conf *conf;
    struct th_error err = {0};
    char byte;

    signal(SIGPIPE, SIG_IGN);
    if (th_listener_open("listen", argc > 1 ? argv[1] : "127.0.0.1:0", &opts, &listener, &err) != 0 ||
        th_conf_load(&conf, NULL, &err) != 0) {
        fprintf(stderr, "%s\n", err.msg);
        return 1;
    }
    if (th_runtime_start(&rt, conf, parts, NULL, &err) != 0) {
        fprintf(stderr, "%s\n", err.msg);
        return 1;
    }
    printf("http://127.0.0.1:%d/null (or /hop), %d workers\n", th_listener_port(listener), rt.worker_count);
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
    struct th_server_totals t;
    th_server_totals(listener, &t);
    printf("%lu connections, %lu requests\n", (unsigned long)t.accepted, (unsigned long)t.requests);
    th_runtime_stop(&rt, 5000);
    th_listener_close(listener);
    th_conf_free(conf);
    return 0;
}
