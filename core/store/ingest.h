/* SPDX-License-Identifier: Apache-2.0
 *
 * The way of a message in the worker that owns its device: known key? -> handler -> effects applied to the
 * cached device -> batch -> COMMIT -> verdict. The next batch starts when the last one returns, so batches
 * grow with load and no timer runs when idle.
 *
 * A batch that fails is undone in memory too: the cached state of every device in it, and in the batch being
 * filled behind it, is dropped; the keys that are already in the database are asked for; those messages are
 * answered as duplicates with none of their effects, the rest is run again. Handlers have no outside effects,
 * so a second run is harmless. When PostgreSQL refuses a row, the batch limit is halved until the row stands
 * alone; it goes to the dead letters. */
#ifndef TH_INGEST_H
#define TH_INGEST_H

#include "store/store.h"

int th_ingest_start(struct th_store *s, struct th_error *err) TH_MUST_CHECK;
void th_ingest_stop(struct th_store *s);

/* Takes the message over; its done() is mailed home exactly once. On the owner's thread. */
void th_ingest_take(struct th_store *s, struct th_message *m);
/* The function of a message that was `waiting` has ended: its effects are there, or it is marked dead, or
 * canceled (put back, as if it had not been run). On the owner's thread. */
void th_ingest_resume(struct th_store *s, struct th_message *m, bool canceled);
/* Nothing is being committed or waits for it. */
bool th_ingest_idle(const struct th_store *s);

#endif
