/* SPDX-License-Identifier: Apache-2.0
 *
 * What is to be done after a commit: rows of the table outbox. The first worker of each instance takes what
 * is due (FOR UPDATE SKIP LOCKED, a lease). What fails is tried again with growing pauses; after
 * outbox.attempts the row is dead and stays for people.
 *
 * A function that was put off (thing.later) goes as a message of kind TH_HOOK_TIMER to the worker that owns
 * the device. The message's effects and the end of the row are one commit; its key comes from the row, so a
 * run whose end nobody learned of is found out and not repeated.
 *
 * A notification (thing.notify) goes to the worker that its channel falls to; the row ends by itself once it
 * was sent. One whose end nobody learned of is sent again under the same id. */
#ifndef TH_OUTBOX_H
#define TH_OUTBOX_H

#include "store/store.h"

struct th_outbox_row { /* what a message of kind TH_HOOK_TIMER is the run of */
    struct th_list link;
    int64_t id, product_id;
    int64_t attempts;  /* this one included */
    struct th_str key; /* p NULL: none */
    struct th_str function;
    bool forwarded; /* by another device: not among those that are counted with this one */
    bool waited; /* its function has waited for something outside: its effects are kept when a batch is undone
                  */
};

#define TH_OUTBOX_RUNNING_MAX 256 /* of one instance */
#define TH_OUTBOX_PRODUCT_MAX 32  /* of one product in it */

/* Notifications being sent, of one instance; of one channel and of one product in it. */
#define TH_OUTBOX_NOTIFY_MAX 256
#define TH_OUTBOX_CHANNEL_MAX 4
#define TH_OUTBOX_PRODUCT_NOTIFY_MAX 32

/* Why a row is dead at once: a function for another device, a notification. */
#define TH_OUTBOX_NO_DEVICE "there is no such device in the product"
#define TH_OUTBOX_NO_CHANNEL "there is no channel of this name that is open to the product"
#define TH_OUTBOX_CHANNEL_OFF "the channel is disabled"

/* On every worker; the first one takes. */
void th_outbox_start(struct th_store *s);
/* Takes no more, and has functions that wait canceled; their rows are put back. */
void th_outbox_drain(struct th_store *s);
bool th_outbox_idle(const struct th_store *s);
void th_outbox_stop(struct th_store *s);

/* From any thread, after a commit: something is due in so many ms. */
void th_outbox_wake(struct th_runtime *rt, int64_t in_ms);
/* The product has as many rows as outbox.product_rows, as of some seconds ago. */
bool th_outbox_full(const struct th_store *s, int64_t product_id);

#endif
