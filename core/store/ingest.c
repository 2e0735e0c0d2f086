/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/errinj.h"
#include "base/log.h"
#include "store/alarm_batch.h"
#include "store/batch.h"
#include "store/command.h"
#include "store/dead_letter.h"
#include "store/ingest.h"
#include "store/ingest_private.h"
#include "store/live.h"
#include "store/outbox.h"
#include "store/device_reply.h"
#include "store/spool.h"

#define MAX_ATTEMPTS 12
#define ALONE_MAX 64          /* messages that wait for a batch of their own; over it 503 */
#define AWAY_GRACE_US 2000000 /* without a spool: away for longer, refuse at once instead of holding on */

static void on_device(struct th_device_wait *wait, struct th_device *d, int code);

static void deliver(struct th_worker *to, struct th_mail *mail)
{
    struct th_message *m = th_container_of(mail, struct th_message, mail);
    m->done(m);
}

static void count_verdict(struct th_metrics *metrics, enum th_verdict verdict)
{
    switch (verdict) {
    case TH_VERDICT_STORED:
        th_count(metrics, hook_stored);
        break;
    case TH_VERDICT_DUPLICATE:
        th_count(metrics, hook_duplicate);
        break;
    case TH_VERDICT_DEAD:
        th_count(metrics, hook_dead);
        break;
    case TH_VERDICT_REFUSED:
        th_count(metrics, hook_refused);
        break;
    case TH_VERDICT_IGNORED:
        th_count(metrics, hook_ignored);
        break;
    case TH_VERDICT_SPOOLED:
        th_count(metrics, hook_spooled);
        break;
    case TH_VERDICT_RETRY:
    case TH_VERDICT_NONE:
        th_count(metrics, hook_retry);
        break;
    }
}

static void release_device(struct th_message *m)
{
    struct th_device *d = m->device;
    if (d == NULL)
        return;
    m->device = NULL;
    if (!th_list_empty(&m->on_device))
        d->nuncommitted--;
    th_list_remove(&m->on_device);
    th_device_settle(d);
    th_device_unref(d);
}

void th_ingest_finish(struct th_store *s, struct th_message *m, enum th_verdict verdict)
{
    struct th_ingest *in = s->ingest;
    struct th_message *follower = m->followers;
    if (m->attempts > 0)
        in->redo_left--;
    in->held--;
    m->followers = NULL;
    m->verdict = verdict;
    release_device(m);
    if (m->replay)
        th_count(s->metrics, dead_letters_replayed);
    else if (m->outbox != NULL)
        ; /* no hook: counted by the outbox */
    else if (!m->from_spool || verdict != TH_VERDICT_RETRY)
        count_verdict(s->metrics, verdict);
    if (m->from_spool && verdict != TH_VERDICT_RETRY) {
        th_count(s->metrics, hook_unspooled);
        th_spool_holds_less(&s->holds, m->spool_key, (int64_t)m->body.n);
    }
    m->mail.run = deliver;
    th_worker_post(m->home, &m->mail);
    while (follower != NULL) {
        struct th_message *next = follower->followers;
        follower->followers = NULL;
        th_ingest_finish(s, follower, verdict == TH_VERDICT_STORED ? TH_VERDICT_DUPLICATE : verdict);
        follower = next;
    }
    if (in->held == 0)
        th_store_maybe_drained(s);
}

/* Of a message that is dead only the reply to the device remains. */
static void keep_replies(struct th_message *m)
{
    struct th_effect **at = &m->effects;
    while (*at != NULL) {
        if ((*at)->kind == TH_EFFECT_REPLY)
            at = &(*at)->next;
        else
            *at = (*at)->next;
    }
    m->effects_tail = at;
}

static void append(struct th_store *s, struct th_message *m)
{
    struct th_batch *b = s->ingest->open;
    if (m->dead_reason != NULL && (m->replay || m->outbox != NULL)) {
        th_ingest_finish(s, m, TH_VERDICT_DEAD);
        return;
    }
    if (m->dead_reason != NULL) {
        th_dead_letter_judge(s, m);
        keep_replies(m);
    }
    if (m->dead_reason == NULL && th_suspect_is(&s->ingest->suspects, m->device_key))
        s->ingest->sealed = true;
    th_list_push(&b->messages, &m->link);
    b->count++;
    b->bytes += m->bytes;
}

static bool full(const struct th_store *s)
{
    const struct th_batch *b = s->ingest->open;
    return s->ingest->sealed || b->count >= s->ingest->limit ||
           b->bytes >= (size_t)s->conf->ingest_batch_bytes;
}

