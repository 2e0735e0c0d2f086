/* SPDX-License-Identifier: Apache-2.0 */
#include "http/live.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "http/reply.h"
#include "http/sse.h"
#include "store/live.h"
#include "store/store.h"

#define STREAMS_MAX 2000 /* per worker */
#define KEPT_MAX 262144  /* bytes for a listener who does not read; over it the stream is cut */
#define TICK_MS 15000    /* a sign of life each; rights are asked for at every second one */
#define STREAMS_PER_MS                                                                                       \
    4 /* with more streams events are held for longer, so that they leave in fewer writes */
#define HOLD_MAX_MS 250

struct th_live_door {
    struct th_worker *w;
    struct th_list streams;
    unsigned count;
    uv_timer_t timer;
    uv_timer_t hold;     /* runs while streams hold events */
    struct th_buf event; /* the last one as it is sent: most go to many */
    unsigned event_origin;
    uint64_t event_seq;
    int closing;
};

struct stream {
    struct th_list link; /* in door->streams */
    struct th_live_door *door;
    struct th_req *r;   /* a reference; its headers are looked at again with each question */
    struct th_sse *sse; /* NULL: over, waits for the answer to a question */
    struct th_live_sub sub;
    struct th_buf held; /* events that have not left yet */
    int (*ask)(struct th_req *r, th_api_cb cb, void *arg);
    bool asking;
    unsigned ticks;
};

/* ---- what the API says ---- */

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void read_scope(struct th_live_filter *f, const struct th_json *j, uint32_t at)
{
    const struct th_json_node *n = &j->nodes[at];
    enum th_live_kind kind;
    if (!th_live_kind_of(n->key, &kind))
        return;
    f->kinds |= 1u << kind;
    if (n->type != TH_JSON_ARRAY) {
        f->scope[kind].all = true;
        return;
    }
    f->scope[kind].products = th_calloc(n->count + 1, sizeof(int64_t));
    TH_JSON_EACH (j, at, i) {
        if (th_json_int(&j->nodes[i], &f->scope[kind].products[f->scope[kind].n]))
            f->scope[kind].n++;
    }
    qsort(f->scope[kind].products, f->scope[kind].n, sizeof(int64_t), compare);
}

/* False when it is not of its form, which would be a fault of the API. */
static bool read_spec(struct th_live_filter *f, struct th_str spec)
{
    struct th_arena arena;
    struct th_json j;
    *f = (struct th_live_filter){0};
    th_arena_init(&arena);
    bool good = th_json_read(&j, &arena, spec, NULL) == 0 && j.nodes[0].type == TH_JSON_OBJECT;
    const struct th_json_node *kinds = good ? th_json_get(&j, 0, TH_STR("kinds")) : NULL;
    const struct th_json_node *product = good ? th_json_get(&j, 0, TH_STR("product_id")) : NULL;
    const struct th_json_node *device = good ? th_json_get(&j, 0, TH_STR("device")) : NULL;
    const struct th_json_node *owner = good ? th_json_get(&j, 0, TH_STR("owner")) : NULL;
    good = kinds != NULL && product != NULL && th_json_int(product, &f->product_id) && device != NULL &&
           device->text.n < sizeof f->device && owner != NULL && owner->text.n < sizeof f->owner;
    if (good) {
        TH_JSON_EACH (&j, th_json_index(&j, kinds), i)
            read_scope(f, &j, i);
        if (device->text.n > 0)
            memcpy(f->device, device->text.p, device->text.n);
        if (owner->text.n > 0)
            memcpy(f->owner, owner->text.p, owner->text.n);
    }
    th_arena_free(&arena);
    return good;
}

/* ---- one stream ---- */

static void stream_free(struct stream *s)
{
    th_live_filter_free(&s->sub.filter);
    th_buf_free(&s->held);
    th_req_unref(s->r);
    th_free(s);
}

/* Leaves the listeners; the struct stays while a question is open. */
static void leave(struct stream *s)
{
    th_live_leave(s->door->w, &s->sub);
    th_list_remove(&s->link);
    s->door->count--;
    th_count(s->door->w->store->metrics, live_closed);
    s->sse = NULL;
    if (!s->asking)
        stream_free(s);
}

static void on_gone(void *arg)
{
    leave(arg);
}

static void end(struct stream *s)
{
    struct th_sse *sse = s->sse;
    leave(s);
    th_sse_close(sse);
}

/* Whoever is cut off here is told of it later. */
static void let_out(struct stream *s)
{
    if (s->sse != NULL && s->held.n > 0)
        th_sse_put(s->sse, th_buf_view(&s->held));
    th_buf_free(&s->held);
}

static void on_hold_over(uv_timer_t *timer)
{
    struct th_live_door *door = timer->data;
    TH_LIST_EACH (it, next, &door->streams)
        let_out(th_list_item(it, struct stream, link));
}

/* A stream that is behind holds no more than one that is not: it gets all of it, or is cut off. */
static void hold(struct stream *s, struct th_str text)
{
    struct th_live_door *door = s->door;
    th_buf_str(&s->held, text);
    if (s->held.n > KEPT_MAX / 4)
        let_out(s);
    if (!uv_is_active((uv_handle_t *)&door->hold)) {
        uint64_t ms = door->count / STREAMS_PER_MS;
        uv_timer_start(&door->hold, on_hold_over, ms < HOLD_MAX_MS ? ms : HOLD_MAX_MS, 0);
    }
}

