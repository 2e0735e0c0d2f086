/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/conf.h"
#include "store/alarm_batch.h"
#include "store/batch.h"
#include "store/dead_letter.h"
#include "store/outbox.h"

/* The array of changes is small next to the table, so nested loops over the primary key are forced: a plan
 * made while the table was small would scan it. */
const char *const th_batch_statements[] = {
    "set plan_cache_mode = force_generic_plan",
    "set enable_seqscan = off",
    "set enable_hashjoin = off",
    "set enable_mergejoin = off",
    "prepare th_state(bigint[], bigint[], jsonb[], bigint[], json[]) as"
    " with u as (update device_state s set rev = s.rev + 1,"
    "   reported = case when n.reported is null then s.reported else s.reported || n.reported end,"
    "   seen_at = greatest(s.seen_at, th_time(n.seen)), kv = coalesce(n.kv, s.kv)"
    "  from unnest($1, $2, $3, $4, $5) n(id, rev, reported, seen, kv)"
    "  where s.device_id = n.id and s.rev = n.rev returning 1)"
    " select th_expect((select count(*) from u), cardinality($1))",
    "prepare th_presence(bigint[], bigint[], jsonb[], bigint[], json[], boolean[], integer[], text[], bigint[],"
    "  bigint[], text[]) as"
    " with u as (update device_state s set rev = s.rev + 1,"
    "   reported = case when n.reported is null then s.reported else s.reported || n.reported end,"
    "   seen_at = greatest(s.seen_at, th_time(n.seen)), kv = coalesce(n.kv, s.kv),"
    "   online = n.online, node = n.node, address = n.address,"
    "   connected_at = th_time(nullif(n.connected, 0)), left_at = th_time(nullif(n.gone, 0)),"
    "   left_address = n.gone_address"
    "  from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    "   n(id, rev, reported, seen, kv, online, node, address, connected, gone, gone_address)"
    "  where s.device_id = n.id and s.rev = n.rev returning 1)"
    " select th_expect((select count(*) from u), cardinality($1))",
    "prepare th_command(bigint[], text[], jsonb[], bigint[]) as"
    " insert into command (device_id, name, params, source, expires_at)"
    " select device_id, name, params, 'script', now() + ttl * interval '1 millisecond'"
    " from unnest($1, $2, $3, $4) n(device_id, name, params, ttl)",
    "prepare th_result(bigint[], text[], text[], integer[], jsonb[]) as"
    " with n as (select * from unnest($1, $2, $3, $4, $5) with ordinality"
    "   n(device_id, message_id, ids, code, data, ord)),"
    " hit as (delete from command c using n where c.device_id = n.device_id and c.message_id is not null"
    "   and (c.message_id = n.message_id or (n.ids <> '' and c.id = any (string_to_array(n.ids, "
    "',')::bigint[])))"
    "   returning c.*, n.code, n.data, n.ord),"
    " kept as (insert into command_log (id, device_id, name, params, source, state, message_id, attempts,"
    "   idempotency_key, created_at, expires_at, sent_at, finished_at, code, data)"
    "  select id, device_id, name, params, source,"
    "   case when code between 200 and 299 then 'succeeded' else 'failed' end, message_id, attempts,"
    "   idempotency_key, created_at, expires_at, coalesce(sent_at, now()), now(), code, data from hit)"
    " select count(distinct ord) from hit",
    "prepare th_outbox_done(bigint[]) as delete from outbox where id = any ($1)",
    "prepare th_later_clear(bigint[], text[]) as delete from outbox o using unnest($1, $2) n(device_id, key)"
    " where o.device_id = n.device_id and o.key = n.key and o.state = 'waiting' and o.kind = 'later'",
    /* The last word on a key in the batch counts; one without a name only clears. */
    "prepare th_later(bigint[], text[], text[], json[], bigint[]) as"
    " with n as (select *, row_number() over (partition by device_id, key order by ord desc) r"
    "   from unnest($1, $2, $3, $4, $5) with ordinality n(device_id, key, name, args, delay, ord))"
    " insert into outbox (kind, product_id, device_id, key, name, args, due_at, next_at)"
    " select 'later', d.product_id, d.id, n.key, n.name, n.args, now() + n.delay * interval '1 millisecond',"
    "  now() + n.delay * interval '1 millisecond' from n join device d on d.id = n.device_id"
    " where n.name is not null and (n.key is null or n.r = 1) order by n.ord",
    /* For a device that is none of the product it is dead, and stays with the one that asked. */
    "prepare th_forward(bigint[], text[], text[], json[], bigint[]) as"
    " insert into outbox (kind, product_id, device_id, forwarded_to, name, args, due_at, next_at, state, dead_at,"
    "  error)"
    " select 'later', s.product_id, coalesce(d.id, s.id), n.device, n.name, n.args, t.due, t.due,"
    "  case when d.id is null then 'dead' else 'waiting' end, case when d.id is null then now() end,"
    "  case when d.id is null then '" TH_OUTBOX_NO_DEVICE "' end"
    " from unnest($1, $2, $3, $4, $5) with ordinality n(asker, device, name, args, delay, ord)"
    " join device s on s.id = n.asker left join device d on d.key = n.device and d.product_id = s.product_id"
    " cross join lateral (select now() + n.delay * interval '1 millisecond' as due) t order by n.ord",
    th_alarm_known_sql,
    th_alarm_fresh_sql,
    "prepare th_notify_clear(bigint[], text[], text[]) as"
    " delete from outbox o using unnest($1, $2, $3) n(device_id, name, key)"
    " where o.device_id = n.device_id and o.name = n.name and o.key = n.key and o.state = 'waiting'"
    "  and o.kind = 'notify'",
    "prepare th_notify(bigint[], text[], text[], json[]) as"
    " with n as (select *, row_number() over (partition by device_id, name, key order by ord desc) r"
    "   from unnest($1, $2, $3, $4) with ordinality n(device_id, name, key, args, ord))"
    " insert into outbox (kind, product_id, device_id, key, name, args, due_at, next_at, state, dead_at, error)"
    " select 'notify', d.product_id, d.id, n.key, n.name, n.args, now(), now(), w.state,"
    "  case when w.state = 'dead' then now() end, w.error"
    " from n join device d on d.id = n.device_id"
    " left join channel c on c.key = n.name and (c.product_id = d.product_id or c.shared)"
    " cross join lateral (select case when c.enabled then 'waiting' else 'dead' end state,"
    "   case when c.id is null then '" TH_OUTBOX_NO_CHANNEL
    "' when not c.enabled then '" TH_OUTBOX_CHANNEL_OFF "' end error) w"
    " where n.key is null or n.r = 1 order by n.ord",
    "prepare th_rollup_due(bigint[], bigint[], boolean[], bigint[]) as"
    " select th_rollup_mark($1, $2, $3, $4[1])",
    "prepare th_refused(bigint[], text[], text[], text[]) as"
    " insert into dead_letter_count as c (minute, product_key, device_key, reason, refused)"
    " select date_trunc('minute', th_time(ts)), product, device, reason, count(*)"
    "  from unnest($1, $2, $3, $4) n(ts, product, device, reason) group by 1, 2, 3, 4 order by 1, 2, 3, 4"
    " on conflict (minute, product_key, device_key, reason) do update set refused = c.refused + "
    "excluded.refused",
    NULL,
};

