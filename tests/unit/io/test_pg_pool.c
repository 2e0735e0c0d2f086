/* SPDX-License-Identifier: Apache-2.0 */
#include "io/worker.c"

#include "../test.h"
#include "io/pg_pool.h"
#include "loop.h"
#include "pg_fixture.h"

static struct th_worker *w;

static void begin(int64_t connections, int64_t timeout_ms)
{
    struct th_error err;
    w = loop_open();
    loop_rt.worker_count = 2; /* the last one has connections for jobs */
    loop_conf->database_url = pg_url;
    loop_conf->database_connections = connections;
    loop_conf->database_timeout = timeout_ms;
    TH_EQ_INT(th_pg_pool_start(w, &err), 0);
}

static void finish(void)
{
    th_pg_pool_stop(w);
    TH_CHECK(loop_close());
}

/* ---- one answer ---- */

struct answer {
    int times, code;
    bool unknown;
    char sqlstate[6], value[64], constraint[64];
};

static void on_answer(void *arg, const struct th_pg_outcome *o)
{
    struct answer *a = arg;
    a->times++;
    a->code = o->code;
    a->unknown = o->unknown;
    snprintf(a->sqlstate, sizeof(a->sqlstate), "%s", o->sqlstate);
    snprintf(a->constraint, sizeof(a->constraint), "%s", o->constraint);
    if (o->code == 0 && PQntuples(o->res) > 0)
        snprintf(a->value, sizeof(a->value), "%s", PQgetvalue(o->res, 0, 0));
}

static int submit(struct answer *a, const char *sql, const char *param, struct th_pg_query **out)
{
    *a = (struct answer){0};
    int code = th_pg_query(w->pg, sql, false, param != NULL, &param, on_answer, a, out);
    TH_EQ_INT(a->times, 0); /* never inside the submit */
    return code;
}

static struct answer *ask(const char *sql, const char *param)
{
    static struct answer a;
    TH_EQ_INT(submit(&a, sql, param, NULL), 0);
    LOOP_UNTIL(a.times > 0);
    TH_EQ_INT(a.times, 1);
    return &a;
}

static void test_session(void)
{
    begin(1, 5000);
    TH_EQ_STR(ask("select current_setting('application_name')", NULL)->value, "thingd pool 0");
    TH_EQ_STR(ask("select current_setting('statement_timeout')", NULL)->value, "5s");
    TH_EQ_STR(ask("select current_setting('idle_in_transaction_session_timeout')", NULL)->value, "5s");
    TH_EQ_STR(ask("select current_setting('client_min_messages')", NULL)->value, "warning");
    TH_EQ_STR(ask("select '2026-01-02 03:04:05+02'::timestamptz", NULL)->value, "2026-01-02 01:04:05+00");
    TH_EQ_STR(ask("select $1::text", "o'brien")->value, "o'brien");
    const char *null = NULL;
    struct answer a = {0};
    TH_EQ_INT(
        th_pg_query(w->pg, "select coalesce($1::text, 'was null')", false, 1, &null, on_answer, &a, NULL), 0);
    LOOP_UNTIL(a.times > 0);
    TH_EQ_STR(a.value, "was null");
    TH_EQ_INT(th_pg_query(w->pg, "select 1", false, 70000, &null, on_answer, &a, NULL), -TH_EINVAL);
    finish();
}

/* ---- many in the pipeline, errors among them ---- */

#define MANY 6000

struct numbered {
    struct answer a;
    int number;
};

static struct numbered many[MANY];
static int many_done, many_wrong;

static void on_numbered(void *arg, const struct th_pg_outcome *o)
{
    struct numbered *n = arg;
    char want[16];
    snprintf(want, sizeof(want), "%d", n->number);
    on_answer(&n->a, o);
    many_done++;
    if (n->number % 7 == 0)
        many_wrong += o->code != -TH_EDB || strcmp(o->sqlstate, "22012") != 0 || o->message[0] == '\0';
    else if (n->number % 11 == 0)
        many_wrong += o->code != -TH_EDB || strcmp(o->sqlstate, "42601") != 0;
    else
        many_wrong += o->code != 0 || strcmp(PQgetvalue(o->res, 0, 0), want) != 0;
}

