/* SPDX-License-Identifier: Apache-2.0
 *
 * Shared by the files of the outbox. It has a queue for each kind of rows, with a clock, caps and a turn of
 * its own, so that neither kind waits for the other. */
#ifndef TH_OUTBOX_PRIVATE_H
#define TH_OUTBOX_PRIVATE_H

#include "io/pg.h"
#include "store/outbox.h"

#define TH_OUTBOX_POLL_MS 2000 /* what other instances committed is not told: looked for this often */
#define TH_OUTBOX_PACE_MS 10   /* between two takes, however many are due */
#define TH_OUTBOX_TAKE_MAX 64

struct th_outbox_queue {
    struct th_outbox *outbox;
    void (*take)(struct th_outbox_queue *q);
    uv_timer_t timer;
    uint64_t armed_ms; /* when it rings, in uv_now() */
    struct th_list running;
    unsigned count;
    bool taking;
    bool more;  /* there may be others due than those that run */
    bool again; /* woken while taking: what that was about may not have been seen */
};

struct th_outbox {
    struct th_store *store;               /* NULL: stopped, lives until what it asked has come back */
    struct th_outbox_queue later, notify; /* the first worker's */
    unsigned asking;                      /* queries under way, and after the end the timers that close */
    bool draining;
    int64_t *full; /* ids of products; every worker's own */
    size_t nfull;
};

/* Has the queue take what is due in so many ms, or sooner when it was told so already. */
void th_outbox_look_in(struct th_outbox_queue *q, int64_t ms);
/* False: not now (looked for again by itself). */
bool th_outbox_may_take(struct th_outbox_queue *q, unsigned running_max);
/* Asks for rows; on_taken gets the queue and begins with th_outbox_taken(). */
void th_outbox_ask(
    struct th_outbox_queue *q, const char *sql, int nparams, const char *const *params, th_pg_cb on_taken);
/* False: there is nothing to start, or nobody any more. */
bool th_outbox_taken(struct th_outbox_queue *q, const struct th_pg_outcome *r);
/* After all was started; next_ms: when the next row is due. */
void th_outbox_started(struct th_outbox_queue *q, bool any, unsigned running_max, int64_t next_ms);

/* The row's key and id of its run or notification: a digest of its number and when it was made, both as
 * text. */
void th_outbox_digest(unsigned char sum[32], const char *id, const char *created);

/* ---- the end of a row that was taken; each is one statement ---- */

/* It was done and has no effects. */
void th_outbox_done(struct th_outbox *o, int64_t row);
/* Tried again after the pause that its attempts call for; dead after the last. */
struct th_outbox_failure {
    int64_t row, attempts;
    struct th_str why;
    struct th_str device; /* whose waiting rows are counted anew when it is dead; n 0: none's */
    int64_t at_least_ms;  /* of the pause */
    bool now;             /* dead at once */
    bool notice;          /* which counter */
};
void th_outbox_failed(struct th_outbox *o, const struct th_outbox_failure *f);
/* The attempt does not count. */
void th_outbox_put_back(struct th_outbox *o, int64_t row, int64_t in_ms);

/* ---- the queues ---- */
void th_outbox_take_later(struct th_outbox_queue *q);
void th_outbox_take_notify(struct th_outbox_queue *q);

/* ---- products with too many rows ---- */
void th_outbox_count_rows(struct th_worker *w, void *store); /* a job of the first worker */

#endif