static const char *const copy_sql[TH_COPY_COUNT] = {
    [TH_COPY_HISTORY] =
        "copy property_history (device_id, ts, digest, received_at, script_version, flags, params)"
        " from stdin (format binary);",
    [TH_COPY_EVENTS] =
        "copy event_history (device_id, ts, digest, received_at, script_version, flags, type, params)"
        " from stdin (format binary);",
    [TH_COPY_CONNECTIONS] = "copy connection_history (device_id, ts, event, node, address, reason, protocol)"
                            " from stdin (format binary);",
    [TH_COPY_SEEN] = "copy message_seen (device_id, ts, digest) from stdin (format binary);",
    [TH_COPY_DEAD] =
        "copy dead_letter (ts, reason, detail, product_key, device_key, action, topic, node, mtls,"
        " body, body_size) from stdin (format binary);",
};

void th_batch_init(struct th_batch *b)
{
    memset(b, 0, sizeof *b);
    th_arena_init(&b->arena);
    th_list_init(&b->messages);
    th_list_init(&b->touches);
}

void th_batch_reset(struct th_batch *b)
{
    TH_LIST_EACH (it, tmp, &b->touches) {
        struct th_touch *t = th_list_item(it, struct th_touch, link);
        if (t->device->touch == t)
            t->device->touch = NULL;
        th_list_remove(it);
        th_device_unref(t->device);
    }
    th_arena_reset(&b->arena);
    b->count = b->results = 0;
    b->bytes = 0;
}

