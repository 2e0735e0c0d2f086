/* SPDX-License-Identifier: Apache-2.0 */
#include "bind/bind.h"
#include "bind/call.h"

static const char message_mark; /* its address names the metatable of messages in the registry */

/* What few handlers look at and costs time to make is made when it is asked for: params and data. */
static int on_index(lua_State *L)
{
    struct th_call_context *c = th_task_ctx(L);
    const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    lua_rawgeti(L, 1, 0);
    bool now = c != NULL && (uint64_t)lua_tointeger(L, -1) == c->serial;
    lua_pop(L, 1);
    if (!now || c->message == NULL)
        return 0;
    const struct th_payload *p = &c->message->parsed;
    const struct th_json_node *data = NULL;
    uint32_t node = 0;
    if (strcmp(key, "params") == 0)
        node = c->sample != NULL ? c->sample->node : p->params;
    else if (strcmp(key, "data") == 0 && (data = th_json_get(&p->json, 0, TH_STR("data"))) != NULL)
        node = th_json_index(&p->json, data);
    if (node == 0)
        return 0;
    th_json_push(L, &p->json, node);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, -2);
    lua_rawset(L, 1);
    return 1;
}

static void push_lazy(lua_State *L)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &message_mark) == LUA_TTABLE)
        return;
    lua_pop(L, 1);
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, on_index);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &message_mark);
}

static void set_text(lua_State *L, const char *name, struct th_str s)
{
    lua_pushlstring(L, s.p, s.n);
    lua_setfield(L, -2, name);
}

static void set_int(lua_State *L, const char *name, int64_t v)
{
    lua_pushinteger(L, v);
    lua_setfield(L, -2, name);
}

static void push_device(lua_State *L, const struct th_device *d)
{
    lua_createtable(L, 0, 2);
    set_text(L, "product", th_str(d->product->key));
    set_text(L, "key", th_str(d->key));
}

int th_call_push_message(lua_State *L, void *context)
{
    const struct th_call_context *c = context;
    const struct th_message *m = c->message;
    lua_createtable(L, 0, 8);
    lua_pushinteger(L, (lua_Integer)c->serial);
    lua_rawseti(L, -2, 0);
    if (m->parsed.has_id)
        set_text(L, "id", m->parsed.id);
    lua_pushboolean(L, m->parsed.ack);
    lua_setfield(L, -2, "ack");
    set_int(L, "received", m->time_ms);
    if (c->sample != NULL)
        set_int(L, "time", c->sample->time);
    else
        set_int(L, "code", m->parsed.code);
    if (m->topic.name.n > 0)
        set_text(L, m->topic.kind == TH_TOPIC_EVENT_POST ? "type" : "name", m->topic.name);
    push_lazy(L);
    lua_setmetatable(L, -2);
    push_device(L, c->device);
    return 2;
}

int th_call_push_bytes(lua_State *L, void *context)
{
    const struct th_call_context *c = context;
    lua_pushlstring(L, c->message->topic.rest.p, c->message->topic.rest.n);
    lua_pushlstring(L, c->message->payload.p, c->message->payload.n);
    push_device(L, c->device);
    return 3;
}

/* online: what the device is once this is known; hooks come in any order, and in a takeover the end of the
 * old connection says nothing about the new one. */
int th_call_push_connection(lua_State *L, void *context)
{
    const struct th_call_context *c = context;
    const struct th_message *m = c->message;
    struct th_presence after = c->device->presence;
    bool connected = m->kind == TH_HOOK_CONNECTED;
    if (connected)
        th_presence_connected(&after, m->time_ms, m->node, m->address);
    else
        th_presence_disconnected(&after, m->time_ms, m->node, m->address);
    lua_createtable(L, 0, 5);
    set_int(L, "time", m->time_ms);
    set_int(L, "node", m->node);
    set_text(L, "address", m->address);
    if (connected)
        set_int(L, "protocol", m->protocol);
    else
        set_text(L, "reason", m->reason);
    lua_pushboolean(L, after.online);
    lua_setfield(L, -2, "online");
    push_device(L, c->device);
    return 2;
}

int th_call_push_client(lua_State *L, void *context)
{
    const struct th_call_context *c = context;
    const struct th_client *client = c->client;
    lua_createtable(L, 0, 5);
    set_text(L, "address", client->address);
    set_text(L, "protocol", client->protocol);
    if (client->password.p != NULL)
        set_text(L, "password", client->password);
    lua_pushboolean(L, client->known);
    lua_setfield(L, -2, "known");
    lua_pushboolean(L, client->mtls);
    lua_setfield(L, -2, "mtls");
    push_device(L, c->device);
    return 2;
}

