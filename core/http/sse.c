/* SPDX-License-Identifier: Apache-2.0 */
#include "http/sse.h"

#include "http/private.h"
#include "http/reply.h"

struct th_sse {
    struct th_list link; /* in server->sses */
    struct th_req *r;    /* holds a reference until it is over */
    struct th_stream *stream;
    struct th_later later; /* tells the owner */
    void (*on_gone)(void *arg);
    void *arg;
    uint64_t said_at; /* loop time */
};

static uint64_t now(const struct th_sse *s)
{
    return uv_now(&s->r->worker->loop);
}

/* The last use of s. */
static void finish(struct th_sse *s)
{
    struct th_req *r = s->r;
    th_list_remove(&s->link);
    th_list_remove(&s->later.link);
    th_req_unref(r);
}

static void on_gone(void *arg)
{
    struct th_sse *s = arg;
    void (*tell)(void *arg) = s->on_gone;
    void *owner = s->arg;
    s->stream = NULL;
    finish(s);
    if (tell != NULL)
        tell(owner);
}

static void on_later(struct th_worker *w, struct th_later *l)
{
    on_gone(th_container_of(l, struct th_sse, later));
}

struct th_sse *th_sse_open(struct th_req *r, size_t cap, void (*gone)(void *arg), void *arg)
{
    struct th_sse *s = th_arena_zalloc(&r->arena, sizeof(*s));
    th_reply_secure(r, TH_REPLY_API);
    th_req_set_header(r, "x-accel-buffering", TH_STR("no"));
    if (r->method == TH_METHOD_HEAD) {
        th_req_reply_static(r, 200, "text/event-stream", TH_STR(""));
        return NULL;
    }
    struct th_stream_opts opts = {.cap = cap, .arg = s, .on_gone = on_gone};
    s->stream = th_stream_begin(r, 200, "text/event-stream", &opts);
    if (s->stream == NULL)
        return NULL;
    s->r = r;
    th_req_ref(r);
    s->on_gone = gone;
    s->arg = arg;
    s->later.run = on_later;
    th_list_init(&s->later.link);
    th_list_init(&s->link);
    th_list_push(&r->server->sses, &s->link);
    /* So that the head leaves at once. */
    th_sse_put(s, TH_STR(": open\n\n"));
    return s;
}

static void put_flat(struct th_buf *out, const char *field, struct th_str value)
{
    if (value.n == 0)
        return;
    th_buf_puts(out, field);
    for (size_t i = 0; i < value.n; i++) {
        if (value.p[i] != '\n' && value.p[i] != '\r' && value.p[i] != '\0')
            th_buf_putc(out, value.p[i]);
    }
    th_buf_putc(out, '\n');
}

void th_sse_format(struct th_buf *out, struct th_str id, struct th_str type, struct th_str data)
{
    put_flat(out, "id: ", id);
    put_flat(out, "event: ", type);
    th_buf_puts(out, "data: ");
    for (size_t i = 0; i < data.n; i++) {
        bool pair = data.p[i] == '\r' && i + 1 < data.n && data.p[i + 1] == '\n';
        if (pair)
            continue;
        if (data.p[i] == '\n' || data.p[i] == '\r')
            th_buf_puts(out, "\ndata: ");
        else
            th_buf_putc(out, data.p[i]);
    }
    th_buf_puts(out, "\n\n");
}

int th_sse_put(struct th_sse *s, struct th_str event)
{
    if (s->stream == NULL)
        return -TH_ECANCELED;
    int code = th_stream_put(s->stream, event);
    if (code == 0) {
        s->said_at = now(s);
    } else if (code == -TH_EBUSY) {
        struct th_stream *stream = s->stream;
        s->stream = NULL;
        th_stream_abort(stream);
        th_worker_later(s->r->worker, &s->later);
    }
    return code;
}

int th_sse_send(struct th_sse *s, struct th_str id, struct th_str type, struct th_str data)
{
    struct th_buf b = {0};
    th_sse_format(&b, id, type, data);
    int code = th_sse_put(s, th_buf_view(&b));
    th_buf_free(&b);
    return code;
}

void th_sse_close(struct th_sse *s)
{
    if (s->stream != NULL)
        th_stream_end(s->stream);
    finish(s);
}

struct th_str th_sse_last_id(struct th_req *r)
{
    struct th_str id = th_req_header(r, "last-event-id");
    return (struct th_str){th_arena_dup(&r->arena, id.p, id.n), id.n};
}

void th_sses_tick(struct th_server *server, uint64_t at)
{
    TH_LIST_EACH (it, tmp, &server->sses) {
        struct th_sse *s = th_list_item(it, struct th_sse, link);
        if (at - s->said_at >= TH_SSE_QUIET_MS)
            th_sse_put(s, TH_STR(":\n\n"));
    }
}