struct th_touch *th_batch_touch(struct th_batch *b, struct th_device *d)
{
    if (d->touch != NULL)
        return d->touch;
    struct th_touch *t = th_arena_zalloc(&b->arena, sizeof *t);
    t->device = th_device_ref(d);
    t->rev = d->rev++;
    th_list_push(&b->touches, &t->link);
    d->touch = t;
    return t;
}

void th_message_key(const struct th_message *m, unsigned index, unsigned char out[TH_DIGEST_LEN])
{
    memcpy(out, m->digest, TH_DIGEST_LEN);
    out[14] ^= (unsigned char)(index >> 8);
    out[15] ^= (unsigned char)index;
}

static struct th_copy *rows(struct th_batch_text *t, int which)
{
    struct th_copy *c = &t->copy[which];
    if (c->rows == 0)
        th_copy_begin(c);
    return c;
}

static void write_row(struct th_batch_text *t, const struct th_message *m, const struct th_effect *e)
{
    unsigned char key[TH_DIGEST_LEN];
    bool event = e->kind == TH_EFFECT_EVENT;
    struct th_copy *c = rows(t, event ? TH_COPY_EVENTS : TH_COPY_HISTORY);
    th_message_key(m, e->row.index, key);
    th_copy_row(c, event ? 8 : 7);
    th_copy_int8(c, m->device->id);
    th_copy_time(c, e->row.time);
    th_copy_uuid(c, key);
    th_copy_time(c, m->time_ms);
    th_copy_int4(c, (int32_t)m->script_version);
    th_copy_int2(c, e->row.flags);
    if (event)
        th_copy_text(c, e->row.type);
    th_copy_json(c, e->row.params);
}

static void write_seen(struct th_batch_text *t, const struct th_message *m)
{
    struct th_copy *c = rows(t, TH_COPY_SEEN);
    th_copy_row(c, 3);
    th_copy_int8(c, m->device->id);
    th_copy_time(c, m->time_ms);
    th_copy_uuid(c, m->digest);
}

static void write_connection(struct th_batch_text *t, const struct th_message *m)
{
    struct th_copy *c = rows(t, TH_COPY_CONNECTIONS);
    th_copy_row(c, 7);
    th_copy_int8(c, m->device->id);
    th_copy_time(c, m->time_ms);
    th_copy_text(c, m->kind == TH_HOOK_CONNECTED ? TH_STR("connected") : TH_STR("disconnected"));
    th_copy_int4(c, m->node);
    th_copy_text(c, m->address);
    th_copy_text(c, m->reason);
    if (m->protocol > 0)
        th_copy_int2(c, (int16_t)m->protocol);
    else
        th_copy_null(c);
}

static void write_dead(struct th_batch_text *t, const struct th_message *m)
{
    struct th_copy *c = rows(t, TH_COPY_DEAD);
    struct th_str body = m->body;
    if (body.n > TH_DEAD_BODY_MAX)
        body.n = TH_DEAD_BODY_MAX;
    th_copy_row(c, 11);
    th_copy_time(c, th_dead_letter_time(m));
    th_copy_text(c, th_str(m->dead_reason));
    th_copy_text(c, th_dead_letter_text(&t->scratch, th_str(m->dead_detail)));
    th_copy_text(c, th_dead_letter_text(&t->scratch, m->product_key));
    th_copy_text(c, th_dead_letter_text(&t->scratch, m->device_key));
    th_copy_text(c, th_dead_letter_text(&t->scratch, m->action));
    th_copy_text(c, th_dead_letter_text(&t->scratch, m->topic_text));
    th_copy_int4(c, m->node);
    th_copy_bool(c, m->mtls);
    th_copy_text(c, body);
    th_copy_int4(c, (int32_t)m->body.n);
    th_buf_reset(&t->scratch);
}

