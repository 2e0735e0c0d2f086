/* SPDX-License-Identifier: Apache-2.0
 *
 * The handler of messages that count: sizes, rates and breakers, then the product's script in force, with its
 * calls recorded. */
#ifndef TH_HANDLER_H
#define TH_HANDLER_H

#include "base/err.h"
#include "store/message.h"

/* Gives the worker's store what it hands messages and commands to. */
int th_handler_start(struct th_worker *w, struct th_error *err) TH_MUST_CHECK;
void th_handler_stop(struct th_worker *w);

#endif