static void test_thousands_with_errors_among_them(void)
{
    static const char *const divide = "select $1::int / (($1::int % 7) / ($1::int % 7))";
    begin(2, 30000);
    loop_conf->database_queue = 4096;
    int refused = 0, submitted = 0;
    many_done = many_wrong = 0;
    while (submitted < MANY) {
        struct numbered *n = &many[submitted];
        char text[16];
        const char *params[] = {text};
        *n = (struct numbered){.number = submitted};
        snprintf(text, sizeof(text), "%d", submitted);
        bool syntax = submitted % 11 == 0 && submitted % 7 != 0;
        int code =
            th_pg_query(w->pg, syntax ? "selekt $1" : divide, !syntax, 1, params, on_numbered, n, NULL);
        if (code == 0) {
            submitted++;
            continue;
        }
        TH_EQ_INT(code, -TH_EBUSY);
        refused++;
        int before = many_done;
        LOOP_UNTIL(many_done > before);
    }
    LOOP_UNTIL(many_done == MANY);
    TH_CHECK(refused > 0);
    TH_EQ_INT(many_wrong, 0);
    for (int i = 0; i < MANY; i++)
        TH_EQ_INT(many[i].a.times, 1);
    finish();
}

static void test_each_query_commits_by_itself(void)
{
    begin(1, 5000);
    ask("create table own (a int unique deferrable initially deferred, b int check (b > 0))", NULL);
    struct answer one, bad, two, late;
    submit(&one, "insert into own values (1, 1)", NULL, NULL);
    submit(&bad, "insert into own values (2, 0)", NULL, NULL);
    submit(&late, "insert into own values (1, 1)", NULL, NULL); /* fails at its commit only */
    submit(&two, "insert into own values (2, 2)", NULL, NULL);
    LOOP_UNTIL(two.times > 0);
    TH_CHECK(one.code == 0 && two.code == 0);
    TH_EQ_INT(bad.code, -TH_EDB);
    TH_EQ_STR(bad.sqlstate, "23514");
    TH_EQ_STR(bad.constraint, "own_b_check");
    TH_EQ_INT(late.code, -TH_EDB);
    TH_EQ_STR(late.sqlstate, "23505");
    TH_EQ_INT(pg_ask("select count(*) from own"), 2);
    finish();
}

/* ---- prepared statements ---- */

static struct answer *ask_kept(const char *sql)
{
    static struct answer a;
    a = (struct answer){0};
    TH_EQ_INT(th_pg_query(w->pg, sql, true, 0, NULL, on_answer, &a, NULL), 0);
    LOOP_UNTIL(a.times > 0);
    return &a;
}

static void test_statements_are_prepared_once_and_again_when_stale(void)
{
    static const char *const sql = "select * from shape";
    static const char *const missing = "select * from not_there";
    begin(1, 5000);
    ask("create table shape as select 1 as a", NULL);
    TH_EQ_STR(ask_kept(sql)->value, "1");
    TH_EQ_STR(ask_kept(sql)->value, "1");
    TH_EQ_STR(
        ask("select count(*) from pg_prepared_statements where statement like '%from shape'", NULL)->value,
        "1");
    /* Its result has another shape, then the server has forgotten it: both are mended without the caller. */
    pg_ask("alter table shape alter a type text using 'x' || a");
    TH_EQ_STR(ask_kept(sql)->value, "x1");
    ask("deallocate all", NULL);
    TH_EQ_STR(ask_kept(sql)->value, "x1");
    /* Of many sent before the first answer, each hears why it could not be prepared. */
    static struct answer failed[5];
    memset(failed, 0, sizeof(failed));
    for (int i = 0; i < 5; i++)
        TH_EQ_INT(th_pg_query(w->pg, missing, true, 0, NULL, on_answer, &failed[i], NULL), 0);
    for (int i = 0; i < 5; i++) {
        LOOP_UNTIL(failed[i].times > 0);
        TH_EQ_STR(failed[i].sqlstate, "42P01");
    }
    pg_ask("create table not_there as select 5 as a");
    TH_EQ_STR(ask_kept(missing)->value, "5");
    finish();
}

/* ---- queue, cancel, deadlines ---- */

