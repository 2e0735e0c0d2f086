/* SPDX-License-Identifier: Apache-2.0
 *
 * What a handler may ask for. Nothing happens here: each call adds an effect to the message, which the core
 * checks and performs together with it. */
#include "base/clock.h"
#include "bind/effect.h"
#include "bind/open.h"

#define MAX_MEMORY ((size_t)8 << 20)
#define YEAR_2000_MS 946684800000LL
#define YEAR_2100_MS 4102444800000LL

#define MAX_SENDS 16
#define MAX_SEND ((size_t)64 << 10)

#define PHASES_MESSAGE (TH_PHASE_PROPERTY | TH_PHASE_EVENT | TH_PHASE_MESSAGE | TH_PHASE_REPLY)

struct th_call_context *th_effect_reader(lua_State *L, unsigned phases, const char *function)
{
    th_bind_phase(L, phases, function);
    struct th_call_context *c = th_task_ctx(L);
    if (c == NULL || c->message == NULL)
        luaL_error(L, "%s is not available here", function);
    return c;
}

struct th_call_context *th_effect_context(lua_State *L, unsigned phases, const char *function)
{
    struct th_call_context *c = th_effect_reader(L, phases, function);
    if (++th_task_quota(L)->effects > TH_EFFECTS_MAX)
        luaL_error(L, "more than %d effects in one call", TH_EFFECTS_MAX);
    return c;
}

void th_effect_push_json(lua_State *L, struct th_str json)
{
    struct th_state *st = th_state_of(L);
    struct th_json j;
    struct th_error err;
    th_state_settle(st);
    if (th_json_read(&j, &st->scratch, json, &err) != 0)
        luaL_error(L, "%s", err.msg);
    if (!th_state_charge(st, st->scratch.used))
        luaL_error(L, "not enough memory");
    th_json_push(L, &j, 0);
}

struct th_str th_effect_json(lua_State *L, struct th_call_context *c, int arg)
{
    struct th_buf *out = &th_state_of(L)->out;
    struct th_error err;
    luaL_checkany(L, arg);
    th_buf_reset(out);
    if (th_json_write(L, arg, out, &err) != 0)
        luaL_argerror(L, arg, err.msg);
    struct th_quota *quota = th_task_quota(L);
    quota->effect_bytes += (uint32_t)out->n;
    if (quota->effect_bytes > TH_EFFECT_BYTES_MAX)
        luaL_error(L, "effects of more than 1 MiB in one call");
    return (struct th_str){th_arena_dup(c->arena, out->p, out->n), out->n};
}

static int64_t time_arg(lua_State *L, const struct th_call_context *c, int arg)
{
    if (!lua_isnoneornil(L, arg))
        return th_bind_int(L, arg, YEAR_2000_MS, YEAR_2100_MS);
    if (c->message->outbox != NULL)
        return th_clock_ms(); /* it may have been due long ago */
    return c->sample != NULL ? c->sample->time : c->message->time_ms;
}

struct th_str th_effect_name(lua_State *L, struct th_call_context *c, int arg)
{
    struct th_str name = th_bind_str(L, arg);
    luaL_argcheck(L, th_str_is_key(name), arg, "1 to 128 of A-Z a-z 0-9 - _ expected");
    return (struct th_str){th_arena_dup(c->arena, name.p, name.n), name.n};
}

struct th_str th_effect_key(lua_State *L, struct th_call_context *c, int arg)
{
    struct th_str key = th_bind_str(L, arg);
    bool sane = key.n > 0 && key.n <= 128 && memchr(key.p, 0, key.n) == NULL && th_str_is_utf8(key);
    luaL_argcheck(L, sane, arg, "1 to 128 bytes of text expected");
    return (struct th_str){th_arena_dup(c->arena, key.p, key.n), key.n};
}

static void add_row(lua_State *L, struct th_call_context *c, struct th_str type, int arg, int64_t time)
{
    struct th_error err;
    struct th_str params = th_effect_json(L, c, arg);
    struct th_json *j = th_arena_alloc(c->arena, sizeof *j);
    size_t before = c->arena->used;
    if (th_json_read(j, c->arena, params, &err) != 0)
        luaL_argerror(L, arg, err.msg);
    /* Two bytes of text can become a hundred and more once read: counted apart. */
    struct th_quota *quota = th_task_quota(L);
    quota->effect_memory += c->arena->used - before;
    if (quota->effect_memory > MAX_MEMORY)
        luaL_error(L, "effects of more than %d MiB, once read, in one call", (int)(MAX_MEMORY >> 20));
    if (type.p == NULL)
        luaL_argcheck(L, j->nodes[0].type == TH_JSON_OBJECT, arg, "a table of properties expected");
    th_call_row(c, type, time, params, j, 0, 0);
}

static int effect_store(lua_State *L)
{
    struct th_call_context *c = th_effect_context(L, TH_PHASES_DEVICE, "thing.store");
    add_row(L, c, (struct th_str){NULL, 0}, 1, time_arg(L, c, 2));
    return 0;
}

