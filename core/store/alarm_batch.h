/* SPDX-License-Identifier: Apache-2.0
 *
 * Alarms in a batch: what its messages make of each alarm is gathered per device, so that one that is raised
 * at every message costs a batch one update. Texts stay in the messages' arenas, which live as long. */
#ifndef TH_ALARM_BATCH_H
#define TH_ALARM_BATCH_H

#include "store/batch.h"

/* Prepared by the batch's connection. */
extern const char th_alarm_known_sql[], th_alarm_fresh_sql[];

/* Carries the call out on the device and notes it for the batch. */
void th_alarm_apply(
    struct th_batch *b, struct th_touch *t, const struct th_message *m, struct th_alarm_call *call);
/* Adds the statements, if the batch has any alarms. Once per batch. */
void th_alarm_write(struct th_batch *b, struct th_batch_text *t);

#endif