static void apply_sample(struct th_device *d, struct th_touch *t, const struct th_effect *e)
{
    const struct th_json *j = e->row.json;
    TH_JSON_EACH (j, e->row.node, i) {
        if (th_device_report(d, j->nodes[i].key, j->nodes[i].raw, e->row.time))
            t->reports = true;
    }
}

static void apply(struct th_store *s, struct th_message *m)
{
    struct th_device *d = m->device;
    struct th_touch *t = th_batch_touch(s->ingest->open, d);
    if (m->outbox != NULL && !m->outbox->forwarded)
        th_pending_done(&d->pending, m->outbox->key);
    else if (m->outbox == NULL && m->time_ms > t->seen_ms)
        t->seen_ms = m->time_ms;
    if (m->kind == TH_HOOK_CONNECTED) {
        if (th_presence_connected(&d->presence, m->time_ms, m->node, m->address))
            t->presence = true;
    } else if (m->kind == TH_HOOK_DISCONNECTED) {
        if (th_presence_disconnected(&d->presence, m->time_ms, m->node, m->address))
            t->presence = true;
    }
    m->key_ms = m->time_ms;
    bool first = m->kind == TH_HOOK_PUBLISH; /* the others have keys of their own */
    for (struct th_effect *e = m->effects; e != NULL; e = e->next) {
        if (e->kind == TH_EFFECT_KV) {
            th_kv_apply(&d->kv, &e->kv);
            t->kv = true;
        } else if (e->kind == TH_EFFECT_LATER) {
            th_pending_apply(&d->pending, e);
        } else if (e->kind == TH_EFFECT_ALARM) {
            th_alarm_apply(s->ingest->open, t, m, &e->alarm);
        }
        if (e->kind != TH_EFFECT_STORE && e->kind != TH_EFFECT_EVENT)
            continue;
        if (first)
            m->key_ms = e->row.time;
        first = false;
        if (e->kind == TH_EFFECT_STORE)
            apply_sample(d, t, e);
    }
}

/* The same hook while the first is on its way: it waits for that one's fate. */
static bool follow(struct th_message *m)
{
    TH_LIST_EACH (it, tmp, &m->device->uncommitted) {
        struct th_message *first = th_list_item(it, struct th_message, on_device);
        if (first == m || memcmp(first->digest, m->digest, TH_DIGEST_LEN) != 0)
            continue;
        struct th_device *d = m->device;
        m->device = NULL;
        th_device_unref(d);
        m->followers = first->followers;
        first->followers = m;
        return true;
    }
    return false;
}

static bool refused_by_rules(struct th_message *m)
{
    const struct th_device *d = m->device;
    if (!th_str_eq(m->product_key, th_str(d->product->key)))
        th_message_dead(m, TH_DEAD_PRODUCT, "the device belongs to another product");
    else if (m->kind != TH_HOOK_PUBLISH && m->kind != TH_HOOK_TIMER)
        return false;
    else if (!d->enabled || !d->product->enabled)
        th_message_dead(m, TH_DEAD_DISABLED, "%s is disabled", d->enabled ? "the product" : "the device");
    return m->dead_reason != NULL;
}

/* What a function asked for before it waited may no longer fit what the device has become. */
static void check_waited(struct th_message *m)
{
    struct th_alarm_view view = {0};
    struct th_error err;
    for (const struct th_effect *e = m->effects; e != NULL; e = e->next) {
        if (e->kind == TH_EFFECT_KV && !th_kv_fits(&m->device->kv, &e->kv))
            th_message_dead(m, TH_DEAD_SCRIPT, "thing.kv: more than %d KiB or %d keys for one device",
                TH_KV_BYTES_MAX / 1024, TH_KV_KEYS_MAX);
        else if (e->kind == TH_EFFECT_ALARM &&
                 th_alarm_try(&m->device->alarms, &view, &m->arena, &e->alarm, &err) != 0)
            th_message_dead(m, TH_DEAD_SCRIPT, "thing.alarm: %s", err.msg);
    }
}

/* Nothing of it is uncommitted while it waits: the device may be read anew and others go on. */
static void leave_waiting(struct th_message *m)
{
    struct th_device *d = m->device;
    m->outbox->waited = true;
    d->nuncommitted--;
    th_list_remove(&m->on_device);
    th_device_settle(d);
}

static void run(struct th_store *s, struct th_message *m)
{
    if (refused_by_rules(m))
        return;
    if (m->outbox == NULL)
        s->handle(s, m);
    else if (m->outbox->waited)
        check_waited(m);
    else
        s->run_timer(s, m);
}

