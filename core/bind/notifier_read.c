/* SPDX-License-Identifier: Apache-2.0
 *
 * What a notifier says of itself, read inside its state under a call's limits. */
#include "bind/bind.h"
#include "bind/notifiers.h"

#define READ_CPU_US 100000
#define HOSTS_MAX 100

struct reading { /* the context of these calls */
    const char *name;
    struct th_str config;
    struct th_buf *out;
};

static void put_text(lua_State *L, int notifier, const char *field, struct th_buf *out)
{
    struct th_str s;
    if (!th_bind_field_str(L, notifier, field, &s) || s.n == 0 || s.n > 200)
        luaL_error(L, "%s: 1 to 200 bytes of text expected", field);
    th_json_put_str(out, s);
}

static void put_schema(lua_State *L, int notifier, struct th_buf *out)
{
    struct th_error err;
    struct th_str type = {NULL, 0};
    lua_pushliteral(L, "schema");
    if (lua_rawget(L, notifier) != LUA_TTABLE)
        luaL_error(L, "schema: a table expected");
    th_bind_field_str(L, -1, "type", &type);
    lua_pushliteral(L, "properties");
    bool object = lua_rawget(L, -2) == LUA_TTABLE && th_str_eq(type, TH_STR("object"));
    lua_pop(L, 1);
    if (!object)
        luaL_error(L, "schema: of an object with properties");
    if (th_json_write(L, -1, out, &err) != 0)
        luaL_error(L, "schema: %s", err.msg);
    lua_pop(L, 1);
}

static void check_function(lua_State *L, int notifier)
{
    lua_pushliteral(L, "send");
    if (lua_rawget(L, notifier) != LUA_TFUNCTION)
        luaL_error(L, "send: a function expected");
    lua_pushliteral(L, "hosts");
    int hosts = lua_rawget(L, notifier);
    if (hosts != LUA_TFUNCTION && hosts != LUA_TTABLE)
        luaL_error(L, "hosts: a list of hosts or a function expected");
    lua_pop(L, 2);
}

static int read_about(lua_State *L)
{
    const struct reading *r = th_task_ctx(L);
    struct th_buf *out = &th_state_of(L)->out;
    struct th_str name = {NULL, 0};
    th_gen_push_product(L);
    int notifier = lua_gettop(L);
    th_bind_field_str(L, notifier, "name", &name);
    if (!th_str_eq(name, th_str(r->name)))
        return luaL_error(L, "name: the name of its folder expected");
    check_function(L, notifier);
    th_buf_reset(out);
    th_buf_puts(out, "{\"name\":");
    th_json_put_str(out, name);
    th_buf_puts(out, ",\"version\":");
    put_text(L, notifier, "version", out);
    th_buf_puts(out, ",\"title\":");
    put_text(L, notifier, "title", out);
    th_buf_puts(out, ",\"schema\":");
    put_schema(L, notifier, out);
    th_buf_putc(out, '}');
    th_buf_str(r->out, th_buf_view(out));
    return 0;
}

/* The list is on top of the stack. */
static void put_hosts(lua_State *L, struct th_buf *out)
{
    int list = lua_gettop(L);
    lua_Unsigned n = lua_istable(L, list) ? lua_rawlen(L, list) : HOSTS_MAX + 1;
    if (n > HOSTS_MAX)
        luaL_error(L, "hosts: a list of at most %d expected", HOSTS_MAX);
    th_buf_reset(out);
    th_buf_putc(out, '[');
    for (lua_Unsigned i = 1; i <= n; i++) {
        if (lua_rawgeti(L, list, (lua_Integer)i) != LUA_TSTRING)
            luaL_error(L, "hosts: texts expected");
        th_buf_puts(out, i > 1 ? "," : "");
        th_json_put_str(out, th_bind_str(L, -1));
        lua_pop(L, 1);
    }
    th_buf_putc(out, ']');
}

static int read_hosts(lua_State *L)
{
    const struct reading *r = th_task_ctx(L);
    struct th_state *st = th_state_of(L);
    struct th_error err;
    struct th_json j;
    th_gen_push_product(L);
    lua_pushliteral(L, "hosts");
    if (lua_rawget(L, -2) == LUA_TFUNCTION) {
        th_state_settle(st);
        if (th_json_read(&j, &st->scratch, r->config, &err) != 0)
            return luaL_error(L, "%s", err.msg);
        th_json_push(L, &j, 0);
        lua_call(L, 1, 1);
    }
    put_hosts(L, &st->out);
    th_buf_str(r->out, th_buf_view(&st->out));
    return 0;
}

static int call(struct th_gen *gen, lua_CFunction fn, struct reading *r, struct th_error *err)
{
    struct th_report report;
    if (th_gen_call(gen, fn, TH_PHASE_LOAD, r, READ_CPU_US, &report) == TH_RUN_OK)
        return 0;
    return th_fail(err, TH_ESCRIPT, "%s: %s", report.script, report.message);
}

int th_notifier_about(struct th_gen *gen, const char *name, struct th_buf *out, struct th_error *err)
{
    struct reading r = {.name = name, .out = out};
    return call(gen, read_about, &r, err);
}

int th_notifier_hosts(struct th_gen *gen, struct th_str config, struct th_buf *out, struct th_error *err)
{
    struct reading r = {.config = config, .out = out};
    return call(gen, read_hosts, &r, err);
}