static struct th_str event_text(struct th_live_door *door, struct th_str id, const struct th_live_event *e)
{
    if (door->event.n == 0 || door->event_origin != e->origin || door->event_seq != e->seq) {
        th_buf_reset(&door->event);
        th_sse_format(&door->event, id, th_str(th_live_kind_name(e->kind)), e->data);
        door->event_origin = e->origin;
        door->event_seq = e->seq;
    }
    return th_buf_view(&door->event);
}

static void put(struct th_live_sub *sub, struct th_str id, const struct th_live_event *e)
{
    struct stream *s = th_container_of(sub, struct stream, sub);
    if (s->sse != NULL)
        hold(s, event_text(s->door, id, e));
}

static void missed(struct th_live_sub *sub, struct th_str id)
{
    struct stream *s = th_container_of(sub, struct stream, sub);
    struct th_buf text = {0};
    if (s->sse == NULL)
        return;
    th_sse_format(&text, id, TH_STR("resync"), TH_STR("{}"));
    hold(s, th_buf_view(&text));
    th_buf_free(&text);
}

/* An id without data raises no event, but a client that comes back starts from there. */
static void sign_of_life(struct stream *s)
{
    char id[TH_LIVE_ID_MAX];
    struct th_buf b = {0};
    struct th_str now = th_live_id(s->door->w, id);
    th_buf_printf(&b, ": alive\nid: %.*s\n\n", TH_STR_FMT(now));
    hold(s, th_buf_view(&b));
    th_buf_free(&b);
}

static void on_asked(void *arg, const struct th_api_answer *a)
{
    struct stream *s = arg;
    struct th_live_filter f;
    s->asking = false;
    if (s->sse == NULL) {
        stream_free(s);
        return;
    }
    if (a->status >= 500 || a->status == 429)
        return; /* cannot say now; the next question comes */
    if (a->stream.p == NULL || !read_spec(&f, a->stream)) {
        end(s);
        return;
    }
    th_live_filter_free(&s->sub.filter);
    s->sub.filter = f;
}

static void ask_again(struct stream *s)
{
    if (s->asking || s->r->h2o == NULL)
        return;
    s->asking = true;
    if (s->ask(s->r, on_asked, s) != 0)
        s->asking = false;
}

/* ---- all of a worker ---- */

static void on_tick(uv_timer_t *timer)
{
    struct th_live_door *door = timer->data;
    TH_LIST_EACH (it, next, &door->streams) {
        struct stream *s = th_list_item(it, struct stream, link);
        sign_of_life(s);
        if (++s->ticks % 2 == 0)
            ask_again(s);
    }
}

static void on_recheck(void *arg)
{
    struct th_live_door *door = arg;
    TH_LIST_EACH (it, next, &door->streams)
        ask_again(th_list_item(it, struct stream, link));
}

void th_live_door_open(struct th_live_door *door, struct th_req *r, struct th_str spec,
    int (*ask)(struct th_req *r, th_api_cb cb, void *arg))
{
    struct th_live_filter f;
    if (door->count >= STREAMS_MAX || r->h2o == NULL) {
        th_reply_error(r, TH_EBUSY, "too many listeners");
        return;
    }
    if (!read_spec(&f, spec)) {
        th_reply_error(r, TH_EINTERNAL, "live stream of an unknown form");
        return;
    }
    struct th_str last = th_sse_last_id(r);
    struct stream *s = th_calloc(1, sizeof *s);
    s->sse = th_sse_open(r, KEPT_MAX, on_gone, s);
    if (s->sse == NULL) { /* HEAD, or the client has gone */
        th_live_filter_free(&f);
        th_free(s);
        return;
    }
    s->door = door;
    s->r = r;
    s->ask = ask;
    s->sub.filter = f;
    s->sub.put = put;
    s->sub.missed = missed;
    th_req_ref(r);
    th_list_push(&door->streams, &s->link);
    door->count++;
    th_count(door->w->store->metrics, live_opened);
    char id[TH_LIVE_ID_MAX];
    if (th_live_join(door->w, &s->sub, last)) {
        sign_of_life(s);
        return;
    }
    missed(&s->sub, th_live_id(door->w, id));
}

struct th_live_door *th_live_door_new(struct th_worker *w)
{
    struct th_live_door *door = th_calloc(1, sizeof *door);
    door->w = w;
    th_list_init(&door->streams);
    uv_timer_init(&w->loop, &door->timer);
    door->timer.data = door;
    uv_timer_start(&door->timer, on_tick, TICK_MS, TICK_MS);
    uv_timer_init(&w->loop, &door->hold);
    door->hold.data = door;
    th_live_on_recheck(w, on_recheck, door);
    return door;
}

static void on_closed(uv_handle_t *handle)
{
    struct th_live_door *door = handle->data;
    if (--door->closing > 0)
        return;
    th_buf_free(&door->event);
    th_free(door);
}

void th_live_door_free(struct th_live_door *door)
{
    th_live_on_recheck(door->w, NULL, NULL);
    TH_LIST_EACH (it, next, &door->streams)
        end(th_list_item(it, struct stream, link));
    door->closing = 2;
    uv_close((uv_handle_t *)&door->timer, on_closed);
    uv_close((uv_handle_t *)&door->hold, on_closed);
}
