/* SPDX-License-Identifier: Apache-2.0 */
#include "store/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "store/live_interest.h"
#include "store/live_peers.h"
#include "store/live_ring.h"
#include "store/store.h"

#define OUT_MAX 1024 /* events of one loop turn; more are left out */
#define LINGER_S 120 /* interest is kept this long after its listener has gone: it may come back */
#define SWEEP_MS 5000

struct leaving {
    struct th_list link;
    uint64_t until_us;
    unsigned kinds;
    char device[129];
};

struct th_live {
    struct th_worker *w;
    struct th_list subs[1 + TH_LIVE_DEVICE_SLOTS]; /* without a device, then by the hash of theirs */
    struct th_list leaving;                        /* struct leaving, first come first */
    uv_timer_t sweep;                              /* runs while somebody is leaving */
    void (*on_recheck)(void *arg);
    void *recheck_arg;
    struct th_live_interest interest;  /* of the whole process */
    struct th_live_interest elsewhere; /* of the other instances */
    struct th_live_peers *peers;
    bool lost; /* an event did not get to the other instances */
    struct th_live_ring ring;
    uint64_t next_seq;
    struct th_live_event *out[OUT_MAX];
    unsigned nout;
    struct th_later flush;
    uint64_t budget_at; /* second */
    unsigned spent[TH_LIVE_KIND_COUNT];
};

static const char *const kind_names[] = {
#define X(id, name) name,
    TH_LIVE_KINDS(X)
#undef X
};

const char *th_live_kind_name(enum th_live_kind kind)
{
    return kind_names[kind];
}

bool th_live_kind_of(struct th_str name, enum th_live_kind *out)
{
    for (int i = 0; i < TH_LIVE_KIND_COUNT; i++) {
        if (th_str_eq(name, th_str(kind_names[i]))) {
            *out = (enum th_live_kind)i;
            return true;
        }
    }
    return false;
}

/* ---- filters ---- */

