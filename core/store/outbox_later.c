/* SPDX-License-Identifier: Apache-2.0
 *
 * Functions that were put off. Each goes as a message to the worker that owns its device. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/conf.h"
#include "store/dead_letter.h"
#include "store/ingest.h"
#include "store/outbox_private.h"

#define DISABLED_MS 600000

/* Always at least one row, whose last column says in how many ms the next one is due. No product takes more
 * than its share of a round, nor while it has enough running; the index is asked product by product, so that
 * the backlog of one costs the others nothing. */
static const char take_sql[] =
    "with recursive p as ("
    "  (select product_id id from outbox where state = 'waiting' and kind = 'later' order by product_id limit 1)"
    "  union all select (select o.product_id from outbox o where o.state = 'waiting' and o.kind = 'later'"
    "   and o.product_id > p.id order by o.product_id limit 1) from p where p.id is not null),"
    " fair as (select f.id from p, lateral (select o.id from outbox o where o.product_id = p.id"
    "   and o.state = 'waiting' and o.kind = 'later' and o.next_at <= now() order by o.next_at limit $3::bigint) f"
    "  where p.id is not null and p.id <> all ($2::bigint[])),"
    " taken as (select o.id from outbox o where o.id in (select id from fair) and o.state = 'waiting'"
    "   and o.next_at <= now() order by o.next_at limit $1::bigint for update skip locked),"
    " mine as (update outbox o set attempts = attempts + 1,"
    "   next_at = now() + $4::bigint * interval '1 millisecond' from taken t where o.id = t.id returning o.*)"
    " select m.id, m.product_id, m.attempts, m.key, m.name, m.args, th_ms(m.due_at), p.key, d.key,"
    "  th_ms(m.created_at), m.forwarded_to is not null, coalesce((select ceil(extract(epoch from min(next_at) - now()) * 1000)::bigint"
    "   from outbox where state = 'waiting' and next_at > now()), $5::bigint)"
    " from (select 1) one left join mine m on true left join product p on p.id = m.product_id"
    " left join device d on d.id = m.device_id order by m.due_at, m.id";

static void failed(struct th_outbox *o, const struct th_message *m)
{
    th_count(o->store->metrics, later_failed);
    const struct th_outbox_failure f = {.row = m->outbox->id,
        .attempts = m->outbox->attempts,
        .why = th_str(m->dead_detail),
        .device = m->device_key};
    th_outbox_failed(o, &f);
}

static void on_done(struct th_message *m)
{
    struct th_store *s = m->home->store;
    struct th_outbox *o = s->outbox;
    th_list_remove(&m->outbox->link);
    o->later.count--;
    if (m->verdict == TH_VERDICT_STORED || m->verdict == TH_VERDICT_DUPLICATE)
        th_count(s->metrics, later_done);
    else if (m->verdict == TH_VERDICT_DEAD && m->dead_reason != NULL &&
             (strcmp(m->dead_reason, TH_DEAD_DISABLED) == 0 ||
                 strcmp(m->dead_reason, TH_DEAD_SCRIPTS_OFF) == 0))
        th_outbox_put_back(o, m->outbox->id, DISABLED_MS);
    else if (m->verdict == TH_VERDICT_DEAD)
        failed(o, m);
    else
        th_outbox_put_back(o, m->outbox->id, o->draining ? 0 : TH_OUTBOX_POLL_MS);
    th_arena_free(&m->arena);
    th_free(m);
    if (o->later.more)
        th_outbox_look_in(&o->later, TH_OUTBOX_PACE_MS);
    th_store_maybe_drained(s);
}

static void on_owner(struct th_worker *w, struct th_mail *mail)
{
    th_ingest_take(w->store, th_container_of(mail, struct th_message, mail));
}

static struct th_str field(struct th_message *m, const PGresult *r, int row, int column)
{
    if (PQgetisnull(r, row, column))
        return (struct th_str){NULL, 0};
    size_t n = (size_t)PQgetlength(r, row, column);
    return (struct th_str){th_arena_dup(&m->arena, PQgetvalue(r, row, column), n), n};
}

