/* SPDX-License-Identifier: Apache-2.0
 *
 * A token bucket that all instances share, kept in Redis. */
#ifndef TH_LIMIT_SHARED_H
#define TH_LIMIT_SHARED_H

#include <stdbool.h>
#include "base/str.h"
#include "io/worker.h"

struct th_limit_shared {
    struct th_str key; /* the caller's, until answered */
    double per_second, burst;
    /* Once, later. known false: Redis did not say (in time), and the caller decides by himself. */
    void (*answered)(struct th_limit_shared *l, bool known);
    bool allowed;
    double tokens; /* left */
};

/* False: there is no Redis to ask, and answered is not called. */
bool th_limit_shared_take(struct th_worker *w, struct th_limit_shared *l);

#endif
