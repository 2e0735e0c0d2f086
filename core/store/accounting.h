/* SPDX-License-Identifier: Apache-2.0
 *
 * Does it add up? Within one process:
 *   received + found in the spool = stored + duplicate + dead + refused + ignored + retry + in flight + in
 * the spool Counters of several threads are read one after the other, so a difference means something only
 * when it stays. */
#ifndef TH_ACCOUNTING_H
#define TH_ACCOUNTING_H

#include "store/store.h"

/* Left side minus right side, now. From any thread. */
int64_t th_accounting_difference(struct th_runtime *rt);

/* Housekeeping job: says so when the same difference is seen three times in a row. */
void th_accounting_watch(struct th_worker *w, void *store);

#endif
