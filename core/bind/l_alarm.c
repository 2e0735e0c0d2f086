// SPDX-License-Identifier: Apache-2.0
//
// thing.alarm: alarms of the device. A raise or a clear is an effect of the message; reads see what this
// message and those before it made of them.
#include "base/clock.h"
#include "bind/effect.h"

static struct th_str key_arg(lua_State *L, int arg)
{
    struct th_str key = th_bind_str(L, arg);
    bool sane =
        key.n > 0 && key.n <= TH_ALARM_KEY_MAX && memchr(key.p, 0, key.n) == NULL && th_str_is_utf8(key);
    luaL_argcheck(L, sane, arg, "1 to 128 bytes of text expected");
    return key;
}

/* When the broker had the message: of one clock, so that no device's clock puts a clear before its raise. */
static int64_t time_of(const struct th_call_context *c)
{
    return c->message->outbox != NULL ? th_clock_ms() : c->message->time_ms;
}

static struct th_str copy(struct th_call_context *c, struct th_str text)
{
    return (struct th_str){th_arena_dup(c->arena, text.p, text.n), text.n};
}

/* What argument 2 says beside the severity; leaves the stack as it was. */
static void read_words(lua_State *L, struct th_call_context *c, struct th_alarm_call *call)
{
    struct th_str message;
    if (th_bind_field_str(L, 2, "message", &message)) {
        bool sane = message.n <= TH_ALARM_MESSAGE_MAX && memchr(message.p, 0, message.n) == NULL &&
                    th_str_is_utf8(message);
        luaL_argcheck(L, sane, 2, "message: at most 1,000 bytes of text expected");
        call->message = copy(c, message);
    }
    lua_pushstring(L, "details");
    if (lua_rawget(L, 2) != LUA_TNIL) {
        call->details = th_effect_json(L, c, lua_gettop(L));
        luaL_argcheck(L, call->details.n <= TH_ALARM_DETAILS_MAX, 2, "details: more than 16 KiB");
    }
    lua_pop(L, 1);
}

static void read_severity(lua_State *L, struct th_alarm_call *call)
{
    struct th_str severity;
    call->severity = TH_SEVERITY_WARNING;
    if (!lua_isnoneornil(L, 2) && th_bind_field_str(L, 2, "severity", &severity))
        luaL_argcheck(
            L, th_severity_of(severity, &call->severity), 2, "severity: info, warning or critical expected");
}

static void add(lua_State *L, struct th_call_context *c, struct th_alarm_call *call)
{
    struct th_error err;
    call->key = copy(c, call->key);
    call->time = time_of(c);
    if (!lua_isnoneornil(L, 2))
        read_words(L, c, call);
    if (th_alarm_try(&c->device->alarms, &c->alarms, c->arena, call, &err) != 0)
        luaL_error(L, "thing.alarm: %s", err.msg);
    th_message_effect(c->message, TH_EFFECT_ALARM)->alarm = *call;
}

static void words_are_a_table(lua_State *L)
{
    if (!lua_isnoneornil(L, 2))
        luaL_checktype(L, 2, LUA_TTABLE);
}

static int alarm_raise(lua_State *L)
{
    struct th_call_context *c = th_effect_context(L, TH_PHASES_DEVICE, "thing.alarm.raise");
    struct th_alarm_call call = {.key = key_arg(L, 1)};
    words_are_a_table(L);
    read_severity(L, &call);
    bool fresh = th_alarm_see(&c->device->alarms, &c->alarms, call.key) == NULL;
    add(L, c, &call);
    lua_pushboolean(L, fresh);
    return 1;
}

static int alarm_clear(lua_State *L)
{
    struct th_call_context *c = th_effect_context(L, TH_PHASES_DEVICE, "thing.alarm.clear");
    struct th_alarm_call call = {.key = key_arg(L, 1), .clear = true};
    words_are_a_table(L);
    bool active = th_alarm_see(&c->device->alarms, &c->alarms, call.key) != NULL;
    if (active)
        add(L, c, &call);
    lua_pushboolean(L, active);
    return 1;
}

static void set_int(lua_State *L, const char *name, int64_t v)
{
    lua_pushinteger(L, v);
    lua_setfield(L, -2, name);
}

static int alarm_get(lua_State *L)
{
    th_bind_phase(L, TH_PHASES_DEVICE | TH_PHASE_COMMAND, "thing.alarm.get");
    const struct th_call_context *c = th_task_ctx(L);
    if (c == NULL || c->device == NULL)
        return luaL_error(L, "thing.alarm.get is not available here");
    const struct th_alarm *a = th_alarm_see(&c->device->alarms, &c->alarms, key_arg(L, 1));
    if (a == NULL)
        return 0;
    lua_createtable(L, 0, 6);
    lua_pushstring(L, th_severity_name(a->severity));
    lua_setfield(L, -2, "severity");
    lua_pushlstring(L, a->message.p != NULL ? a->message.p : "", a->message.n);
    lua_setfield(L, -2, "message");
    set_int(L, "since", a->since);
    set_int(L, "last", a->last);
    set_int(L, "count", a->count);
    lua_pushboolean(L, a->acknowledged);
    lua_setfield(L, -2, "acknowledged");
    return 1;
}

static const luaL_Reg functions[] = {
    {"clear", alarm_clear}, {"get", alarm_get}, {"raise", alarm_raise}, {NULL, NULL}};

int th_bind_open_alarm(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
