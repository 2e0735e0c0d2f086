/* SPDX-License-Identifier: Apache-2.0
 *
 * One transaction of the ingest path: the messages in it, what they change of each device, and how both are
 * written. History goes by binary COPY; device state, command results and new commands by prepared statements
 * over arrays, coalesced per device. The state statement counts the rows it met: a device whose revision is
 * not the one its changes were computed from ends the transaction with SQLSTATE TH001. */
#ifndef TH_BATCH_H
#define TH_BATCH_H

#include "store/copy.h"
#include "store/store.h"

/* What a batch changes of one device; embedded arena memory of the batch. */
struct th_touch {
    struct th_list link;
    struct th_device *device; /* a reference */
    int64_t rev;              /* expected in the database */
    bool presence;
    bool reports; /* reported has members */
    bool kv;      /* changed */
    int64_t seen_ms;
    struct th_alarm_run *alarms; /* newest first; alarm_batch.h */
};

struct th_batch {
    struct th_arena arena;
    struct th_list messages;
    struct th_list touches;
    unsigned count;
    size_t bytes;
    unsigned results; /* command results in it */
};

/* Statements that th_batch_write executes, for th_pg_batch_open. */
extern const char *const th_batch_statements[];

enum { TH_COPY_HISTORY, TH_COPY_EVENTS, TH_COPY_CONNECTIONS, TH_COPY_SEEN, TH_COPY_DEAD, TH_COPY_COUNT };

#define TH_BATCH_COLUMNS 18

struct th_batch_text { /* buffers reused from batch to batch */
    struct th_buf sql;
    struct th_buf scratch;
    struct th_buf column[TH_BATCH_COLUMNS];
    struct th_copy copy[TH_COPY_COUNT];
    struct th_str copies[TH_COPY_COUNT]; /* those in use, in the order of the SQL */
    int ncopies;
};

void th_batch_init(struct th_batch *b);
void th_batch_reset(struct th_batch *b); /* drops device references; messages must be gone */

/* The device's changes in this batch, made on first use; moves the cached revision on. */
struct th_touch *th_batch_touch(struct th_batch *b, struct th_device *d);
void th_batch_write(struct th_store *s, struct th_batch *b, struct th_batch_text *t);
void th_batch_text_free(struct th_batch_text *t);

/* The key of row `index` of a message: the digest with the index worked in; index 0 is the digest itself. */
void th_message_key(const struct th_message *m, unsigned index, unsigned char out[TH_DIGEST_LEN]);

#endif
