/* SPDX-License-Identifier: Apache-2.0
 *
 * The pure parts of the live stream: who gets what, what is remembered, where a listener goes on. */
#include "store/live_interest.h"
#include "store/live_ring.h"
#include "test.h"

#define NOW 1764000000

static struct th_live_event *event(unsigned origin, uint64_t seq)
{
    struct th_live_event *e = th_live_event_new(TH_LIVE_EVENT, 7, TH_STR("d1"), TH_STR("{}"));
    e->origin = origin;
    e->seq = seq;
    return e;
}

static void push(struct th_live_ring *r, unsigned origin, uint64_t first, uint64_t last)
{
    for (uint64_t seq = first; seq <= last; seq++)
        th_live_ring_push(r, event(origin, seq));
}

static bool reads(const struct th_live_ring *r, const char *id)
{
    uint64_t seqs[2];
    return th_live_id_read(r, th_str(id), NOW, seqs);
}

static void test_an_id_says_where_a_listener_is(void)
{
    struct th_live_ring r;
    char text[TH_LIVE_ID_MAX];
    uint64_t seqs[2] = {0};
    th_live_ring_init(&r, 0xabc, 2);
    push(&r, 0, 1, 5);
    push(&r, 1, 1, 2);
    struct th_str id = th_live_id_write(&r, r.seen, NOW, text);
    TH_CHECK(th_live_id_read(&r, id, NOW + TH_LIVE_RESUME_S, seqs));
    TH_EQ_INT(seqs[0], 5);
    TH_EQ_INT(seqs[1], 2);
    TH_CHECK(!th_live_id_read(&r, id, NOW + TH_LIVE_RESUME_S + 1, seqs));
    TH_CHECK(!th_live_id_read(&r, id, NOW - TH_LIVE_RESUME_S - 1, seqs));
    th_live_ring_free(&r);
}

static void test_ids_of_others_are_not_understood(void)
{
    struct th_live_ring r;
    th_live_ring_init(&r, 0xabc, 2);
    push(&r, 0, 1, 5);
    TH_CHECK(reads(&r, "abc-69248100-5.0"));
    static const char *const bad[] = {"", "abc", "abc-", "abc-1-", "abd-69248100-5.0", "abc-0-5.0",
        "abc-69248100-5", "abc-69248100-5.0.0", "abc-69248100-6.0", "abc-69248100-x.0", "abc-69248100--1.0",
        "abc-69248100-5.0 ", "abc--5.0", "-69248100-5.0", "abc-zzz-5.0",
        "abc-69248100000000000000000000000-5.0"};
    for (size_t i = 0; i < TH_COUNT(bad); i++) {
        TH_ROW("%s", bad[i]);
        TH_CHECK(!reads(&r, bad[i]));
    }
    th_live_ring_free(&r);
}

static void test_what_fell_out_of_the_ring_is_missed(void)
{
    struct th_live_ring r;
    char text[TH_LIVE_ID_MAX];
    uint64_t seqs[2] = {100, 0};
    th_live_ring_init(&r, 1, 2);
    push(&r, 0, 1, 100);
    struct th_str id = th_live_id_write(&r, seqs, NOW, text);
    push(&r, 0, 101, TH_LIVE_RING_MAX + 100);
    TH_EQ_INT(r.n, TH_LIVE_RING_MAX);
    TH_CHECK(th_live_id_read(&r, id, NOW, seqs));
    push(&r, 0, TH_LIVE_RING_MAX + 101, TH_LIVE_RING_MAX + 101);
    TH_CHECK(!th_live_id_read(&r, id, NOW, seqs));
    TH_EQ_INT(th_live_ring_at(&r, 0)->seq, 102);
    TH_EQ_INT(th_live_ring_at(&r, r.n - 1)->seq, TH_LIVE_RING_MAX + 101);
    th_live_ring_free(&r);
}

