/* SPDX-License-Identifier: Apache-2.0
 *
 * The last events a worker has seen, and ids that say how far a listener has got: BOOT-SECONDS-SEQ.SEQ...,
 * one number per worker where events come from, since events of two workers have no order. */
#ifndef TH_LIVE_RING_H
#define TH_LIVE_RING_H

#include "store/live.h"

#define TH_LIVE_RING_MAX 4096
#define TH_LIVE_RING_BYTES (1u << 20)

struct th_live_ring {
    char boot[20];                 /* of the process: ids of another one are not understood */
    unsigned origins;              /* workers */
    struct th_live_event **events; /* circular, oldest at `first` */
    unsigned first, n;
    size_t bytes;
    uint64_t *seen;    /* per origin: the newest pushed */
    uint64_t *dropped; /* per origin: the newest that is no longer here */
};

struct th_live_event *th_live_event_new(
    enum th_live_kind kind, int64_t product_id, struct th_str device, struct th_str data);
void th_live_event_unref(struct th_live_event *e);

void th_live_ring_init(struct th_live_ring *r, int64_t boot, unsigned origins);
void th_live_ring_free(struct th_live_ring *r);
/* Takes the reference over. */
void th_live_ring_push(struct th_live_ring *r, struct th_live_event *e);
static inline const struct th_live_event *th_live_ring_at(const struct th_live_ring *r, unsigned i)
{
    return r->events[(r->first + i) % TH_LIVE_RING_MAX];
}

/* out: TH_LIVE_ID_MAX bytes. seqs: per origin. */
struct th_str th_live_id_write(const struct th_live_ring *r, const uint64_t *seqs, int64_t now_s, char *out);
/* False: of another process, older than TH_LIVE_RESUME_S, damaged, or from before what is still here. */
bool th_live_id_read(const struct th_live_ring *r, struct th_str id, int64_t now_s, uint64_t *seqs);

#endif
