/* SPDX-License-Identifier: Apache-2.0
 *
 * Devices that PostgreSQL refused rows of: one such row undoes a whole batch, so a device that does it twice
 * in a minute has its messages in batches of their own for a minute. A small table of fixed size: devices
 * that meet in a slot share its fate. */
#ifndef TH_SUSPECT_H
#define TH_SUSPECT_H

#include <stdbool.h>
#include "base/str.h"

struct th_suspects {
    struct {
        uint64_t device; /* hash of its key */
        uint64_t refused_us, until_us;
    } slots[64];
};

void th_suspect_note(struct th_suspects *t, struct th_str device_key);
bool th_suspect_is(const struct th_suspects *t, struct th_str device_key);

#endif
