// SPDX-License-Identifier: Apache-2.0
//
// thing.log: lines for the product's live log, within the call's caps. A table is shown as JSON.
#include "bind/bind.h"
#include "bind/open.h"
#include "script/sandbox.h"

/* Pushes text for the argument. */
static void push_text(lua_State *L, int arg)
{
    struct th_state *st = th_state_of(L);
    struct th_error err;

    if (lua_type(L, arg) == LUA_TTABLE && luaL_getmetafield(L, arg, "__tostring") == LUA_TNIL) {
        th_buf_reset(&st->out);
        if (th_json_write(L, arg, &st->out, &err) == 0)
            lua_pushlstring(L, st->out.p, st->out.n);
        else
            lua_pushfstring(L, "table (%s)", err.msg);
        return;
    }
    th_sandbox_tostring(L, arg, NULL);
}

static int log_at(lua_State *L, enum th_log_level level)
{
    int n = lua_gettop(L);
    luaL_Buffer b;

    luaL_buffinit(L, &b);
    for (int i = 1; i <= n; i++) {
        if (i > 1)
            luaL_addchar(&b, ' ');
        push_text(L, i);
        luaL_addvalue(&b);
        th_sandbox_check_size(L, luaL_bufflen(&b));
    }
    luaL_pushresult(&b);
    th_gen_log(L, level);
    return 0;
}

static int log_debug(lua_State *L)
{
    return log_at(L, TH_LOG_DEBUG);
}

static int log_info(lua_State *L)
{
    return log_at(L, TH_LOG_INFO);
}

static int log_warn(lua_State *L)
{
    return log_at(L, TH_LOG_WARN);
}

static int log_error(lua_State *L)
{
    return log_at(L, TH_LOG_ERROR);
}

static const luaL_Reg functions[] = {
    {"debug", log_debug}, {"error", log_error}, {"info", log_info}, {"warn", log_warn}, {NULL, NULL}};

int th_bind_open_log(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
