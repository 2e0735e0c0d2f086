// SPDX-License-Identifier: Apache-2.0
//
// thing.kv: small state per device. Reads see what this message and those before it wrote; writes are an
// effect of the message, so a message that fails leaves nothing behind.
#include "bind/effect.h"

static struct th_str key_arg(lua_State *L, int arg)
{
    struct th_str key = th_bind_str(L, arg);
    bool sane = key.n > 0 && key.n <= TH_KV_KEY_MAX && memchr(key.p, 0, key.n) == NULL && th_str_is_utf8(key);
    luaL_argcheck(L, sane, arg, "1 to 128 bytes of text expected");
    return key;
}

/* The message's changes, an effect of its own made with the first. */
static struct th_kv_changes *changes_of(struct th_call_context *c)
{
    if (c->kv == NULL)
        c->kv = &th_message_effect(c->message, TH_EFFECT_KV)->kv;
    return c->kv;
}

static void change(lua_State *L, struct th_call_context *c, struct th_str key, struct th_str value)
{
    struct th_error err;
    struct th_str copy = {th_arena_dup(c->arena, key.p, key.n), key.n};
    if (th_kv_change(&c->device->kv, changes_of(c), c->arena, copy, value, &err) != 0)
        luaL_error(L, "thing.kv: %s", err.msg);
}

static int kv_get(lua_State *L)
{
    const struct th_call_context *c = th_effect_reader(L, TH_PHASES_DEVICE, "thing.kv.get");
    struct th_str value = th_kv_get(&c->device->kv, c->kv, key_arg(L, 1));
    if (value.p == NULL)
        return 0;
    th_effect_push_json(L, value);
    return 1;
}

static int kv_set(lua_State *L)
{
    struct th_call_context *c = th_effect_context(L, TH_PHASES_DEVICE, "thing.kv.set");
    struct th_str key = key_arg(L, 1), value = {NULL, 0};
    luaL_checkany(L, 2);
    if (!lua_isnil(L, 2)) {
        value = th_effect_json(L, c, 2);
        luaL_argcheck(L, value.n <= TH_KV_BYTES_MAX, 2, "more than 16 KiB");
    }
    change(L, c, key, value);
    return 0;
}

static int kv_delete(lua_State *L)
{
    struct th_call_context *c = th_effect_context(L, TH_PHASES_DEVICE, "thing.kv.delete");
    struct th_str key = key_arg(L, 1);
    bool there = th_kv_get(&c->device->kv, c->kv, key).p != NULL;
    if (there)
        change(L, c, key, (struct th_str){NULL, 0});
    lua_pushboolean(L, there);
    return 1;
}

static void push_member(void *arg, struct th_str key, struct th_str value)
{
    lua_State *L = arg;
    lua_pushlstring(L, key.p, key.n);
    th_effect_push_json(L, value);
    lua_rawset(L, -3);
}

static int kv_all(lua_State *L)
{
    const struct th_call_context *c = th_effect_reader(L, TH_PHASES_DEVICE, "thing.kv.all");
    lua_newtable(L);
    th_kv_each(&c->device->kv, c->kv, push_member, L);
    return 1;
}

static const luaL_Reg functions[] = {
    {"all", kv_all}, {"delete", kv_delete}, {"get", kv_get}, {"set", kv_set}, {NULL, NULL}};

int th_bind_open_kv(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
