/* SPDX-License-Identifier: Apache-2.0
 *
 * Against a real redis-server on a socket of the test's own. */
#include "io/worker.c"
#include "io/redis_conn.c"
#include "io/redis.c"

#include <sys/wait.h>

#include "../test.h"
#include "loop.h"

static char dir[64], url[160];
static pid_t server;
static struct th_worker *w;

static void server_start(void)
{
    char socket[100];
    snprintf(socket, sizeof socket, "%s/sock", dir);
    server = fork();
    if (server == 0) {
        freopen("/dev/null", "w", stdout);
        execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", socket, "--dir", dir, "--save",
            "", "--appendonly", "no", NULL);
        _exit(127);
    }
}

static void server_end(int number)
{
    kill(server, SIGCONT);
    kill(server, number);
    waitpid(server, NULL, 0);
}

static void begin_redis(int64_t timeout)
{
    struct th_error err;
    snprintf(dir, sizeof dir, "/tmp/th-redis-XXXXXX");
    TH_CHECK(mkdtemp(dir) != NULL);
    snprintf(url, sizeof url, "unix:%s/sock", dir);
    server_start();
    w = loop_open();
    loop_conf->redis_url = url;
    loop_conf->redis_timeout = timeout;
    TH_EQ_INT(th_redis_start(w, &err), 0);
}

static void end_redis(void)
{
    char command[100];
    th_redis_stop(w);
    TH_CHECK(loop_close());
    server_end(SIGKILL);
    snprintf(command, sizeof command, "rm -rf %s", dir);
    TH_EQ_INT(system(command), 0);
}

struct seen {
    int calls, code;
    char text[100];
};

static void on_answer(void *arg, int code, const struct redisReply *reply)
{
    struct seen *s = arg;
    s->calls++;
    s->code = code;
    snprintf(s->text, sizeof s->text, "%s", code == 0 && reply->str != NULL ? reply->str : "");
}

static int ask(const char *a, const char *b, struct seen *s)
{
    struct th_str argv[] = {th_str(a), th_str(b)};
    *s = (struct seen){0};
    return th_redis_command(w, b != NULL ? 2 : 1, argv, on_answer, s);
}

static void test_a_command_is_answered(void)
{
    struct seen s;
    begin_redis(5000);
    TH_EQ_INT(ask("PING", NULL, &s), -TH_EUNAVAIL); /* not connected yet */
    LOOP_UNTIL(th_redis_ready(w));
    TH_EQ_INT(ask("ECHO", "hello", &s), 0);
    TH_EQ_INT(s.calls, 0);
    LOOP_UNTIL(s.calls > 0);
    TH_EQ_INT(s.code, 0);
    TH_EQ_STR(s.text, "hello");
    TH_EQ_INT(ask("NONSENSE", "x", &s), 0);
    LOOP_UNTIL(s.calls > 0);
    TH_EQ_INT(s.code, 0);
    TH_CHECK(strncmp(s.text, "ERR", 3) == 0);
    TH_EQ_INT(th_redis_counts_of(w)->failures, 1);
    end_redis();
}

static void test_who_is_slow_is_not_waited_for(void)
{
    struct seen s, t;
    begin_redis(20);
    LOOP_UNTIL(th_redis_ready(w));
    kill(server, SIGSTOP);
    TH_EQ_INT(ask("PING", NULL, &s), 0);
    LOOP_UNTIL(s.calls > 0);
    TH_EQ_INT(s.code, -TH_ETIMEOUT);
    TH_CHECK(!th_redis_ready(w));
    TH_EQ_INT(ask("PING", NULL, &t), -TH_EUNAVAIL);
    kill(server, SIGCONT);
    LOOP_UNTIL(th_redis_ready(w)); /* by the late answer, or a new connection */
    TH_EQ_INT(s.calls, 1);
    TH_EQ_INT(ask("PING", NULL, &t), 0);
    LOOP_UNTIL(t.calls > 0);
    TH_EQ_INT(t.code, 0);
    end_redis();
}

static void test_it_comes_back_after_a_crash(void)
{
    struct seen s;
    begin_redis(5000);
    LOOP_UNTIL(th_redis_ready(w));
    kill(server, SIGSTOP);
    TH_EQ_INT(ask("PING", NULL, &s), 0);
    server_end(SIGKILL);
    LOOP_UNTIL(s.calls > 0);
    TH_CHECK(s.code == -TH_EUNAVAIL || s.code == 0); /* 0: answered between CONT and KILL */
    LOOP_UNTIL(!th_redis_ready(w));
    server_start();
    LOOP_UNTIL(th_redis_ready(w));
    TH_EQ_INT(ask("PING", NULL, &s), 0);
    LOOP_UNTIL(s.calls > 0);
    TH_EQ_INT(s.code, 0);
    end_redis();
}

static void test_what_is_open_at_the_end_is_told(void)
{
    struct seen s;
    begin_redis(5000);
    LOOP_UNTIL(th_redis_ready(w));
    kill(server, SIGSTOP);
    TH_EQ_INT(ask("PING", NULL, &s), 0);
    end_redis();
    TH_EQ_INT(s.calls, 1);
    TH_EQ_INT(s.code, -TH_ECANCELED);
}

static char heard[100];
static int subscriptions;

static void on_heard(void *arg, struct th_str payload)
{
    snprintf(heard, sizeof heard, "%.*s", TH_STR_FMT(payload));
}

static void on_subscribed(void *arg)
{
    subscriptions++;
}

static void test_what_is_published_is_heard(void)
{
    struct th_str argv[] = {TH_STR("PUBLISH"), TH_STR("thingd:news"), {"a\0b", 3}};
    begin_redis(5000);
    subscriptions = 0;
    th_redis_listen(w, "news", on_heard, on_subscribed, NULL);
    LOOP_UNTIL(subscriptions == 1 && th_redis_ready(w));
    TH_EQ_INT(th_redis_command(w, 3, argv, NULL, NULL), 0);
    LOOP_UNTIL(heard[0] != '\0');
    TH_EQ_STR(heard, "a");
    server_end(SIGKILL);
    server_start();
    LOOP_UNTIL(subscriptions == 2);
    end_redis();
}

static void test_no_server_at_all(void)
{
    struct th_error err;
    struct seen s;
    w = loop_open();
    loop_conf->redis_url = "redis://127.0.0.1:1";
    TH_EQ_INT(th_redis_start(w, &err), 0);
    LOOP_UNTIL(w->redis->commands.attempts >= 2);
    TH_EQ_INT(ask("PING", NULL, &s), -TH_EUNAVAIL);
    th_redis_stop(w);
    TH_CHECK(loop_close());
}

static void test_the_configuration(void)
{
    struct th_error err;
    w = loop_open();
    TH_EQ_INT(th_redis_check(loop_conf, &err), 0);
    loop_conf->redis_url = "redis://cache.example";
    TH_EQ_INT(th_redis_check(loop_conf, &err), -TH_EINVAL);
    TH_CHECK(strstr(err.msg, "redis.allow_remote") != NULL);
    loop_conf->redis_allow_remote = true;
    TH_EQ_INT(th_redis_check(loop_conf, &err), 0);
    TH_CHECK(loop_close());
}

int main(void)
{
    TH_RUN(test_a_command_is_answered);
    TH_RUN(test_who_is_slow_is_not_waited_for);
    TH_RUN(test_it_comes_back_after_a_crash);
    TH_RUN(test_what_is_open_at_the_end_is_told);
    TH_RUN(test_what_is_published_is_heard);
    TH_RUN(test_no_server_at_all);
    TH_RUN(test_the_configuration);
    return TH_END();
}
