// SPDX-License-Identifier: Apache-2.0
#include "script/sandbox.h"

#include <lauxlib.h>
#include "script/state.h"

static const char frozen_key; /* its address marks the metatable of a view */

static const struct {
    const char *name;
    lua_CFunction open;
} libraries[] = {{"coroutine", th_safe_coroutine}, {"string", th_safe_string}, {"table", th_safe_table},
    {"utf8", th_safe_utf8}, {"math", th_safe_math}, {"os", th_safe_os}};

int th_sandbox_open(lua_State *L)
{
    th_safe_base(L);
    lua_newtable(L);
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    /* Tracebacks find the names of library functions here. */
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        lua_pushcfunction(L, libraries[i].open);
        lua_call(L, 0, 1);
        lua_pushvalue(L, -1);
        lua_setfield(L, -3, libraries[i].name);
        lua_setfield(L, -3, libraries[i].name);
    }
    lua_pushvalue(L, -2);
    lua_setfield(L, -2, LUA_GNAME);
    lua_pop(L, 1);
    return 1;
}

static int view_newindex(lua_State *L)
{
    return luaL_error(L, "this table is read-only");
}

static int view_next(lua_State *L)
{
    lua_settop(L, 2);
    if (lua_next(L, lua_upvalueindex(1)))
        return 2;
    lua_pushnil(L);
    return 1;
}

/* The iterator holds the table; the script never gets it. */
static int view_pairs(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushcclosure(L, view_next, 1);
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    return 3;
}

static int view_len(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)lua_rawlen(L, lua_upvalueindex(1)));
    return 1;
}

void th_sandbox_freeze(lua_State *L)
{
    if (lua_type(L, -1) != LUA_TTABLE || th_sandbox_is_frozen(L, -1))
        return;
    luaL_checkstack(L, 8, "tables nested too deep");
    int real = lua_gettop(L);
    /* Fields first: assigning to existing keys is allowed while a table is walked. */
    for (lua_pushnil(L); lua_next(L, real) != 0;) {
        if (lua_type(L, -1) != LUA_TTABLE) {
            lua_pop(L, 1);
            continue;
        }
        th_sandbox_freeze(L);
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, real);
    }
    lua_newtable(L); /* the view */
    lua_createtable(L, 0, 6);
    lua_pushboolean(L, 1);
    lua_rawsetp(L, -2, &frozen_key);
    lua_pushvalue(L, real);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, view_newindex);
    lua_setfield(L, -2, "__newindex");
    lua_pushvalue(L, real);
    lua_pushcclosure(L, view_pairs, 1);
    lua_setfield(L, -2, "__pairs");
    lua_pushvalue(L, real);
    lua_pushcclosure(L, view_len, 1);
    lua_setfield(L, -2, "__len");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_replace(L, real);
}

bool th_sandbox_is_frozen(lua_State *L, int index)
{
    if (!lua_getmetatable(L, index))
        return false;
    lua_rawgetp(L, -1, &frozen_key);
    bool frozen = lua_toboolean(L, -1);
    lua_pop(L, 2);
    return frozen;
}

const char *th_sandbox_tostring(lua_State *L, int index, size_t *len)
{
    index = lua_absindex(L, index);
    if (luaL_callmeta(L, index, "__tostring")) {
        if (!lua_isstring(L, -1))
            luaL_error(L, "'__tostring' must return a string");
        return lua_tolstring(L, -1, len);
    }
    switch (lua_type(L, index)) {
    case LUA_TNUMBER:
    case LUA_TSTRING:
        lua_pushvalue(L, index);
        return lua_tolstring(L, -1, len);
    case LUA_TBOOLEAN:
        lua_pushstring(L, lua_toboolean(L, index) ? "true" : "false");
        break;
    case LUA_TLIGHTUSERDATA:
        lua_pushstring(L, lua_touserdata(L, index) == NULL ? "null" : "userdata");
        break;
    default:
        if (luaL_getmetafield(L, index, "__name") != LUA_TNIL) {
            if (lua_type(L, -1) == LUA_TSTRING)
                break;
            lua_pop(L, 1);
        }
        lua_pushstring(L, luaL_typename(L, index));
    }
    return lua_tolstring(L, -1, len);
}

size_t th_sandbox_size_max(lua_State *L)
{
    return th_state_of(L)->block_max / 2;
}

void th_sandbox_check_size(lua_State *L, size_t n)
{
    if (n > th_sandbox_size_max(L))
        luaL_error(L, "resulting string too large");
}
