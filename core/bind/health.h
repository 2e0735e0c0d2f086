/* SPDX-License-Identifier: Apache-2.0
 *
 * How many devices ran a version of a script, and how many of them it failed for, within a window. Sets of
 * fixed size: a device sets one of 16384 bits, and the bits that are still clear tell how many devices there
 * were (linear counting: right to one or two while few, some percent off at 50,000). A window is the one
 * being filled and the whole one before it. */
#ifndef TH_HEALTH_H
#define TH_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

#define TH_HEALTH_WORDS 256

struct th_health {
    uint64_t since_us; /* of the window being filled; 0: it has not begun */
    struct {
        uint64_t seen[TH_HEALTH_WORDS], failed[TH_HEALTH_WORDS];
    } now, before;
};

/* hash: of the device's key. */
void th_health_note(struct th_health *h, uint64_t hash, bool failed, uint64_t now_us, uint64_t window_us);
void th_health_count(
    const struct th_health *h, uint64_t now_us, uint64_t window_us, unsigned *seen, unsigned *failed);

#endif