void th_live_filter_free(struct th_live_filter *f)
{
    for (int i = 0; i < TH_LIVE_KIND_COUNT; i++) {
        th_free(f->scope[i].products);
        f->scope[i].products = NULL;
    }
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

bool th_live_filter_match(const struct th_live_filter *f, const struct th_live_event *e)
{
    if (e->reach == TH_LIVE_NAMED && f->device[0] == '\0')
        return false;
    if ((f->kinds & 1u << e->kind) == 0 || (f->product_id != 0 && f->product_id != e->product_id))
        return false;
    if (f->device[0] != '\0' && !th_str_eq(e->device, th_str(f->device)))
        return false;
    if (f->scope[e->kind].all)
        return true;
    if (e->kind == TH_LIVE_JOB && f->owner[0] != '\0' && th_str_eq(e->device, th_str(f->owner)))
        return true;
    return f->scope[e->kind].n > 0 && bsearch(&e->product_id, f->scope[e->kind].products, f->scope[e->kind].n,
                                          sizeof e->product_id, compare_ids) != NULL;
}

struct th_str th_live_id(struct th_worker *w, char *out)
{
    return th_live_id_write(&w->live->ring, w->live->ring.seen, th_clock_ms() / 1000, out);
}

/* ---- interest ---- */

struct interest_mail {
    struct th_mail mail;
    bool elsewhere;
    unsigned kinds;
    int by;
    char device[129];
};

static void change_interest(struct th_live *l, bool elsewhere, unsigned kinds, const char *device, int by)
{
    th_live_interest_change(elsewhere ? &l->elsewhere : &l->interest, kinds, device, by);
    if (!elsewhere)
        th_live_peers_changed(l->peers);
}

static void on_interest(struct th_worker *w, struct th_mail *mail)
{
    struct interest_mail *m = th_container_of(mail, struct interest_mail, mail);
    if (w->live != NULL)
        change_interest(w->live, m->elsewhere, m->kinds, m->device, m->by);
    th_free(m);
}

static void tell_interest(struct th_live *l, bool elsewhere, unsigned kinds, const char *device, int by)
{
    struct th_runtime *rt = l->w->rt;
    change_interest(l, elsewhere, kinds, device, by);
    for (int i = 0; i < rt->worker_count; i++) {
        if (i == l->w->index)
            continue;
        struct interest_mail *m = th_calloc(1, sizeof *m);
        *m =
            (struct interest_mail){.mail.run = on_interest, .elsewhere = elsewhere, .kinds = kinds, .by = by};
        snprintf(m->device, sizeof m->device, "%s", device);
        th_worker_post(&rt->workers[i], &m->mail);
    }
}

void th_live_want_elsewhere(struct th_worker *w, unsigned kinds, const char *device, int by)
{
    tell_interest(w->live, true, kinds, device, by);
}

const struct th_live_interest *th_live_interest_of(const struct th_worker *w)
{
    return &w->live->interest;
}

bool th_live_wanted_elsewhere(const struct th_worker *w, const struct th_live_event *e)
{
    const struct th_live_interest *t = &w->live->elsewhere;
    return (e->reach == TH_LIVE_ALL && t->broad[e->kind] > 0) || th_live_interest_has(t, e->device);
}

static void on_sweep(uv_timer_t *timer)
{
    struct th_live *l = timer->data;
    uint64_t now = th_clock_mono_us();
    TH_LIST_EACH (it, next, &l->leaving) {
        struct leaving *gone = th_list_item(it, struct leaving, link);
        if (gone->until_us > now)
            break;
        th_list_remove(it);
        tell_interest(l, false, gone->kinds, gone->device, -1);
        th_free(gone);
    }
    if (th_list_empty(&l->leaving))
        uv_timer_stop(&l->sweep);
}

/* ---- listeners ---- */

/* An event is held against those that can want it alone: with many who each watch one device, most want
 * nothing of it. */
static struct th_list *subs_of(struct th_live *l, struct th_str device)
{
    return &l->subs[1 + th_str_hash(device) % TH_LIVE_DEVICE_SLOTS];
}

static void replay(struct th_live *l, struct th_live_sub *sub, uint64_t *seqs)
{
    char id[TH_LIVE_ID_MAX];
    for (unsigned i = 0; i < l->ring.n; i++) {
        const struct th_live_event *e = th_live_ring_at(&l->ring, i);
        if (e->seq <= seqs[e->origin])
            continue;
        seqs[e->origin] = e->seq;
        if (th_live_filter_match(&sub->filter, e))
            sub->put(sub, th_live_id_write(&l->ring, seqs, th_clock_ms() / 1000, id), e);
    }
}

bool th_live_join(struct th_worker *w, struct th_live_sub *sub, struct th_str last_id)
{
    struct th_live *l = w->live;
    uint64_t seqs[256];
    tell_interest(l, false, sub->filter.kinds, sub->filter.device, 1);
    bool known = last_id.n == 0;
    if (!known && th_live_id_read(&l->ring, last_id, th_clock_ms() / 1000, seqs)) {
        known = true;
        replay(l, sub, seqs);
    }
    bool broad = sub->filter.device[0] == '\0';
    th_list_push(broad ? l->subs : subs_of(l, th_str(sub->filter.device)), &sub->link);
    return known;
}

void th_live_leave(struct th_worker *w, struct th_live_sub *sub)
{
    struct th_live *l = w->live;
    th_list_remove(&sub->link);
    if (l == NULL)
        return;
    struct leaving *gone = th_calloc(1, sizeof *gone);
    gone->until_us = th_clock_mono_us() + LINGER_S * 1000000ull;
    gone->kinds = sub->filter.kinds;
    snprintf(gone->device, sizeof gone->device, "%s", sub->filter.device);
    th_list_push(&l->leaving, &gone->link);
    if (!uv_is_active((uv_handle_t *)&l->sweep))
        uv_timer_start(&l->sweep, on_sweep, SWEEP_MS, SWEEP_MS);
}

/* ---- publishing ---- */

struct event_mail {
    struct th_mail mail;
    unsigned n;
    struct th_live_event *events[];
};

static void deliver_to(
    struct th_live *l, struct th_list *subs, const struct th_live_event *e, struct th_str id)
{
    TH_LIST_EACH (it, next, subs) {
        struct th_live_sub *sub = th_list_item(it, struct th_live_sub, link);
        if (th_live_filter_match(&sub->filter, e))
            sub->put(sub, id, e);
    }
}

static void deliver(struct th_live *l, struct th_live_event *e)
{
    char id[TH_LIVE_ID_MAX];
    struct th_list *named = subs_of(l, e->device);
    bool broad = e->reach == TH_LIVE_ALL && !th_list_empty(l->subs);
    th_live_ring_push(&l->ring, e);
    if (!broad && th_list_empty(named))
        return;
    struct th_str text = th_live_id(l->w, id);
    if (broad)
        deliver_to(l, l->subs, e, text);
    deliver_to(l, named, e, text);
}

static void on_events(struct th_worker *w, struct th_mail *mail)
{
    struct event_mail *m = th_container_of(mail, struct event_mail, mail);
    for (unsigned i = 0; i < m->n; i++) {
        if (w->live != NULL)
            deliver(w->live, m->events[i]);
        else
            th_live_event_unref(m->events[i]);
    }
    th_free(m);
}

static void on_flush(struct th_worker *w, struct th_later *later)
{
    struct th_live *l = th_container_of(later, struct th_live, flush);
    struct th_runtime *rt = w->rt;
    unsigned n = l->nout;
    for (unsigned i = 0; i < n; i++)
        atomic_fetch_add_explicit(&l->out[i]->refs, rt->worker_count - 1, memory_order_relaxed);
    for (int k = 0; k < rt->worker_count; k++) {
        if (k == w->index)
            continue;
        struct event_mail *m = th_alloc(sizeof *m + n * sizeof *m->events);
        *m = (struct event_mail){.mail.run = on_events, .n = n};
        memcpy(m->events, l->out, n * sizeof *m->events);
        th_worker_post(&rt->workers[k], &m->mail);
    }
    th_live_peers_send(w, l->out, n, &l->lost);
    l->nout = 0;
    for (unsigned i = 0; i < n; i++)
        deliver(l, l->out[i]);
}

/* Each report goes to every such listener: the more there are, the fewer each gets. */
static unsigned sample_size(const struct th_live *l)
{
    unsigned each = TH_LIVE_SAMPLED / (l->interest.broad[TH_LIVE_LATEST] + 1);
    return each < TH_LIVE_BUDGET ? each + 1 : TH_LIVE_BUDGET;
}

enum th_live_reach th_live_wanted(struct th_worker *w, enum th_live_kind kind, struct th_str device_key)
{
    struct th_live *l = w->live;
    if (l == NULL || l->nout == OUT_MAX)
        return TH_LIVE_NOBODY;
    bool named =
        th_live_interest_has(&l->interest, device_key) || th_live_interest_has(&l->elsewhere, device_key);
    enum th_live_reach least = named ? TH_LIVE_NAMED : TH_LIVE_NOBODY;
    if (l->interest.broad[kind] == 0 && l->elsewhere.broad[kind] == 0)
        return least;
    uint64_t second = th_clock_mono_us() / 1000000;
    if (second != l->budget_at) {
        l->budget_at = second;
        memset(l->spent, 0, sizeof l->spent);
    }
    unsigned budget = kind == TH_LIVE_LATEST ? sample_size(l) : TH_LIVE_OTHERS;
    return ++l->spent[kind] <= budget ? TH_LIVE_ALL : least;
}

static void put_out(struct th_worker *w, struct th_live_event *e)
{
    struct th_live *l = w->live;
    e->origin = (unsigned)w->index;
    e->seq = ++l->next_seq;
    if (l->nout++ == 0)
        th_worker_later(w, &l->flush);
    l->out[l->nout - 1] = e;
}

void th_live_publish(struct th_worker *w, enum th_live_kind kind, enum th_live_reach reach,
    int64_t product_id, struct th_str device_key, struct th_str data)
{
    if (w->live == NULL || w->live->nout == OUT_MAX)
        return;
    struct th_live_event *e = th_live_event_new(kind, product_id, device_key, data);
    e->reach = reach;
    put_out(w, e);
}

void th_live_receive(struct th_worker *w, enum th_live_kind kind, enum th_live_reach reach,
    int64_t product_id, struct th_str device_key, struct th_str data)
{
    if (w->live->nout == OUT_MAX) {
        th_live_resync(w->rt);
        return;
    }
    struct th_live_event *e = th_live_event_new(kind, product_id, device_key, data);
    e->elsewhere = true;
    e->reach = reach;
    put_out(w, e);
}

static void on_missed(struct th_worker *w, struct th_mail *mail)
{
    char id[TH_LIVE_ID_MAX];
    th_free(mail);
    if (w->live == NULL)
        return;
    struct th_str text = th_live_id(w, id);
    for (int i = 0; i <= TH_LIVE_DEVICE_SLOTS; i++) {
        TH_LIST_EACH (it, next, &w->live->subs[i]) {
            struct th_live_sub *sub = th_list_item(it, struct th_live_sub, link);
            sub->missed(sub, text);
        }
    }
}

static void post_to_all(struct th_runtime *rt, void (*run)(struct th_worker *w, struct th_mail *mail))
{
    for (int i = 0; i < rt->worker_count; i++) {
        struct th_mail *m = th_calloc(1, sizeof *m);
        m->run = run;
        th_worker_post(&rt->workers[i], m);
    }
}

void th_live_resync(struct th_runtime *rt)
{
    post_to_all(rt, on_missed);
}

/* ---- rights ---- */

static void on_recheck(struct th_worker *w, struct th_mail *mail)
{
    th_free(mail);
    if (w->live != NULL && w->live->on_recheck != NULL)
        w->live->on_recheck(w->live->recheck_arg);
}

void th_live_recheck_here(struct th_runtime *rt)
{
    post_to_all(rt, on_recheck);
}

static void on_tell_recheck(struct th_worker *w, struct th_mail *mail)
{
    th_free(mail);
    if (w->live != NULL)
        th_live_peers_recheck(w->live->peers);
}

void th_live_recheck(struct th_runtime *rt)
{
    th_live_recheck_here(rt);
    struct th_mail *m = th_calloc(1, sizeof *m);
    m->run = on_tell_recheck;
    th_worker_post(&rt->workers[0], m);
}

void th_live_on_recheck(struct th_worker *w, void (*cb)(void *arg), void *arg)
{
    w->live->on_recheck = cb;
    w->live->recheck_arg = arg;
}

/* ---- life ---- */

static int live_start(struct th_worker *w, struct th_error *err)
{
    struct th_live *l = th_calloc(1, sizeof *l);
    l->w = w;
    th_live_ring_init(&l->ring, w->rt->shared->started_ms, (unsigned)w->rt->worker_count);
    for (int i = 0; i <= TH_LIVE_DEVICE_SLOTS; i++)
        th_list_init(&l->subs[i]);
    th_list_init(&l->leaving);
    th_list_init(&l->flush.link);
    l->flush.run = on_flush;
    uv_timer_init(&w->loop, &l->sweep);
    uv_unref((uv_handle_t *)&l->sweep);
    l->sweep.data = l;
    w->live = l;
    l->peers = th_live_peers_new(w);
    return 0;
}

static void on_closed(uv_handle_t *handle)
{
    th_free(handle->data);
}

static void live_stop(struct th_worker *w)
{
    struct th_live *l = w->live;
    th_live_peers_free(l->peers);
    w->live = NULL;
    th_list_remove(&l->flush.link);
    for (unsigned i = 0; i < l->nout; i++)
        th_live_event_unref(l->out[i]);
    TH_LIST_EACH (it, next, &l->leaving)
        th_free(th_list_item(it, struct leaving, link));
    th_live_interest_free(&l->interest);
    th_live_interest_free(&l->elsewhere);
    th_live_ring_free(&l->ring);
    uv_close((uv_handle_t *)&l->sweep, on_closed);
}

const struct th_worker_part th_live_part = {"live", live_start, NULL, live_stop};
