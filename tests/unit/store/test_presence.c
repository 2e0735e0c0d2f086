/* SPDX-License-Identifier: Apache-2.0
 *
 * The hooks of a device's connections, in every order: presence ends as the broker saw it. */
#include "../test.h"
#include "store/presence.h"

#define MAX_CONNECTIONS 6

struct hook {
    bool connected;
    int64_t at;
    int node;
    char address[24];
};

static struct hook hooks[4 * MAX_CONNECTIONS];
static unsigned nhooks;
static bool truth_online;
static char truth_address[24];

static uint64_t seed = 88172645463325252u;

static unsigned pick(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)((seed >> 33) % n);
}

static void deliver(struct th_presence *p, const struct hook *h)
{
    struct th_str address = th_str(h->address);
    if (h->connected)
        th_presence_connected(p, h->at, h->node, address);
    else
        th_presence_disconnected(p, h->at, h->node, address);
}

static bool right(const struct th_presence *p)
{
    return p->online == truth_online && strcmp(p->address, truth_address) == 0;
}

/* Connections one after the other, each at least 10 ms long. ended[i]: -3 to 3 ms after the next one began (a
 * takeover), or 4: in between (the device left by itself). The last one is open unless the device has left.
 */
static void play(unsigned n, const int *ended, const int *node, bool left)
{
    int64_t begin = 1795555683725;
    nhooks = 0;
    for (unsigned i = 0; i < n; i++) {
        struct hook h = {true, begin, node[i], ""};
        int64_t next = begin + 10 + (i * 7) % 5;
        snprintf(h.address, sizeof h.address, "127.0.0.1:%u", 40000 + i);
        hooks[nhooks++] = h;
        truth_online = !(i == n - 1 && left);
        memcpy(truth_address, h.address, sizeof h.address);
        if (i < n - 1 || left) {
            h.connected = false;
            h.at = ended[i] == 4 ? next - 4 : next + ended[i];
            hooks[nhooks++] = h;
        }
        begin = next;
    }
}

static unsigned long orders, wrong;

static void permute(unsigned k)
{
    if (k == nhooks) {
        struct th_presence p = {0};
        for (unsigned i = 0; i < nhooks; i++)
            deliver(&p, &hooks[i]);
        orders++;
        wrong += !right(&p);
        return;
    }
    for (unsigned i = k; i < nhooks; i++) {
        struct hook h = hooks[k];
        hooks[k] = hooks[i];
        hooks[i] = h;
        permute(k + 1);
        hooks[i] = hooks[k];
        hooks[k] = h;
    }
}

/* Up to three connections on one or two nodes, each way of ending, in every order. */
static void test_every_order(void)
{
    static const int nodes[][3] = {{1, 1, 1}, {1, 2, 1}, {1, 2, 3}};
    orders = wrong = 0;
    for (unsigned n = 1; n <= 3; n++) {
        for (int first = -3; first <= 4; first++) {
            for (int second = -3; second <= 4; second++) {
                int ended[] = {first, second, 4};
                for (size_t k = 0; k < TH_COUNT(nodes); k++) {
                    for (int left = 0; left < 2; left++) {
                        play(n, ended, nodes[k], left != 0);
                        permute(0);
                    }
                }
            }
        }
    }
    TH_EQ_INT(wrong, 0);
    TH_CHECK(orders > 100000);
}

/* More connections, shuffled, some hooks sent twice. */
static void test_shuffled_and_repeated(void)
{
    wrong = 0;
    for (int round = 0; round < 50000; round++) {
        unsigned n = 1 + pick(MAX_CONNECTIONS);
        int ended[MAX_CONNECTIONS], node[MAX_CONNECTIONS];
        for (unsigned i = 0; i < n; i++) {
            ended[i] = (int)pick(8) - 3;
            node[i] = 1 + (int)pick(3);
        }
        play(n, ended, node, pick(2) == 0);
        for (unsigned i = 0, once = nhooks; i < once; i++)
            if (pick(3) == 0)
                hooks[nhooks++] = hooks[i];
        for (unsigned i = nhooks - 1; i > 0; i--) {
            unsigned k = pick(i + 1);
            struct hook h = hooks[i];
            hooks[i] = hooks[k];
            hooks[k] = h;
        }
        struct th_presence p = {0};
        for (unsigned i = 0; i < nhooks; i++)
            deliver(&p, &hooks[i]);
        wrong += !right(&p);
    }
    TH_EQ_INT(wrong, 0);
}

/* From what the database kept of the connection before, in the middle of a takeover. */
static void test_goes_on_from_a_row(void)
{
    struct th_presence p = {true, 1, 1000, "10.0.0.1:5", 900, "10.0.0.1:4"};
    TH_CHECK(th_presence_connected(&p, 2000, 2, TH_STR("10.0.0.2:6")));
    TH_CHECK(p.online && p.node == 2 && p.connected_at == 2000);
    TH_CHECK(th_presence_disconnected(
        &p, 2001, 1, TH_STR("10.0.0.1:5"))); /* the old one: kept, but still online */
    TH_CHECK(p.online);
    TH_EQ_STR(p.left_address, "10.0.0.1:5");
    TH_CHECK(!th_presence_connected(&p, 1000, 1, TH_STR("10.0.0.1:5"))); /* its connect, sent again */
    TH_CHECK(!th_presence_connected(&p, 2000, 2, TH_STR("10.0.0.2:6")));
    TH_CHECK(p.online && p.node == 2);
}

/* Same address on another node, and the same port later, are other connections. */
static void test_whose_end(void)
{
    struct th_presence p = {0};
    TH_CHECK(th_presence_connected(&p, 1000, 1, TH_STR("10.0.0.1:5")));
    th_presence_disconnected(&p, 1500, 2, TH_STR("10.0.0.1:5"));
    TH_CHECK(p.online);
    th_presence_disconnected(&p, 900, 1, TH_STR("10.0.0.1:5")); /* ended before this one began */
    TH_CHECK(p.online);
    TH_CHECK(th_presence_disconnected(&p, 1600, 1, TH_STR("10.0.0.1:5")));
    TH_CHECK(!p.online);
    TH_CHECK(!th_presence_disconnected(&p, 1600, 1, TH_STR("10.0.0.1:5"))); /* once is enough */
    TH_CHECK(th_presence_connected(&p, 1700, 1, TH_STR("10.0.0.1:5")));
    TH_CHECK(p.online);
}

static void test_long_addresses(void)
{
    char text[200];
    struct th_presence p = {0};
    memset(text, 'f', sizeof text);
    struct th_str longer = {text, sizeof text}, full = {text, TH_ADDRESS_LEN - 1};
    TH_CHECK(th_presence_connected(&p, 1, 1, longer));
    TH_EQ_INT(strlen(p.address), TH_ADDRESS_LEN - 1);
    TH_CHECK(th_presence_disconnected(&p, 2, 1, longer) && !p.online);
    TH_CHECK(th_presence_connected(&p, 3, 1, full) && th_presence_disconnected(&p, 4, 1, full) && !p.online);
    TH_CHECK(th_presence_connected(&p, 5, 1, TH_STR("")) && p.online);
    TH_CHECK(!th_presence_disconnected(&p, 1, 1, TH_STR("")) && p.online);
}

int main(void)
{
    TH_RUN(test_every_order);
    TH_RUN(test_shuffled_and_repeated);
    TH_RUN(test_goes_on_from_a_row);
    TH_RUN(test_whose_end);
    TH_RUN(test_long_addresses);
    return TH_END();
}