int th_call_push_commands(lua_State *L, void *context)
{
    const struct th_call_context *c = context;
    lua_createtable(L, (int)c->ncommands, 2);
    for (unsigned i = 0; i < c->ncommands; i++) {
        struct th_json j;
        lua_createtable(L, 0, 3);
        set_int(L, "id", c->commands[i].id);
        set_text(L, "name", c->commands[i].name);
        if (th_json_read(&j, c->arena, c->commands[i].params, NULL) != 0)
            luaL_error(L, "command %d: params cannot be read", (int)c->commands[i].id);
        th_json_push(L, &j, 0);
        lua_setfield(L, -2, "params");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    set_text(L, "id", c->message_id);
    set_text(
        L, "format", c->device->product->command_format == TH_COMMAND_IDS ? TH_STR("ids") : TH_STR("plain"));
    push_device(L, c->device);
    return 2;
}

int th_call_push_timer(lua_State *L, void *context)
{
    struct th_call_context *c = context;
    c->task = th_task_self(L);
    struct th_json j;
    struct th_error err;
    if (th_json_read(&j, c->arena, c->message->payload, &err) != 0)
        luaL_error(L, "arguments: %s", err.msg);
    if (j.nodes[0].type == TH_JSON_NULL)
        lua_pushnil(L);
    else
        th_json_push(L, &j, 0);
    push_device(L, c->device);
    return 2;
}

/* The value at index as JSON in the call's arena. */
static struct th_str json_of(lua_State *L, struct th_call_context *c, int index)
{
    struct th_buf *out = &th_state_of(L)->out;
    struct th_error err;
    th_buf_reset(out);
    if (th_json_write(L, index, out, &err) != 0)
        luaL_error(L, "%s", err.msg);
    return (struct th_str){th_arena_dup(c->arena, out->p, out->n), out->n};
}

/* Nothing, or false and a reason: false when there is more to look at. */
static bool take_verdict(lua_State *L, int count, struct th_call_context *c)
{
    if (count == 0 || lua_isnil(L, 1))
        return true;
    if (!lua_isboolean(L, 1) || lua_toboolean(L, 1))
        return false;
    size_t n = 0;
    const char *why = count > 1 && lua_type(L, 2) == LUA_TSTRING ? lua_tolstring(L, 2, &n) : "";
    c->rejected = true;
    c->rejection = (struct th_str){th_arena_dup(c->arena, why, n), n};
    return true;
}

void th_call_take_report(lua_State *L, int count, void *context)
{
    struct th_call_context *c = context;
    if (take_verdict(L, count, c))
        return;
    if (!lua_istable(L, 1))
        luaL_error(L, "a handler returns a table of properties, nothing, or false and a reason; not a %s",
            luaL_typename(L, 1));
    c->replaced = json_of(L, c, 1);
}

void th_call_take_params(lua_State *L, int count, void *context)
{
    struct th_call_context *c = context;
    if (c->message->topic.kind == TH_TOPIC_PROPERTY_POST)
        th_call_take_report(L, count, c);
    else if (!take_verdict(L, count, c))
        c->replaced = json_of(L, c, 1);
}

/* Anything but nothing, true and false is a mistake, and a mistake denies. */
void th_call_take_answer(lua_State *L, int count, void *context)
{
    struct th_call_context *c = context;
    size_t n = 0;
    if (count == 0 || lua_isnil(L, 1))
        return;
    if (!lua_isboolean(L, 1))
        luaL_error(L, "on_auth returns true, nothing, or false and a reason; not a %s", luaL_typename(L, 1));
    c->client->answer = lua_toboolean(L, 1) ? TH_CLIENT_ACCEPTED : TH_CLIENT_DENIED;
    const char *why = count > 1 && lua_type(L, 2) == LUA_TSTRING ? lua_tolstring(L, 2, &n) : "";
    n = n > 200 ? 200 : n;
    c->client->why = (struct th_str){th_arena_dup(c->arena, why, n), n};
}

void th_call_take_command(lua_State *L, int count, void *context)
{
    struct th_call_context *c = context;
    if (count < 2 || lua_type(L, 1) != LUA_TSTRING)
        luaL_error(L, "on_command returns a topic and what to send");
    size_t n;
    const char *rest = lua_tolstring(L, 1, &n);
    if (n == 0 || n > 512 || strpbrk(rest, "+#") != NULL || strlen(rest) != n)
        luaL_error(L, "on_command returned a topic that cannot be published to");
    c->rest = (struct th_str){th_arena_dup(c->arena, rest, n), n};
    if (lua_type(L, 2) == LUA_TSTRING) {
        const char *bytes = lua_tolstring(L, 2, &n);
        c->payload = (struct th_str){th_arena_dup(c->arena, bytes, n), n};
    } else {
        c->payload = json_of(L, c, 2);
    }
}

void th_call_reply(struct th_message *m, int code, struct th_str data)
{
    struct th_buf text = {0};
    struct th_effect *e = th_message_effect(m, TH_EFFECT_REPLY);
    th_buf_puts(&text, "{\"id\":");
    th_json_put_str(&text, m->parsed.id);
    th_buf_printf(&text, ",\"code\":%d,\"data\":", code);
    th_buf_str(&text, data.p != NULL ? data : TH_STR("null"));
    th_buf_putc(&text, '}');
    e->reply.payload = (struct th_str){th_arena_dup(&m->arena, text.p, text.n), text.n};
    th_buf_free(&text);
    char *topic = th_arena_printf(&m->arena, "%.*s/%.*s/%.*s_reply", TH_STR_FMT(m->topic.product),
        TH_STR_FMT(m->topic.device), TH_STR_FMT(m->topic.rest));
    e->reply.topic = th_str(topic);
}

void th_call_row(struct th_call_context *c, struct th_str type, int64_t time, struct th_str params,
    const struct th_json *json, uint32_t node, uint8_t flags)
{
    struct th_effect *e = th_message_effect(c->message, type.p != NULL ? TH_EFFECT_EVENT : TH_EFFECT_STORE);
    e->row.time = time;
    e->row.params = params;
    e->row.json = json;
    e->row.node = node;
    e->row.flags = flags;
    e->row.type = type;
    e->row.index = c->rows++;
}
