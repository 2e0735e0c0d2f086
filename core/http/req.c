/* SPDX-License-Identifier: Apache-2.0 */
#include "http/private.h"

#include <stdio.h>
#include "base/clock.h"
#include "base/hex.h"
#include "base/log.h"
#include "http/reply.h"

/* Kept for reuse per server, with the first block of their arena unless it has grown. */
#define TH_REQ_KEPT 256
#define TH_REQ_KEPT_BYTES 65536

static const char *const method_names[TH_METHOD_COUNT] = {
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

const char *th_method_name(enum th_method m)
{
    return method_names[m];
}

bool th_method_of(struct th_str name, enum th_method *out)
{
    for (int m = 0; m < TH_METHOD_COUNT; m++) {
        if (th_str_eq(name, th_str(method_names[m]))) {
            *out = (enum th_method)m;
            return true;
        }
    }
    return false;
}

static struct th_str view(h2o_iovec_t v)
{
    return (struct th_str){v.base, v.len};
}

/* ---- lifetime ---- */

static bool is_id(struct th_str s)
{
    if (s.n == 0 || s.n > TH_REQ_ID_MAX)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                c == '_' || c == '.'))
            return false;
    }
    return true;
}

/* Unique and without a visible order; not a secret. */
static uint64_t next_id(struct th_server *s)
{
    uint64_t x = s->ids += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

static void set_id(struct th_req *r)
{
    struct th_str given = th_req_header(r, "x-request-id");
    if (is_id(given)) {
        memcpy(r->id, given.p, given.n);
        r->id[given.n] = '\0';
        return;
    }
    uint64_t id = next_id(r->server);
    th_hex_encode(r->id, &id, sizeof(id));
}

static struct th_req *take(struct th_server *s)
{
    struct th_req *r = s->free_reqs;
    struct th_arena arena;
    if (r == NULL) {
        r = th_alloc(sizeof(*r));
        th_arena_init(&arena);
    } else {
        s->free_reqs = r->next_free;
        s->nfree--;
        arena = r->arena;
    }
    memset(r, 0, sizeof(*r));
    r->arena = arena;
    return r;
}

struct th_req *th_req_begin(struct th_conn *c, h2o_req_t *h)
{
    struct th_server *s = c->server;
    struct th_req *r = take(s);
    s->refs++;
    c->req = r;
    r->refs = 1;
    r->worker = s->worker;
    r->server = s;
    r->h2o = h;
    r->started_us = th_clock_mono_us();
    struct th_str path = view(h->input.path);
    if (h->query_at != SIZE_MAX && h->query_at < path.n) {
        r->query = (struct th_str){path.p + h->query_at + 1, path.n - h->query_at - 1};
        path.n = h->query_at;
    }
    r->path = path;
    set_id(r);
    return r;
}

static void destroy(struct th_req *r)
{
    th_arena_free(&r->arena);
    th_free(r);
}

static void put_back(struct th_req *r)
{
    struct th_server *s = r->server;
    if (s->stopping || s->nfree >= TH_REQ_KEPT || r->arena.used > TH_REQ_KEPT_BYTES) {
        destroy(r);
    } else {
        th_arena_reset(&r->arena);
        r->next_free = s->free_reqs;
        s->free_reqs = r;
        s->nfree++;
    }
    th_server_unref(s);
}

void th_req_free_all(struct th_server *s)
{
    while (s->free_reqs != NULL) {
        struct th_req *r = s->free_reqs;
        s->free_reqs = r->next_free;
        destroy(r);
    }
}

void th_req_ref(struct th_req *r)
{
    r->refs++;
}

void th_req_unref(struct th_req *r)
{
    if (--r->refs == 1 && r->h2o != NULL && !r->replied) {
        th_erro("http.unanswered", "id=%s method=%s", r->id, th_method_name(r->method));
        th_reply_error(r, TH_EINTERNAL, "a request was dropped without an answer");
    }
    if (r->refs == 0)
        put_back(r);
}

void th_req_end(struct th_req *r)
{
    bool gone = !r->replied;
    r->h2o = NULL;
    if (r->stream != NULL)
        th_stream_released(r->stream);
    if (gone && r->on_gone != NULL)
        r->on_gone(r);
    th_req_unref(r);
}

void *th_req_arg(const struct th_req *r)
{
    return r->server->arg;
}

/* ---- what was asked ---- */

struct th_str th_req_header(const struct th_req *r, const char *name)
{
    size_t n = strlen(name);
    if (r->h2o == NULL)
        return (struct th_str){0};
    if (n == 4 && memcmp(name, "host", 4) == 0)
        return view(r->h2o->input.authority);
    const h2o_header_t *h = r->h2o->headers.entries, *end = h + r->h2o->headers.size;
    for (; h < end; h++) {
        if (h->name->len == n && memcmp(h->name->base, name, n) == 0)
            return view(h->value);
    }
    return (struct th_str){0};
}

bool th_req_header_next(const struct th_req *r, size_t *at, struct th_str *name, struct th_str *value)
{
    if (r->h2o == NULL || *at >= r->h2o->headers.size)
        return false;
    const h2o_header_t *h = &r->h2o->headers.entries[(*at)++];
    *name = view(*h->name);
    *value = view(h->value);
    return true;
}

struct th_str th_req_body(const struct th_req *r)
{
    return r->h2o == NULL ? (struct th_str){0} : view(r->h2o->entity);
}

struct th_str th_req_take_body(const struct th_req *r, struct th_arena *arena)
{
    struct th_str body = th_req_body(r);
    return (struct th_str){th_arena_dup(arena, body.p, body.n), body.n};
}

/* ---- the answer ---- */

static bool is_clean(struct th_str value)
{
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

static h2o_headers_t *headers_for(struct th_req *r, const char *name, struct th_str *value)
{
    if (r->h2o == NULL || r->replied)
        return NULL;
    if (!is_clean(th_str(name)) || !is_clean(*value)) {
        th_warn("http.header_dropped", "name=%s id=%s", name, r->id);
        return NULL;
    }
    char *copy = h2o_mem_alloc_pool(&r->h2o->pool, value->n);
    if (value->n > 0)
        memcpy(copy, value->p, value->n);
    value->p = copy;
    return &r->h2o->res.headers;
}

static void set_header(struct th_req *r, const char *name, struct th_str value, int overwrite)
{
    h2o_headers_t *headers = headers_for(r, name, &value);
    if (headers != NULL)
        h2o_set_header_by_str(&r->h2o->pool, headers, name, strlen(name), 1, value.p, value.n, overwrite);
}

void th_req_set_header(struct th_req *r, const char *name, struct th_str value)
{
    set_header(r, name, value, 1);
}

void th_req_default_header(struct th_req *r, const char *name, struct th_str value)
{
    set_header(r, name, value, 0);
}

void th_req_add_header(struct th_req *r, const char *name, struct th_str value)
{
    h2o_headers_t *headers = headers_for(r, name, &value);
    if (headers != NULL)
        h2o_add_header_by_str(&r->h2o->pool, headers, name, strlen(name), 1, NULL, value.p, value.n);
}

bool th_req_head(struct th_req *r, int status, const char *type)
{
    if (r->replied) {
        if (r->h2o != NULL && !r->server->stopping)
            th_erro("http.second_answer", "id=%s first=%d second=%d", r->id, r->status, status);
        return false;
    }
    r->replied = true;
    r->status = status;
    if (r->h2o == NULL)
        return false;
    h2o_req_t *h = r->h2o;
    h->res.status = status;
    h->res.reason = th_status_reason(status);
    if (type != NULL)
        h2o_add_header(&h->pool, &h->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, type, strlen(type));
    if (r->close || r->server->draining)
        h->http1_is_persistent = 0;
    return true;
}

static void send_whole(struct th_req *r, struct th_str body)
{
    static h2o_generator_t generator = {NULL, NULL};
    h2o_req_t *h = r->h2o;
    h2o_iovec_t buf = h2o_iovec_init(body.p, body.n);
    if (r->status != 204 && r->status != 304)
        h->res.content_length = body.n;
    h2o_start_response(h, &generator);
    bool alone = r->method == TH_METHOD_HEAD || body.n == 0;
    h2o_send(h, &buf, alone ? 0 : 1, H2O_SEND_STATE_FINAL);
}

void th_req_reply_static(struct th_req *r, int status, const char *type, struct th_str body)
{
    if (th_req_head(r, status, type))
        send_whole(r, body);
}

void th_req_reply(struct th_req *r, int status, const char *type, struct th_str body)
{
    if (!th_req_head(r, status, type))
        return;
    char *copy = h2o_mem_alloc_pool(&r->h2o->pool, body.n);
    if (body.n > 0)
        memcpy(copy, body.p, body.n);
    send_whole(r, (struct th_str){copy, body.n});
}
