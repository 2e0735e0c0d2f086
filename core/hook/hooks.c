/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/conf.h"
#include "hook/acl.h"
#include "hook/auth.h"
#include "hook/envelope.h"
#include "hook/handler.h"
#include "hook/hooks.h"
#include "hook/interpret.h"
#include "http/listener.h"
#include "http/req.h"
#include "http/server.h"
#include "sec/token.h"
#include "store/dead_letter.h"
#include "store/ingest.h"

#define JSON_TYPE "application/json"

struct th_hook_door {
    struct th_listener *listener;
    struct th_hook_tokens *tokens;
    const struct th_conf *conf;
};

struct th_hooks {
    struct th_server *server;
    struct th_hook_door *door;
    struct th_shared *shared;
    struct th_metrics *metrics;
};

enum purpose { PURPOSE_NONE, PURPOSE_HOOK, PURPOSE_AUTH, PURPOSE_ACL };

static const struct {
    const char *path;
    enum purpose purpose;
} stock[] = {
    {"/api/access/auth", PURPOSE_AUTH},
    {"/api/access/acl", PURPOSE_ACL},
    {"/api/device/connect", PURPOSE_HOOK},
    {"/api/device/disconnect", PURPOSE_HOOK},
    {"/api/thing/property/post", PURPOSE_HOOK},
    {"/api/thing/event/post", PURPOSE_HOOK},
    {"/api/thing/property/set_reply", PURPOSE_HOOK},
    {"/api/thing/property/set_subscribe", PURPOSE_HOOK},
    {"/api/thing/file/upload", PURPOSE_HOOK},
    {"/api/ota/version", PURPOSE_HOOK},
};

static bool below(struct th_str path, struct th_str prefix, struct th_str *rest)
{
    if (!th_str_starts(path, prefix))
        return false;
    *rest = (struct th_str){path.p + prefix.n, path.n - prefix.n};
    return true;
}

static enum purpose purpose_of(struct th_req *r, struct th_str *token)
{
    if (below(r->path, TH_STR("/hook/"), token))
        return PURPOSE_HOOK;
    if (below(r->path, TH_STR("/auth/"), token))
        return PURPOSE_AUTH;
    if (below(r->path, TH_STR("/acl/"), token))
        return PURPOSE_ACL;
    for (size_t i = 0; i < sizeof stock / sizeof *stock; i++) {
        if (!th_str_eq(r->path, th_str(stock[i].path)))
            continue;
        if (!th_req_query(r, "token", token) &&
            !below(th_req_header(r, "authorization"), TH_STR("Bearer "), token))
            *token = TH_STR("");
        return stock[i].purpose;
    }
    return PURPOSE_NONE;
}

static void answer(struct th_req *r, enum th_verdict verdict)
{
    if (verdict == TH_VERDICT_RETRY || verdict == TH_VERDICT_NONE)
        th_req_reply_static(r, 503, JSON_TYPE, TH_STR("{\"error\":\"unavailable\"}"));
    else
        th_req_reply_static(r, 200, JSON_TYPE, TH_STR("{}"));
}

static void on_message_done(struct th_message *m)
{
    struct th_req *r = m->request;
    struct th_hooks *h = m->home->hooks;
    answer(r, m->verdict);
    th_req_unref(r);
    atomic_fetch_sub_explicit(&h->shared->inflight, 1, memory_order_relaxed);
    atomic_fetch_sub_explicit(&h->shared->inflight_bytes, (int64_t)m->held, memory_order_relaxed);
    th_arena_free(&m->arena);
    th_free(m);
}

void th_hooks_revive(struct th_message *m)
{
    struct th_door door = {0, m->mtls};
    th_envelope_read(m, &door);
    if (m->dead_reason == NULL && m->kind == TH_HOOK_PUBLISH)
        th_interpret_read(m, m->home->rt->conf);
}

static void on_owner(struct th_worker *w, struct th_mail *mail)
{
    th_ingest_take(w->store, th_container_of(mail, struct th_message, mail));
}

