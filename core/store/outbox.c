/* SPDX-License-Identifier: Apache-2.0 */
#include "store/outbox.h"

#include <stdlib.h>

#include "base/conf.h"
#include "base/log.h"
#include "io/cron.h"
#include "sec/digest.h"
#include "store/dead_letter.h"
#include "store/outbox_private.h"

#define BACKOFF_MAX_MS 3600000

static const char done_sql[] = "delete from outbox where id = $1::bigint and state = 'waiting'";

static const char failed_sql[] =
    "update outbox set error = left($2, 1000), state = case when attempts >= $3::integer then 'dead' else state end,"
    " dead_at = case when attempts >= $3::integer then now() end,"
    " next_at = now() + $4::bigint * interval '1 millisecond'"
    " where id = $1::bigint and state = 'waiting' returning state";

static const char put_back_sql[] =
    "update outbox set attempts = greatest(attempts - 1, 0), next_at = now() + $2::bigint * interval '1 millisecond'"
    " where id = $1::bigint and state = 'waiting'";

static bool takes(const struct th_store *s)
{
    return s->w->index == 0;
}

/* One thing less to wait for; false when it was stopped meanwhile. */
static bool asked(struct th_outbox *o)
{
    o->asking--;
    if (o->store != NULL)
        return true;
    if (o->asking == 0) {
        th_free(o->full);
        th_free(o);
    }
    return false;
}

/* ---- when to look ---- */

static void on_timer(uv_timer_t *timer)
{
    struct th_outbox_queue *q = timer->data;
    q->take(q);
}

void th_outbox_look_in(struct th_outbox_queue *q, int64_t ms)
{
    if (q->outbox->draining)
        return;
    uint64_t wait = ms < 0 ? 0 : ms > TH_OUTBOX_POLL_MS ? TH_OUTBOX_POLL_MS : (uint64_t)ms;
    uint64_t at = uv_now(&q->outbox->store->w->loop) + wait;
    if (uv_is_active((uv_handle_t *)&q->timer) && q->armed_ms <= at)
        return;
    q->armed_ms = at;
    uv_timer_start(&q->timer, on_timer, wait, 0);
}

struct wake {
    struct th_mail mail;
    int64_t in_ms;
};

static void wake_queue(struct th_outbox_queue *q, int64_t in_ms)
{
    q->more = true;
    q->again = q->taking;
    th_outbox_look_in(q, in_ms);
}

static void on_wake(struct th_worker *w, struct th_mail *mail)
{
    struct wake *wake = th_container_of(mail, struct wake, mail);
    if (w->store != NULL && w->store->outbox != NULL) {
        wake_queue(&w->store->outbox->later, wake->in_ms);
        wake_queue(&w->store->outbox->notify, wake->in_ms);
    }
    th_free(wake);
}

void th_outbox_wake(struct th_runtime *rt, int64_t in_ms)
{
    if (in_ms >= TH_OUTBOX_POLL_MS)
        return; /* seen in time anyway */
    struct wake *wake = th_alloc(sizeof *wake);
    wake->mail.run = on_wake;
    wake->in_ms = in_ms;
    th_worker_post(&rt->workers[0], &wake->mail);
}

/* ---- taking ---- */

bool th_outbox_may_take(struct th_outbox_queue *q, unsigned running_max)
{
    if (q->taking || q->outbox->draining)
        return false;
    if (q->count < running_max && th_store_away_ms(q->outbox->store) == 0)
        return true;
    th_outbox_look_in(q, TH_OUTBOX_POLL_MS);
    return false;
}

void th_outbox_ask(
    struct th_outbox_queue *q, const char *sql, int nparams, const char *const *params, th_pg_cb on_taken)
{
    q->more = false;
    if (th_pg_query(q->outbox->store->w->pg, sql, true, nparams, params, on_taken, q, NULL) == 0) {
        q->taking = true;
        q->outbox->asking++;
    } else {
        th_outbox_look_in(q, TH_OUTBOX_POLL_MS);
    }
}

bool th_outbox_taken(struct th_outbox_queue *q, const struct th_pg_outcome *r)
{
    if (!asked(q->outbox))
        return false;
    q->taking = false;
    if (r->code == 0)
        return true;
    th_debug("outbox_not_taken", "error=\"%s\"", r->message);
    th_outbox_look_in(q, TH_OUTBOX_POLL_MS);
    th_store_maybe_drained(q->outbox->store);
    return false;
}

void th_outbox_started(struct th_outbox_queue *q, bool any, unsigned running_max, int64_t next_ms)
{
    q->more = any || q->again; /* others are looked for as these end, and now if there is room */
    q->again = false;
    th_outbox_look_in(q, q->more && q->count < running_max ? TH_OUTBOX_PACE_MS : next_ms);
    th_store_maybe_drained(q->outbox->store);
}

void th_outbox_digest(unsigned char sum[32], const char *id, const char *created)
{
    const struct th_str parts[] = {TH_STR("outbox"), th_str(id), TH_STR(":"), th_str(created)};
    th_sha256(sum, parts, 4);
}

/* ---- the end of a row ---- */

struct ending {
    struct th_outbox *outbox;
    int64_t row;
    bool notice;
    char device[129];
};

