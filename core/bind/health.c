/* SPDX-License-Identifier: Apache-2.0 */
#include "bind/health.h"

#include <math.h>
#include <string.h>

#define BITS (TH_HEALTH_WORDS * 64)

/* Of windows that ended, the last one is kept. */
static void turn(struct th_health *h, uint64_t now_us, uint64_t window_us)
{
    if (h->since_us != 0 && now_us - h->since_us < window_us)
        return;
    if (h->since_us != 0 && now_us - h->since_us < 2 * window_us)
        h->before = h->now;
    else
        memset(&h->before, 0, sizeof h->before);
    memset(&h->now, 0, sizeof h->now);
    h->since_us = now_us;
}

void th_health_note(struct th_health *h, uint64_t hash, bool failed, uint64_t now_us, uint64_t window_us)
{
    unsigned bit = (unsigned)(hash * 0x9e3779b97f4a7c15u >> 32) % BITS;
    turn(h, now_us, window_us);
    h->now.seen[bit / 64] |= 1ull << bit % 64;
    if (failed)
        h->now.failed[bit / 64] |= 1ull << bit % 64;
}

static unsigned devices(const uint64_t *a, const uint64_t *b)
{
    int set = 0;
    for (int i = 0; i < TH_HEALTH_WORDS; i++)
        set += __builtin_popcountll(a[i] | b[i]);
    int clear = set < BITS ? BITS - set : 1;
    return (unsigned)lround(BITS * log((double)BITS / clear));
}

void th_health_count(
    const struct th_health *h, uint64_t now_us, uint64_t window_us, unsigned *seen, unsigned *failed)
{
    uint64_t age = now_us - h->since_us;
    *seen = *failed = 0;
    if (h->since_us == 0 || age >= 2 * window_us)
        return;
    bool whole = age < window_us; /* else what is being filled is over, and what was before it is too old */
    *seen = devices(h->now.seen, whole ? h->before.seen : h->now.seen);
    *failed = devices(h->now.failed, whole ? h->before.failed : h->now.failed);
}
