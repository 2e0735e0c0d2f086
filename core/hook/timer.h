/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs functions that scripts put off (thing.later), in the generation in force now. One that waits for
 * something outside leaves its worker free; it ends in the generation it began in. */
#ifndef TH_TIMER_H
#define TH_TIMER_H

#include "store/store.h"

/* Gives the store what it runs and cancels them with. */
void th_timer_start(struct th_store *s);

#endif
