/* SPDX-License-Identifier: Apache-2.0
 *
 * One connection to Redis on hiredis' asynchronous interface: looked up, opened, signed in, and opened again
 * after a growing pause whenever it is lost. All on the worker's thread. */
#ifndef TH_REDIS_CONN_H
#define TH_REDIS_CONN_H

#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <uv.h>
#include "io/redis_url.h"
#include "io/worker.h"

struct th_redis_lookup;

struct th_redis_conn {
    struct th_worker *w;
    const struct th_redis_url *url;
    redisAsyncContext *ac; /* NULL: none */
    bool up;               /* signed in */
    bool stopping;
    unsigned attempts;
    uv_timer_t timer;               /* a pause, or the deadline of opening */
    struct th_redis_lookup *lookup; /* under way */
    /* Commands may be sent from up on. After down, those without an answer are called back with NULL. */
    void (*on_up)(struct th_redis_conn *c);
    void (*on_down)(struct th_redis_conn *c);
    void (*on_closed)(struct th_redis_conn *c); /* the memory may go */
};

/* c is zeroed but for the callbacks. */
void th_redis_conn_open(struct th_redis_conn *c, struct th_worker *w, const struct th_redis_url *url);
/* What it carries is in doubt: gives it up and opens another. */
void th_redis_conn_reset(struct th_redis_conn *c, const char *why);
void th_redis_conn_close(struct th_redis_conn *c);

#endif
