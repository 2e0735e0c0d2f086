/* SPDX-License-Identifier: Apache-2.0 */
#include "bind/limit_shared.h"

#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>

#include "io/redis.h"

/* Time is Redis' own, so that instances whose clocks differ agree. ARGV: tokens per second, the most there
 * are. A bucket that is full again needs no memory. */
#define SCRIPT                                                                                                 \
    "local t = redis.call('TIME')\n"                                                                           \
    "local now, rate, burst = t[1] * 1000000 + t[2], tonumber(ARGV[1]), tonumber(ARGV[2])\n"                   \
    "local b = redis.call('HMGET', KEYS[1], 'tokens', 'at')\n"                                                 \
    "local tokens, at = tonumber(b[1]) or burst, tonumber(b[2]) or now\n"                                      \
    "tokens = math.min(burst, tokens + math.max(0, now - at) / 1000000 * rate)\n"                              \
    "local allowed = tokens >= 1\n"                                                                            \
    "if allowed then tokens = tokens - 1 end\n"                                                                \
    "redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'at', string.format('%.0f', now))\n" \
    "redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000) + 1000)\n"                                  \
    "return {allowed and 1 or 0, string.format('%.6f', tokens)}\n"

static bool take_answer(struct th_limit_shared *l, const redisReply *reply)
{
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2 ||
        reply->element[0]->type != REDIS_REPLY_INTEGER || reply->element[1]->type != REDIS_REPLY_STRING)
        return false;
    l->allowed = reply->element[0]->integer == 1;
    l->tokens = atof(reply->element[1]->str);
    return true;
}

static void on_reply(void *arg, int code, const struct redisReply *reply)
{
    struct th_limit_shared *l = arg;
    l->answered(l, code == 0 && take_answer(l, reply));
}

bool th_limit_shared_take(struct th_worker *w, struct th_limit_shared *l)
{
    char rate[32], burst[32];
    struct th_buf key = {0};
    if (!th_redis_ready(w))
        return false;
    snprintf(rate, sizeof rate, "%.9f", l->per_second);
    snprintf(burst, sizeof burst, "%.0f", l->burst);
    th_redis_key(w, "limit:", &key);
    th_buf_str(&key, l->key);
    struct th_str argv[] = {
        TH_STR("EVAL"), TH_STR(SCRIPT), TH_STR("1"), th_buf_view(&key), th_str(rate), th_str(burst)};
    bool sent = th_redis_command(w, 6, argv, on_reply, l) == 0;
    th_buf_free(&key);
    return sent;
}
