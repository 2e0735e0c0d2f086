/* SPDX-License-Identifier: Apache-2.0
 *
 * Counting devices in windows: right while few, near enough when many, forgotten in time. */
#include "../test.h"
#include "bind/health.h"

#define SECOND 1000000ull
#define WINDOW (60 * SECOND)
#define T0 (1000 * SECOND)

static struct th_health h;
static unsigned seen, failed;

static void count(uint64_t now)
{
    th_health_count(&h, now, WINDOW, &seen, &failed);
}

/* Hashes as of n different keys. */
static uint64_t hash_of(unsigned n)
{
    char key[24];
    snprintf(key, sizeof key, "device-%u", n);
    return th_str_hash(th_str(key));
}

static void note(unsigned n, bool fails, uint64_t now)
{
    th_health_note(&h, hash_of(n), fails, now, WINDOW);
}

static void test_devices_count_once(void)
{
    memset(&h, 0, sizeof h);
    count(T0);
    TH_EQ_INT(seen, 0);
    for (unsigned times = 0; times < 100; times++)
        for (unsigned n = 0; n < 5; n++)
            note(n, n < 2, T0 + times);
    note(0, false, T0 + 200); /* a call that went well does not take back one that failed */
    count(T0 + 200);
    TH_EQ_INT(seen, 5);
    TH_EQ_INT(failed, 2);
}

static void test_many_are_counted_well_enough(void)
{
    static const unsigned all[] = {50, 1000, 10000, 50000};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        TH_ROW("%u", all[i]);
        memset(&h, 0, sizeof h);
        for (unsigned n = 0; n < all[i]; n++)
            note(n, n % 5 == 0, T0);
        count(T0);
        unsigned off = 2 + all[i] / 14;
        TH_CHECK(seen + off > all[i] && seen < all[i] + off);
        TH_CHECK(failed + off / 5 + 1 > all[i] / 5 && failed < all[i] / 5 + off / 5 + 1);
    }
}

static void test_more_than_the_set_holds_do_not_break_it(void)
{
    memset(&h, 0, sizeof h);
    memset(h.now.seen, 0xff, sizeof h.now.seen);
    h.since_us = T0;
    count(T0);
    TH_CHECK(seen > 100000);
    TH_EQ_INT(failed, 0);
}

static void test_windows_end(void)
{
    memset(&h, 0, sizeof h);
    note(1, true, T0);
    note(2, false, T0 + WINDOW); /* the next window, beside the one before it */
    count(T0 + WINDOW);
    TH_EQ_INT(seen, 2);
    TH_EQ_INT(failed, 1);
    note(2, false, T0 + 2 * WINDOW);
    count(T0 + 2 * WINDOW);
    TH_EQ_INT(seen, 1);
    TH_EQ_INT(failed, 0);
    count(T0 + 4 * WINDOW);
    TH_EQ_INT(seen, 0);
    note(3, true, T0 + 10 * WINDOW); /* after a silence nothing old counts */
    count(T0 + 10 * WINDOW);
    TH_EQ_INT(seen, 1);
    TH_EQ_INT(failed, 1);
}

int main(void)
{
    TH_RUN(test_devices_count_once);
    TH_RUN(test_many_are_counted_well_enough);
    TH_RUN(test_more_than_the_set_holds_do_not_break_it);
    TH_RUN(test_windows_end);
    return TH_END();
}
