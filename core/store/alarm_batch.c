/* SPDX-License-Identifier: Apache-2.0 */
#include "store/alarm_batch.h"

/* n: what becomes of alarms that were active before the batch; l: the lines of their log. */
const char th_alarm_known_sql[] =
    "prepare th_alarm_known(bigint[], text[], bigint[], alarm_severity[], text[], json[], integer[], bigint[],"
    "  boolean[], bigint[], bigint[], text[], bigint[], text[], alarm_severity[], text[], json[], integer[]) as"
    " with n as (select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    "   n(device_id, key, raises, severity, message, details, version, last, rose, cleared)),"
    " logged as (insert into alarm_log (alarm_id, device_id, ts, event, severity, message, details, actor_kind,"
    "   script_version)"
    "  select a.id, a.device_id, th_time(l.ts), l.event, l.severity, coalesce(l.message, ''), l.details, 'script',"
    "   l.version"
    "  from unnest($11, $12, $13, $14, $15, $16, $17, $18) with ordinality"
    "   l(device_id, key, ts, event, severity, message, details, version, ord)"
    "  join alarm a on a.device_id = l.device_id and a.key = l.key order by l.ord),"
    " kept as (update alarm a set count = a.count + n.raises, severity = n.severity,"
    "   message = coalesce(n.message, a.message), details = coalesce(n.details, a.details),"
    "   script_version = n.version, last_raised_at = greatest(a.last_raised_at, th_time(n.last)),"
    "   acknowledged_at = case when n.rose then null else a.acknowledged_at end,"
    "   acknowledged_by = case when n.rose then null else a.acknowledged_by end,"
    "   note = case when n.rose then '' else a.note end"
    "  from n where a.device_id = n.device_id and a.key = n.key and n.cleared is null),"
    " gone as (delete from alarm a using n"
    "  where a.device_id = n.device_id and a.key = n.key and n.cleared is not null"
    "  returning a.id, a.device_id, a.product_id, a.key, a.source,"
    "   case when n.raises > 0 then n.version else a.script_version end, n.severity,"
    "   coalesce(n.message, a.message), coalesce(n.details, a.details), a.raised_at,"
    "   greatest(a.last_raised_at, th_time(n.last)), a.count + n.raises,"
    "   case when n.rose then null else a.acknowledged_at end,"
    "   case when n.rose then null else a.acknowledged_by end, case when n.rose then '' else a.note end,"
    "   th_time(n.cleared))"
    " insert into alarm_closed (id, device_id, product_id, key, source, script_version, severity, message,"
    "  details, raised_at, last_raised_at, count, acknowledged_at, acknowledged_by, note, cleared_at)"
    " select * from gone";

/* n: alarms raised in the batch, and cleared in it when `cleared` says so; l.run: which of them the line is
 * of. */
const char th_alarm_fresh_sql[] =
    "prepare th_alarm_fresh(bigint[], text[], bigint[], alarm_severity[], text[], json[], integer[], bigint[],"
    "  bigint[], bigint[], bigint[], bigint[], bigint[], text[], alarm_severity[], text[], json[], integer[]) as"
    " with n as materialized (select nextval('alarm_id') as id, d.product_id, n.*"
    "  from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) with ordinality"
    "   n(device_id, key, raises, severity, message, details, version, raised, last, cleared, ord)"
    "  join device d on d.id = n.device_id),"
    " active as (insert into alarm (id, device_id, product_id, key, source, script_version, severity, message,"
    "   details, raised_at, last_raised_at, count)"
    "  select id, device_id, product_id, key, 'script', version, severity, coalesce(message, ''), details,"
    "   th_time(raised), th_time(last), raises from n where cleared is null),"
    " closed as (insert into alarm_closed (id, device_id, product_id, key, source, script_version, severity,"
    "   message, details, raised_at, last_raised_at, count, note, cleared_at)"
    "  select id, device_id, product_id, key, 'script', version, severity, coalesce(message, ''), details,"
    "   th_time(raised), th_time(last), raises, '', th_time(cleared) from n where cleared is not null)"
    " insert into alarm_log (alarm_id, device_id, ts, event, severity, message, details, actor_kind,"
    "  script_version)"
    " select (select array_agg(id order by ord) from n)[l.run], l.device_id, th_time(l.ts), l.event, l.severity,"
    "  coalesce(l.message, ''), l.details, 'script', l.version"
    " from unnest($11, $12, $13, $14, $15, $16, $17, $18) with ordinality"
    "  l(run, device_id, ts, event, severity, message, details, version, ord) order by l.ord";

/* A transition: a line of the alarm's log. */
struct step {
    struct step *next;
    enum th_alarm_event event;
    enum th_severity severity;
    struct th_str message, details;
    int64_t time, version;
};

/* What the batch makes of one alarm, from where it is active, or raised, until it is cleared or the batch
 * ends. */
struct th_alarm_run {
    struct th_alarm_run *next;
    struct th_str key;
    bool fresh; /* raised in this batch */
    bool rose, cleared;
    enum th_severity severity;
    struct th_str message, details; /* p NULL: as they were */
    int64_t raises, since, last, cleared_at, version;
    struct step *first, **end;
};

/* ---- gathered ---- */