static void test_the_queue_has_a_cap(void)
{
    struct th_error err;
    w = loop_open();
    loop_rt.worker_count = 2; /* the last one has connections for jobs */
    loop_conf->database_url = "host=/nowhere-at-all";
    loop_conf->database_timeout = 150;
    loop_conf->database_queue = 16;
    TH_EQ_INT(th_pg_pool_start(w, &err), 0);
    static struct answer a[16], more;
    for (int i = 0; i < 16; i++)
        TH_EQ_INT(submit(&a[i], "select 1", NULL, NULL), 0);
    TH_EQ_INT(submit(&more, "select 1", NULL, NULL), -TH_EBUSY);
    LOOP_UNTIL(a[15].times > 0);
    for (int i = 0; i < 16; i++)
        TH_CHECK(a[i].times == 1 && a[i].code == -TH_EUNAVAIL && !a[i].unknown);
    TH_CHECK(!th_pg_pool_up(w->pg));
    TH_EQ_INT(submit(&a[0], "select 1", NULL, NULL), 0);
    th_pg_pool_stop(w);
    TH_CHECK(a[0].times == 1 && a[0].code == -TH_ECANCELED && !a[0].unknown);
    TH_EQ_INT(more.times, 0);
    TH_CHECK(loop_close());
}

static void test_cancel(void)
{
    begin(1, 5000);
    struct answer waiting, sent, after;
    struct th_pg_query *q, *r;
    submit(&waiting, "select 1", NULL, &q); /* nothing is connected yet */
    th_pg_cancel(q);
    TH_EQ_INT(waiting.times, 0);
    LOOP_UNTIL(waiting.times > 0);
    TH_CHECK(waiting.code == -TH_ECANCELED && !waiting.unknown);
    LOOP_UNTIL(th_pg_pool_up(w->pg));
    submit(&sent, "select pg_sleep(0.05)", NULL, &r);
    submit(&after, "select 'next'", NULL, NULL);
    th_pg_cancel(r);
    th_pg_cancel(r);
    LOOP_UNTIL(after.times > 0);
    TH_CHECK(sent.times == 1 && sent.code == -TH_ECANCELED && sent.unknown);
    TH_EQ_STR(after.value, "next");
    finish();
}

static void test_the_server_ends_a_slow_statement_without_harm(void)
{
    begin(1, 400);
    TH_EQ_STR(ask("select 1", NULL)->value, "1");
    char pid[64];
    snprintf(pid, sizeof(pid), "%s", ask("select pg_backend_pid()", NULL)->value);
    struct answer slow, behind;
    submit(&slow, "select pg_sleep(30)", NULL, NULL);
    submit(&behind, "select pg_backend_pid()", NULL, NULL);
    LOOP_UNTIL(behind.times > 0);
    TH_CHECK(slow.times == 1 && slow.code == -TH_ETIMEOUT && !slow.unknown);
    TH_EQ_INT(behind.code, 0);
    TH_EQ_STR(behind.value, pid);
    finish();
}

static void test_a_frozen_backend_meets_the_deadline(void)
{
    begin(1, 300);
    pid_t pid = (pid_t)atoi(ask("select pg_backend_pid()", NULL)->value);
    kill(pid, SIGSTOP);
    struct answer frozen, behind, next;
    submit(&frozen, "select 1", NULL, NULL);
    submit(&behind, "select 2", NULL, NULL);
    LOOP_UNTIL(frozen.times > 0);
    TH_CHECK(frozen.code == -TH_ETIMEOUT && frozen.unknown);
    TH_CHECK(behind.times == 1 && behind.code == -TH_EUNAVAIL && behind.unknown);
    submit(&next, "select pg_backend_pid()", NULL, NULL);
    LOOP_UNTIL(next.times > 0);
    TH_EQ_INT(next.code, 0);
    TH_CHECK(atoi(next.value) != pid);
    kill(pid, SIGCONT);
    finish();
}

static void test_copy_and_open_transactions_do_not_stay(void)
{
    begin(1, 2000);
    ask("create table plain (a int)", NULL);
    TH_EQ_INT(ask("copy plain from stdin", NULL)->code, -TH_EDB);
    TH_EQ_STR(ask("select 'works'", NULL)->value, "works");
    int pid = atoi(ask("select pg_backend_pid()", NULL)->value);
    TH_EQ_INT(ask("begin", NULL)->code, 0);
    TH_CHECK(atoi(ask("select pg_backend_pid()", NULL)->value) != pid);
    finish();
}

/* ---- losing the server ---- */

static bool all_answered(const struct answer *a, int n)
{
    for (int i = 0; i < n; i++)
        if (a[i].times == 0)
            return false;
    return true;
}

