/* SPDX-License-Identifier: Apache-2.0
 *
 * Buckets of the histograms: they lie one beside the other and are a quarter wide at most. */
#include "../test.h"
#include "bind/scripts_private.h"

/* As th_hist_top() in the database. */
static uint64_t top_of(unsigned bucket)
{
    return ((1ull << bucket / 4) * (5 + bucket % 4) - 1) / 4;
}

static void test_a_value_lies_in_its_bucket(void)
{
    for (uint64_t value = 1; value < 1ull << 32; value += 1 + value / 100) {
        unsigned bucket = th_records_bucket(value);
        TH_ROW("%llu", (unsigned long long)value);
        TH_CHECK(value <= top_of(bucket));
        TH_CHECK(bucket == 0 || value > top_of(bucket - 1));
        TH_CHECK(top_of(bucket) <= value + value / 4);
    }
}

static void test_edges(void)
{
    TH_EQ_INT(th_records_bucket(0), 0);
    TH_EQ_INT(th_records_bucket(1), 0);
    TH_EQ_INT(th_records_bucket(UINT64_MAX), 127);
}

int main(void)
{
    TH_RUN(test_a_value_lies_in_its_bucket);
    TH_RUN(test_edges);
    return TH_END();
}