/* False: over the caps. */
static bool admit(struct th_hooks *h, size_t bytes)
{
    const struct th_conf *conf = h->door->conf;
    int64_t count = atomic_fetch_add_explicit(&h->shared->inflight, 1, memory_order_relaxed);
    int64_t held =
        atomic_fetch_add_explicit(&h->shared->inflight_bytes, (int64_t)bytes, memory_order_relaxed);
    if (count < conf->hook_max_inflight && held < conf->hook_max_inflight_bytes)
        return true;
    atomic_fetch_sub_explicit(&h->shared->inflight, 1, memory_order_relaxed);
    atomic_fetch_sub_explicit(&h->shared->inflight_bytes, (int64_t)bytes, memory_order_relaxed);
    return false;
}

/* A body of many small values takes a hundred times its size once it is read: that counts as well. False:
 * others alone are over the cap. */
static bool hold(struct th_hooks *h, struct th_message *m)
{
    size_t more = m->arena.used > m->held ? m->arena.used - m->held : 0;
    int64_t all = atomic_fetch_add_explicit(&h->shared->inflight_bytes, (int64_t)more, memory_order_relaxed);
    bool room = all - (int64_t)m->held < h->door->conf->hook_max_inflight_bytes;
    m->held += more;
    return room;
}

static void take_hook(struct th_hooks *h, struct th_req *r, const struct th_door *door)
{
    size_t bytes = th_req_body(r).n;
    th_count(h->metrics, hook_received);
    if (!admit(h, bytes)) {
        th_count(h->metrics, hook_retry);
        answer(r, TH_VERDICT_RETRY);
        return;
    }
    struct th_message *m = th_calloc(1, sizeof *m);
    th_arena_init(&m->arena);
    m->home = r->worker;
    m->mtls = door->mtls;
    m->done = on_message_done;
    m->request = r;
    m->bytes = m->held = bytes;
    m->arrived_us = th_clock_mono_us();
    m->body = th_req_take_body(r, &m->arena);
    th_req_ref(r);
    th_envelope_read(m, door);
    if (m->dead_reason == NULL && m->kind == TH_HOOK_PUBLISH)
        th_interpret_read(m, h->door->conf);
    if (m->dead_reason == NULL && m->kind == TH_HOOK_OTHER) {
        m->verdict = TH_VERDICT_IGNORED;
        th_count(h->metrics, hook_ignored);
        on_message_done(m);
        return;
    }
    if (!hold(h, m)) {
        m->verdict = TH_VERDICT_RETRY;
        th_count(h->metrics, hook_retry);
        on_message_done(m);
        return;
    }
    m->mail.run = on_owner;
    th_worker_post(th_worker_of_device(r->worker->rt, m->device_key), &m->mail);
}

static void on_auth_done(struct th_auth *a)
{
    struct th_req *r = a->request;
    struct th_hooks *h = a->home->hooks;
    struct th_buf out = {0};
    th_auth_answer(a, h->door->conf->auth_session, &out);
    th_req_reply(r, 200, JSON_TYPE, th_buf_view(&out));
    th_buf_free(&out);
    th_req_unref(r);
    th_arena_free(&a->arena);
    th_free(a);
}

static void take_auth(struct th_req *r, const struct th_door *door)
{
    struct th_auth *a = th_calloc(1, sizeof *a);
    th_arena_init(&a->arena);
    a->home = r->worker;
    a->done = on_auth_done;
    a->request = r;
    a->door = *door;
    th_req_ref(r);
    th_auth_ask(a, th_req_take_body(r, &a->arena));
}

static void on_acl_done(struct th_acl *a)
{
    struct th_req *r = a->request;
    if (!a->allow)
        th_count(a->home->hooks->metrics, acl_denied);
    th_req_reply_static(r, 200, "text/plain", a->allow ? TH_STR("allow") : TH_STR("deny"));
    th_req_unref(r);
    th_arena_free(&a->arena);
    th_free(a);
}

static void take_acl(struct th_req *r, const struct th_door *door)
{
    struct th_acl *a = th_calloc(1, sizeof *a);
    th_arena_init(&a->arena);
    a->home = r->worker;
    a->done = on_acl_done;
    a->request = r;
    th_req_ref(r);
    th_acl_ask(a, th_req_take_body(r, &a->arena), door);
}