static void handle(struct th_store *s, struct th_message *m)
{
    struct th_device *d = m->device;
    m->device_id = d->id;
    if (follow(m))
        return;
    if (th_device_saw(d, m->digest)) {
        th_ingest_finish(s, m, TH_VERDICT_DUPLICATE);
        return;
    }
    if (m->dup && !m->dup_checked) {
        th_ingest_check_dup(s, m);
        return;
    }
    if (m->kind == TH_HOOK_SUBSCRIBE) {
        struct th_command_due due = {d->id, th_str(d->key)};
        th_command_subscribed(s, &due, m->topic.rest);
        th_ingest_finish(s, m, TH_VERDICT_IGNORED);
        return;
    }
    if (d->nuncommitted >= (uint64_t)s->conf->ingest_device_inflight) {
        th_ingest_finish(s, m, TH_VERDICT_RETRY);
        return;
    }
    d->nuncommitted++;
    th_list_push(&d->uncommitted, &m->on_device);
    run(s, m);
    if (m->waiting) {
        leave_waiting(m);
        return;
    }
    if (m->dead_reason == NULL)
        apply(s, m);
    append(s, m);
}

/* False: it may join the batch being filled (which it then has to itself). */
static bool wait_alone(struct th_store *s, struct th_message *m)
{
    struct th_ingest *in = s->ingest;
    if (m->dead_reason != NULL || !th_suspect_is(&in->suspects, m->device_key) || in->open->count == 0)
        return false;
    if (th_list_count(&in->alone) >= ALONE_MAX) {
        th_ingest_finish(s, m, TH_VERDICT_RETRY);
        return true;
    }
    th_list_push(&in->alone, &m->link);
    return true;
}

static void take(struct th_store *s, struct th_message *m)
{
    struct th_ingest *in = s->ingest;
    if (wait_alone(s, m))
        return;
    if (full(s)) {
        th_list_push(&in->pending, &m->link);
        return;
    }
    if (m->dead_reason != NULL) {
        append(s, m);
        return;
    }
    m->wait.ready = on_device;
    th_list_init(&m->wait.link);
    th_device_get(s, m->device_key, &m->wait);
}

static void on_device(struct th_device_wait *wait, struct th_device *d, int code)
{
    struct th_message *m = th_container_of(wait, struct th_message, wait);
    struct th_store *s = m->home->rt->workers[m->owner].store;
    if (code != 0) {
        th_ingest_finish(s, m, TH_VERDICT_RETRY);
        return;
    }
    if (wait_alone(s, m))
        return;
    if (full(s)) {
        th_list_push(&s->ingest->pending, &m->link);
        return;
    }
    if (d->absent) {
        th_message_dead(m, TH_DEAD_UNKNOWN, "no such device");
        append(s, m);
        return;
    }
    m->device = th_device_ref(d);
    handle(s, m);
}

void th_ingest_take(struct th_store *s, struct th_message *m)
{
    struct th_ingest *in = s->ingest;
    th_list_init(&m->link);
    th_list_init(&m->on_device);
    m->owner = s->w->index;
    in->held++;
    if (m->from_spool || m->replay || m->outbox != NULL) {
        if (in->away_since_us != 0 || (m->outbox != NULL && s->draining))
            th_ingest_finish(s, m, TH_VERDICT_RETRY);
        else
            take(s, m);
        return;
    }
    bool behind = th_spool_holds(s, m->device_key); /* never past its own older messages */
    if (!behind && in->away_since_us == 0) {
        take(s, m);
        return;
    }
    if (th_spool_append(s, m))
        return;
    if (behind || th_clock_mono_us() - in->away_since_us > AWAY_GRACE_US)
        th_ingest_finish(s, m, TH_VERDICT_RETRY);
    else
        take(s, m);
}

void th_ingest_resume(struct th_store *s, struct th_message *m, bool canceled)
{
    struct th_device *d = m->device;
    m->waiting = false;
    m->device = NULL;
    th_device_unref(d);
    if (canceled || s->ingest->away_since_us != 0)
        th_ingest_finish(s, m, TH_VERDICT_RETRY);
    else
        take(s, m);
}

void th_ingest_again(struct th_store *s, struct th_message *m)
{
    if (m->attempts++ == 0)
        s->ingest->redo_left++;
    if (m->attempts > MAX_ATTEMPTS) {
        th_erro("message_given_up", "device=%.*s attempts=%u", TH_STR_FMT(m->device_key), m->attempts);
        th_ingest_finish(s, m, TH_VERDICT_RETRY);
        return;
    }
    th_count(s->metrics, messages_rerun);
    take(s, m);
}