static void count_dead(struct th_store *s, const struct ending *e)
{
    if (e->notice)
        th_count(s->metrics, notify_dead);
    else
        th_count(s->metrics, later_dead);
    if (e->device[0] != 0)
        th_store_forget_device(s->w->rt, th_str(e->device)); /* it waits no longer: the owner counts anew */
}

static void on_ended(void *arg, const struct th_pg_outcome *r)
{
    struct ending *e = arg;
    struct th_outbox *o = e->outbox;
    if (!asked(o)) {
        th_free(e);
        return;
    }
    if (r->code != 0)
        th_warn("outbox_not_updated", "row=%lld error=\"%s\"", (long long)e->row, r->message);
    if (r->code == 0 && PQntuples(r->res) == 1 && strcmp(PQgetvalue(r->res, 0, 0), "dead") == 0)
        count_dead(o->store, e);
    th_free(e);
    th_store_maybe_drained(o->store);
}

static void end(struct th_outbox *o, int64_t row, const char *sql, int nparams, const char *const *params,
    const struct th_outbox_failure *f)
{
    struct ending *e = th_calloc(1, sizeof *e);
    e->outbox = o;
    e->row = row;
    if (f != NULL) {
        e->notice = f->notice;
        snprintf(e->device, sizeof e->device, "%.*s", TH_STR_FMT(f->device));
    }
    o->asking++;
    if (th_pg_query(o->store->w->pg, sql, true, nparams, params, on_ended, e, NULL) != 0) {
        o->asking--; /* the lease ends by itself */
        th_free(e);
    }
}

void th_outbox_done(struct th_outbox *o, int64_t row)
{
    char id[24];
    snprintf(id, sizeof id, "%lld", (long long)row);
    const char *params[] = {id};
    end(o, row, done_sql, 1, params, NULL);
}

/* The pause before the next attempt: threefold each time, give or take a fifth. */
static int64_t backoff(const struct th_outbox *o, int64_t attempts)
{
    int64_t ms = o->store->conf->outbox_backoff;
    for (int64_t i = 1; i < attempts && ms < BACKOFF_MAX_MS; i++)
        ms *= 3;
    if (ms > BACKOFF_MAX_MS)
        ms = BACKOFF_MAX_MS;
    return ms - ms / 5 + (int64_t)(arc4random() % (uint64_t)(ms / 5 * 2 + 1));
}

void th_outbox_failed(struct th_outbox *o, const struct th_outbox_failure *f)
{
    char id[24], most[24], pause[24];
    int64_t ms = backoff(o, f->attempts);
    struct th_buf scratch = {0}, text = {0};
    snprintf(id, sizeof id, "%lld", (long long)f->row);
    snprintf(most, sizeof most, "%lld", f->now ? 0ll : (long long)o->store->conf->outbox_attempts);
    snprintf(pause, sizeof pause, "%lld", (long long)(ms > f->at_least_ms ? ms : f->at_least_ms));
    th_buf_str(&text, th_dead_letter_text(&scratch, f->why));
    const char *params[] = {id, th_buf_cstr(&text), most, pause};
    end(o, f->row, failed_sql, 4, params, f);
    th_buf_free(&scratch);
    th_buf_free(&text);
}

void th_outbox_put_back(struct th_outbox *o, int64_t row, int64_t in_ms)
{
    char id[24], pause[24];
    snprintf(id, sizeof id, "%lld", (long long)row);
    snprintf(pause, sizeof pause, "%lld", (long long)in_ms);
    const char *params[] = {id, pause};
    end(o, row, put_back_sql, 2, params, NULL);
}

/* ---- life ---- */

static void start_queue(
    struct th_outbox *o, struct th_outbox_queue *q, void (*take)(struct th_outbox_queue *q))
{
    q->outbox = o;
    q->take = take;
    th_list_init(&q->running);
    uv_timer_init(&o->store->w->loop, &q->timer);
    q->timer.data = q;
    if (takes(o->store))
        th_outbox_look_in(q, 0);
}

void th_outbox_start(struct th_store *s)
{
    struct th_outbox *o = th_calloc(1, sizeof *o);
    s->outbox = o;
    o->store = s;
    start_queue(o, &o->later, th_outbox_take_later);
    start_queue(o, &o->notify, th_outbox_take_notify);
    if (takes(s))
        th_cron_add(s->w, "outbox_rows", 10000, th_outbox_count_rows, s);
}

void th_outbox_drain(struct th_store *s)
{
    s->outbox->draining = true;
    uv_timer_stop(&s->outbox->later.timer);
    uv_timer_stop(&s->outbox->notify.timer);
    if (s->cancel_timers != NULL)
        s->cancel_timers(s);
    if (s->hurry_notices != NULL)
        s->hurry_notices(s);
}

bool th_outbox_idle(const struct th_store *s)
{
    const struct th_outbox *o = s->outbox;
    return o->later.count == 0 && o->notify.count == 0 && o->asking == 0;
}

static void on_closed(uv_handle_t *handle)
{
    asked(((struct th_outbox_queue *)handle->data)->outbox);
}

void th_outbox_stop(struct th_store *s)
{
    struct th_outbox *o = s->outbox;
    if (o == NULL)
        return;
    s->outbox = NULL;
    o->store = NULL;
    o->asking += 2;
    uv_close((uv_handle_t *)&o->later.timer, on_closed);
    uv_close((uv_handle_t *)&o->notify.timer, on_closed);
}
