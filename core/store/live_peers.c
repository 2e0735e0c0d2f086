/* SPDX-License-Identifier: Apache-2.0 */
#include "store/live_peers.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "io/redis.h"
#include "store/live_wire.h"
#include "store/store.h"

#define CHANNEL "live"
#define SOON_MS 20          /* listeners come in groups: what they want is told once for all of them */
#define AGAIN_MS 5000       /* it is repeated, so that one lost message does not matter */
#define SILENT_US 20000000  /* an instance that says nothing for so long has gone */
#define MESSAGE_MAX 1048576 /* bytes of events in one */
#define PEERS_MAX 64

struct peer {
    struct th_list link;
    uint64_t heard_us;
    char id[40];
    char *want; /* as it said it */
    size_t want_n;
};

struct th_live_peers {
    struct th_worker *w;
    struct th_list peers; /* struct peer */
    unsigned npeers;
    bool soon;
    uv_timer_t timer;
};

static int publish(struct th_worker *w, struct th_str text)
{
    struct th_buf channel = {0};
    th_redis_key(w, CHANNEL, &channel);
    struct th_str argv[] = {TH_STR("PUBLISH"), th_buf_view(&channel), text};
    int rc = th_redis_command(w, 3, argv, NULL, NULL);
    th_buf_free(&channel);
    return rc;
}

/* A note without more than its first line. */
static void say(struct th_worker *w, const char *type)
{
    struct th_buf out = {0};
    th_live_wire_begin(&out, type, w->rt->shared->instance);
    if (publish(w, th_buf_view(&out)) != 0)
        th_debug("live_not_said", "type=%s", type);
    th_buf_free(&out);
}

/* ---- what others want ---- */

/* Counts what the peer said in (by 1) or out again (by -1). */
static void count_want(struct th_live_peers *p, const struct peer *peer, int by)
{
    struct th_live_note note = {.rest = {peer->want, peer->want_n}};
    struct th_str device;
    char key[129];
    unsigned kinds = th_live_wire_kinds(&note);
    if (kinds != 0)
        th_live_want_elsewhere(p->w, kinds, "", by);
    while (th_live_wire_device(&note, &device)) {
        snprintf(key, sizeof key, "%.*s", TH_STR_FMT(device));
        th_live_want_elsewhere(p->w, 0, key, by);
    }
}

static void forget(struct th_live_peers *p, struct peer *peer)
{
    count_want(p, peer, -1);
    th_list_remove(&peer->link);
    p->npeers--;
    th_free(peer->want);
    th_free(peer);
}

static struct peer *peer_of(struct th_live_peers *p, struct th_str id, bool make)
{
    TH_LIST_EACH (it, next, &p->peers) {
        struct peer *peer = th_list_item(it, struct peer, link);
        if (th_str_eq(th_str(peer->id), id))
            return peer;
    }
    if (!make || p->npeers >= PEERS_MAX || id.n >= sizeof(((struct peer *)0)->id))
        return NULL;
    struct peer *peer = th_calloc(1, sizeof *peer);
    memcpy(peer->id, id.p, id.n);
    th_list_push(&p->peers, &peer->link);
    p->npeers++;
    return peer;
}

static void on_want(struct th_live_peers *p, const struct th_live_note *note)
{
    struct peer *peer = peer_of(p, note->from, true);
    if (peer == NULL)
        return;
    peer->heard_us = th_clock_mono_us();
    if (th_str_eq((struct th_str){peer->want, peer->want_n}, note->rest))
        return;
    /* The new first, so that what stays wanted is wanted all along. */
    struct peer was = *peer;
    peer->want = th_alloc(note->rest.n + 1);
    memcpy(peer->want, note->rest.p, note->rest.n);
    peer->want_n = note->rest.n;
    count_want(p, peer, 1);
    count_want(p, &was, -1);
    th_free(was.want);
}

/* ---- what this process wants ---- */

