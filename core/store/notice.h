/* SPDX-License-Identifier: Apache-2.0
 *
 * A notification on its way out: a row of the outbox of kind notify that was taken, or a test of a channel.
 * Whoever makes it (home) owns it; the worker that sends it touches it between the call of send and the mail
 * home, where done() frees it. All text lies in its arena. */
#ifndef TH_NOTICE_H
#define TH_NOTICE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/alloc.h"
#include "base/list.h"
#include "base/str.h"
#include "io/worker.h"

enum th_notice_end {
    TH_NOTICE_SENT,
    TH_NOTICE_FAILED,  /* to be tried again */
    TH_NOTICE_CANCELED /* the process ends; whether it was sent is not known */
};

struct th_notice {
    struct th_mail mail;
    struct th_worker *home;
    void (*done)(struct th_notice *n); /* on home's thread; frees it */
    void *arg;                         /* home's */
    struct th_arena arena;

    struct th_list link; /* home's, in the queue of the outbox */
    int64_t row, product_id, attempts;
    char id[33];                   /* the same in every attempt: receivers tell repeats by it */
    struct th_str product, device; /* p NULL: a test */
    struct th_str body;            /* JSON: {"title", "text", "severity", "data"} */
    int64_t time_ms;               /* when it was committed */
    int64_t channel_id;
    struct th_str channel, notifier, config; /* config: JSON */
    struct th_str sealed;                    /* the channel's secrets; n 0: none */

    int64_t limit_ms; /* it may take that long */

    struct th_list sending; /* the sender's, as is the next */
    void *sender;
    enum th_notice_end end;
    char error[600];        /* of a failure; shows no secret */
    int64_t retry_after_ms; /* asked for by the receiver; 0: nothing */
};

#endif
