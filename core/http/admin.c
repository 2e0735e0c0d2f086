/* SPDX-License-Identifier: Apache-2.0 */
#include "base/conf.h"
#include "bind/api_engine.h"
#include "http/admin.h"
#include "http/listener.h"
#include "http/reply.h"
#include "http/req.h"
#include "http/server.h"
#include "store/store.h"

#define MAX_HEADERS 64

struct th_admin_door {
    struct th_listener *listener;
};

struct th_web {
    struct th_server *server;
};

static void on_answer(void *arg, const struct th_api_answer *a)
{
    struct th_req *r = arg;
    const char *type = NULL;
    for (unsigned i = 0; i < a->nheaders; i++) {
        const char *name = th_arena_dup(&r->arena, a->headers[i].name.p, a->headers[i].name.n);
        if (strcmp(name, "content-type") == 0)
            type = th_arena_dup(&r->arena, a->headers[i].value.p, a->headers[i].value.n);
        else
            th_req_set_header(r, name, a->headers[i].value);
    }
    th_reply_data(r, a->status, type, a->body);
    th_req_unref(r);
}

static void on_request(struct th_req *r)
{
    struct th_api_header headers[MAX_HEADERS];
    unsigned n = 0;
    struct th_str name, value;
    for (size_t at = 0; n < MAX_HEADERS && th_req_header_next(r, &at, &name, &value);)
        headers[n++] = (struct th_api_header){name, value};
    struct th_api_request q = {
        .method = th_str(th_method_name(r->method)),
        .path = r->path,
        .query = r->query,
        .body = th_req_body(r),
        .id = th_str(r->id),
        .peer = th_str(th_req_client(r)),
        .loopback = th_req_is_local(r),
        .headers = headers,
        .nheaders = n,
    };
    th_req_ref(r);
    int rc = th_api_call(r->worker, &q, on_answer, r);
    if (rc != 0) {
        th_reply_error(r, rc, NULL);
        th_req_unref(r);
    }
}

int th_admin_door_open(struct th_admin_door **out, const struct th_conf *conf, struct th_error *err)
{
    struct th_listener_opts opts = {
        .max_connections = conf->http_max_connections,
        .max_body = (size_t)conf->http_max_body,
        .header_timeout = conf->http_header_timeout,
        .request_timeout = conf->http_request_timeout,
        .idle_timeout = conf->http_idle_timeout,
    };
    struct th_admin_door *door = th_calloc(1, sizeof *door);
    int rc = th_listener_open("http.listen", conf->http_listen, &opts, &door->listener, err);
    if (rc != 0) {
        th_free(door);
        return rc;
    }
    *out = door;
    return 0;
}

void th_admin_door_close(struct th_admin_door *door)
{
    if (door == NULL)
        return;
    th_listener_close(door->listener);
    th_free(door);
}

static int start(struct th_worker *w, struct th_error *err)
{
    w->web = th_calloc(1, sizeof *w->web);
    return th_server_start(w, w->rt->shared->admin_door->listener, on_request, NULL, &w->web->server, err);
}

static void drain(struct th_worker *w)
{
    th_server_drain(w->web->server, th_worker_drained);
}

static void stop(struct th_worker *w)
{
    if (w->web == NULL)
        return;
    th_server_stop(w->web->server);
    th_free(w->web);
    w->web = NULL;
}

const struct th_worker_part th_admin_part = {"admin", start, drain, stop};
