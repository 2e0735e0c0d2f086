/* SPDX-License-Identifier: Apache-2.0
 *
 * The handler of messages that count: sizes, rates and breakers, then the product's script in force, with its
 * calls recorded. */
#ifndef TH_HANDLER_H
#define TH_HANDLER_H

#include "base/err.h"
#include "script/task.h"
#include "store/store.h"

/* Gives the worker's store what it hands messages and commands to. */
int th_handler_start(struct th_worker *w, struct th_error *err) TH_MUST_CHECK;
void th_handler_stop(struct th_worker *w);
/* True when the script may not be called for it now: it is switched off, or the device's breaker is open. The
 * message is kept by the product's on_script_error then: dead, or the rows of what it reported. */
bool th_handler_barred(struct th_store *s, struct th_message *m);
/* A call failed: what it asked for is dropped, the message is kept likewise, and a kill is noted for the
 * breaker. */
void th_handler_failed(struct th_store *s, struct th_message *m, const struct th_report *report);

#endif