static int effect_event(lua_State *L)
{
    struct th_call_context *c = th_effect_context(L, TH_PHASES_DEVICE, "thing.event");
    add_row(L, c, th_effect_name(L, c, 1), 2, time_arg(L, c, 3));
    return 0;
}

static int effect_reply(lua_State *L)
{
    struct th_call_context *c = th_effect_context(L, PHASES_MESSAGE, "thing.reply");
    int code = (int)th_bind_int(L, 1, 100, 599);
    struct th_str data = lua_isnoneornil(L, 2) ? (struct th_str){NULL, 0} : th_effect_json(L, c, 2);
    if (!c->message->parsed.has_id)
        return luaL_error(L, "the message has no id to answer");
    c->replied = true;
    th_call_reply(c->message, code, data);
    return 0;
}

static int effect_send(lua_State *L)
{
    struct th_call_context *c = th_effect_context(L, TH_PHASES_DEVICE, "thing.send");
    struct th_str topic = th_bind_str(L, 1), bytes = th_bind_str_max(L, 2, MAX_SEND);
    const struct th_product *p = c->device->product;
    if (!th_manifest_may_send(th_device_manifest(c->device), topic))
        return luaL_argerror(L, 1, "not one of the topics that the script declares under subscribe");
    if (++c->sends > MAX_SENDS)
        return luaL_error(L, "more than %d messages to the device in one call", MAX_SENDS);
    struct th_quota *quota = th_task_quota(L);
    quota->effect_bytes += (uint32_t)bytes.n;
    if (quota->effect_bytes > TH_EFFECT_BYTES_MAX)
        return luaL_error(L, "effects of more than 1 MiB in one call");
    struct th_effect *e = th_message_effect(c->message, TH_EFFECT_SEND);
    e->reply.topic =
        th_str(th_arena_printf(c->arena, "%s/%s/%.*s", p->key, c->device->key, TH_STR_FMT(topic)));
    e->reply.payload = (struct th_str){th_arena_dup(c->arena, bytes.p, bytes.n), bytes.n};
    return 0;
}

static int effect_command(lua_State *L)
{
    struct th_call_context *c = th_effect_context(L, TH_PHASES_DEVICE, "thing.command");
    struct th_str name = th_effect_name(L, c, 1), params = th_effect_json(L, c, 2);
    int64_t ttl =
        lua_isnoneornil(L, 3) ? c->device->store->conf->command_ttl / 1000 : th_bind_int(L, 3, 1, 31536000);
    struct th_effect *e = th_message_effect(c->message, TH_EFFECT_COMMAND);
    e->command.name = name;
    e->command.params = params;
    e->command.ttl_ms = ttl * 1000;
    return 0;
}

/* The numbers in the array at index. */
static void read_ids(lua_State *L, struct th_call_context *c, int index, struct th_effect *e)
{
    lua_Unsigned n = lua_rawlen(L, index);
    luaL_argcheck(L, n <= 1000, 1, "more than 1000 ids");
    int64_t *ids = th_arena_alloc(c->arena, (n + 1) * sizeof *ids);
    unsigned count = 0;
    for (lua_Unsigned i = 1; i <= n; i++) {
        int is_int;
        lua_rawgeti(L, index, (lua_Integer)i);
        int64_t id = lua_tointegerx(L, -1, &is_int);
        lua_pop(L, 1);
        if (is_int)
            ids[count++] = id;
    }
    e->result.ids = ids;
    e->result.nids = count;
}

static int effect_result(lua_State *L)
{
    struct th_call_context *c = th_effect_context(L, PHASES_MESSAGE, "thing.result");
    struct th_str id = {"", 0};
    int64_t code;
    luaL_checktype(L, 1, LUA_TTABLE);
    th_bind_field_str(L, 1, "id", &id);
    luaL_argcheck(L, th_bind_field_int(L, 1, "code", &code), 1, "code is missing");
    struct th_effect *e = th_message_effect(c->message, TH_EFFECT_RESULT);
    e->result.message_id = (struct th_str){th_arena_dup(c->arena, id.p, id.n), id.n};
    e->result.code = code;
    e->result.data = TH_STR("null");
    lua_settop(L, 1);
    lua_pushstring(L, "ids");
    if (lua_rawget(L, 1) == LUA_TTABLE)
        read_ids(L, c, 2, e);
    lua_pushstring(L, "data");
    if (lua_rawget(L, 1) != LUA_TNIL)
        e->result.data = th_effect_json(L, c, 3);
    return 0;
}

static const luaL_Reg functions[] = {
    {"store", effect_store},
    {"event", effect_event},
    {"reply", effect_reply},
    {"send", effect_send},
    {"command", effect_command},
    {"result", effect_result},
    {NULL, NULL},
};

static int open_effects(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}

const struct th_binding th_bind_effects[] = {{NULL, open_effects}, {NULL, th_bind_open_later},
    {NULL, th_bind_open_notify}, {"alarm", th_bind_open_alarm}, {"device", th_bind_open_device},
    {"http", th_bind_open_http}, {"kv", th_bind_open_kv}, {"auth", th_bind_open_auth}, {NULL, NULL}};
