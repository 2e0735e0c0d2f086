/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/conf.h"
#include "base/log.h"
#include "io/cron.h"
#include "store/accounting.h"
#include "store/command.h"
#include "store/housekeeping.h"

static const char partitions_sql[] =
    "select th_partitions_keep($1::bigint * interval '1 millisecond', $2::bigint * interval '1 millisecond')";

/* Newest first until the product's cap is reached; what is older goes. */
static const char dead_letters_sql[] =
    "delete from dead_letter d using (select ts, id, sum(length(body) + 300) over (partition by product_key"
    "  order by ts desc, id desc) as bytes from dead_letter) o"
    " where d.ts = o.ts and d.id = o.id and o.bytes > $1::bigint";

static const char expire_sql[] =
    "with gone as (delete from command where id in (select id from command where expires_at <= now()"
    "   and (claimed_until is null or claimed_until < now()) order by expires_at limit 1000"
    "   for update skip locked) returning *)"
    " insert into command_log (id, device_id, name, params, source, state, message_id, attempts, "
    "idempotency_key,"
    "  created_at, expires_at, sent_at, finished_at)"
    " select id, device_id, name, params, source, 'expired', message_id, attempts, idempotency_key, "
    "created_at,"
    "  expires_at, sent_at, now() from gone";

static const char queued_sql[] =
    "select distinct c.device_id, d.key from command c join device d on d.id = c.device_id"
    " join device_state s on s.device_id = c.device_id where c.state = 'queued' and c.next_at <= now()"
    " and (c.claimed_until is null or c.claimed_until < now()) and s.online limit 200";

static void on_done(void *arg, const struct th_pg_outcome *o)
{
    if (o->code != 0)
        th_warn("housekeeping_failed", "error=\"%s\"", o->message);
    th_cron_done(arg);
}

static void run(
    struct th_store *s, struct th_worker *w, const char *sql, int nparams, const char *const *params)
{
    struct th_cron_job *job = th_cron_hold(w);
    if (th_pg_query(s->w->pg, sql, true, nparams, params, on_done, job, NULL) != 0)
        th_cron_done(job);
}

static void partitions(struct th_worker *w, void *store)
{
    struct th_store *s = store;
    char history[24], rollups[24];
    snprintf(history, sizeof history, "%lld", (long long)s->conf->retention_history);
    snprintf(rollups, sizeof rollups, "%lld", (long long)s->conf->retention_rollups);
    const char *params[] = {history, rollups};
    run(s, w, partitions_sql, 2, params);
}

static void retention(struct th_worker *w, void *store)
{
    run(store, w, "select th_retention_products(10000)", 0, NULL);
}

static void dead_letters(struct th_worker *w, void *store)
{
    struct th_store *s = store;
    char most[24];
    snprintf(most, sizeof most, "%lld", (long long)s->conf->dead_letter_max_bytes);
    const char *params[] = {most};
    run(s, w, dead_letters_sql, 1, params);
}

/* As many hours as a pass of some hundred milliseconds takes; more come a few seconds later. */
static void rollup(struct th_worker *w, void *store)
{
    run(store, w, "select th_rollup(500)", 0, NULL);
}

static void expire(struct th_worker *w, void *store)
{
    run(store, w, expire_sql, 0, NULL);
}

struct sweep {
    struct th_cron_job *job;
    struct th_runtime *rt;
};

static void on_queued(void *arg, const struct th_pg_outcome *o)
{
    struct sweep *sweep = arg;
    for (int i = 0; o->code == 0 && i < PQntuples(o->res); i++)
        th_command_wake(sweep->rt, atoll(PQgetvalue(o->res, i, 0)), th_str(PQgetvalue(o->res, i, 1)));
    th_cron_done(sweep->job);
    th_free(sweep);
}

static void queued(struct th_worker *w, void *store)
{
    struct th_store *s = store;
    struct sweep *sweep = th_alloc(sizeof *sweep);
    *sweep = (struct sweep){th_cron_hold(w), w->rt};
    if (th_pg_query(s->w->pg, queued_sql, true, 0, NULL, on_queued, sweep, NULL) != 0) {
        th_cron_done(sweep->job);
        th_free(sweep);
    }
}

void th_housekeeping_start(struct th_store *s)
{
    th_cron_add(s->w, "partitions", 600000, partitions, s);
    th_cron_add(s->w, "retention", 60000, retention, s);
    th_cron_add(s->w, "dead_letters", 300000, dead_letters, s);
    th_cron_add(s->w, "rollup", 5000, rollup, s);
    th_cron_add(s->w, "command_expiry", 2000, expire, s);
    th_cron_add(s->w, "command_sweep", 2000, queued, s);
    th_cron_add(s->w, "accounting", 10000, th_accounting_watch, s);
    th_cron_add_soon(s->w, "presence_check", 60000, th_presence_check, s);
}
