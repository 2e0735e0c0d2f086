/* SPDX-License-Identifier: Apache-2.0
 *
 * Redis, where one is configured: it makes instances share what each could do alone. So it is never waited
 * for: a command without an answer within redis.timeout is over, and while one is overdue new ones are
 * refused at once. Callers go on without it. A part of each worker; all on the worker's thread. */
#ifndef TH_REDIS_H
#define TH_REDIS_H

#include <stdatomic.h>
#include "base/str.h"
#include "io/worker.h"

struct redisReply;

/* code 0: reply, during the callback; it may be of the type error, which was counted and logged.
 * -TH_ETIMEOUT, -TH_EUNAVAIL: nobody knows whether it was done. */
typedef void (*th_redis_cb)(void *arg, int code, const struct redisReply *reply);

/* From any thread. */
struct th_redis_counts {
    _Atomic uint64_t commands, timeouts, failures;
    _Atomic int up; /* connections that can be used */
};

/* Checks the configuration: 0 also when none is configured. */
int th_redis_check(const struct th_conf *conf, struct th_error *err) TH_MUST_CHECK;

int th_redis_start(struct th_worker *w, struct th_error *err) TH_MUST_CHECK;
/* Commands under way are called back with -TH_ECANCELED. */
void th_redis_stop(struct th_worker *w);

/* A command would be tried now. False also when none is configured. */
bool th_redis_ready(const struct th_worker *w);

/* Arguments are copied. Never calls back inside; calls back once, or is refused: -TH_EUNAVAIL when none is
 * configured, away or slow, -TH_EBUSY over TH_REDIS_COMMANDS_MAX without an answer. cb NULL: nobody waits. */
int th_redis_command(
    struct th_worker *w, int argc, const struct th_str *argv, th_redis_cb cb, void *arg) TH_MUST_CHECK;
#define TH_REDIS_COMMANDS_MAX 4096
#define TH_REDIS_ARGS_MAX 16

/* The first worker only, once, before traffic: messages published on the channel. on_new: the subscription
 * stands, for the first time or again; what came before it is lost. */
void th_redis_listen(struct th_worker *w, const char *channel,
    void (*on_message)(void *arg, struct th_str payload), void (*on_new)(void *arg), void *arg);

void th_redis_unlisten(struct th_worker *w);

/* Appends redis.prefix:NAME. */
void th_redis_key(const struct th_worker *w, const char *name, struct th_buf *out);

const struct th_redis_counts *th_redis_counts_of(const struct th_worker *w); /* NULL: none configured */

#endif
