// SPDX-License-Identifier: Apache-2.0
//
// thing.later, thing.forward and thing.cancel: a function of the script put off until after the commit, for
// the device or another of the product, and taken back.
#include "bind/effect.h"
#include "store/outbox.h"

#define LATER_MAX 100 /* in one call, those taken back included */
#define ARGS_MAX 16384
#define DELAY_MAX_S (30 * 86400)

static struct th_call_context *context_of(lua_State *L, const char *function)
{
    struct th_call_context *c = th_effect_context(L, TH_PHASES_DEVICE, function);
    if (++th_task_quota(L)->laters > LATER_MAX)
        luaL_error(L, "more than %d functions put off in one call", LATER_MAX);
    return c;
}

/* The name of a function that the script has now. */
static struct th_str function_arg(lua_State *L, struct th_call_context *c, int arg)
{
    struct th_str name = th_effect_name(L, c, arg);
    luaL_argcheck(L, !th_str_starts(name, TH_STR("on_")), arg, "handlers are not called this way");
    if (!th_gen_has(th_task_gen(th_task_self(L)), name.p))
        luaL_error(L, "the script has no function %s", name.p);
    return name;
}

static struct th_str args_arg(lua_State *L, struct th_call_context *c, int arg)
{
    if (lua_isnoneornil(L, arg))
        return TH_STR("null");
    struct th_str args = th_effect_json(L, c, arg);
    luaL_argcheck(L, args.n <= ARGS_MAX, arg, "more than 16 KiB");
    return args;
}

static int64_t delay_arg(lua_State *L, int arg)
{
    lua_Number s = luaL_optnumber(L, arg, 0);
    luaL_argcheck(L, s >= 0 && s <= DELAY_MAX_S, arg, "0 seconds to 30 days expected");
    return (int64_t)(s * 1000);
}

static void check_room(lua_State *L, struct th_call_context *c)
{
    if (th_outbox_full(c->device->store, c->device->product->id))
        luaL_error(L, "too many functions of the product wait already");
}

static int later(lua_State *L)
{
    struct th_call_context *c = context_of(L, "thing.later");
    struct th_str name = function_arg(L, c, 1), args = args_arg(L, c, 2), key = {NULL, 0};
    int64_t delay = delay_arg(L, 3);
    if (!lua_isnoneornil(L, 4))
        key = th_effect_key(L, c, 4);
    check_room(L, c);
    struct th_effect **end = c->message->effects_tail;
    struct th_effect *e = th_message_effect(c->message, TH_EFFECT_LATER);
    e->later.key = key;
    e->later.name = name;
    e->later.args = args;
    e->later.delay_ms = delay;
    const struct th_outbox_row *run = c->message->outbox; /* makes room */
    unsigned most = TH_PENDING_MAX + (run != NULL && !run->forwarded);
    if (th_pending_after(&c->device->pending, c->message->effects) > most) {
        *end = NULL; /* as it was: the script may catch the error */
        c->message->effects_tail = end;
        luaL_error(L, "thing.later: more than %d functions would wait for the device", TH_PENDING_MAX);
    }
    return 0;
}

static int forward(lua_State *L)
{
    struct th_call_context *c = context_of(L, "thing.forward");
    struct th_str device = th_bind_str(L, 1);
    luaL_argcheck(L, th_str_is_key(device), 1, "the key of a device expected");
    struct th_str name = function_arg(L, c, 2), args = args_arg(L, c, 3);
    int64_t delay = delay_arg(L, 4);
    check_room(L, c);
    struct th_effect *e = th_message_effect(c->message, TH_EFFECT_FORWARD);
    e->forward.device = (struct th_str){th_arena_dup(c->arena, device.p, device.n), device.n};
    e->forward.name = name;
    e->forward.args = args;
    e->forward.delay_ms = delay;
    return 0;
}

static int cancel(lua_State *L)
{
    struct th_call_context *c = context_of(L, "thing.cancel");
    struct th_str key = th_effect_key(L, c, 1);
    th_message_effect(c->message, TH_EFFECT_LATER)->later.key = key;
    return 0;
}

static const luaL_Reg functions[] = {
    {"cancel", cancel}, {"forward", forward}, {"later", later}, {NULL, NULL}};

int th_bind_open_later(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