static void on_timer(uv_timer_t *timer)
{
    struct th_live_peers *p = timer->data;
    struct th_buf out = {0};
    uint64_t now = th_clock_mono_us();
    p->soon = false;
    th_live_wire_begin(&out, "want", p->w->rt->shared->instance);
    th_live_wire_want(&out, th_live_interest_of(p->w));
    if (publish(p->w, th_buf_view(&out)) != 0)
        th_debug("live_not_said", "type=want");
    th_buf_free(&out);
    TH_LIST_EACH (it, next, &p->peers) {
        struct peer *peer = th_list_item(it, struct peer, link);
        if (now - peer->heard_us > SILENT_US)
            forget(p, peer);
    }
    uv_timer_start(&p->timer, on_timer, AGAIN_MS, 0);
}

void th_live_peers_changed(struct th_live_peers *p)
{
    if (p == NULL || p->soon)
        return;
    p->soon = true;
    uv_timer_start(&p->timer, on_timer, SOON_MS, 0);
}

/* ---- events ---- */

void th_live_peers_send(struct th_worker *w, struct th_live_event *const *events, unsigned n, bool *lost)
{
    struct th_buf out = {0};
    if (w->redis == NULL)
        return;
    if (*lost && th_redis_ready(w)) {
        say(w, "lost");
        *lost = false;
    }
    th_live_wire_begin(&out, "events", w->rt->shared->instance);
    size_t head = out.n;
    for (unsigned i = 0; i < n; i++) {
        if (events[i]->elsewhere || !th_live_wanted_elsewhere(w, events[i]))
            continue;
        if (out.n + events[i]->data.n > MESSAGE_MAX)
            *lost = true;
        else
            th_live_wire_event(&out, events[i]);
    }
    if (out.n > head && publish(w, th_buf_view(&out)) != 0)
        *lost = true;
    th_buf_free(&out);
}

static void on_sent(struct th_live_peers *p, struct th_live_note *note)
{
    struct th_live_item item;
    while (th_live_wire_item(note, &item)) {
        if (item.kind != TH_LIVE_KIND_COUNT)
            th_live_receive(p->w, item.kind, item.reach, item.product_id, item.device, item.data);
    }
}

/* ---- the channel ---- */

static void on_message(void *arg, struct th_str payload)
{
    struct th_live_peers *p = arg;
    struct th_live_note note;
    if (!th_live_wire_read(payload, &note) || th_str_eq(note.from, th_str(p->w->rt->shared->instance)))
        return;
    if (th_str_eq(note.type, TH_STR("events"))) {
        on_sent(p, &note);
    } else if (th_str_eq(note.type, TH_STR("want"))) {
        on_want(p, &note);
    } else if (th_str_eq(note.type, TH_STR("hello"))) {
        th_live_peers_changed(p);
    } else if (th_str_eq(note.type, TH_STR("lost"))) {
        th_live_resync(p->w->rt);
    } else if (th_str_eq(note.type, TH_STR("recheck"))) {
        th_live_recheck_here(p->w->rt);
    } else if (th_str_eq(note.type, TH_STR("bye"))) {
        struct peer *peer = peer_of(p, note.from, false);
        if (peer != NULL)
            forget(p, peer);
    }
}

static void on_new(void *arg)
{
    struct th_live_peers *p = arg;
    say(p->w, "hello");
    th_live_peers_changed(p);
    th_live_resync(p->w->rt);
}

void th_live_peers_recheck(struct th_live_peers *p)
{
    if (p != NULL)
        say(p->w, "recheck");
}

/* ---- life ---- */

struct th_live_peers *th_live_peers_new(struct th_worker *w)
{
    if (w->redis == NULL || w->index != 0)
        return NULL;
    struct th_live_peers *p = th_calloc(1, sizeof *p);
    p->w = w;
    th_list_init(&p->peers);
    uv_timer_init(&w->loop, &p->timer);
    uv_unref((uv_handle_t *)&p->timer);
    p->timer.data = p;
    th_redis_listen(w, CHANNEL, on_message, on_new, p);
    return p;
}

static void on_closed(uv_handle_t *handle)
{
    th_free(handle->data);
}

void th_live_peers_free(struct th_live_peers *p)
{
    if (p == NULL)
        return;
    th_redis_unlisten(p->w);
    say(p->w, "bye");
    TH_LIST_EACH (it, next, &p->peers) {
        struct peer *peer = th_list_item(it, struct peer, link);
        th_free(peer->want);
        th_free(peer);
    }
    uv_close((uv_handle_t *)&p->timer, on_closed);
}
