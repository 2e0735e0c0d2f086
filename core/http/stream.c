/* SPDX-License-Identifier: Apache-2.0
 *
 * Two buffers: one is with h2o until it asks for more, the other is filled meanwhile, so that many small
 * pieces leave in few writes. The stream lies in the arena of its request and ends with h2o's hold on it. */
#include "http/stream.h"

#include "http/private.h"

#define TH_STREAM_CAP (256u << 10)

struct th_stream {
    h2o_generator_t generator;
    struct th_list link; /* in server->streams while it is open */
    struct th_req *r;
    struct th_stream_opts opts;
    struct th_buf filling, sending;
    struct th_later later;
    bool writing; /* h2o has `sending` */
    bool refused; /* the producer waits for on_ready */
    bool ending;  /* th_stream_end was called */
    bool over;    /* nothing is sent any more */
};

static struct th_stream *of_generator(h2o_generator_t *g)
{
    return th_container_of(g, struct th_stream, generator);
}

static void push(struct th_stream *s)
{
    if (s->writing || s->over || (s->filling.n == 0 && !s->ending))
        return;
    struct th_buf full = s->filling;
    s->filling = s->sending;
    s->sending = full;
    s->writing = true;
    bool last = s->ending;
    s->over = last;
    h2o_iovec_t buf = h2o_iovec_init(s->sending.p, s->sending.n);
    size_t count = s->sending.n > 0 ? 1 : 0;
    /* With the last piece h2o may end the request at once, and s with it. */
    h2o_send(s->r->h2o, &buf, count, last ? H2O_SEND_STATE_FINAL : H2O_SEND_STATE_IN_PROGRESS);
}

static void on_proceed(h2o_generator_t *g, h2o_req_t *h)
{
    struct th_stream *s = of_generator(g);
    s->writing = false;
    th_buf_reset(&s->sending);
    if (s->over) { /* aborted meanwhile, when this piece had left already */
        h2o_send(h, NULL, 0, H2O_SEND_STATE_ERROR);
        return;
    }
    if (s->filling.n > 0 || s->ending) {
        push(s);
    } else if (s->refused) {
        s->refused = false;
        if (s->opts.on_ready != NULL)
            s->opts.on_ready(s->opts.arg);
    }
}

static void on_later(struct th_worker *w, struct th_later *l)
{
    push(th_container_of(l, struct th_stream, later));
}

static void push_later(struct th_stream *s)
{
    if (!s->writing && th_list_empty(&s->later.link))
        th_worker_later(s->r->worker, &s->later);
}

struct th_stream *th_stream_begin(
    struct th_req *r, int status, const char *type, const struct th_stream_opts *opts)
{
    if (!th_req_head(r, status, type))
        return NULL;
    struct th_stream *s = th_arena_zalloc(&r->arena, sizeof(*s));
    s->generator.proceed = on_proceed;
    s->r = r;
    s->opts = *opts;
    if (s->opts.cap == 0)
        s->opts.cap = TH_STREAM_CAP;
    s->later.run = on_later;
    th_list_init(&s->later.link);
    th_list_init(&s->link);
    th_list_push(&r->server->streams, &s->link);
    r->stream = s;
    /* Without chunks only the end of the connection tells where the body ends. */
    if (r->h2o->version != 0x101)
        r->h2o->http1_is_persistent = 0;
    h2o_start_response(r->h2o, &s->generator);
    return s;
}

size_t th_stream_kept(const struct th_stream *s)
{
    return s->filling.n + s->sending.n;
}

int th_stream_put(struct th_stream *s, struct th_str data)
{
    if (s->over || s->ending)
        return -TH_ECANCELED;
    size_t kept = th_stream_kept(s);
    if (kept > 0 && kept + data.n > s->opts.cap) {
        s->refused = true;
        return -TH_EBUSY;
    }
    if (s->r->method == TH_METHOD_HEAD)
        return 0;
    th_buf_str(&s->filling, data);
    push_later(s);
    return 0;
}

void th_stream_end(struct th_stream *s)
{
    if (s->over || s->ending)
        return;
    s->ending = true;
    th_list_remove(&s->link);
    push_later(s);
}

void th_stream_abort(struct th_stream *s)
{
    if (s->over)
        return;
    s->over = true;
    th_list_remove(&s->link);
    th_list_remove(&s->later.link);
    h2o_req_t *h = s->r->h2o;
    th_conn_cut(th_conn_of(h));
    /* While h2o writes, on_proceed does this, or h2o notices the cut by itself. */
    if (!s->writing)
        h2o_send(h, NULL, 0, H2O_SEND_STATE_ERROR);
}

void th_stream_released(struct th_stream *s)
{
    bool open = !s->over && !s->ending;
    s->over = true;
    th_list_remove(&s->link);
    th_list_remove(&s->later.link);
    th_buf_free(&s->filling);
    th_buf_free(&s->sending);
    if (open && s->opts.on_gone != NULL)
        s->opts.on_gone(s->opts.arg);
}

/* Takes the open streams one by one, since a callback may end any of them. */
static struct th_stream *next_open(struct th_list *streams)
{
    struct th_stream *s = th_list_item(streams->next, struct th_stream, link);
    th_list_remove(&s->link);
    return s;
}

void th_streams_drain(struct th_server *server)
{
    struct th_list open;
    th_list_init(&open);
    th_list_move_all(&open, &server->streams);
    while (!th_list_empty(&open)) {
        struct th_stream *s = next_open(&open);
        th_list_push(&server->streams, &s->link);
        if (s->opts.on_drain != NULL) {
            s->opts.on_drain(s->opts.arg);
            continue;
        }
        void (*on_gone)(void *arg) = s->opts.on_gone;
        void *arg = s->opts.arg;
        th_stream_end(s);
        if (on_gone != NULL)
            on_gone(arg);
    }
}

void th_streams_abort(struct th_server *server)
{
    while (!th_list_empty(&server->streams)) {
        struct th_stream *s = next_open(&server->streams);
        void (*on_gone)(void *arg) = s->opts.on_gone;
        void *arg = s->opts.arg;
        struct th_req *r = s->r;
        th_req_ref(r);
        th_stream_abort(s);
        if (on_gone != NULL)
            on_gone(arg);
        th_req_unref(r);
    }
}