static void write_message(struct th_batch_text *t, const struct th_message *m)
{
    if (m->verdict == TH_VERDICT_DEAD) {
        write_dead(t, m);
        return;
    }
    if (m->verdict == TH_VERDICT_REFUSED)
        return;
    bool row = th_message_is_connection(m);
    if (row)
        write_connection(t, m);
    for (const struct th_effect *e = m->effects; e != NULL; e = e->next) {
        if (e->kind == TH_EFFECT_STORE || e->kind == TH_EFFECT_EVENT) {
            write_row(t, m, e);
            row = true;
        }
    }
    if (!row ||
        m->outbox != NULL) /* a run's rows may be of another time in each attempt: its key stands apart */
        write_seen(t, m);
}

/* {"name":{"v":value,"t":ms},...} of the properties changed since the last batch. */
static struct th_str changed_properties(struct th_buf *b, struct th_device *d)
{
    th_buf_reset(b);
    th_buf_putc(b, '{');
    for (struct th_property *p = d->reported; p != NULL; p = p->next) {
        if (!p->changed)
            continue;
        p->changed = false;
        if (b->n > 1)
            th_buf_putc(b, ',');
        th_json_put_str(b, p->name);
        th_buf_put(b, ":{\"v\":", 6);
        th_buf_str(b, p->value);
        th_buf_put(b, ",\"t\":", 5);
        th_buf_int(b, p->time);
        th_buf_putc(b, '}');
    }
    th_buf_putc(b, '}');
    return th_buf_view(b);
}

#define HOUR_MS 3600000

enum { IDS, REVS, REPORTED, SEEN, KV, ONLINE, NODE, ADDRESS, CONNECTED, LEFT, LEFT_ADDRESS, COLUMNS };

static void presence_items(struct th_buf *col, const struct th_presence *p)
{
    th_array_bool(&col[ONLINE], p->online);
    th_array_int(&col[NODE], p->node);
    th_array_text(&col[ADDRESS], th_str(p->address));
    th_array_int(&col[CONNECTED], p->connected_at);
    th_array_int(&col[LEFT], p->left_at);
    th_array_text(&col[LEFT_ADDRESS], th_str(p->left_address));
}

static struct th_str kv_text(struct th_buf *b, const struct th_device *d)
{
    th_buf_reset(b);
    th_kv_write(&d->kv, b);
    return th_buf_view(b);
}

static void write_states(struct th_batch *b, struct th_batch_text *t, bool presence)
{
    struct th_buf *col = t->column, *scratch = &t->scratch;
    int columns = presence ? COLUMNS : ONLINE;
    unsigned n = 0;
    th_columns_open(col, columns);
    TH_LIST_EACH (it, tmp, &b->touches) {
        struct th_touch *touch = th_list_item(it, struct th_touch, link);
        if (touch->presence != presence)
            continue;
        n++;
        th_array_int(&col[IDS], touch->device->id);
        th_array_int(&col[REVS], touch->rev);
        if (touch->reports)
            th_array_text(&col[REPORTED], changed_properties(scratch, touch->device));
        else
            th_array_null(&col[REPORTED]);
        if (touch->seen_ms > 0)
            th_array_int(&col[SEEN], touch->seen_ms);
        else
            th_array_null(&col[SEEN]); /* nothing was heard of it */
        if (touch->kv)
            th_array_text(&col[KV], kv_text(scratch, touch->device));
        else
            th_array_null(&col[KV]);
        if (presence)
            presence_items(col, &touch->device->presence);
    }
    if (n > 0)
        th_columns_execute(&t->sql, presence ? "th_presence" : "th_state", col, columns);
}

