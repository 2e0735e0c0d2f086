// SPDX-License-Identifier: Apache-2.0
//
// The table library, on the tables themselves: no metamethod is called but the comparison of sort, and the
// length is the real one. Views (sandbox.h) are refused.
#include <lauxlib.h>
#include <string.h>
#include "script/budget.h"
#include "script/safe_sort.h"
#include "script/sandbox.h"

#define STEPS_PER_CHECK 4096
#define UNPACK_MAX 100000

static lua_Integer check_table(lua_State *L, int arg)
{
    luaL_checktype(L, arg, LUA_TTABLE);
    if (th_sandbox_is_frozen(L, arg))
        luaL_argerror(L, arg, "this table is read-only");
    return (lua_Integer)lua_rawlen(L, arg);
}

static inline void step(lua_State *L, lua_Integer i)
{
    if (i % STEPS_PER_CHECK == 0)
        th_budget_check(L);
}

static int table_insert(lua_State *L)
{
    lua_Integer end = check_table(L, 1) + 1, pos;

    switch (lua_gettop(L)) {
    case 2:
        pos = end;
        break;
    case 3:
        pos = luaL_checkinteger(L, 2);
        luaL_argcheck(L, pos >= 1 && pos <= end, 2, "position out of bounds");
        for (lua_Integer i = end; i > pos; i--) {
            step(L, i);
            lua_rawgeti(L, 1, i - 1);
            lua_rawseti(L, 1, i);
        }
        break;
    default:
        return luaL_error(L, "wrong number of arguments to 'insert'");
    }
    lua_rawseti(L, 1, pos);
    return 0;
}

static int table_remove(lua_State *L)
{
    lua_Integer n = check_table(L, 1);
    lua_Integer pos = luaL_optinteger(L, 2, n);

    if (!lua_isnone(L, 2))
        luaL_argcheck(L, (pos >= 1 && pos <= n + 1) || (n == 0 && pos == 0), 2, "position out of bounds");
    lua_rawgeti(L, 1, pos);
    for (; pos < n; pos++) {
        step(L, pos);
        lua_rawgeti(L, 1, pos + 1);
        lua_rawseti(L, 1, pos);
    }
    if (pos <= n || !lua_isnone(L, 2)) {
        lua_pushnil(L);
        lua_rawseti(L, 1, pos);
    }
    return 1;
}

static void move_up(lua_State *L, lua_Integer first, lua_Integer n, lua_Integer to, int into)
{
    for (lua_Integer i = 0; i < n; i++) {
        step(L, i);
        lua_rawgeti(L, 1, first + i);
        lua_rawseti(L, into, to + i);
    }
}

static void move_down(lua_State *L, lua_Integer first, lua_Integer n, lua_Integer to, int into)
{
    for (lua_Integer i = n - 1; i >= 0; i--) {
        step(L, i);
        lua_rawgeti(L, 1, first + i);
        lua_rawseti(L, into, to + i);
    }
}

static int table_move(lua_State *L)
{
    lua_Integer first = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3), to = luaL_checkinteger(L, 4);
    int into = lua_isnoneornil(L, 5) ? 1 : 5;

    luaL_checktype(L, 1, LUA_TTABLE);
    check_table(L, into);
    if (last >= first) {
        luaL_argcheck(L, first > 0 || last < LUA_MAXINTEGER + first, 3, "too many elements to move");
        lua_Integer n = last - first + 1;
        luaL_argcheck(L, to <= LUA_MAXINTEGER - n + 1, 4, "destination wrap around");
        bool overlaps = to > first && to <= last && (into == 1 || lua_rawequal(L, 1, into));
        if (overlaps)
            move_down(L, first, n, to, into);
        else
            move_up(L, first, n, to, into);
    }
    lua_pushvalue(L, into);
    return 1;
}

static int table_concat(lua_State *L)
{
    size_t sep_n;
    luaL_Buffer b;

    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Integer n = (lua_Integer)lua_rawlen(L, 1);
    const char *sep = luaL_optlstring(L, 2, "", &sep_n);
    lua_Integer first = luaL_optinteger(L, 3, 1), last = luaL_optinteger(L, 4, n);
    luaL_buffinit(L, &b);
    for (lua_Integer i = first; i <= last; i++) {
        step(L, i);
        int type = lua_rawgeti(L, 1, i);
        if (type != LUA_TSTRING && type != LUA_TNUMBER)
            return luaL_error(L, "invalid value (%s) at index %I in table for 'concat'",
                lua_typename(L, type), (LUAI_UACINT)i);
        luaL_addvalue(&b);
        if (i != last)
            luaL_addlstring(&b, sep, sep_n);
        th_sandbox_check_size(L, luaL_bufflen(&b));
        if (i == LUA_MAXINTEGER)
            break;
    }
    luaL_pushresult(&b);
    return 1;
}

static int table_pack(lua_State *L)
{
    int n = lua_gettop(L);

    lua_createtable(L, n, 1);
    lua_insert(L, 1);
    for (int i = n; i >= 1; i--)
        lua_rawseti(L, 1, i);
    lua_pushinteger(L, n);
    lua_setfield(L, 1, "n");
    return 1;
}

static int table_unpack(lua_State *L)
{
    lua_Integer first = luaL_optinteger(L, 2, 1);
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Integer last = luaL_opt(L, luaL_checkinteger, 3, (lua_Integer)lua_rawlen(L, 1));

    if (first > last)
        return 0;
    lua_Unsigned n = (lua_Unsigned)last - (lua_Unsigned)first;
    if (n >= UNPACK_MAX || !lua_checkstack(L, (int)n + 1))
        return luaL_error(L, "too many results to unpack");
    for (lua_Unsigned i = 0; i <= n; i++)
        lua_rawgeti(L, 1, first + (lua_Integer)i);
    return (int)n + 1;
}

static int table_sort(lua_State *L)
{
    lua_Integer n = check_table(L, 1);

    if (!lua_isnoneornil(L, 2))
        luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    th_sort(L, n);
    return 0;
}

static const luaL_Reg functions[] = {{"concat", table_concat}, {"insert", table_insert}, {"move", table_move},
    {"pack", table_pack}, {"remove", table_remove}, {"sort", table_sort}, {"unpack", table_unpack},
    {NULL, NULL}};

int th_safe_table(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
