// SPDX-License-Identifier: Apache-2.0
#include <lauxlib.h>
#include <lualib.h>
#include <string.h>
#include "script/gen.h"
#include "script/sandbox.h"
#include "script/task_priv.h"

/* Longest numeral that is read: a longer one is no number a device sends, but costs time. */
#define NUMERAL_MAX 1024

/* A kill that came as an error must not look like one that pcall caught. */
static int finish_pcall(lua_State *L, int status, lua_KContext extra)
{
    if (status != LUA_OK && status != LUA_YIELD) {
        th_budget_check(L);
        lua_pushboolean(L, 0);
        lua_pushvalue(L, -2);
        return 2;
    }
    return lua_gettop(L) - (int)extra;
}

static int base_pcall(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_pushboolean(L, 1);
    lua_insert(L, 1);
    int status = lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish_pcall);
    return finish_pcall(L, status, 0);
}

static int finish_handler(lua_State *L, int status, lua_KContext k)
{
    if (status != LUA_OK && status != LUA_YIELD)
        th_budget_check(L);
    lua_pushboolean(L, 0);
    lua_insert(L, 3);
    return lua_gettop(L) - 2;
}

/* Stack: handler, true, results or error. The handler runs after the stack was unwound: a handler that fails
 * is not called for its own failure. */
static int finish_xpcall(lua_State *L, int status, lua_KContext k)
{
    if (status == LUA_OK || status == LUA_YIELD)
        return lua_gettop(L) - 1;
    th_budget_check(L);
    lua_settop(L, 3);
    lua_pushvalue(L, 1);
    lua_insert(L, 3);
    return finish_handler(L, lua_pcallk(L, 1, LUA_MULTRET, 0, 0, finish_handler), 0);
}

static int base_xpcall(lua_State *L)
{
    int n = lua_gettop(L);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    /* f, handler, args -> handler, true, f, args */
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    lua_replace(L, 1);
    lua_pushboolean(L, 1);
    lua_replace(L, 2);
    lua_insert(L, 3);
    return finish_xpcall(L, lua_pcallk(L, n - 2, LUA_MULTRET, 0, 0, finish_xpcall), 0);
}

static int base_rawset(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checkany(L, 2);
    luaL_checkany(L, 3);
    lua_settop(L, 3);
    if (th_sandbox_is_frozen(L, 1))
        return luaL_error(L, "this table is read-only");
    lua_rawset(L, 1);
    return 1;
}

static void refuse_field(lua_State *L, const char *name)
{
    lua_pushstring(L, name);
    if (lua_rawget(L, 2) != LUA_TNIL)
        luaL_error(L, "%s is not available to scripts", name);
    lua_pop(L, 1);
}

/* Finalizers would run where no hook can stop them. Weak keys make one collection take time in the square of
 * their number, inside the collector: what is set behind our back ends in an escape (budget.h). */
static int base_setmetatable(lua_State *L)
{
    int t = lua_type(L, 2);
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_argexpected(L, t == LUA_TNIL || t == LUA_TTABLE, 2, "nil or table");
    if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL)
        return luaL_error(L, "cannot change a protected metatable");
    if (t == LUA_TTABLE) {
        refuse_field(L, "__gc");
        refuse_field(L, "__mode");
    }
    lua_settop(L, 2);
    lua_setmetatable(L, 1);
    return 1;
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 10;
    return 36;
}

static bool read_in_base(const char *s, size_t n, lua_Integer base, lua_Integer *out)
{
    static const char blanks[] = " \f\n\r\t\v";
    const char *end = s + n;
    lua_Unsigned v = 0;

    while (s < end && memchr(blanks, *s, 6) != NULL)
        s++;
    while (end > s && memchr(blanks, end[-1], 6) != NULL)
        end--;
    bool neg = s < end && *s == '-';
    if (neg)
        s++;
    if (s == end)
        return false;
    for (; s < end; s++) {
        int d = digit_of(*s);
        if (d >= base)
            return false;
        v = v * (lua_Unsigned)base + (lua_Unsigned)d;
    }
    *out = (lua_Integer)(neg ? 0u - v : v);
    return true;
}

static int base_tonumber(lua_State *L)
{
    size_t n;
    if (lua_isnoneornil(L, 2)) {
        luaL_checkany(L, 1);
        if (lua_type(L, 1) == LUA_TNUMBER) {
            lua_settop(L, 1);
            return 1;
        }
        const char *s = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &n) : NULL;
        if (s != NULL && n <= NUMERAL_MAX && lua_stringtonumber(L, s) == n + 1)
            return 1;
    } else {
        lua_Integer base = luaL_checkinteger(L, 2), v;
        luaL_checktype(L, 1, LUA_TSTRING);
        const char *s = lua_tolstring(L, 1, &n);
        luaL_argcheck(L, base >= 2 && base <= 36, 2, "base out of range");
        if (n <= NUMERAL_MAX && read_in_base(s, n, base, &v)) {
            lua_pushinteger(L, v);
            return 1;
        }
    }
    luaL_pushfail(L);
    return 1;
}

static int base_tostring(lua_State *L)
{
    luaL_checkany(L, 1);
    th_sandbox_tostring(L, 1, NULL);
    return 1;
}

static int base_print(lua_State *L)
{
    luaL_Buffer b;
    int n = lua_gettop(L);

    luaL_buffinit(L, &b);
    for (int i = 1; i <= n; i++) {
        if (i > 1)
            luaL_addchar(&b, '\t');
        th_sandbox_tostring(L, i, NULL);
        luaL_addvalue(&b);
    }
    luaL_pushresult(&b);
    th_gen_log(L, TH_LOG_INFO);
    return 0;
}

static const luaL_Reg own[] = {{"pcall", base_pcall}, {"xpcall", base_xpcall}, {"rawset", base_rawset},
    {"setmetatable", base_setmetatable}, {"tonumber", base_tonumber}, {"tostring", base_tostring},
    {"print", base_print}, {NULL, NULL}};

/* Lua's own, each of constant cost. */
static const char *const stock[] = {"assert", "error", "getmetatable", "ipairs", "next", "pairs", "rawequal",
    "rawget", "rawlen", "select", "type", "_VERSION"};

int th_safe_base(lua_State *L)
{
    lua_newtable(L);
    luaL_setfuncs(L, own, 0);
    lua_pushcfunction(L, luaopen_base);
    lua_call(L, 0, 1);
    for (size_t i = 0; i < sizeof stock / sizeof *stock; i++) {
        lua_getfield(L, -1, stock[i]);
        lua_setfield(L, -3, stock[i]);
    }
    lua_pop(L, 1);
    return 1;
}
