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

struct pass {
    struct th_cron_job *job;
    struct th_store *store;
};

static void keep_partitions(struct pass *pass);

/* A call keeps one table, in a transaction of its own; 0: all are kept. */
static void on_partitions(void *arg, const struct th_pg_outcome *o)
{
    struct pass *pass = arg;
    if (o->code != 0)
        th_warn("housekeeping_failed", "error=\"%s\"", o->message);
    if (o->code == 0 && atoi(PQgetvalue(o->res, 0, 0)) > 0) {
        keep_partitions(pass);
        return;
    }
    th_cron_done(pass->job);
    th_free(pass);
}

static void keep_partitions(struct pass *pass)
{
    struct th_store *s = pass->store;
    char history[24], rollups[24];
    snprintf(history, sizeof history, "%lld", (long long)s->conf->retention_history);
    snprintf(rollups, sizeof rollups, "%lld", (long long)s->conf->retention_rollups);
    const char *params[] = {history, rollups};
    if (th_pg_query(s->w->pg, partitions_sql, true, 2, params, on_partitions, pass, NULL) != 0) {
        th_cron_done(pass->job);
        th_free(pass);
    }
}

static void partitions(struct th_worker *w, void *store)
{
    struct pass *pass = th_alloc(sizeof *pass);
    *pass = (struct pass){th_cron_hold(w), store};
    keep_partitions(pass);
}

static void retention(struct th_worker *w, void *store)
{
    run(store, w, "select th_retention_products(10000)", 0, NULL);
}

static void alarms(struct th_worker *w, void *store)
{
    run(store, w, "select th_retention_alarms(10000)", 0, NULL);
}

static void dead_letters(struct th_worker *w, void *store)
{
    struct th_store *s = store;
    char most[24];
    snprintf(most, sizeof most, "%lld", (long long)s->conf->dead_letter_max_bytes);
    const char *params[] = {most};
    run(s, w, "select th_dead_letters_trim($1)", 1, params);
}

/* A pass takes a quarter of a second at most: a quarter of a core when much is due. */
static void rollup(struct th_worker *w, void *store)
{
    run(store, w, "select th_rollup(5000)", 0, NULL);
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
    th_cron_add_soon(s->w, "partitions", 600000, partitions, s);
    th_cron_add(s->w, "retention", 60000, retention, s);
    th_cron_add(s->w, "alarms", 60000, alarms, s);
    th_cron_add(s->w, "dead_letters", 300000, dead_letters, s);
    th_cron_add(s->w, "rollup", 1000, rollup, s);
    th_cron_add(s->w, "command_expiry", 2000, expire, s);
    th_cron_add(s->w, "command_sweep", 2000, queued, s);
    th_cron_add(s->w, "accounting", 10000, th_accounting_watch, s);
    th_cron_add_soon(s->w, "presence_check", 60000, th_presence_check, s);
}
