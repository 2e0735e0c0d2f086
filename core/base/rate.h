/* SPDX-License-Identifier: Apache-2.0
 *
 * A token bucket: `per_s` on average, a second's worth at once. All zero is a full one. */
#ifndef TH_RATE_H
#define TH_RATE_H

#include <stdbool.h>
#include <stdint.h>

struct th_rate {
    double taken; /* tokens missing from a full bucket */
    uint64_t at_us;
};

static inline bool th_rate_take(struct th_rate *r, double per_s, uint64_t now_us)
{
    double burst = per_s < 1 ? 1 : per_s;
    double back = (double)(now_us - r->at_us) * per_s / 1e6;
    r->taken = back >= r->taken ? 0 : r->taken - back;
    r->at_us = now_us;
    if (r->taken + 1 > burst)
        return false;
    r->taken += 1;
    return true;
}

#endif
