/* SPDX-License-Identifier: Apache-2.0 */
#include "hook/auth_nonce.h"

#include <hiredis/hiredis.h>
#include <string.h>

#include "base/hex.h"
#include "io/redis.h"
#include "sec/digest.h"
#include "store/store.h"

static bool remember(struct th_device *d, uint64_t mark)
{
    for (int i = 0; i < TH_NONCES; i++)
        if (d->nonces[i] == mark)
            return false;
    d->nonces[d->nonce_next] = mark;
    d->nonce_next = (uint8_t)((d->nonce_next + 1) % TH_NONCES);
    return true;
}

/* What was set is new; nothing: somebody has set it before. Anything else is no answer. */
static void on_reply(void *arg, int code, const struct redisReply *reply)
{
    struct th_auth *a = arg;
    if (code == -TH_ECANCELED)
        return; /* the process ends, and the store has gone */
    a->on_nonce(a, code != 0 || reply->type != REDIS_REPLY_NIL);
}

void th_auth_nonce_take(
    struct th_auth *a, struct th_device *d, int64_t window_ms, void (*done)(struct th_auth *a, bool fresh))
{
    unsigned char hash[32];
    char digest[65], ms[TH_INT_MAX + 1];
    uint64_t mark;
    struct th_buf key = {0};
    struct th_str parts[] = {a->device, {"", 1}, a->password};
    th_sha256(hash, parts, 3);
    memcpy(&mark, hash, sizeof mark);
    if (!remember(d, mark | 1)) { /* 0 is an empty place */
        done(a, false);
        return;
    }
    th_hex_encode(digest, hash, 16);
    ms[th_str_put_int(ms, 2 * window_ms)] = '\0';
    th_redis_key(a->store->w, "nonce:", &key);
    th_buf_puts(&key, digest);
    struct th_str argv[] = {
        TH_STR("SET"), th_buf_view(&key), TH_STR("1"), TH_STR("NX"), TH_STR("PX"), th_str(ms)};
    a->on_nonce = done;
    int rc = th_redis_command(a->store->w, 6, argv, on_reply, a);
    th_buf_free(&key);
    if (rc != 0)
        done(a, true);
}
