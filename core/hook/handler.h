/* SPDX-License-Identifier: Apache-2.0
 *
 * What a device's message means: read by the protocol (on the worker that took it in), handled by the
 * product's Lua (on the device's worker), turned into effects. */
#ifndef TH_HANDLER_H
#define TH_HANDLER_H

#include "base/err.h"
#include "store/message.h"

/* Reads the payload of a publish by its topic's rules; marks the message dead, with a reply to the device
 * where the protocol has one. */
void th_handler_read(struct th_message *m, const struct th_conf *conf);

int th_handler_start(struct th_worker *w, struct th_error *err) TH_MUST_CHECK;
void th_handler_stop(struct th_worker *w);

#endif
