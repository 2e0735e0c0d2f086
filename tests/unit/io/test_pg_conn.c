/* SPDX-License-Identifier: Apache-2.0 */
#include "io/worker.c"
#include "io/pg_conn.c"

#include <arpa/inet.h>

#include "../test.h"
#include "loop.h"
#include "pg_fixture.h"

static struct th_worker *w;
static struct th_pg_conn c;
static int ups, downs, closes;

static void on_up(struct th_pg_conn *conn)
{
    ups++;
}

static void on_down(struct th_pg_conn *conn, const char *why)
{
    TH_CHECK(conn->pg == NULL && why[0] != '\0');
    downs++;
}

static void on_readable(struct th_pg_conn *conn)
{
}

static void on_conn_closed(struct th_pg_conn *conn)
{
    closes++;
}

static const struct th_pg_conn_hooks hooks = {.up = on_up, .down = on_down, .readable = on_readable};

static void open_conn(const char *url)
{
    struct th_error err;
    ups = downs = closes = 0;
    w = loop_open();
    loop_conf->database_url = url;
    TH_EQ_INT(th_pg_conn_open(&c, w, "test", 0, NULL, &hooks, &err), 0);
    TH_EQ_INT(ups, 0);
}

static void close_conn(void)
{
    th_pg_conn_close(&c, on_conn_closed);
    TH_CHECK(loop_close());
    TH_EQ_INT(closes, 1);
}

static void test_pauses_grow_and_are_jittered(void)
{
    struct th_pg_conn any = {0};
    static const unsigned most[] = {200, 400, 800, 1600, 3200, 5000, 5000, 5000};
    for (size_t i = 0; i < sizeof(most) / sizeof(most[0]); i++) {
        uint64_t pause = next_pause(&any);
        TH_CHECK(pause >= most[i] / 2 && pause <= most[i]);
    }
    any.attempts = 1000000;
    TH_CHECK(next_pause(&any) <= TH_PG_PAUSE_MAX_MS);
}

static void test_a_name_is_looked_up(void)
{
    char url[256];
    snprintf(
        url, sizeof(url), "host=localhost port=%s user=postgres dbname=postgres", getenv("PG_FIXTURE_PORT"));
    open_conn(url);
    LOOP_UNTIL(ups == 1);
    TH_EQ_STR(PQhost(c.pg), "localhost");
    TH_EQ_STR(PQhostaddr(c.pg), "127.0.0.1");
    close_conn();
}

static void test_a_name_that_does_not_exist(void)
{
    open_conn("host=no-such-host.invalid user=x");
    LOOP_UNTIL(c.attempts == 2);
    TH_CHECK(c.state == TH_PG_WAITING);
    close_conn();
    open_conn("host=no-such-host.invalid user=x");
    LOOP_UNTIL(c.lookup != NULL);
    close_conn(); /* while it is looked up */
}

static void test_refused_then_there(void)
{
    pg_crash();
    open_conn(pg_url);
    LOOP_UNTIL(c.attempts == 2);
    pg_boot();
    LOOP_UNTIL(ups == 1);
    TH_EQ_INT(c.attempts, 0);
    TH_EQ_INT(downs, 0);
    close_conn();
}

static void test_reset_and_reset_later(void)
{
    open_conn(pg_url);
    LOOP_UNTIL(ups == 1);
    th_pg_conn_reset_later(&c, "test\nmore lines");
    th_pg_conn_reset_later(&c, "test");
    TH_EQ_INT(downs, 0);
    LOOP_UNTIL(ups == 2);
    TH_EQ_INT(downs, 1);
    th_pg_conn_reset(&c, "test");
    TH_EQ_INT(downs, 2);
    th_pg_conn_reset(&c, "test"); /* is down already */
    TH_EQ_INT(downs, 2);
    LOOP_UNTIL(ups == 3);
    close_conn();
}

/* Accepts, as the kernel does for it, and says nothing. */
static void test_a_server_that_says_nothing(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), port = 20000;
    do
        a.sin_port = htons((uint16_t)++port);
    while (bind(fd, (struct sockaddr *)&a, sizeof(a)) != 0);
    listen(fd, 8);
    char url[128];
    snprintf(url, sizeof(url), "host=127.0.0.1 port=%d user=x sslmode=disable", port);
    open_conn(url);
    uint64_t began = uv_now(&w->loop);
    LOOP_UNTIL(c.attempts == 1);
    TH_CHECK(uv_now(&w->loop) - began >= TH_PG_CONNECT_MS);
    close_conn();
    close(fd);
}

int main(void)
{
    char port[16];
    snprintf(port, sizeof(port), "%d", 20000 + getpid() % 10000);
    setenv("PG_FIXTURE_PORT", port, 1);
    pg_make();
    TH_RUN(test_pauses_grow_and_are_jittered);
    TH_RUN(test_a_name_is_looked_up);
    TH_RUN(test_a_name_that_does_not_exist);
    TH_RUN(test_refused_then_there);
    TH_RUN(test_reset_and_reset_later);
    TH_RUN(test_a_server_that_says_nothing);
    return TH_END();
}
