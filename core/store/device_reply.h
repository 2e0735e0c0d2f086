/* SPDX-License-Identifier: Apache-2.0
 *
 * Replies to devices: published after the commit, QoS 2, not retained. They are not durable: a device that
 * hears nothing asks again, and its repeated message finds its key in the database. */
#ifndef TH_DEVICE_REPLY_H
#define TH_DEVICE_REPLY_H

#include "store/store.h"

/* Copies both texts; counts what the broker does not take. */
void th_reply_send(struct th_store *s, int node, struct th_str topic, struct th_str payload);

#endif