static void start_run(struct th_outbox *o, const PGresult *r, int row)
{
    unsigned char sum[32];
    struct th_message *m = th_calloc(1, sizeof *m);
    th_arena_init(&m->arena);
    m->effects_tail = &m->effects;
    struct th_outbox_row *run = th_arena_zalloc(&m->arena, sizeof *run);
    run->id = atoll(PQgetvalue(r, row, 0));
    run->product_id = atoll(PQgetvalue(r, row, 1));
    run->attempts = atoll(PQgetvalue(r, row, 2));
    run->key = field(m, r, row, 3);
    run->function = field(m, r, row, 4);
    run->forwarded = *PQgetvalue(r, row, 10) == 't';
    m->outbox = run;
    m->home = o->store->w;
    m->done = on_done;
    m->kind = TH_HOOK_TIMER;
    m->arrived_us = th_clock_mono_us();
    m->payload = field(m, r, row, 5);
    m->bytes = m->payload.n;
    m->time_ms = atoll(PQgetvalue(r, row, 6));
    m->product_key = field(m, r, row, 7);
    m->device_key = field(m, r, row, 8);
    th_outbox_digest(sum, PQgetvalue(r, row, 0), PQgetvalue(r, row, 9));
    memcpy(m->digest, sum, TH_DIGEST_LEN);
    th_list_push(&o->later.running, &run->link);
    o->later.count++;
    m->mail.run = on_owner;
    th_worker_post(th_worker_of_device(o->store->w->rt, m->device_key), &m->mail);
}

static void on_taken(void *arg, const struct th_pg_outcome *outcome)
{
    struct th_outbox_queue *q = arg;
    const PGresult *r = outcome->res;
    if (!th_outbox_taken(q, outcome))
        return;
    int n = PQgetisnull(r, 0, 0) ? 0 : PQntuples(r);
    for (int i = 0; i < n; i++)
        start_run(q->outbox, r, i);
    th_outbox_started(q, n > 0, TH_OUTBOX_RUNNING_MAX, atoll(PQgetvalue(r, 0, 11)));
}

/* Products with as many running as they may have, as an array literal. */
static void put_busy(const struct th_outbox_queue *q, struct th_buf *out)
{
    th_buf_putc(out, '{');
    TH_LIST_EACH (it, tmp, &q->running) {
        const struct th_outbox_row *row = th_list_item(it, struct th_outbox_row, link);
        unsigned before = 0;
        for (struct th_list *p = q->running.next; p != it; p = p->next)
            before += th_list_item(p, struct th_outbox_row, link)->product_id == row->product_id;
        if (before != TH_OUTBOX_PRODUCT_MAX - 1)
            continue;
        th_buf_printf(out, "%s%lld", out->n > 1 ? "," : "", (long long)row->product_id);
    }
    th_buf_putc(out, '}');
}

void th_outbox_take_later(struct th_outbox_queue *q)
{
    if (!th_outbox_may_take(q, TH_OUTBOX_RUNNING_MAX))
        return;
    unsigned room = TH_OUTBOX_RUNNING_MAX - q->count;
    char limit[24], share[24], lease[24], poll[24];
    struct th_buf busy = {0};
    put_busy(q, &busy);
    snprintf(limit, sizeof limit, "%u", room < TH_OUTBOX_TAKE_MAX ? room : TH_OUTBOX_TAKE_MAX);
    snprintf(share, sizeof share, "%d", TH_OUTBOX_PRODUCT_MAX / 2);
    snprintf(lease, sizeof lease, "%lld", (long long)q->outbox->store->conf->outbox_lease);
    snprintf(poll, sizeof poll, "%d", TH_OUTBOX_POLL_MS);
    const char *params[] = {limit, th_buf_cstr(&busy), share, lease, poll};
    th_outbox_ask(q, take_sql, 5, params, on_taken);
    th_buf_free(&busy);
}