static void take_pending(struct th_store *s)
{
    struct th_list *pending = &s->ingest->pending;
    struct th_ingest *in = s->ingest;
    in->alone_turn = !in->alone_turn;
    if (in->open->count == 0 && !th_list_empty(&in->alone) && (in->alone_turn || th_list_empty(pending))) {
        struct th_message *m = th_list_item(in->alone.next, struct th_message, link);
        th_list_remove(&m->link);
        take(s, m);
    }
    while (!th_list_empty(pending) && !full(s)) {
        struct th_message *m = th_list_item(pending->next, struct th_message, link);
        th_list_remove(&m->link);
        take(s, m);
    }
}

/* Of a batch: when the first of what it put into the outbox is due, in ms; -1: nothing was. */
static int64_t next_later(const struct th_message *m, int64_t before)
{
    for (const struct th_effect *e = m->effects; e != NULL; e = e->next)
        if (e->kind == TH_EFFECT_NOTIFY)
            before = 0;
        else if (e->kind == TH_EFFECT_LATER && e->later.name.p != NULL &&
                 (before < 0 || e->later.delay_ms < before))
            before = e->later.delay_ms;
        else if (e->kind == TH_EFFECT_FORWARD && (before < 0 || e->forward.delay_ms < before))
            before = e->forward.delay_ms;
    return before;
}

static void after_commit(struct th_store *s, struct th_message *m)
{
    bool commands =
        m->kind == TH_HOOK_CONNECTED; /* what an earlier connection left unanswered is due again */
    /* What was put off came from no node: the one that holds the device now. */
    int node = m->outbox != NULL && m->device != NULL ? m->device->presence.node : m->node;
    for (const struct th_effect *e = m->effects; e != NULL; e = e->next) {
        bool answer = e->kind == TH_EFFECT_REPLY || e->kind == TH_EFFECT_SEND;
        if (answer && !m->replay)
            th_reply_send(s, node, e->reply.topic, e->reply.payload);
        else if (e->kind == TH_EFFECT_COMMAND)
            commands = true;
        else if (e->kind == TH_EFFECT_ALARM && e->alarm.event == TH_ALARM_RAISED)
            th_count(s->metrics, alarms_raised);
        else if (e->kind == TH_EFFECT_ALARM && e->alarm.event == TH_ALARM_CLEARED)
            th_count(s->metrics, alarms_cleared);
        else if (e->kind == TH_EFFECT_STORE)
            th_count(s->metrics, samples);
        else if (e->kind == TH_EFFECT_EVENT)
            th_count(s->metrics, events);
        if ((e->kind == TH_EFFECT_STORE || e->kind == TH_EFFECT_EVENT) && (e->row.flags & TH_ROW_CLOCK))
            th_count(s->metrics, clock_replaced);
    }
    if (commands)
        th_command_wake(s->w->rt, m->device_id, m->device_key);
}

static void on_committed(struct th_store *s, const struct th_pg_outcome *o)
{
    struct th_ingest *in = s->ingest;
    struct th_batch *b = in->flying;
    th_count(s->metrics, batches);
    if (b->results > 0) {
        unsigned met =
            o->res != NULL && PQntuples(o->res) == 1 ? (unsigned)atoi(PQgetvalue(o->res, 0, 0)) : 0;
        th_count_n(s->metrics, command_results, met);
        th_count_n(s->metrics, command_unmatched, b->results - met);
    }
    int64_t later = -1;
    TH_LIST_EACH (it, tmp, &b->messages) {
        struct th_message *m = th_list_item(it, struct th_message, link);
        th_list_remove(it);
        later = next_later(m, later);
        if (m->device != NULL && m->dead_reason == NULL)
            th_device_remember(m->device, m->digest);
        after_commit(s, m);
        th_live_committed(s, m);
        th_ingest_finish(s, m, m->dead_reason != NULL ? m->verdict : TH_VERDICT_STORED);
    }
    th_batch_reset(b);
    if (later >= 0)
        th_outbox_wake(s->w->rt, later);
    if (in->redo_left == 0)
        in->limit = (size_t)s->conf->ingest_batch_rows;
}

/* Away: no connection, or a batch that takes too long. */
static void watch(struct th_store *s)
{
    struct th_ingest *in = s->ingest;
    uint64_t now = th_clock_mono_us();
    bool slow = in->running && now - in->started_us > (uint64_t)s->conf->spool_after * 1000;
    bool away = slow || (!in->running && !th_pg_batch_ready(in->db));
    if (away == (in->away_since_us != 0))
        return;
    in->away_since_us = away ? now : 0;
    if (s->spool != NULL)
        th_spool_database(s->spool, away ? 1 : -1);
    if (away)
        th_warn("database_away", "slow=%d", slow);
    else
        th_info("database_back", "worker=%d", s->w->index);
}

