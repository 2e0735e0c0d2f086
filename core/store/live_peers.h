/* SPDX-License-Identifier: Apache-2.0
 *
 * Live events between instances, over Redis (store/live_wire.h says what is said). Each instance tells what
 * its listeners want, and the others send only that. Nothing of it is waited for: an instance that missed
 * something makes its listeners look for themselves. Without Redis every instance has its own events only. */
#ifndef TH_LIVE_PEERS_H
#define TH_LIVE_PEERS_H

#include "store/live.h"

struct th_live_peers; /* of the first worker; NULL elsewhere, and without Redis */

struct th_live_peers *th_live_peers_new(struct th_worker *w);
void th_live_peers_free(struct th_live_peers *peers);

/* What this process wants has changed: it is told soon. */
void th_live_peers_changed(struct th_live_peers *peers);
/* This worker's events; those that came from elsewhere, or that nobody elsewhere wants, are passed over.
 * *lost: some before did not get out; set and cleared here. */
void th_live_peers_send(struct th_worker *w, struct th_live_event *const *events, unsigned n, bool *lost);
/* Rights have changed here. */
void th_live_peers_recheck(struct th_live_peers *peers);

#endif
