/* SPDX-License-Identifier: Apache-2.0
 *
 * Commands on their way to a device. A command is a row from the moment it is asked for; it is sent when the
 * broker's subscription list has the device's topic. Claim (message id fixed, attempt counted, lease taken)
 * -> publish -> record as sent. A process that dies between publish and record leaves a claim whose lease
 * ends; the command is then sent again under the same id. The reply deletes the row and writes the log in one
 * statement, so its result counts once. */
#ifndef TH_COMMAND_H
#define TH_COMMAND_H

#include "store/store.h"

struct th_command_due {
    int64_t device_id;
    struct th_str device_key;
};

int th_commands_start(struct th_store *s, struct th_error *err) TH_MUST_CHECK;
/* No new sending; what waits for its time is given up (the rows stay), what is under way ends. */
void th_commands_drain(struct th_store *s);
bool th_commands_idle(const struct th_store *s);
void th_commands_free(struct th_store *s);

/* A device subscribed to `filter` (what follows {productId}/{deviceId}/): if commands go there, send what is
 * due. */
void th_command_subscribed(struct th_store *s, const struct th_command_due *due, struct th_str filter);

/* From any thread: try to send what is queued for the device now. */
void th_command_wake(struct th_runtime *rt, int64_t device_id, struct th_str device_key);

#endif
