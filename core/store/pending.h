/* SPDX-License-Identifier: Apache-2.0
 *
 * What of a device waits in the outbox, as its owner knows it: how many functions, and the keys that scripts
 * gave them. Read with the device and kept up by the batches, so that its cap is exact without a query. */
#ifndef TH_PENDING_H
#define TH_PENDING_H

#include <stdbool.h>
#include "base/str.h"

#define TH_PENDING_MAX 64 /* functions of one device */

struct th_effect;
struct th_pending_key;

struct th_pending {
    struct th_pending_key *keys; /* each once */
    unsigned count;              /* those without a key included */
};

/* From a JSON array of keys and nulls. */
void th_pending_read(struct th_pending *p, struct th_str json);
void th_pending_free(struct th_pending *p);
/* A TH_EFFECT_LATER of a message that is applied. */
void th_pending_apply(struct th_pending *p, const struct th_effect *e);
/* One has been done; key.p NULL: one without. */
void th_pending_done(struct th_pending *p, struct th_str key);
/* How many there would be after the effects of a message (the whole list). */
unsigned th_pending_after(const struct th_pending *p, const struct th_effect *effects);

#endif