static void test_the_ring_has_a_cap_in_bytes(void)
{
    struct th_live_ring r;
    static char big[100000];
    memset(big, ' ', sizeof big);
    th_live_ring_init(&r, 1, 1);
    for (uint64_t seq = 1; seq <= 50; seq++) {
        struct th_live_event *e =
            th_live_event_new(TH_LIVE_EVENT, 0, TH_STR(""), (struct th_str){big, sizeof big});
        e->seq = seq;
        th_live_ring_push(&r, e);
        TH_CHECK(r.bytes <= TH_LIVE_RING_BYTES);
    }
    TH_EQ_INT(r.n, 10);
    th_live_ring_free(&r);
}

static void test_a_filter_lets_through_what_may_be_seen(void)
{
    int64_t products[] = {3, 7, 9};
    struct th_live_filter f = {.kinds = 1u << TH_LIVE_EVENT | 1u << TH_LIVE_PRESENCE};
    struct th_live_event *e = event(0, 1);
    TH_CHECK(!th_live_filter_match(&f, e)); /* a kind without any product */
    f.scope[TH_LIVE_EVENT].all = true;
    TH_CHECK(th_live_filter_match(&f, e));
    f.scope[TH_LIVE_EVENT].all = false;
    f.scope[TH_LIVE_EVENT].products = products;
    f.scope[TH_LIVE_EVENT].n = 3;
    TH_CHECK(th_live_filter_match(&f, e));
    f.scope[TH_LIVE_EVENT].n = 1;
    TH_CHECK(!th_live_filter_match(&f, e));
    f.scope[TH_LIVE_EVENT].all = true;
    f.product_id = 8;
    TH_CHECK(!th_live_filter_match(&f, e));
    f.product_id = 7;
    e->reach = TH_LIVE_NAMED;
    TH_CHECK(!th_live_filter_match(&f, e)); /* only for those who name its device */
    snprintf(f.device, sizeof f.device, "d2");
    TH_CHECK(!th_live_filter_match(&f, e));
    snprintf(f.device, sizeof f.device, "d1");
    TH_CHECK(th_live_filter_match(&f, e));
    f.kinds = 1u << TH_LIVE_PRESENCE;
    TH_CHECK(!th_live_filter_match(&f, e));
    th_live_event_unref(e);
}

static void test_interest_is_counted(void)
{
    static struct th_live_interest t;
    char key[16];
    for (int i = 0; i < 1000; i++) {
        snprintf(key, sizeof key, "d%d", i);
        th_live_interest_change(&t, 1, key, 1);
        th_live_interest_change(&t, 1, key, 1);
    }
    TH_EQ_INT(t.ndevices, 1000);
    th_live_interest_change(&t, 1, "d5", -1);
    TH_CHECK(th_live_interest_has(&t, TH_STR("d5")));
    th_live_interest_change(&t, 1, "d5", -1);
    TH_CHECK(!th_live_interest_has(&t, TH_STR("d5")));
    TH_CHECK(!th_live_interest_has(&t, TH_STR("d")));
    TH_EQ_INT(t.ndevices, 999);
    th_live_interest_change(&t, 1u << TH_LIVE_JOB, "", 1);
    TH_EQ_INT(t.broad[TH_LIVE_JOB], 1);
    TH_EQ_INT(t.broad[TH_LIVE_EVENT], 0);
    th_live_interest_change(&t, 1u << TH_LIVE_JOB, "", -1);
    TH_EQ_INT(t.broad[TH_LIVE_JOB], 0);
    th_live_interest_free(&t);
}

int main(void)
{
    TH_RUN(test_an_id_says_where_a_listener_is);
    TH_RUN(test_ids_of_others_are_not_understood);
    TH_RUN(test_what_fell_out_of_the_ring_is_missed);
    TH_RUN(test_the_ring_has_a_cap_in_bytes);
    TH_RUN(test_a_filter_lets_through_what_may_be_seen);
    TH_RUN(test_interest_is_counted);
    return TH_END();
}
