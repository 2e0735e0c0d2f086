/* SPDX-License-Identifier: Apache-2.0
 *
 * Notifications. Each goes to the worker that its channel falls to, which runs the notifier. */
#include <stdlib.h>

#include "base/conf.h"
#include "base/hex.h"
#include "store/notice.h"
#include "store/outbox_private.h"

#define RETRY_AFTER_MAX_MS 86400000

/* As for functions: always a row, the last column says when the next is due. What waits is looked at channel
 * by channel of each product, and taken in turns: of what was put in first by each, then second. So neither a
 * slow channel nor a product with many rows has others wait. $2: how many run, {"channels": {KEY: n},
 * "products": {ID: n}}. */
static const char take_sql[] =
    "with recursive p as ("
    "  (select product_id, name from outbox where state = 'waiting' and kind = 'notify'"
    "   order by product_id, name limit 1)"
    "  union all select n.product_id, n.name from p, lateral (select o.product_id, o.name from outbox o"
    "   where o.state = 'waiting' and o.kind = 'notify' and (o.product_id, o.name) > (p.product_id, p.name)"
    "   order by o.product_id, o.name limit 1) n),"
    " due as (select p.product_id, p.name, f.*, row_number() over (partition by p.product_id, p.name"
    "   order by f.next_at) turn from p, lateral (select o.id, o.next_at from outbox o"
    "   where o.product_id = p.product_id and o.name = p.name and o.state = 'waiting' and o.kind = 'notify'"
    "   and o.next_at <= now() order by o.next_at limit $3::bigint) f"
    "  where coalesce(($2::jsonb -> 'channels' ->> p.name)::bigint, 0) < $3::bigint),"
    " ranked as (select id, next_at, turn,"
    "   row_number() over (partition by name order by turn, next_at)"
    "    + coalesce(($2::jsonb -> 'channels' ->> name)::bigint, 0) of_channel,"
    "   row_number() over (partition by product_id order by turn, next_at)"
    "    + coalesce(($2::jsonb -> 'products' ->> product_id::text)::bigint, 0) of_product from due),"
    " taken as (select o.id from outbox o join ranked r on r.id = o.id where o.state = 'waiting'"
    "   and o.next_at <= now() and r.of_channel <= $3::bigint and r.of_product <= $4::bigint"
    "   order by r.turn, r.next_at limit $1::bigint for update of o skip locked),"
    " mine as (update outbox o set attempts = attempts + 1,"
    "   next_at = now() + $5::bigint * interval '1 millisecond' from taken t where o.id = t.id returning o.*)"
    " select m.id, m.product_id, m.attempts, m.name, m.args, th_ms(m.created_at), p.key, d.key,"
    "  c.id, c.notifier, c.config, encode(c.secrets, 'hex'), c.enabled,"
    "  coalesce((select ceil(extract(epoch from min(next_at) - now()) * 1000)::bigint"
    "   from outbox where state = 'waiting' and next_at > now()), $6::bigint)"
    " from (select 1) one left join mine m on true left join product p on p.id = m.product_id"
    " left join device d on d.id = m.device_id"
    " left join channel c on c.key = m.name and (c.product_id = m.product_id or c.shared) order by m.id";

enum {
    ID,
    PRODUCT_ID,
    ATTEMPTS,
    NAME,
    ARGS,
    CREATED,
    PRODUCT,
    DEVICE,
    CHANNEL_ID,
    NOTIFIER,
    CONFIG,
    SECRETS,
    ENABLED,
    NEXT
};

static void free_notice(struct th_notice *n)
{
    th_arena_free(&n->arena);
    th_free(n);
}

static void failed(struct th_outbox *o, const struct th_notice *n, const char *why, bool now)
{
    int64_t wait = n->retry_after_ms;
    th_count(o->store->metrics, notify_failed);
    const struct th_outbox_failure f = {.row = n->row,
        .attempts = n->attempts,
        .why = th_str(why),
        .at_least_ms = wait < RETRY_AFTER_MAX_MS ? wait : RETRY_AFTER_MAX_MS,
        .now = now,
        .notice = true};
    th_outbox_failed(o, &f);
}

static void on_done(struct th_notice *n)
{
    struct th_store *s = n->home->store;
    struct th_outbox *o = s->outbox;
    th_list_remove(&n->link);
    o->notify.count--;
    if (n->end == TH_NOTICE_SENT) {
        th_count(s->metrics, notify_sent);
        th_outbox_done(o, n->row);
    } else if (n->end == TH_NOTICE_FAILED) {
        failed(o, n, n->error, false);
    } else {
        th_outbox_put_back(o, n->row, 0);
    }
    free_notice(n);
    if (o->notify.more)
        th_outbox_look_in(&o->notify, TH_OUTBOX_PACE_MS);
    th_store_maybe_drained(s);
}

static void on_sender(struct th_worker *w, struct th_mail *mail)
{
    w->store->send_notice(w->store, th_container_of(mail, struct th_notice, mail));
}

static struct th_str field(struct th_notice *n, const PGresult *r, int row, int column)
{
    if (PQgetisnull(r, row, column))
        return (struct th_str){NULL, 0};
    size_t size = (size_t)PQgetlength(r, row, column);
    return (struct th_str){th_arena_dup(&n->arena, PQgetvalue(r, row, column), size), size};
}

static struct th_str bytes_field(struct th_notice *n, const PGresult *r, int row, int column)
{
    struct th_str hex = field(n, r, row, column);
    char *bytes = th_arena_alloc(&n->arena, hex.n / 2 + 1);
    if (hex.p == NULL || !th_hex_decode(bytes, hex))
        return (struct th_str){NULL, 0};
    return (struct th_str){bytes, hex.n / 2};
}

