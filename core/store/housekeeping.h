/* SPDX-License-Identifier: Apache-2.0
 *
 * What is done again and again, by the first worker of each instance; every job is safe to run in several
 * instances at once: partitions ahead and retention behind, commands whose time is over, queued commands of
 * devices that are online, presence checked against the brokers. */
#ifndef TH_HOUSEKEEPING_H
#define TH_HOUSEKEEPING_H

#include "store/store.h"

void th_housekeeping_start(struct th_store *s);

/* presence_check.c */
void th_presence_check(struct th_worker *w, void *store);

#endif
