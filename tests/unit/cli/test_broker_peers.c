/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/broker_peers.c"

#include "../test.h"

static struct th_broker_peers peers;
static struct th_error err;

static void test_good(void)
{
    TH_EQ_INT(th_broker_peers_read(&peers, "", &err), 0);
    TH_EQ_INT(peers.count, 0);
    TH_EQ_INT(
        th_broker_peers_read(&peers, " 2=a.example:5363/[::1]:6003 ,,1=10.0.0.1:1/10.0.0.1:65535", &err), 0);
    TH_EQ_INT(peers.count, 2);
    TH_EQ_INT(peers.list[0].node, 2);
    TH_EQ_SLICE(peers.list[0].grpc, "a.example:5363");
    TH_EQ_SLICE(peers.list[0].raft, "[::1]:6003");
    TH_EQ_INT(peers.list[1].node, 1);
    TH_EQ_SLICE(peers.list[1].raft, "10.0.0.1:65535");
}

static void test_bad(void)
{
    static const char *const rows[] = {"1", "1=", "1=a:1", "1=a:1/", "1=/a:1", "=a:1/a:2", "0=a:1/a:2",
        "65536=a:1/a:2", "x=a:1/a:2", "1=a/a:2", "1=a:0/a:2", "1=a:65536/a:2", "1=:1/a:2", "1=a:1/b c:2",
        "1=a\":1/b:2", "1=a:1/b:2/c:3", "1=a:1/b:2,1=c:1/d:2", "1=x@a:1/b:2"};
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        TH_ROW("%s", rows[i]);
        TH_EQ_INT(th_broker_peers_read(&peers, rows[i], &err), -TH_EINVAL);
        TH_CHECK(strncmp(err.msg, "broker.peers: ", 14) == 0);
    }
}

static void test_no_more_than_fit(void)
{
    struct th_buf text = {0};
    for (int i = 1; i <= TH_BROKER_PEERS_MAX; i++)
        th_buf_printf(&text, "%d=a:1/a:2,", i);
    TH_EQ_INT(th_broker_peers_read(&peers, text.p, &err), 0);
    TH_EQ_INT(peers.count, TH_BROKER_PEERS_MAX);
    th_buf_puts(&text, "99=a:1/a:2");
    TH_EQ_INT(th_broker_peers_read(&peers, text.p, &err), -TH_EINVAL);
    th_buf_free(&text);
}

static void test_listen(void)
{
    static const char *const good[] = {"127.0.0.1:1883", "0.0.0.0:1", "[::]:65535", "[fe80::1]:1883"};
    static const char *const bad[] = {"", ":", ":1883", "1883", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0",
        "127.0.0.1:65536", "127.0.0.1:x", "localhost:1883", "::1:1883", "[127.0.0.1]:1", "[]:1", "[::1]",
        " 127.0.0.1:1", "127.0.0.1:1 ", "127.0.0.1:-1", "256.0.0.1:1"};
    for (size_t i = 0; i < TH_COUNT(good); i++) {
        TH_ROW("%s", good[i]);
        TH_CHECK(th_broker_is_listen(th_str(good[i])) && th_broker_is_peer(th_str(good[i])));
    }
    for (size_t i = 0; i < TH_COUNT(bad); i++) {
        TH_ROW("%s", bad[i]);
        TH_CHECK(!th_broker_is_listen(th_str(bad[i])));
    }
    TH_CHECK(th_broker_is_peer(TH_STR("localhost:1883")));
    TH_CHECK(!th_broker_is_peer(TH_STR("a/b:1")) && !th_broker_is_peer(TH_STR("a\nb:1")));
}

int main(void)
{
    TH_RUN(test_good);
    TH_RUN(test_bad);
    TH_RUN(test_no_more_than_fit);
    TH_RUN(test_listen);
    return TH_END();
}