static struct th_notice *read_notice(struct th_outbox *o, const PGresult *r, int row)
{
    unsigned char sum[32];
    struct th_notice *n = th_calloc(1, sizeof *n);
    th_arena_init(&n->arena);
    th_list_init(&n->link);
    n->home = o->store->w;
    n->done = on_done;
    n->row = atoll(PQgetvalue(r, row, ID));
    n->product_id = atoll(PQgetvalue(r, row, PRODUCT_ID));
    n->attempts = atoll(PQgetvalue(r, row, ATTEMPTS));
    n->channel = field(n, r, row, NAME);
    n->body = field(n, r, row, ARGS);
    n->time_ms = atoll(PQgetvalue(r, row, CREATED));
    n->product = field(n, r, row, PRODUCT);
    n->device = field(n, r, row, DEVICE);
    n->channel_id = atoll(PQgetvalue(r, row, CHANNEL_ID));
    n->notifier = field(n, r, row, NOTIFIER);
    n->config = field(n, r, row, CONFIG);
    n->sealed = bytes_field(n, r, row, SECRETS);
    n->limit_ms = o->store->conf->outbox_lease / 2;
    th_outbox_digest(sum, PQgetvalue(r, row, ID), PQgetvalue(r, row, CREATED));
    th_hex_encode(n->id, sum, (sizeof n->id - 1) / 2);
    return n;
}

static void start(struct th_outbox *o, const PGresult *r, int row)
{
    struct th_notice *n = read_notice(o, r, row);
    bool enabled = strcmp(PQgetvalue(r, row, ENABLED), "t") == 0;
    if (n->notifier.p == NULL || !enabled) {
        failed(o, n, n->notifier.p == NULL ? TH_OUTBOX_NO_CHANNEL : TH_OUTBOX_CHANNEL_OFF, true);
        free_notice(n);
        return;
    }
    th_list_push(&o->notify.running, &n->link);
    o->notify.count++;
    n->mail.run = on_sender;
    th_worker_post(th_worker_of_device(o->store->w->rt, n->channel), &n->mail);
}

static void on_taken(void *arg, const struct th_pg_outcome *outcome)
{
    struct th_outbox_queue *q = arg;
    const PGresult *r = outcome->res;
    if (!th_outbox_taken(q, outcome))
        return;
    int n = PQgetisnull(r, 0, ID) ? 0 : PQntuples(r);
    for (int i = 0; i < n; i++)
        start(q->outbox, r, i);
    th_outbox_started(q, n > 0, TH_OUTBOX_NOTIFY_MAX, atoll(PQgetvalue(r, 0, NEXT)));
}

/* ---- how many run ---- */

static bool same_channel(const struct th_notice *a, const struct th_notice *b)
{
    return th_str_eq(a->channel, b->channel);
}

static bool same_product(const struct th_notice *a, const struct th_notice *b)
{
    return a->product_id == b->product_id;
}

/* Each is named once, by the first that runs. Keys of channels need no escapes. */
static void put_counts(const struct th_outbox_queue *q, struct th_buf *out,
    bool (*same)(const struct th_notice *a, const struct th_notice *b), bool channel)
{
    th_buf_putc(out, '{');
    TH_LIST_EACH (it, tmp, &q->running) {
        const struct th_notice *n = th_list_item(it, struct th_notice, link);
        unsigned count = 0;
        bool first = true;
        for (struct th_list *o = q->running.next; o != &q->running; o = o->next) {
            bool alike = same(n, th_list_item(o, struct th_notice, link));
            count += alike;
            first = first && (!alike || count > 1 || o == it);
        }
        if (!first)
            continue;
        th_buf_puts(out, out->p[out->n - 1] == '{' ? "\"" : ",\"");
        if (channel)
            th_buf_str(out, n->channel);
        else
            th_buf_int(out, n->product_id);
        th_buf_printf(out, "\":%u", count);
    }
    th_buf_putc(out, '}');
}

void th_outbox_take_notify(struct th_outbox_queue *q)
{
    if (!th_outbox_may_take(q, TH_OUTBOX_NOTIFY_MAX))
        return;
    unsigned room = TH_OUTBOX_NOTIFY_MAX - q->count;
    char limit[24], of_channel[24], of_product[24], lease[24], poll[24];
    struct th_buf running = {0};
    th_buf_puts(&running, "{\"channels\":");
    put_counts(q, &running, same_channel, true);
    th_buf_puts(&running, ",\"products\":");
    put_counts(q, &running, same_product, false);
    th_buf_putc(&running, '}');
    snprintf(limit, sizeof limit, "%u", room < TH_OUTBOX_TAKE_MAX ? room : TH_OUTBOX_TAKE_MAX);
    snprintf(of_channel, sizeof of_channel, "%d", TH_OUTBOX_CHANNEL_MAX);
    snprintf(of_product, sizeof of_product, "%d", TH_OUTBOX_PRODUCT_NOTIFY_MAX);
    snprintf(lease, sizeof lease, "%lld", (long long)q->outbox->store->conf->outbox_lease);
    snprintf(poll, sizeof poll, "%d", TH_OUTBOX_POLL_MS);
    const char *params[] = {limit, th_buf_cstr(&running), of_channel, of_product, lease, poll};
    th_outbox_ask(q, take_sql, 6, params, on_taken);
    th_buf_free(&running);
}