static void refuse(struct th_hooks *h, struct th_req *r, enum purpose purpose)
{
    th_count(h->metrics, hook_no_token);
    if (purpose == PURPOSE_AUTH)
        th_req_reply_static(r, 200, JSON_TYPE, TH_STR("{\"result\":\"deny\",\"superuser\":false}"));
    else if (purpose == PURPOSE_ACL)
        th_req_reply_static(r, 200, "text/plain", TH_STR("deny"));
    else
        th_req_reply_static(r, 403, JSON_TYPE, TH_STR("{\"error\":\"forbidden\"}"));
}

static void on_request(struct th_req *r)
{
    struct th_hooks *h = r->worker->hooks;
    struct th_str token;
    enum purpose purpose = purpose_of(r, &token);
    if (purpose == PURPOSE_NONE) {
        th_req_reply_static(r, 404, JSON_TYPE, TH_STR("{\"error\":\"not_found\"}"));
        return;
    }
    if (r->method != TH_METHOD_POST) {
        th_req_set_header(r, "allow", TH_STR("POST"));
        th_req_reply_static(r, 405, JSON_TYPE, TH_STR("{\"error\":\"method_not_allowed\"}"));
        return;
    }
    struct th_str peer = th_hook_tokens_tied(h->door->tokens) ? th_str(th_req_client(r)) : (struct th_str){0};
    const struct th_hook_token *known = th_hook_tokens_find(h->door->tokens, token, peer);
    if (known == NULL) {
        refuse(h, r, purpose);
        return;
    }
    struct th_door door = {known->node, known->mtls};
    if (purpose == PURPOSE_HOOK)
        take_hook(h, r, &door);
    else if (purpose == PURPOSE_AUTH)
        take_auth(r, &door);
    else
        take_acl(r, &door);
}

int th_hook_door_open(struct th_hook_door **out, const struct th_conf *conf, struct th_error *err)
{
    struct th_hook_door *door = th_calloc(1, sizeof *door);
    door->conf = conf;
    /* base64 makes 4 bytes of 3; the rest of a hook is small. Were the limit lower, h2o would answer 413 by
     * itself, and the broker would repeat the message for a minute and drop it. */
    struct th_listener_opts opts = {
        .max_connections = conf->hook_max_connections,
        .max_body = (size_t)conf->broker_max_packet_size / 3 * 4 + 16384,
        .header_timeout = conf->http_header_timeout,
        .request_timeout = conf->http_request_timeout,
        .idle_timeout = conf->http_idle_timeout,
    };
    int rc = th_hook_tokens_read(&door->tokens, conf->hook_tokens, err);
    if (rc == 0)
        rc = th_listener_open("hook.listen", conf->hook_listen, &opts, &door->listener, err);
    if (rc != 0) {
        th_hook_door_close(door);
        return rc;
    }
    *out = door;
    return 0;
}

void th_hook_door_close(struct th_hook_door *door)
{
    if (door == NULL)
        return;
    th_listener_close(door->listener);
    th_hook_tokens_free(door->tokens);
    th_free(door);
}

static int start(struct th_worker *w, struct th_error *err)
{
    struct th_hooks *h = th_calloc(1, sizeof *h);
    w->hooks = h;
    h->shared = w->rt->shared;
    h->door = h->shared->hook_door;
    h->metrics = &h->shared->metrics[w->index];
    int rc = th_handler_start(w, err);
    if (rc == 0)
        rc = th_server_start(w, h->door->listener, on_request, h, &h->server, err);
    return rc;
}

static void drain(struct th_worker *w)
{
    th_server_drain(w->hooks->server, th_worker_drained);
}

static void stop(struct th_worker *w)
{
    if (w->hooks == NULL)
        return;
    th_server_stop(w->hooks->server);
    th_handler_stop(w);
    th_free(w->hooks);
    w->hooks = NULL;
}

const struct th_worker_part th_hooks_part = {"hooks", start, drain, stop};