static struct th_alarm_run *run_of(struct th_batch *b, struct th_touch *t, const struct th_alarm_call *call)
{
    struct th_alarm_run *r = call->event == TH_ALARM_RAISED ? NULL : t->alarms;
    while (r != NULL && (r->cleared || !th_str_eq(r->key, call->key)))
        r = r->next;
    if (r != NULL)
        return r;
    r = th_arena_zalloc(&b->arena, sizeof *r);
    *r = (struct th_alarm_run){.next = t->alarms,
        .key = call->key,
        .fresh = call->event == TH_ALARM_RAISED,
        .severity = call->severity,
        .since = call->time};
    r->end = &r->first;
    t->alarms = r;
    return r;
}

static void note_step(
    struct th_batch *b, struct th_alarm_run *r, const struct th_alarm_call *call, int64_t version)
{
    struct step *s = th_arena_zalloc(&b->arena, sizeof *s);
    *s = (struct step){NULL, call->event, call->severity, call->message, call->details, call->time, version};
    *r->end = s;
    r->end = &s->next;
}

void th_alarm_apply(
    struct th_batch *b, struct th_touch *t, const struct th_message *m, struct th_alarm_call *call)
{
    bool rose;
    th_alarms_apply(&t->device->alarms, call, &rose);
    if (call->event == TH_ALARM_NOTHING)
        return;
    struct th_alarm_run *r = run_of(b, t, call);
    if (call->event != TH_ALARM_COUNTED)
        note_step(b, r, call, m->script_version);
    r->severity = call->severity;
    r->rose = r->rose || rose;
    if (call->clear) {
        r->cleared = true;
        r->cleared_at = call->time;
        return;
    }
    r->raises++;
    r->version = m->script_version;
    if (call->time > r->last)
        r->last = call->time;
    if (call->message.p != NULL)
        r->message = call->message;
    if (call->details.p != NULL)
        r->details = call->details;
}

/* ---- written ---- */

static void text_or_null(struct th_buf *col, struct th_str text)
{
    if (text.p != NULL)
        th_array_text(col, text);
    else
        th_array_null(col);
}

static struct th_buf *run_items(struct th_buf *col, int64_t device_id, const struct th_alarm_run *r)
{
    th_array_int(col++, device_id);
    th_array_text(col++, r->key);
    th_array_int(col++, r->raises);
    th_array_text(col++, th_str(th_severity_name(r->severity)));
    text_or_null(col++, r->message);
    text_or_null(col++, r->details);
    th_array_int(col++, r->version);
    if (r->fresh)
        th_array_int(col++, r->since);
    th_array_int(col++, r->last);
    if (!r->fresh)
        th_array_bool(col++, r->rose);
    if (r->cleared)
        th_array_int(col++, r->cleared_at);
    else
        th_array_null(col++);
    return col;
}

static void step_items(struct th_buf *col, const struct step *s)
{
    th_array_int(&col[0], s->time);
    th_array_text(&col[1], th_str(th_alarm_event_name(s->event)));
    th_array_text(&col[2], th_str(th_severity_name(s->severity)));
    text_or_null(&col[3], s->message);
    text_or_null(&col[4], s->details);
    th_array_int(&col[5], s->version);
}

static void items(struct th_buf *col, int64_t device_id, const struct th_alarm_run *r, int64_t nth)
{
    struct th_buf *log = run_items(col, device_id, r);
    for (const struct step *s = r->first; s != NULL; s = s->next) {
        if (r->fresh) {
            th_array_int(&log[0], nth);
            th_array_int(&log[1], device_id);
        } else {
            th_array_int(&log[0], device_id);
            th_array_text(&log[1], r->key);
        }
        step_items(log + 2, s);
    }
}

static struct th_alarm_run *reversed(struct th_alarm_run *r)
{
    struct th_alarm_run *out = NULL;
    while (r != NULL) {
        struct th_alarm_run *next = r->next;
        r->next = out;
        out = r;
        r = next;
    }
    return out;
}

static void write_runs(struct th_batch *b, struct th_batch_text *t, bool fresh)
{
    int64_t n = 0;
    th_columns_open(t->column, TH_BATCH_COLUMNS);
    TH_LIST_EACH (it, tmp, &b->touches) {
        const struct th_touch *touch = th_list_item(it, struct th_touch, link);
        for (const struct th_alarm_run *r = touch->alarms; r != NULL; r = r->next)
            if (r->fresh == fresh)
                items(t->column, touch->device->id, r, ++n);
    }
    if (n > 0)
        th_columns_execute(&t->sql, fresh ? "th_alarm_fresh" : "th_alarm_known", t->column, TH_BATCH_COLUMNS);
}

void th_alarm_write(struct th_batch *b, struct th_batch_text *t)
{
    bool any = false;
    TH_LIST_EACH (it, tmp, &b->touches) {
        struct th_touch *touch = th_list_item(it, struct th_touch, link);
        touch->alarms = reversed(touch->alarms); /* in the order in which they were raised */
        any = any || touch->alarms != NULL;
    }
    if (!any)
        return;
    write_runs(b, t, false); /* first: one that was cleared may have been raised anew */
    write_runs(b, t, true);
}
