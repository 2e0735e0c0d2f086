/* SPDX-License-Identifier: Apache-2.0
 *
 * Shared by ingest.c (the way forward) and ingest_undo.c (the way back) only. */
#ifndef TH_INGEST_PRIVATE_H
#define TH_INGEST_PRIVATE_H

#include "store/batch.h"
#include "store/ingest.h"
#include "store/suspect.h"

struct th_ingest {
    struct th_pg_batch *db;
    struct th_batch batches[2];
    struct th_batch *open, *flying; /* being filled, on its way (when running) */
    struct th_batch_text text;
    bool running;
    bool asking;            /* the keys of redo are being asked for */
    bool redo_unknown;      /* redo comes from a batch whose commit may have happened */
    struct th_list redo;    /* messages of undone batches, until their keys are known */
    struct th_list pending; /* taken while the open batch was full */
    struct th_list alone;   /* of devices that PostgreSQL refused rows of: each goes in a batch by itself */
    bool alone_turn;        /* an alone message goes before the pending ones */
    bool sealed;            /* the open batch takes no more */
    struct th_suspects suspects;
    size_t limit;           /* messages per batch now */
    unsigned redo_left;     /* messages that run again and have no verdict yet */
    unsigned held;          /* messages taken and without a verdict */
    uint64_t started_us;    /* when the batch on its way was sent */
    uint64_t away_since_us; /* PostgreSQL is away or too slow; 0: it is not */
    uv_check_t check;
    uv_timer_t sweep;
    int closed;
};

void th_ingest_finish(struct th_store *s, struct th_message *m, enum th_verdict verdict);
void th_ingest_again(struct th_store *s, struct th_message *m);
/* MQTT's dup flag: is the same payload there already, under another time? */
void th_ingest_check_dup(struct th_store *s, struct th_message *m);
void th_ingest_undo(struct th_store *s, const struct th_pg_outcome *o);
/* Asks for the keys of redo and runs the rest again; nothing to do when redo is empty or PostgreSQL away. */
void th_ingest_recover(struct th_store *s);
/* While PostgreSQL is away: what is held goes to the spool; what that does not take is answered 503 after
 * hook.timeout. */
void th_ingest_shed(struct th_store *s);
void th_ingest_refuse_all(struct th_store *s);
void th_device_settle(struct th_device *d);
void th_store_closed(struct th_store *s);

#endif
