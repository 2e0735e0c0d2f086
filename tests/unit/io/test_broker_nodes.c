/* SPDX-License-Identifier: Apache-2.0 */
#include "io/broker_nodes.c"

#include "../test.h"

static struct th_broker_addresses got;
static struct th_error err;

static int read_nodes(const char *text)
{
    static struct th_arena arena;
    th_arena_free(&arena);
    th_arena_init(&arena);
    int code = th_broker_nodes_read(&got, &arena, text, &err);
    if (code != 0)
        th_arena_free(&arena);
    return code;
}

static void test_good(void)
{
    TH_EQ_INT(read_nodes(" 2=https://b.example:6060/ , 1 = http://127.0.0.1:6060,"), 0);
    TH_EQ_INT(got.n, 2);
    TH_EQ_INT(got.nodes[0].number, 2);
    TH_EQ_STR(got.nodes[0].url, "https://b.example:6060");
    TH_EQ_INT(got.nodes[1].number, 1);
}

static void test_bad(void)
{
    static const char *const all[] = {"", ",", "1", "1=", "1=ftp://x", "1=http://", "0=http://a",
        "65536=http://a", "x=http://a", "http://a", "1=http://a,1=http://b"};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        TH_EQ_INT(read_nodes(all[i]), -TH_EINVAL);
        TH_CHECK(strncmp(err.msg, "broker.nodes: ", 14) == 0);
    }
}

int main(void)
{
    TH_RUN(test_good);
    TH_RUN(test_bad);
    return TH_END();
}
