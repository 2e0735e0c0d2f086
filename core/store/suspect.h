/* SPDX-License-Identifier: Apache-2.0
 *
 * Devices that did something bad several times in a minute, for a minute: rows that PostgreSQL refused (each
 * undoes a whole batch, so the next ones go in batches of their own), calls that had to be killed (the next
 * ones are not made). A small table of fixed size: devices that meet in a slot share its fate. All zero is
 * empty. */
#ifndef TH_SUSPECT_H
#define TH_SUSPECT_H

#include <stdbool.h>
#include "base/str.h"

struct th_suspects {
    struct {
        uint64_t device; /* hash of its key */
        uint64_t since_us, until_us;
        unsigned times;
    } slots[64];
};

/* Once more; at the `needed`th time within a minute it is a suspect for a minute: true. */
bool th_suspect_note(struct th_suspects *t, struct th_str device_key, unsigned needed);
bool th_suspect_is(const struct th_suspects *t, struct th_str device_key);

#endif