static void result_items(struct th_buf *col, const struct th_message *m, const struct th_effect *e)
{
    struct th_buf ids = {0};
    for (unsigned i = 0; i < e->result.nids; i++) {
        if (i > 0)
            th_buf_putc(&ids, ',');
        th_buf_int(&ids, e->result.ids[i]);
    }
    th_array_int(&col[0], m->device->id);
    th_array_text(&col[1], e->result.message_id);
    th_array_text(&col[2], th_buf_view(&ids));
    th_array_int(&col[3], e->result.code > INT32_MAX || e->result.code < INT32_MIN ? 0 : e->result.code);
    th_array_text(&col[4], e->result.data);
    th_buf_free(&ids);
}

static void command_items(struct th_buf *col, const struct th_message *m, const struct th_effect *e)
{
    th_array_int(&col[0], m->device->id);
    th_array_text(&col[1], e->command.name);
    th_array_text(&col[2], e->command.params);
    th_array_int(&col[3], e->command.ttl_ms);
}

static void later_items(struct th_buf *col, const struct th_message *m, const struct th_effect *e)
{
    th_array_int(&col[0], m->device->id);
    if (e->later.key.p != NULL)
        th_array_text(&col[1], e->later.key);
    else
        th_array_null(&col[1]);
    if (e->later.name.p == NULL) {
        th_array_null(&col[2]);
        th_array_null(&col[3]);
    } else {
        th_array_text(&col[2], e->later.name);
        th_array_text(&col[3], e->later.args);
    }
    th_array_int(&col[4], e->later.delay_ms);
}

static void forward_items(struct th_buf *col, const struct th_message *m, const struct th_effect *e)
{
    th_array_int(&col[0], m->device->id);
    th_array_text(&col[1], e->forward.device);
    th_array_text(&col[2], e->forward.name);
    th_array_text(&col[3], e->forward.args);
    th_array_int(&col[4], e->forward.delay_ms);
}

static void clear_items(struct th_buf *col, const struct th_message *m, const struct th_effect *e)
{
    if (e->later.key.p == NULL)
        return;
    th_array_int(&col[0], m->device->id);
    th_array_text(&col[1], e->later.key);
}

static void notify_items(struct th_buf *col, const struct th_message *m, const struct th_effect *e)
{
    th_array_int(&col[0], m->device->id);
    th_array_text(&col[1], e->notify.channel);
    if (e->notify.key.p != NULL)
        th_array_text(&col[2], e->notify.key);
    else
        th_array_null(&col[2]);
    th_array_text(&col[3], e->notify.body);
}

static void notify_clear_items(struct th_buf *col, const struct th_message *m, const struct th_effect *e)
{
    if (e->notify.key.p == NULL)
        return;
    th_array_int(&col[0], m->device->id);
    th_array_text(&col[1], e->notify.channel);
    th_array_text(&col[2], e->notify.key);
}

static unsigned write_effects(struct th_batch *b, struct th_batch_text *t, enum th_effect_kind kind,
    const char *name, int columns,
    void (*items)(struct th_buf *, const struct th_message *, const struct th_effect *))
{
    unsigned n = 0;
    th_columns_open(t->column, columns);
    TH_LIST_EACH (it, tmp, &b->messages) {
        const struct th_message *m = th_list_item(it, struct th_message, link);
        for (const struct th_effect *e = m->effects; e != NULL; e = e->next) {
            if (e->kind == kind) {
                items(t->column, m, e);
                n++;
            }
        }
    }
    if (n > 0)
        th_columns_execute(&t->sql, name, t->column, columns);
    return n;
}

static void write_outbox(struct th_batch *b, struct th_batch_text *t)
{
    unsigned n = 0;
    th_columns_open(t->column, 1);
    TH_LIST_EACH (it, tmp, &b->messages) {
        const struct th_message *m = th_list_item(it, struct th_message, link);
        if (m->outbox == NULL)
            continue;
        th_array_int(&t->column[0], m->outbox->id);
        n++;
    }
    if (n > 0)
        th_columns_execute(&t->sql, "th_outbox_done", t->column, 1);
    write_effects(b, t, TH_EFFECT_LATER, "th_later_clear", 2, clear_items);
    write_effects(b, t, TH_EFFECT_LATER, "th_later", 5, later_items);
    write_effects(b, t, TH_EFFECT_FORWARD, "th_forward", 5, forward_items);
    write_effects(b, t, TH_EFFECT_NOTIFY, "th_notify_clear", 3, notify_clear_items);
    write_effects(b, t, TH_EFFECT_NOTIFY, "th_notify", 4, notify_items);
}

