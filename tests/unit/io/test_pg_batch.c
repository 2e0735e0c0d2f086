/* SPDX-License-Identifier: Apache-2.0 */
#include "io/worker.c"

#include "../test.h"
#include "io/pg.h"
#include "loop.h"
#include "pg_fixture.h"

static const char *const prepared[] = {"prepare put(int) as insert into extra values ($1)", NULL};
static struct th_worker *w;
static struct th_pg_batch *b;
static int ready_n;

static void on_ready(void *arg)
{
    TH_CHECK(th_pg_batch_ready(arg));
    ready_n++;
}

static void begin(void)
{
    struct th_error err;
    w = loop_open();
    loop_conf->database_url = pg_url;
    pg_ask("drop table if exists history, latest, extra; create table history(id int primary key, body text);"
           "create table latest(id int primary key, body text); create table extra(n int)");
    TH_EQ_INT(th_pg_batch_open(w, prepared, &b, &err), 0);
    ready_n = 0;
    th_pg_batch_on_ready(b, on_ready, b);
    TH_CHECK(!th_pg_batch_ready(b));
    LOOP_UNTIL(ready_n == 1);
}

static void finish(void)
{
    th_pg_batch_close(b);
    TH_CHECK(loop_close());
}

struct answer {
    int times, code;
    bool unknown, ready;
    char sqlstate[6], constraint[64], tag[32], value[64];
};

static void on_answer(void *arg, const struct th_pg_outcome *o)
{
    struct answer *a = arg;
    a->times++;
    a->code = o->code;
    a->unknown = o->unknown;
    a->ready = th_pg_batch_ready(b);
    snprintf(a->sqlstate, sizeof(a->sqlstate), "%s", o->sqlstate);
    snprintf(a->constraint, sizeof(a->constraint), "%s", o->constraint);
    TH_CHECK((o->res != NULL) == (o->code == 0));
    TH_CHECK((o->message[0] != '\0') == (o->code != 0));
    if (o->code != 0)
        return;
    snprintf(a->tag, sizeof(a->tag), "%s", PQcmdStatus((PGresult *)o->res));
    if (PQntuples(o->res) > 0)
        snprintf(a->value, sizeof(a->value), "%s", PQgetvalue(o->res, 0, 0));
}

static struct answer answer;

static void start(const char *sql, const char *copy0, const char *copy1, int64_t timeout_ms)
{
    static struct th_str copies[2];
    int n = (copy0 != NULL) + (copy1 != NULL);
    copies[0] = th_str(copy0);
    copies[1] = th_str(copy1);
    answer = (struct answer){0};
    TH_EQ_INT(th_pg_batch_run(b, th_str(sql), copies, n, timeout_ms, on_answer, &answer), 0);
    TH_EQ_INT(answer.times, 0);
}

static struct answer *run(const char *sql, const char *copy0, const char *copy1)
{
    start(sql, copy0, copy1, 20000);
    LOOP_UNTIL(answer.times > 0);
    TH_EQ_INT(answer.times, 1);
    return &answer;
}

static const char *const two_copies =
    "begin; copy history from stdin; execute put(1); copy latest from stdin; execute put(2); commit";

static void test_two_copies_and_statements_between(void)
{
    begin();
    struct answer *a = run(two_copies, "1\ta\n2\tb\n", "1\tx\n");
    TH_EQ_INT(a->code, 0);
    TH_EQ_STR(a->tag, "COMMIT");
    TH_CHECK(a->ready);
    TH_EQ_INT(
        pg_ask("select (select count(*) from history) * 100 + (select count(*) from latest) * 10 + sum(n) "
               "from extra"),
        213);
    TH_EQ_STR(run("select 'one statement'", NULL, NULL)->value, "one statement");
    TH_EQ_INT(run(two_copies, "3\ta\n", "")->code, 0); /* a copy of no rows */
    finish();
}

