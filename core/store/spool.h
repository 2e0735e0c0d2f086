/* SPDX-License-Identifier: Apache-2.0
 *
 * Where hooks wait while PostgreSQL is away or slow. One per process, with a thread of its own for the
 * blocking file calls. What passed token, envelope, topic and ownership is appended, fsynced (many at a time)
 * and answered 200; handlers and effects run on the way out, in the order of the file, so that a device's
 * messages stay in order. A device with messages in the spool has its newer ones appended behind them.
 *
 * Nothing is written about what was drained: a segment is deleted when all its messages have their verdict,
 * and after a crash it is drained from its start again; message keys answer for what was already stored.
 *
 * Full: spool.max_bytes in all, spool.device_bytes for one device, or the oldest message older than
 * spool.max_age. Then, and when the disk does not take it, the message is answered 503. */
#ifndef TH_SPOOL_H
#define TH_SPOOL_H

#include "store/message.h"

struct th_spool;
struct th_store;

/* Main thread, before the workers start: locks the folder (a second instance is refused), reads what is
 * there. */
int th_spool_open(struct th_spool **out, const struct th_conf *conf, struct th_error *err) TH_MUST_CHECK;
/* On a worker's thread, before its doors open: the store learns which of its devices have messages in the
 * spool. */
void th_spool_attach(struct th_spool *sp, struct th_store *s);
/* Main thread, once the workers run: starts the thread. */
int th_spool_start(struct th_spool *sp, struct th_runtime *rt, struct th_error *err) TH_MUST_CHECK;
/* Main thread, before the workers stop: no more draining; what was handed over is still written. */
void th_spool_stop(struct th_spool *sp);
/* Main thread, when the workers have stopped. */
void th_spool_close(struct th_spool *sp);

/* On the owner's thread. False: full for this device or at all. True: the message was taken over, its verdict
 * (SPOOLED or RETRY) follows. */
bool th_spool_append(struct th_store *s, struct th_message *m);
bool th_spool_holds(const struct th_store *s, struct th_str device_key);
/* Whether the spool takes messages now. */
bool th_spool_has_room(struct th_store *s, const struct th_message *m);

/* Any thread: PostgreSQL is away for one worker more (+1) or less (-1); nothing is drained while any is. */
void th_spool_database(struct th_spool *sp, int away);

struct th_spool_state {
    int64_t messages, bytes;
    int64_t oldest_ms; /* arrival of the oldest; 0 when empty */
    int64_t recovered; /* messages found at the start */
    int64_t damaged;   /* bytes found that were no record */
};
void th_spool_state(struct th_spool *sp, struct th_spool_state *out);

#endif