int64_t th_store_away_ms(const struct th_store *s)
{
    uint64_t since = s->ingest->away_since_us;
    return since == 0 ? 0 : (int64_t)(th_clock_mono_us() - since) / 1000 + 1;
}

static void on_batch(void *arg, const struct th_pg_outcome *o)
{
    struct th_store *s = arg;
    struct th_ingest *in = s->ingest;
    in->running = false;
    /* Failure point: it was committed, and nobody learns of it. */
    struct th_pg_outcome lost = {
        .code = -TH_EUNAVAIL, .unknown = true, .message = "failure point", .detail = "", .constraint = ""};
    if (o->code == 0 && TH_ERRINJ_POINT("batch.unknown"))
        o = &lost;
    if (o->code == 0)
        on_committed(s, o);
    else
        th_ingest_undo(s, o);
    watch(s);
    take_pending(s);
}

static void flush(struct th_store *s)
{
    struct th_ingest *in = s->ingest;
    if (in->running || in->open->count == 0 || !th_list_empty(&in->redo) || !th_pg_batch_ready(in->db))
        return;
    struct th_batch *b = in->open;
    in->open = in->flying;
    in->flying = b;
    in->sealed = false;
    TH_LIST_EACH (it, tmp, &b->touches) {
        th_list_item(it, struct th_touch, link)->device->touch = NULL;
    }
    th_batch_write(s, b, &in->text);
    in->running = true;
    in->started_us = th_clock_mono_us();
    int rc = th_pg_batch_run(in->db, th_buf_view(&in->text.sql), in->text.copies, in->text.ncopies,
        s->conf->hook_timeout, on_batch, s);
    if (rc != 0) {
        struct th_pg_outcome o = {.code = rc, .message = th_err_name(rc), .detail = "", .constraint = ""};
        on_batch(s, &o);
    }
    take_pending(s);
}

static void on_check(uv_check_t *check)
{
    flush(check->data);
}

static void on_ready(void *arg)
{
    struct th_store *s = arg;
    watch(s);
    th_ingest_recover(s);
    flush(s);
}

static void on_sweep(uv_timer_t *timer)
{
    struct th_store *s = timer->data;
    struct th_ingest *in = s->ingest;
    watch(s);
    if (in->away_since_us == 0)
        th_ingest_recover(s);
    else
        th_ingest_shed(s);
}

int th_ingest_start(struct th_store *s, struct th_error *err)
{
    struct th_ingest *in = th_calloc(1, sizeof *in);
    s->ingest = in;
    th_batch_init(&in->batches[0]);
    th_batch_init(&in->batches[1]);
    in->open = &in->batches[0];
    in->flying = &in->batches[1];
    in->limit = (size_t)s->conf->ingest_batch_rows;
    th_list_init(&in->redo);
    th_list_init(&in->pending);
    th_list_init(&in->alone);
    uv_check_init(&s->w->loop, &in->check);
    in->check.data = s;
    uv_check_start(&in->check, on_check);
    uv_timer_init(&s->w->loop, &in->sweep);
    in->sweep.data = s;
    uv_timer_start(&in->sweep, on_sweep, 250, 250);
    int rc = th_pg_batch_open(s->w, th_batch_statements, &in->db, err);
    if (rc == 0)
        th_pg_batch_on_ready(in->db, on_ready, s);
    return rc;
}

bool th_ingest_idle(const struct th_store *s)
{
    return s->ingest->held == 0 && !s->ingest->running;
}

static void on_closed(uv_handle_t *handle)
{
    struct th_store *s = handle->data;
    struct th_ingest *in = s->ingest;
    if (++in->closed < 2)
        return;
    for (int i = 0; i < 2; i++) {
        th_batch_reset(&in->batches[i]);
        th_arena_free(&in->batches[i].arena);
    }
    th_batch_text_free(&in->text);
    th_free(in);
    s->ingest = NULL;
    th_store_closed(s);
}

void th_ingest_stop(struct th_store *s)
{
    struct th_ingest *in = s->ingest;
    th_ingest_refuse_all(s);
    if (in->db != NULL)
        th_pg_batch_close(in->db);
    uv_close((uv_handle_t *)&in->check, on_closed);
    uv_close((uv_handle_t *)&in->sweep, on_closed);
}
