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

struct got {
    int times, code;
    struct th_pg_lease *lease;
};

static void on_lease(void *arg, int code, struct th_pg_lease *l)
{
    struct got *g = arg;
    g->times++;
    g->code = code;
    g->lease = l;
}

static void want(struct got *g)
{
    *g = (struct got){0};
    TH_EQ_INT(th_pg_lease(w->pg, on_lease, g), 0);
    TH_EQ_INT(g->times, 0);
}

static struct th_pg_lease *take(void)
{
    struct got g;
    want(&g);
    LOOP_UNTIL(g.times > 0);
    TH_EQ_INT(g.code, 0);
    return g.lease;
}

struct answer {
    int times, code;
    bool unknown;
    char value[64];
};

static void on_answer(void *arg, const struct th_pg_outcome *o)
{
    struct answer *a = arg;
    a->times++;
    a->code = o->code;
    a->unknown = o->unknown;
    if (o->code == 0 && PQntuples(o->res) > 0)
        snprintf(a->value, sizeof(a->value), "%s", PQgetvalue(o->res, 0, 0));
}

static struct answer *run(struct th_pg_lease *l, const char *sql)
{
    static struct answer a;
    a = (struct answer){0};
    TH_EQ_INT(th_pg_lease_query(l, sql, 0, NULL, on_answer, &a), 0);
    LOOP_UNTIL(a.times > 0);
    return &a;
}

static struct answer *ask(const char *sql)
{
    static struct answer a;
    a = (struct answer){0};
    TH_EQ_INT(th_pg_query(w->pg, sql, false, 0, NULL, on_answer, &a, NULL), 0);
    LOOP_UNTIL(a.times > 0);
    return &a;
}

static void test_a_transaction_is_its_own(void)
{
    begin(2, 5000);
    ask("create table own (a int)");
    struct th_pg_lease *l = take();
    TH_EQ_INT(run(l, "begin")->code, 0);
    TH_EQ_INT(run(l, "insert into own values (1)")->code, 0);
    /* Others' queries run meanwhile, on another connection. */
    TH_EQ_STR(ask("select count(*) from own")->value, "0");
    TH_EQ_INT(run(l, "commit")->code, 0);
    TH_EQ_STR(ask("select count(*) from own")->value, "1");
    th_pg_lease_end(l);
    finish();
}

static void test_what_is_left_open_is_rolled_back(void)
{
    begin(1, 5000);
    ask("create table undone (a int primary key)");
    struct th_pg_lease *l = take();
    run(l, "begin");
    run(l, "insert into undone values (1)");
    th_pg_lease_end(l);
    /* The one connection is used by all again, and clean. */
    TH_EQ_STR(ask("select count(*) from undone")->value, "0");
    l = take();
    run(l, "begin");
    run(l, "insert into undone values (1)");
    TH_EQ_INT(run(l, "insert into undone values (1)")->code, -TH_EDB);
    TH_EQ_INT(run(l, "select 1")->code, -TH_EDB); /* the transaction has failed */
    th_pg_lease_end(l);
    TH_EQ_STR(ask("select count(*) from undone")->value, "0");
    finish();
}

static void test_one_query_at_a_time_and_one_lease_after_the_other(void)
{
    begin(1, 5000);
    struct th_pg_lease *l = take();
    struct answer a = {0}, b = {0};
    struct got second, third;
    want(&second);
    want(&third);
    TH_EQ_INT(th_pg_lease_query(l, "select pg_sleep(0.02), 7", 0, NULL, on_answer, &a), 0);
    TH_EQ_INT(th_pg_lease_query(l, "select 1", 0, NULL, on_answer, &b), -TH_EBUSY);
    LOOP_UNTIL(a.times > 0);
    TH_CHECK(second.times == 0 && third.times == 0);
    th_pg_lease_end(l);
    LOOP_UNTIL(second.times > 0);
    TH_CHECK(second.code == 0 && third.times == 0);
    th_pg_lease_end(second.lease);
    LOOP_UNTIL(third.times > 0);
    th_pg_lease_end(third.lease);
    TH_EQ_INT(b.times, 0);
    finish();
}

static void test_waiting_has_a_deadline_and_a_cap(void)
{
    begin(1, 200);
    struct th_pg_lease *l = take();
    static struct got all[TH_PG_LEASES_WAITING_MAX], more;
    for (int i = 0; i < TH_PG_LEASES_WAITING_MAX; i++)
        want(&all[i]);
    TH_EQ_INT(th_pg_lease(w->pg, on_lease, &more), -TH_EBUSY);
    LOOP_UNTIL(all[TH_PG_LEASES_WAITING_MAX - 1].times > 0);
    for (int i = 0; i < TH_PG_LEASES_WAITING_MAX; i++)
        TH_CHECK(all[i].times == 1 && all[i].code == -TH_ETIMEOUT && all[i].lease == NULL);
    th_pg_lease_end(l);
    TH_EQ_STR(ask("select 'free'")->value, "free");
    finish();
}