static void test_the_server_dies_and_comes_back(void)
{
    begin(2, 20000);
    ask("create table kept (n int)", NULL);
    /* The pipelines are full of these; the rest waits. */
    static struct answer a[400];
    int sent = 2 * TH_PG_SENT_MAX;
    for (int i = 0; i < 400; i++) {
        char n[16];
        snprintf(n, sizeof(n), "%d", i);
        submit(&a[i], i < sent ? "select pg_sleep(20), $1" : "insert into kept values ($1)", n, NULL);
    }
    LOOP_UNTIL(th_pg_pool_up(w->pg));
    LOOP_UNTIL(pg_ask("select count(*) from pg_stat_activity where wait_event = 'PgSleep'") == 2);
    pg_crash();
    LOOP_UNTIL(!th_pg_pool_up(w->pg));
    pg_boot();
    LOOP_UNTIL(all_answered(a, 400));
    LOOP_UNTIL(pg_ask("select count(*) from kept") == 400 - sent);
    int lost = 0, done = 0;
    for (int i = 0; i < 400; i++) {
        TH_EQ_INT(a[i].times, 1);
        lost += i < sent && a[i].code == -TH_EUNAVAIL && a[i].unknown;
        done += i >= sent && a[i].code == 0;
    }
    TH_EQ_INT(lost, sent);
    TH_EQ_INT(done, 400 - sent);
    finish();
}

static void test_a_backend_that_is_ended_while_idle(void)
{
    begin(1, 5000);
    int pid = atoi(ask("select pg_backend_pid()", NULL)->value);
    char sql[64];
    snprintf(sql, sizeof(sql), "select pg_terminate_backend(%d)", pid);
    pg_ask(sql);
    LOOP_UNTIL(!th_pg_pool_up(w->pg));
    TH_CHECK(atoi(ask("select pg_backend_pid()", NULL)->value) != pid);
    finish();
}

/* ---- the end ---- */

static void test_drain_finishes_what_is_under_way(void)
{
    begin(2, 5000);
    struct answer a, refused;
    submit(&a, "select pg_sleep(0.1), 'done'", NULL, NULL);
    w->drain_awaited = true;
    loop_rt.awaited = 1;
    th_pg_pool_drain(w);
    TH_EQ_INT(submit(&refused, "select 1", NULL, NULL), -TH_ECANCELED);
    LOOP_UNTIL(loop_rt.awaited == 0);
    TH_CHECK(a.times == 1 && a.code == 0);
    finish();
}

static void test_stop_calls_everybody_back(void)
{
    begin(1, 5000);
    ask("select 1", NULL);
    struct answer sent, waiting[2 * TH_PG_SENT_MAX], canceled;
    struct th_pg_query *q;
    submit(&sent, "select pg_sleep(5)", NULL, NULL);
    for (int i = 0; i < 2 * TH_PG_SENT_MAX; i++)
        submit(&waiting[i], "select 1", NULL, i == 2 * TH_PG_SENT_MAX - 1 ? &q : NULL);
    th_pg_cancel(q);
    submit(&canceled, "select 1", NULL, &q);
    th_pg_cancel(q);
    th_pg_pool_stop(w);
    TH_CHECK(sent.times == 1 && sent.code == -TH_ECANCELED && sent.unknown);
    for (int i = 0; i < 2 * TH_PG_SENT_MAX; i++)
        TH_CHECK(waiting[i].times == 1 && waiting[i].code == -TH_ECANCELED);
    TH_CHECK(!waiting[2 * TH_PG_SENT_MAX - 1].unknown && canceled.times == 1);
    TH_CHECK(loop_close());
}

static void test_a_bad_url_fails_the_start(void)
{
    struct th_error err;
    w = loop_open();
    loop_rt.worker_count = 2; /* the last one has connections for jobs */
    loop_conf->database_url = "postgresql://[";
    TH_EQ_INT(th_pg_pool_start(w, &err), -TH_EINVAL);
    TH_CHECK(w->pg == NULL);
    TH_CHECK(loop_close());
}

int main(void)
{
    pg_make();
    TH_RUN(test_session);
    TH_RUN(test_thousands_with_errors_among_them);
    TH_RUN(test_each_query_commits_by_itself);
    TH_RUN(test_statements_are_prepared_once_and_again_when_stale);
    TH_RUN(test_the_queue_has_a_cap);
    TH_RUN(test_cancel);
    TH_RUN(test_the_server_ends_a_slow_statement_without_harm);
    TH_RUN(test_a_frozen_backend_meets_the_deadline);
    TH_RUN(test_copy_and_open_transactions_do_not_stay);
    TH_RUN(test_the_server_dies_and_comes_back);
    TH_RUN(test_a_backend_that_is_ended_while_idle);
    TH_RUN(test_drain_finishes_what_is_under_way);
    TH_RUN(test_stop_calls_everybody_back);
    TH_RUN(test_a_bad_url_fails_the_start);
    return TH_END();
}
