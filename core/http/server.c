/* SPDX-License-Identifier: Apache-2.0 */
#include "http/private.h"

#include <sys/random.h>
#include "base/clock.h"
#include "base/log.h"
#include "http/gzip.h"
#include "http/head.h"
#include "http/reply.h"

/* Connections still open this long after all were cut are a fault of ours. */
#define TH_STOP_MS 2000

/* ---- requests ---- */

static void refuse(struct th_req *r, int status, const char *why)
{
    th_count(&r->server->counters, bad_requests);
    r->close = true;
    th_reply_problem(r, &(struct th_problem){.status = status, .detail = why});
}

/* TRACE, CONNECT and whatever else: no path here has it. */
static void refuse_method(struct th_req *r)
{
    th_req_set_header(r, "allow", TH_STR("DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"));
    refuse(r, 405, NULL);
}

/* True when the request was refused. */
static bool refuse_malformed(struct th_conn *c, struct th_req *r, bool known_method)
{
    h2o_req_t *h = r->h2o;
    const char *why = th_head_check(c->sock->input->bytes, c->sock->input->size, h->version == 0x101);
    if (why == NULL && r->path.p[0] != '/')
        why = "request target is not a path";
    if (why != NULL)
        refuse(r, 400, why);
    else if (!known_method)
        refuse_method(r);
    else if (h->entity.len > c->listener->opts.max_body)
        refuse(r, 413, "request body is too large");
    return r->replied;
}

static int on_request(h2o_handler_t *self, h2o_req_t *h)
{
    struct th_conn *c = th_conn_of(h);
    struct th_req *r = th_req_begin(c, h);
    bool known = th_method_of((struct th_str){h->method.base, h->method.len}, &r->method);
    if (!refuse_malformed(c, r, known)) {
        th_req_ref(r);
        th_log_set_request(r->id);
        c->server->on_request(r);
        th_log_set_request(NULL);
        th_req_unref(r);
    }
    return 0;
}

static void count_reply(struct th_server_counters *n, const h2o_req_t *h)
{
    th_count(n, requests);
    th_count_n(n, bytes_sent, h->bytes_sent);
    switch (h->res.status / 100) {
    case 2:
        th_count(n, replies_2xx);
        break;
    case 3:
        th_count(n, replies_3xx);
        break;
    case 4:
        th_count(n, replies_4xx);
        break;
    case 5:
        th_count(n, replies_5xx);
        break;
    }
}

/* h2o tells its loggers when it is about to forget a request, in whatever way that came. */
static void on_request_end(h2o_logger_t *self, h2o_req_t *h)
{
    struct th_conn *c = th_conn_of(h);
    count_reply(&c->server->counters, h);
    c->used = true;
    c->quiet_since = uv_now(&c->server->worker->loop);
    c->begun = 0;
    struct th_req *r = c->req;
    c->req = NULL;
    if (r != NULL)
        th_req_end(r);
}