static void test_a_violation_rolls_back_and_the_connection_stays(void)
{
    begin();
    char pid[64];
    snprintf(pid, sizeof(pid), "%s", run("select pg_backend_pid()", NULL, NULL)->value);
    static const struct {
        const char *sql, *first, *second, *state;
    } bad[] = {
        {"begin; copy history from stdin; execute put(1); copy latest from stdin; commit", "1\ta\n2\tb\n",
            "5\tx\n5\ty\n", "23505"},
        {"begin; copy history from stdin; copy latest from stdin; commit", "1\ta\n1\ta\n", "1\tx\n", "23505"},
        {"begin; copy history from stdin; copy latest from stdin; commit", "nonsense\n", "1\tx\n", "22P02"},
        {"begin; copy history from stdin; copy nowhere from stdin; commit", "1\ta\n", "1\tx\n", "42P01"},
        {"begin; copy history from stdin; select 1/0; copy latest from stdin; commit", "1\ta\n", "1\tx\n",
            "22012"},
        {"begin; copy history from stdin; commit; nonsense", "1\ta\n", NULL, "42601"},
        {"copy history from stdin; select 1/0", "1\ta\n", NULL, "22012"},
        {"begin; copy history from stdin; copy latest from stdin; commit", "1\ta\n", NULL,
            "57014"}, /* no data */
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct answer *a = run(bad[i].sql, bad[i].first, bad[i].second);
        TH_EQ_INT(a->code, -TH_EDB);
        TH_EQ_STR(a->sqlstate, bad[i].state);
        TH_CHECK(!a->unknown && a->ready);
        if (i == 0)
            TH_EQ_STR(a->constraint, "latest_pkey");
        TH_EQ_INT(pg_ask("select (select count(*) from history) + (select count(*) from latest)"), 0);
        TH_EQ_STR(run("select pg_backend_pid()", NULL, NULL)->value, pid);
    }
    TH_EQ_INT(run(two_copies, "1\ta\n", "1\tx\n")->code, 0);
    TH_EQ_INT(ready_n, 1);
    finish();
}

static void test_a_transaction_left_open_is_an_error(void)
{
    begin();
    struct answer *a = run("begin; insert into extra values (1)", NULL, NULL);
    TH_CHECK(a->code == -TH_EDB && !a->unknown && a->ready);
    TH_EQ_INT(pg_ask("select count(*) from extra"), 0);
    finish();
}

static void test_what_cannot_be_run(void)
{
    begin();
    struct answer a = {0};
    start("select pg_sleep(0.05)", NULL, NULL, 20000);
    TH_CHECK(!th_pg_batch_ready(b));
    TH_EQ_INT(th_pg_batch_run(b, TH_STR("select 1"), NULL, 0, 1000, on_answer, &a), -TH_EBUSY);
    LOOP_UNTIL(answer.times > 0);
    TH_EQ_INT(
        th_pg_batch_run(b, TH_STR("select 1\0; drop table x"), NULL, 0, 1000, on_answer, &a), -TH_EINVAL);
    TH_EQ_INT(th_pg_batch_run(b, TH_STR(""), NULL, 0, 1000, on_answer, &a), -TH_EINVAL);
    /* Copying out, and an empty string, do not hang it up. */
    TH_EQ_INT(run("copy history to stdout", NULL, NULL)->code, -TH_EUNAVAIL);
    LOOP_UNTIL(ready_n == 2);
    TH_EQ_INT(run(" ; ", NULL, NULL)->code, 0);
    TH_EQ_INT(a.times, 0);
    finish();
}

