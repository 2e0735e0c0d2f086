/* SPDX-License-Identifier: Apache-2.0
 *
 * What listeners want, of the whole process or of other instances, so that nothing is put together that
 * nobody would get. Every worker has the same counts, kept so by mail. */
#ifndef TH_LIVE_INTEREST_H
#define TH_LIVE_INTEREST_H

#include "store/live.h"

#define TH_LIVE_DEVICE_SLOTS 256

struct th_live_interest {
    unsigned broad[TH_LIVE_KIND_COUNT]; /* listeners without a device, by kind */
    struct th_live_wanted *devices[TH_LIVE_DEVICE_SLOTS];
    unsigned ndevices; /* different ones */
};

/* by: 1 or -1. device "" : a listener to all. */
void th_live_interest_change(struct th_live_interest *t, unsigned kinds, const char *device, int by);
/* Somebody has named this device. */
bool th_live_interest_has(const struct th_live_interest *t, struct th_str device_key);
/* Every device that somebody has named. */
void th_live_interest_each(
    const struct th_live_interest *t, void (*each)(void *arg, const char *device), void *arg);
void th_live_interest_free(struct th_live_interest *t);

#endif