/* The running hour of a device is marked once; the mark is there until the hour is over. Any other hour may
 * have been computed already, so its mark is touched by each batch that adds to it. The server is told of
 * both kinds: by its clock the hour may be over (see the migration of the rollups). */
static void write_rollup_due(struct th_batch *b, struct th_batch_text *t)
{
    int64_t now = th_clock_ms() / HOUR_MS;
    unsigned n = 0;
    th_columns_open(t->column, 4);
    TH_LIST_EACH (it, tmp, &b->messages) {
        const struct th_message *m = th_list_item(it, struct th_message, link);
        for (const struct th_effect *e = m->effects; e != NULL; e = e->next) {
            if (e->kind != TH_EFFECT_STORE)
                continue;
            int64_t hour = e->row.time / HOUR_MS;
            bool running = hour == now;
            th_array_int(&t->column[0], m->device->id);
            th_array_int(&t->column[1], hour);
            th_array_bool(&t->column[2], running && m->device->marked_hour == hour);
            if (running)
                m->device->marked_hour = hour;
            n++;
        }
    }
    th_array_int(&t->column[3], now);
    if (n > 0)
        th_columns_execute(&t->sql, "th_rollup_due", t->column, 4);
}

static void write_refused(struct th_batch *b, struct th_batch_text *t)
{
    unsigned n = 0;
    th_columns_open(t->column, 4);
    TH_LIST_EACH (it, tmp, &b->messages) {
        const struct th_message *m = th_list_item(it, struct th_message, link);
        if (m->verdict != TH_VERDICT_REFUSED)
            continue;
        n++;
        th_array_int(&t->column[0], th_dead_letter_time(m));
        th_array_text(&t->column[1], th_dead_letter_text(&t->scratch, m->product_key));
        th_array_text(&t->column[2], th_dead_letter_text(&t->scratch, m->device_key));
        th_array_text(&t->column[3], th_str(m->dead_reason));
    }
    if (n > 0)
        th_columns_execute(&t->sql, "th_refused", t->column, 4);
}

void th_batch_write(struct th_store *s, struct th_batch *b, struct th_batch_text *t)
{
    th_buf_reset(&t->sql);
    t->ncopies = 0;
    for (int i = 0; i < TH_COPY_COUNT; i++)
        t->copy[i].rows = 0;
    TH_LIST_EACH (it, tmp, &b->messages) {
        write_message(t, th_list_item(it, struct th_message, link));
    }
    th_buf_puts(&t->sql, "begin;");
    for (int i = 0; i < TH_COPY_COUNT; i++) {
        if (t->copy[i].rows == 0)
            continue;
        th_copy_end(&t->copy[i]);
        t->copies[t->ncopies++] = th_buf_view(&t->copy[i].buf);
        th_buf_puts(&t->sql, copy_sql[i]);
    }
    write_states(b, t, false);
    write_states(b, t, true);
    write_effects(b, t, TH_EFFECT_COMMAND, "th_command", 4, command_items);
    write_outbox(b, t);
    th_alarm_write(b, t);
    write_rollup_due(b, t);
    write_refused(b, t);
    /* Last before the commit: its row, the number of results that met a command, is what the outcome shows.
     */
    b->results = write_effects(b, t, TH_EFFECT_RESULT, "th_result", 5, result_items);
    th_buf_puts(&t->sql, "commit");
}

void th_batch_text_free(struct th_batch_text *t)
{
    th_buf_free(&t->sql);
    for (int i = 0; i < TH_BATCH_COLUMNS; i++)
        th_buf_free(&t->column[i]);
    th_buf_free(&t->scratch);
    for (int i = 0; i < TH_COPY_COUNT; i++)
        th_copy_free(&t->copy[i]);
}
