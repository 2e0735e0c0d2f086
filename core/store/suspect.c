/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "store/suspect.h"

#define SLOTS (sizeof((struct th_suspects *)NULL)->slots / sizeof *((struct th_suspects *)NULL)->slots)
#define MINUTE_US 60000000

bool th_suspect_note(struct th_suspects *t, struct th_str device_key, unsigned needed)
{
    uint64_t now = th_clock_mono_us(), hash = th_str_hash_keyed(device_key);
    size_t i = hash % SLOTS;
    if (t->slots[i].device != hash || now - t->slots[i].since_us > MINUTE_US) {
        if (now < t->slots[i].until_us)
            return false; /* another one's minute */
        t->slots[i].device = hash;
        t->slots[i].since_us = now;
        t->slots[i].times = 0;
    }
    if (++t->slots[i].times < needed)
        return false;
    t->slots[i].until_us = now + MINUTE_US;
    return true;
}

bool th_suspect_is(const struct th_suspects *t, struct th_str device_key)
{
    uint64_t hash = th_str_hash_keyed(device_key);
    size_t i = hash % SLOTS;
    return t->slots[i].until_us != 0 && t->slots[i].device == hash &&
           th_clock_mono_us() < t->slots[i].until_us;
}