/* Far more than the socket takes at once, with the server standing still for a while. */
static void test_flow_control(void)
{
    begin();
    pid_t pid = (pid_t)atoi(run("select pg_backend_pid()", NULL, NULL)->value);
    struct th_buf data = {0};
    int rows = 0;
    while (data.n < 24u << 20)
        th_buf_printf(&data, "%d\t%0*d\n", rows++, 1000, 0);
    kill(pid, SIGSTOP);
    start("begin; copy history from stdin; copy latest from stdin; commit", th_buf_cstr(&data), "1\tx\n",
        60000);
    uint64_t until = uv_now(&w->loop) + 200;
    LOOP_UNTIL(uv_now(&w->loop) >= until);
    TH_EQ_INT(answer.times, 0);
    kill(pid, SIGCONT);
    LOOP_UNTIL(answer.times > 0);
    TH_EQ_INT(answer.code, 0);
    TH_EQ_INT(pg_ask("select count(*) from history"), rows);
    /* The same with an error in its first row. */
    data.p[0] = 'x';
    TH_EQ_INT(run("begin; copy history from stdin; commit", th_buf_cstr(&data), NULL)->code, -TH_EDB);
    TH_CHECK(answer.ready);
    th_buf_free(&data);
    finish();
}

static void terminate_backend_in(const char *wait_event)
{
    char sql[256];
    snprintf(sql, sizeof(sql),
        "select count(*) from pg_stat_activity where wait_event = '%s' and application_name like 'thingd%%'",
        wait_event);
    LOOP_UNTIL(pg_ask(sql) == 1);
    snprintf(sql, sizeof(sql),
        "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = '%s' and application_name "
        "like "
        "'thingd%%'",
        wait_event);
    pg_ask(sql);
}

static void test_lost_before_the_commit(void)
{
    begin();
    start("begin; copy history from stdin; select pg_sleep(30); commit", "1\ta\n", NULL, 20000);
    terminate_backend_in("PgSleep");
    LOOP_UNTIL(answer.times > 0);
    TH_CHECK(answer.code == -TH_EUNAVAIL && answer.unknown && !answer.ready);
    TH_EQ_INT(th_pg_batch_run(b, TH_STR("select 1"), NULL, 0, 1000, on_answer, &answer), -TH_EUNAVAIL);
    LOOP_UNTIL(ready_n == 2);
    TH_EQ_INT(pg_ask("select count(*) from history"), 0);
    TH_EQ_INT(run(two_copies, "1\ta\n", "1\tx\n")->code, 0); /* what was prepared is so again */
    finish();
}

static void test_lost_after_the_commit(void)
{
    begin();
    start("begin; copy history from stdin; commit; select pg_sleep(30)", "1\ta\n", NULL, 20000);
    terminate_backend_in("PgSleep");
    LOOP_UNTIL(answer.times > 0);
    TH_CHECK(answer.code == -TH_EUNAVAIL && answer.unknown && !answer.ready);
    TH_EQ_INT(pg_ask("select count(*) from history"), 1);
    LOOP_UNTIL(ready_n == 2);
    TH_EQ_INT(run("begin; copy history from stdin; commit", "1\ta\n", NULL)->code, -TH_EDB);
    finish();
}

static void test_the_server_dies_while_copying(void)
{
    begin();
    struct th_buf data = {0};
    for (int i = 0; data.n < 8u << 20; i++)
        th_buf_printf(&data, "%d\t%0*d\n", i, 1000, 0);
    pid_t pid = (pid_t)atoi(run("select pg_backend_pid()", NULL, NULL)->value);
    kill(pid, SIGSTOP); /* so that it is in the middle of it */
    start("begin; copy history from stdin; commit", th_buf_cstr(&data), NULL, 20000);
    uv_run(&w->loop, UV_RUN_NOWAIT);
    kill(pid, SIGKILL); /* the server then ends all its backends and recovers */
    LOOP_UNTIL(answer.times > 0);
    TH_CHECK(answer.code == -TH_EUNAVAIL && answer.unknown);
    LOOP_UNTIL(ready_n == 2);
    TH_EQ_INT(run("begin; copy history from stdin; commit", th_buf_cstr(&data), NULL)->code, 0);
    th_buf_free(&data);
    pg_crash();
    LOOP_UNTIL(!th_pg_batch_ready(b));
    pg_boot();
    LOOP_UNTIL(ready_n == 3);
    TH_EQ_INT(run("select 1", NULL, NULL)->code, 0);
    finish();
}

