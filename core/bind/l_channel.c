// SPDX-License-Identifier: Apache-2.0
//
// thing.notifiers for trusted code:
//
//   list() -> JSON array (notifiers.h)
//   hosts(notifier, config) -> JSON array, or nil, reason, code; config: JSON with the secrets in it
//   send{ notifier =, channel =, channel_id =, config =, sealed = nil, body = } -> true and the
//   notification's
//     id, or nil and a reason; config and body: JSON, sealed: bytes          waits
#include "base/clock.h"
#include "base/hex.h"
#include "bind/api_task.h"
#include "bind/bind.h"
#include "bind/notifiers.h"
#include "sec/rand.h"

#define LIMIT_MS 20000

static int notifiers_list(lua_State *L)
{
    struct th_buf *out = &th_api_of(L)->state->out;
    th_buf_reset(out);
    th_notifiers_about(th_api_of(L)->w, out);
    lua_pushlstring(L, out->p, out->n);
    return 1;
}

static int notifiers_hosts(lua_State *L)
{
    struct th_buf *out = &th_api_of(L)->state->out;
    struct th_error err;
    th_buf_reset(out);
    if (th_notifiers_hosts(th_api_of(L)->w, th_bind_str(L, 1), th_bind_str(L, 2), out, &err) != 0)
        return th_bind_error(L, &err);
    lua_pushlstring(L, out->p, out->n);
    return 1;
}

static int sent(lua_State *L, int status, lua_KContext context)
{
    const struct th_notice *n = th_api_task_of(L)->extra;
    if (n->end == TH_NOTICE_SENT)
        lua_pushboolean(L, 1);
    else
        lua_pushnil(L);
    lua_pushstring(L, n->end == TH_NOTICE_SENT     ? n->id
                      : n->end == TH_NOTICE_FAILED ? n->error
                                                   : "the server is about to stop");
    return 2;
}

static void on_done(struct th_notice *n)
{
    struct th_api_task *t = n->arg;
    t->extra = n;
    th_api_resume(t);
    th_arena_free(&n->arena);
    th_free(n);
}

static struct th_str kept(struct th_notice *n, struct th_str s)
{
    return s.p == NULL ? s : (struct th_str){th_arena_dup(&n->arena, s.p, s.n), s.n};
}

static int notifiers_send(lua_State *L)
{
    struct th_api_task *t = th_api_task_of(L);
    struct th_str notifier = {NULL, 0}, channel = notifier, config = notifier, body = notifier,
                  sealed = notifier;
    unsigned char chance[(sizeof((struct th_notice *)0)->id - 1) / 2];
    int64_t id = 0;
    luaL_checktype(L, 1, LUA_TTABLE);
    bool whole = th_bind_field_str(L, 1, "notifier", &notifier) &&
                 th_bind_field_str(L, 1, "channel", &channel) && th_bind_field_str(L, 1, "config", &config) &&
                 th_bind_field_str(L, 1, "body", &body) && th_bind_field_int(L, 1, "channel_id", &id);
    luaL_argcheck(L, whole, 1, "notifier, channel, channel_id, config and body are needed");
    th_bind_field_str(L, 1, "sealed", &sealed);
    struct th_notice *n = th_calloc(1, sizeof *n);
    th_arena_init(&n->arena);
    th_list_init(&n->link);
    n->home = t->api->w;
    n->done = on_done;
    n->arg = t;
    n->attempts = 1;
    n->time_ms = th_clock_ms();
    n->limit_ms = LIMIT_MS;
    n->channel_id = id;
    n->notifier = kept(n, notifier);
    n->channel = kept(n, channel);
    n->config = kept(n, config);
    n->body = kept(n, body);
    n->sealed = kept(n, sealed);
    th_rand_bytes(chance, sizeof chance);
    th_hex_encode(n->id, chance, sizeof chance);
    th_notifiers_send(t->api->w, n);
    return th_api_wait(L, t, sent);
}

static const luaL_Reg functions[] = {
    {"hosts", notifiers_hosts}, {"list", notifiers_list}, {"send", notifiers_send}, {NULL, NULL}};

int th_api_open_notifiers(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
