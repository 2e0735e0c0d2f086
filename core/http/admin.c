/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/conf.h"
#include "base/log.h"
#include "bind/api_engine.h"
#include "http/admin.h"
#include "http/listener.h"
#include "http/live.h"
#include "http/reply.h"
#include "http/req.h"
#include "http/server.h"
#include "http/static.h"
#include "http/stream.h"
#include "store/store.h"

#define MAX_HEADERS 64

struct th_admin_door {
    struct th_listener *listener;
    struct th_static *dashboard; /* NULL: not built */
};

struct th_web {
    struct th_server *server;
    struct th_live_door *live;
};

static int ask(struct th_req *r, th_api_cb cb, void *arg);

/* ---- answers piece by piece ---- */

/* Lies in the request's arena; the stream keeps the request. */
struct pieces {
    struct th_stream *stream;
    struct th_api_pieces *source;
};

static int put_piece(void *arg, struct th_str piece)
{
    return th_stream_put(((struct pieces *)arg)->stream, piece);
}

static void end_pieces(void *arg, bool good)
{
    struct pieces *p = arg;
    if (good)
        th_stream_end(p->stream);
    else
        th_stream_abort(p->stream);
}

static void on_room(void *arg)
{
    th_api_pieces_ready(((struct pieces *)arg)->source);
}

static void on_gone(void *arg)
{
    th_api_pieces_gone(((struct pieces *)arg)->source);
}

/* An answer cut short must look like one. */
static void on_drain(void *arg)
{
    struct pieces *p = arg;
    th_stream_abort(p->stream);
    th_api_pieces_gone(p->source);
}

/* Headers are set already. */
static void send_pieces(struct th_req *r, int status, const char *type, struct th_api_pieces *source)
{
    th_reply_secure(r, TH_REPLY_FILE);
    th_req_set_header(r, "x-request-id", th_str(r->id));
    if (r->method == TH_METHOD_HEAD) {
        th_req_reply_static(r, status, type, TH_STR(""));
        return;
    }
    struct pieces *p = th_arena_zalloc(&r->arena, sizeof *p);
    struct th_stream_opts opts = {.arg = p, .on_ready = on_room, .on_gone = on_gone, .on_drain = on_drain};
    p->source = source;
    p->stream = th_stream_begin(r, status, type, &opts);
    if (p->stream != NULL)
        *source = (struct th_api_pieces){.put = put_piece, .end = end_pieces, .arg = p};
}

static void on_answer(void *arg, const struct th_api_answer *a)
{
    struct th_req *r = arg;
    const char *type = NULL;
    if (a->stream.p != NULL && r->worker->web != NULL) {
        th_live_door_open(r->worker->web->live, r, a->stream, ask);
        th_req_unref(r);
        return;
    }
    for (unsigned i = 0; i < a->nheaders; i++) {
        const char *name = th_arena_dup(&r->arena, a->headers[i].name.p, a->headers[i].name.n);
        if (strcmp(name, "content-type") == 0)
            type = th_arena_dup(&r->arena, a->headers[i].value.p, a->headers[i].value.n);
        else if (strcmp(name, "set-cookie") == 0)
            th_req_add_header(r, name, a->headers[i].value); /* one per cookie */
        else
            th_req_set_header(r, name, a->headers[i].value);
    }
    if (a->pieces != NULL)
        send_pieces(r, a->status, type, a->pieces);
    else
        th_reply_data(r, a->status, type, a->body);
    th_req_unref(r);
}

/* The API's own; no address below one of these is ever a page of the dashboard. */
static bool is_api(struct th_str path)
{
    static const char *const roots[] = {"/api", "/errors", "/healthz", "/readyz", "/metrics", "/time"};
    for (unsigned i = 0; i < sizeof roots / sizeof *roots; i++) {
        struct th_str root = th_str(roots[i]);
        if (th_str_starts(path, root) && (path.n == root.n || path.p[root.n] == '/' || path.p[root.n] == '.'))
            return true;
    }
    return false;
}

static const char not_built[] =
    "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>thingd</title>\n"
    "<h1>The dashboard is not built</h1>\n"
    "<p>Run <code>make web</code> (it needs Node 20 and npm), then start thingd again. "
    "The API at <code>/api/v1</code> works without it.\n";

/* True: answered. */
static bool serve_page(struct th_req *r)
{
    const struct th_static *dashboard = r->worker->rt->shared->admin_door->dashboard;
    if (dashboard != NULL)
        return th_static_serve(dashboard, r, is_api(r->path));
    if (r->method != TH_METHOD_GET || !th_str_eq(r->path, TH_STR("/")))
        return false;
    th_reply_secure(r, TH_REPLY_PAGE);
    th_req_reply_static(r, 200, "text/html; charset=utf-8", th_str(not_built));
    return true;
}

/* Puts a request to the API; its headers are h2o's and must still be there. */
static int ask(struct th_req *r, th_api_cb cb, void *arg)
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
    return th_api_call(r->worker, &q, cb, arg);
}

static void on_request(struct th_req *r)
{
    if (serve_page(r))
        return;
    th_req_ref(r);
    int rc = ask(r, on_answer, r);
    if (rc != 0) {
        th_reply_error(r, rc, NULL);
        th_req_unref(r);
    }
}

static int load_dashboard(const char *home, struct th_static **out, struct th_error *err)
{
    char folder[4200];
    snprintf(folder, sizeof folder, "%s/web/dist", home);
    int rc = th_static_load(folder, out, err);
    if (rc != -TH_ENOTFOUND)
        return rc;
    th_info("dashboard_not_built", "folder=%s", folder);
    return 0;
}

int th_admin_door_open(
    struct th_admin_door **out, const struct th_conf *conf, const char *home, struct th_error *err)
{
    struct th_listener_opts opts = {
        .max_connections = conf->http_max_connections,
        .max_body = (size_t)conf->http_max_body,
        .header_timeout = conf->http_header_timeout,
        .request_timeout = conf->http_request_timeout,
        .idle_timeout = conf->http_idle_timeout,
        .proxies = conf->http_proxies,
    };
    struct th_admin_door *door = th_calloc(1, sizeof *door);
    int rc = load_dashboard(home, &door->dashboard, err);
    if (rc == 0)
        rc = th_listener_open("http.listen", conf->http_listen, &opts, &door->listener, err);
    if (rc != 0) {
        th_static_free(door->dashboard);
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
    th_static_free(door->dashboard);
    th_free(door);
}

static int start(struct th_worker *w, struct th_error *err)
{
    w->web = th_calloc(1, sizeof *w->web);
    w->web->live = th_live_door_new(w);
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
    th_live_door_free(w->web->live);
    th_server_stop(w->web->server);
    th_free(w->web);
    w->web = NULL;
}

const struct th_worker_part th_admin_part = {"admin", start, drain, stop};
