// SPDX-License-Identifier: Apache-2.0
//
// thing.replay(body, mtls) -> verdict, reason, detail: a kept hook goes the way of a new one, through the
// scripts in force now. Its message key answers for what was stored before, so its effects come once. Waits
// until the effects are committed. Verdicts: stored, duplicate, ignored, dead (with reason and detail),
// retry.
#include "base/clock.h"
#include "bind/api_task.h"
#include "store/ingest.h"
#include "store/store.h"

struct replay {
    struct th_api_task *task;
    struct th_message *message; /* once it is done; freed by the continuation */
};

static const char *verdict_name(enum th_verdict v)
{
    switch (v) {
    case TH_VERDICT_STORED:
        return "stored";
    case TH_VERDICT_DUPLICATE:
        return "duplicate";
    case TH_VERDICT_DEAD:
    case TH_VERDICT_REFUSED:
        return "dead";
    case TH_VERDICT_IGNORED:
        return "ignored";
    default:
        return "retry";
    }
}

static void on_done(struct th_message *m)
{
    struct replay *r = m->request;
    r->message = m;
    th_api_resume(r->task);
}

static void on_owner(struct th_worker *w, struct th_mail *mail)
{
    th_ingest_take(w->store, th_container_of(mail, struct th_message, mail));
}

static int finish(lua_State *L, int status, lua_KContext context)
{
    struct replay *r = (struct replay *)context;
    struct th_message *m = r->message;
    lua_pushstring(L, verdict_name(m->verdict));
    bool dead = m->verdict == TH_VERDICT_DEAD;
    lua_pushstring(L, dead ? m->dead_reason : NULL);
    lua_pushstring(L, dead ? m->dead_detail : NULL);
    th_arena_free(&m->arena);
    th_free(m);
    return 3;
}

int th_api_replay(lua_State *L)
{
    struct th_api_task *t = th_api_task_of(L);
    size_t n;
    const char *body = luaL_checklstring(L, 1, &n);
    bool mtls = lua_toboolean(L, 2);
    struct replay *r = th_arena_zalloc(&t->arena, sizeof *r);
    struct th_message *m = th_calloc(1, sizeof *m);
    th_arena_init(&m->arena);
    m->home = t->api->w;
    m->done = on_done;
    m->request = r;
    m->arrived_us = th_clock_mono_us();
    m->bytes = n;
    m->body = (struct th_str){th_arena_dup(&m->arena, body, n), n};
    m->mtls = mtls;
    m->replay = true;
    r->task = t;
    m->home->rt->shared->revive(m);
    if (m->dead_reason != NULL || m->kind == TH_HOOK_OTHER) {
        m->verdict = m->dead_reason != NULL ? TH_VERDICT_DEAD : TH_VERDICT_IGNORED;
        r->message = m;
        return finish(L, LUA_OK, (lua_KContext)r);
    }
    m->mail.run = on_owner;
    th_worker_post(th_worker_of_device(m->home->rt, m->device_key), &m->mail);
    return th_api_wait_with(L, t, finish, (lua_KContext)r);
}