void th_server_configure(struct th_listener *l)
{
    h2o_globalconf_t *g = &l->conf;
    h2o_config_init(g);
    g->server_name = h2o_iovec_init("", 0);
    /* One more than allowed, since h2o refuses chunked bodies of exactly its limit; on_request does the rest.
     */
    g->max_request_entity_size = l->opts.max_body + 1;
    /* A net under the sweep. */
    g->http1.req_timeout = (uint64_t)(l->opts.idle_timeout + l->opts.request_timeout);
    g->http1.upgrade_to_http2 = 0;
    h2o_hostconf_t *host = h2o_config_register_host(g, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    th_early_register(&host->fallback_path);
    h2o_create_handler(&host->fallback_path, sizeof(h2o_handler_t))->on_req = on_request;
    h2o_create_logger(&host->fallback_path, sizeof(h2o_logger_t))->log_access = on_request_end;
}

/* ---- start, drain, stop ---- */

int th_server_start(struct th_worker *w, struct th_listener *l, th_request_cb cb, void *arg,
    struct th_server **out, struct th_error *err)
{
    struct th_server *s = th_calloc(1, sizeof(*s));
    s->worker = w;
    s->listener = l;
    s->on_request = cb;
    s->arg = arg;
    s->refs = 1;
    th_list_init(&s->conns);
    th_list_init(&s->streams);
    th_list_init(&s->sses);
    if (getrandom(&s->ids, sizeof(s->ids), 0) != sizeof(s->ids)) {
        th_free(s);
        return th_fail(err, TH_EIO, "no random bytes");
    }
    int code = th_listener_attach(l, s, err);
    if (code != 0) {
        th_free(s);
        return code;
    }
    h2o_context_init(&s->ctx, &w->loop, &l->conf);
    s->accept.ctx = &s->ctx;
    s->accept.hosts = l->conf.hosts;
    uv_timer_init(&w->loop, &s->sweep);
    th_sweep_start(s);
    *out = s;
    return 0;
}

/* Ends what is still to be answered, or being answered as a stream. */
static void abandon(struct th_server *s)
{
    th_streams_abort(s);
    TH_LIST_EACH (it, tmp, &s->conns) {
        struct th_conn *c = th_list_item(it, struct th_conn, link);
        struct th_req *r = c->req;
        th_conn_cut(c);
        if (r == NULL || r->replied)
            continue;
        th_req_ref(r);
        r->close = true;
        th_reply_error(r, TH_EUNAVAIL, "the server is stopping");
        if (r->on_gone != NULL)
            r->on_gone(r);
        th_req_unref(r);
    }
}

void th_server_check_drained(struct th_server *s)
{
    if (s->drained == NULL)
        return;
    struct th_listener *l = s->listener;
    bool none = !atomic_load(&l->accepting) && atomic_load(&l->load[s->worker->index]) == 0;
    if (!none && uv_now(&s->worker->loop) < s->drain_until)
        return;
    if (!none) {
        th_warn("http.drain_late", "listener=%s connections=%d", l->name,
            atomic_load(&l->load[s->worker->index]));
        abandon(s);
    }
    void (*drained)(struct th_worker * w) = s->drained;
    s->drained = NULL;
    drained(s->worker);
}

void th_server_drain(struct th_server *s, void (*drained)(struct th_worker *w))
{
    s->draining = true;
    s->drained = drained;
    s->drain_until = uv_now(&s->worker->loop) + TH_SERVER_DRAIN_MS;
    /* Not h2o_context_request_shutdown: for HTTP/2 it starts a timer that nothing stops. */
    s->ctx.shutdown_requested = 1;
    th_listener_detach(s->listener, s);
    th_streams_drain(s);
    th_sweep_hurry(s);
}

void th_server_unref(struct th_server *s)
{
    if (--s->refs == 0)
        th_free(s);
}

static void on_sweep_closed(uv_handle_t *h)
{
    th_server_unref(th_container_of((uv_timer_t *)h, struct th_server, sweep));
}

void th_server_stop(struct th_server *s)
{
    if (s == NULL)
        return;
    uv_loop_t *loop = &s->worker->loop;
    s->drained = NULL;
    s->draining = s->stopping = true;
    th_listener_detach(s->listener, s);
    abandon(s);
    /* The sweep keeps the loop from waiting longer than a period. */
    th_sweep_hurry(s);
    uv_update_time(loop);
    uint64_t until = uv_now(loop) + TH_STOP_MS;
    while (!th_list_empty(&s->conns) && uv_now(loop) < until)
        uv_run(loop, UV_RUN_ONCE);
    if (!th_list_empty(&s->conns)) {
        th_erro("http.connections_left", "listener=%s", s->listener->name);
        return;
    }
    s->listener->servers[s->worker->index] = NULL;
    h2o_context_dispose(&s->ctx);
    th_req_free_all(s);
    th_gzip_free(s->gzip);
    s->gzip = NULL;
    uv_close((uv_handle_t *)&s->sweep, on_sweep_closed);
}

/* ---- counters ---- */

static void add_counters(struct th_server_totals *sum, const struct th_server_counters *n)
{
#define X(name, help) sum->name += atomic_load_explicit(&n->name, memory_order_relaxed);
    TH_SERVER_COUNTERS(X)
#undef X
}

void th_server_totals(const struct th_listener *l, struct th_server_totals *out)
{
    memset(out, 0, sizeof(*out));
    for (int i = 0; i < TH_WORKERS_MAX; i++) {
        const struct th_server *s = atomic_load(&l->servers[i]);
        if (s != NULL)
            add_counters(out, &s->counters);
    }
    out->connections = atomic_load(&l->open);
}
