// SPDX-License-Identifier: Apache-2.0
//
// thing.limit(key, per_minute, burst) -> allowed, remaining, seconds: one token bucket per key, for all
// instances that share a Redis, and for the whole process while there is none that answers. A bucket of the
// process belongs to one worker by the hash of its key, so it needs no lock; asking costs a message there and
// back. seconds: until the next request is allowed, or until the bucket is full.
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "bind/api_task.h"
#include "bind/limit_shared.h"

#define SETS 4096 /* per worker */
#define WAYS 4
#define KEY_MAX 128

struct bucket {
    uint64_t hash;
    double tokens;
    uint64_t at_us; /* 0: never used */
};

/* A bucket that is needed for another key is the one that rested longest; it comes back full. */
struct th_limits {
    struct bucket sets[SETS][WAYS];
};

struct question {
    struct th_mail mail;
    struct th_worker *home;
    struct th_api_task *task;
    uint64_t hash;
    char key[KEY_MAX];
    struct th_limit_shared limit; /* what is asked, and the answer */
};

static struct bucket *find(struct th_limits *limits, uint64_t hash)
{
    struct bucket *set = limits->sets[hash % SETS], *oldest = set;
    for (int i = 0; i < WAYS; i++) {
        if (set[i].hash == hash && set[i].at_us != 0)
            return &set[i];
        if (set[i].at_us < oldest->at_us)
            oldest = &set[i];
    }
    return oldest;
}

static void take(struct th_limits *limits, struct question *q)
{
    struct bucket *b = find(limits, q->hash);
    uint64_t now = th_clock_mono_us();
    if (b->at_us == 0 || b->hash != q->hash) {
        *b = (struct bucket){.hash = q->hash, .tokens = q->limit.burst, .at_us = now};
    } else {
        double more = (double)(now - b->at_us) / 1e6 * q->limit.per_second;
        b->tokens = b->tokens + more > q->limit.burst ? q->limit.burst : b->tokens + more;
        b->at_us = now;
    }
    q->limit.allowed = b->tokens >= 1;
    if (q->limit.allowed)
        b->tokens -= 1;
    q->limit.tokens = b->tokens;
}

static void finish(struct question *q)
{
    struct th_api_task *t = q->task;
    t->extra = &q->limit;
    th_api_resume(t);
    th_free(q);
}

static void on_home(struct th_worker *w, struct th_mail *m)
{
    finish(th_container_of(m, struct question, mail));
}

/* An owner that has stopped its API lets everything pass. */
static void on_owner(struct th_worker *w, struct th_mail *m)
{
    struct question *q = th_container_of(m, struct question, mail);
    q->limit.allowed = true;
    if (w->api != NULL)
        take(w->api->limits, q);
    q->mail.run = on_home;
    th_worker_post(q->home, &q->mail);
}

static void ask_owner(struct question *q)
{
    struct th_runtime *rt = q->home->rt;
    q->mail.run = on_owner;
    th_worker_post(&rt->workers[q->hash / SETS % (unsigned)rt->worker_count], &q->mail);
}

static void on_shared(struct th_limit_shared *l, bool known)
{
    struct question *q = th_container_of(l, struct question, limit);
    if (known)
        finish(q);
    else
        ask_owner(q);
}

static int answered(lua_State *L, int status, lua_KContext ctx)
{
    const struct th_limit_shared *l = th_api_task_of(L)->extra;
    double missing = l->allowed ? l->burst - l->tokens : 1 - l->tokens;
    lua_pushboolean(L, l->allowed);
    lua_pushinteger(L, (lua_Integer)l->tokens);
    lua_pushinteger(L, (lua_Integer)(missing / l->per_second) + (missing > 0));
    return 3;
}

int th_api_limit(lua_State *L)
{
    struct th_api_task *t = th_api_task_of(L);
    struct th_str key;
    key.p = luaL_checklstring(L, 1, &key.n);
    lua_Number per_minute = luaL_checknumber(L, 2), burst = luaL_checknumber(L, 3);
    luaL_argcheck(L, key.n <= KEY_MAX, 1, "key too long");
    luaL_argcheck(L, per_minute > 0 && burst >= 1, 2, "no room for a single request");
    struct question *q = th_calloc(1, sizeof *q);
    q->home = t->api->w;
    q->task = t;
    q->hash = th_str_hash(key);
    memcpy(q->key, key.p, key.n);
    q->limit = (struct th_limit_shared){
        .key = {q->key, key.n}, .per_second = per_minute / 60, .burst = burst, .answered = on_shared};
    if (!th_limit_shared_take(q->home, &q->limit))
        ask_owner(q);
    return th_api_wait(L, t, answered);
}

struct th_limits *th_limits_new(void)
{
    return th_calloc(1, sizeof(struct th_limits));
}

void th_limits_free(struct th_limits *limits)
{
    th_free(limits);
}