static void test_a_lease_whose_connection_dies(void)
{
    begin(2, 5000);
    struct th_pg_lease *l = take();
    char sql[128];
    run(l, "begin");
    snprintf(sql, sizeof(sql), "select pg_terminate_backend(%s)", run(l, "select pg_backend_pid()")->value);
    struct answer a = {0};
    TH_EQ_INT(th_pg_lease_query(l, "select pg_sleep(5)", 0, NULL, on_answer, &a), 0);
    pg_ask(sql);
    LOOP_UNTIL(a.times > 0);
    TH_CHECK(a.code == -TH_EUNAVAIL && a.unknown);
    TH_EQ_INT(th_pg_lease_query(l, "commit", 0, NULL, on_answer, &a), -TH_EUNAVAIL);
    th_pg_lease_end(l);
    l = take();
    TH_EQ_STR(run(l, "select 'again'")->value, "again");
    th_pg_lease_end(l);
    finish();
}

static void test_a_statement_too_slow(void)
{
    begin(1, 300);
    struct th_pg_lease *l = take();
    run(l, "begin");
    struct answer *slow = run(l, "select pg_sleep(10)");
    TH_CHECK(slow->code == -TH_ETIMEOUT && !slow->unknown);
    th_pg_lease_end(l);
    TH_EQ_STR(ask("select 'clean'")->value, "clean");
    finish();
}

static void test_a_backend_frozen(void)
{
    begin(1, 300);
    struct th_pg_lease *l = take();
    pid_t pid = (pid_t)atoi(run(l, "select pg_backend_pid()")->value);
    kill(pid, SIGSTOP);
    struct answer *a = run(l, "select 1");
    TH_CHECK(a->code == -TH_ETIMEOUT && a->unknown);
    TH_EQ_INT(th_pg_lease_query(l, "select 1", 0, NULL, on_answer, a), -TH_EUNAVAIL);
    th_pg_lease_end(l);
    TH_CHECK(atoi(ask("select pg_backend_pid()")->value) != pid);
    kill(pid, SIGCONT);
    finish();
}

static void test_ended_with_its_query_under_way(void)
{
    begin(1, 5000);
    struct th_pg_lease *l = take();
    struct answer a = {0};
    TH_EQ_INT(th_pg_lease_query(l, "select pg_sleep(30)", 0, NULL, on_answer, &a), 0);
    th_pg_lease_end(l);
    TH_EQ_INT(a.times, 0);
    LOOP_UNTIL(a.times > 0);
    TH_EQ_INT(a.code, -TH_ECANCELED);
    TH_EQ_STR(ask("select 'next'")->value, "next");
    TH_EQ_INT(a.times, 1);
    finish();
}

/* Leases and queries from everywhere at once, each transaction adding to one counter. */
#define TRANSACTIONS 200
static int transactions_done;
static const char *const steps[] = {"begin", "update counter set n = n + 1", "commit"};

struct transaction {
    struct th_pg_lease *lease;
    int step;
};

static void next_step(struct transaction *t);

static void on_step(void *arg, const struct th_pg_outcome *o)
{
    TH_EQ_INT(o->code, 0);
    next_step(arg);
}

static void next_step(struct transaction *t)
{
    if (t->step < 3) {
        TH_EQ_INT(th_pg_lease_query(t->lease, steps[t->step++], 0, NULL, on_step, t), 0);
        return;
    }
    th_pg_lease_end(t->lease);
    transactions_done++;
}

static void on_transaction(void *arg, int code, struct th_pg_lease *l)
{
    struct transaction *t = arg;
    TH_EQ_INT(code, 0);
    t->lease = l;
    next_step(t);
}

static void on_count(void *arg, const struct th_pg_outcome *o)
{
    int *n = arg;
    TH_EQ_INT(o->code, 0);
    (*n)++;
}

static void test_many_leases_among_queries(void)
{
    begin(3, 20000);
    ask("create table counter as select 0 as n");
    static struct transaction t[TRANSACTIONS];
    int queries_done = 0;
    for (int i = 0; i < TRANSACTIONS; i++) {
        TH_EQ_INT(th_pg_lease(w->pg, on_transaction, &t[i]), 0);
        for (int j = 0; j < 5; j++)
            TH_EQ_INT(
                th_pg_query(w->pg, "select n from counter", true, 0, NULL, on_count, &queries_done, NULL), 0);
    }
    LOOP_UNTIL(transactions_done == TRANSACTIONS && queries_done == 5 * TRANSACTIONS);
    TH_EQ_INT(pg_ask("select n from counter"), TRANSACTIONS);
    finish();
}

static void test_stop_with_leases_about(void)
{
    begin(1, 5000);
    struct th_pg_lease *l = take();
    struct got waiting;
    struct answer a = {0};
    want(&waiting);
    TH_EQ_INT(th_pg_lease_query(l, "select pg_sleep(5)", 0, NULL, on_answer, &a), 0);
    th_pg_pool_stop(w);
    TH_CHECK(waiting.times == 1 && waiting.code == -TH_ECANCELED);
    TH_CHECK(a.times == 1 && a.code == -TH_ECANCELED);
    th_pg_lease_end(l);
    TH_CHECK(loop_close());
}

int main(void)
{
    pg_make();
    TH_RUN(test_a_transaction_is_its_own);
    TH_RUN(test_what_is_left_open_is_rolled_back);
    TH_RUN(test_one_query_at_a_time_and_one_lease_after_the_other);
    TH_RUN(test_waiting_has_a_deadline_and_a_cap);
    TH_RUN(test_a_lease_whose_connection_dies);
    TH_RUN(test_a_statement_too_slow);
    TH_RUN(test_a_backend_frozen);
    TH_RUN(test_ended_with_its_query_under_way);
    TH_RUN(test_many_leases_among_queries);
    TH_RUN(test_stop_with_leases_about);
    return TH_END();
}