static void test_deadline(void)
{
    begin();
    start("begin; insert into extra values (9); select pg_sleep(30); commit", NULL, NULL, 100);
    LOOP_UNTIL(answer.times > 0);
    TH_CHECK(answer.code == -TH_ETIMEOUT && answer.unknown && !answer.ready);
    LOOP_UNTIL(ready_n == 2);
    /* The server notices that its client is gone, long before the sleep is over. */
    LOOP_UNTIL(pg_ask("select count(*) from pg_stat_activity where wait_event = 'PgSleep'") == 0);
    TH_EQ_INT(pg_ask("select count(*) from extra"), 0);
    finish();
}

static void test_a_frozen_backend_that_commits_later(void)
{
    begin();
    pid_t pid = (pid_t)atoi(run("select pg_backend_pid()", NULL, NULL)->value);
    kill(pid, SIGSTOP);
    start("begin; insert into extra values (9); commit", NULL, NULL, 100);
    LOOP_UNTIL(answer.times > 0);
    TH_CHECK(answer.code == -TH_ETIMEOUT && answer.unknown);
    kill(pid, SIGCONT);
    LOOP_UNTIL(pg_ask("select count(*) from extra") == 1); /* unknown meant what it said */
    finish();
}

static int chain_left;

static void on_chain(void *arg, const struct th_pg_outcome *o)
{
    TH_EQ_INT(o->code, 0);
    if (--chain_left > 0)
        TH_EQ_INT(
            th_pg_batch_run(b, TH_STR("begin; execute put(3); commit"), NULL, 0, 5000, on_chain, NULL), 0);
}

static void test_the_next_run_from_the_callback(void)
{
    begin();
    chain_left = 300;
    TH_EQ_INT(th_pg_batch_run(b, TH_STR("begin; execute put(3); commit"), NULL, 0, 5000, on_chain, NULL), 0);
    LOOP_UNTIL(chain_left == 0);
    TH_EQ_INT(pg_ask("select count(*) from extra"), 300);
    finish();
}

static void test_close_while_running(void)
{
    begin();
    start("select pg_sleep(30)", NULL, NULL, 20000);
    th_pg_batch_close(b);
    TH_CHECK(answer.times == 1 && answer.code == -TH_ECANCELED && answer.unknown);
    TH_CHECK(loop_close());
}

static void test_what_cannot_be_prepared_keeps_it_unready(void)
{
    static const char *const bad[] = {"prepare x as select * from no_such_table", NULL};
    struct th_error err;
    w = loop_open();
    loop_conf->database_url = pg_url;
    pg_ask("drop table if exists no_such_table");
    TH_EQ_INT(th_pg_batch_open(w, bad, &b, &err), 0);
    ready_n = 0;
    th_pg_batch_on_ready(b, on_ready, b);
    uint64_t until = uv_now(&w->loop) + 300;
    LOOP_UNTIL(uv_now(&w->loop) >= until);
    TH_EQ_INT(ready_n, 0);
    pg_ask("create table no_such_table (a int)");
    LOOP_UNTIL(ready_n == 1);
    finish();
}

int main(void)
{
    pg_make();
    TH_RUN(test_two_copies_and_statements_between);
    TH_RUN(test_a_violation_rolls_back_and_the_connection_stays);
    TH_RUN(test_a_transaction_left_open_is_an_error);
    TH_RUN(test_what_cannot_be_run);
    TH_RUN(test_flow_control);
    TH_RUN(test_lost_before_the_commit);
    TH_RUN(test_lost_after_the_commit);
    TH_RUN(test_the_server_dies_while_copying);
    TH_RUN(test_deadline);
    TH_RUN(test_a_frozen_backend_that_commits_later);
    TH_RUN(test_the_next_run_from_the_callback);
    TH_RUN(test_close_while_running);
    TH_RUN(test_what_cannot_be_prepared_keeps_it_unready);
    return TH_END();
}
