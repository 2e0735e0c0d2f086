// SPDX-License-Identifier: Apache-2.0
//
// The string library: what Lua's own does, without dump and %p, with a cap on what it makes and a look at the
// budget in each loop that an argument can make long. Patterns are in safe_match.c, format is in
// safe_format.c.
#include <ctype.h>
#include <lauxlib.h>
#include <lualib.h>
#include <string.h>
#include "script/budget.h"
#include "script/safe_string.h"
#include "script/sandbox.h"

#define BYTES_MAX 100000     /* results of one byte() */
#define PACK_FORMAT_MAX 1024 /* characters */
#define NUMERAL_MAX 1024     /* characters of a text that arithmetic takes as a number */

/* A start position: from 1 on, negative counts from the end; beyond the start is 1. */
size_t th_string_start(lua_Integer pos, size_t len)
{
    if (pos > 0)
        return (size_t)pos;
    if (pos == 0 || pos < -(lua_Integer)len)
        return 1;
    return len + (size_t)pos + 1;
}

size_t th_string_end(lua_Integer pos, size_t len)
{
    if (pos > (lua_Integer)len)
        return len;
    if (pos >= 0)
        return (size_t)pos;
    return pos < -(lua_Integer)len ? 0 : len + (size_t)pos + 1;
}

static int str_len(lua_State *L)
{
    size_t n;
    luaL_checklstring(L, 1, &n);
    lua_pushinteger(L, (lua_Integer)n);
    return 1;
}

static int str_sub(lua_State *L)
{
    size_t n;
    const char *s = luaL_checklstring(L, 1, &n);
    size_t first = th_string_start(luaL_checkinteger(L, 2), n);
    size_t last = th_string_end(luaL_optinteger(L, 3, -1), n);
    lua_pushlstring(L, s + first - 1, first <= last ? last - first + 1 : 0);
    return 1;
}

static int map_bytes(lua_State *L, int (*map)(int))
{
    luaL_Buffer b;
    size_t n;
    const char *s = luaL_checklstring(L, 1, &n);

    th_sandbox_check_size(L, n);
    char *out = luaL_buffinitsize(L, &b, n);
    for (size_t i = 0; i < n; i++)
        out[i] = (char)map((unsigned char)s[i]);
    luaL_pushresultsize(&b, n);
    return 1;
}

static int str_lower(lua_State *L)
{
    return map_bytes(L, tolower);
}

static int str_upper(lua_State *L)
{
    return map_bytes(L, toupper);
}

static int str_reverse(lua_State *L)
{
    luaL_Buffer b;
    size_t n;
    const char *s = luaL_checklstring(L, 1, &n);

    th_sandbox_check_size(L, n);
    char *out = luaL_buffinitsize(L, &b, n);
    for (size_t i = 0; i < n; i++)
        out[i] = s[n - i - 1];
    luaL_pushresultsize(&b, n);
    return 1;
}

/* Each copy doubles what is there: the loop is short even for many pieces, and there is none for empty ones.
 */
static int str_rep(lua_State *L)
{
    size_t n, sep_n;
    const char *s = luaL_checklstring(L, 1, &n);
    lua_Integer count = luaL_checkinteger(L, 2);
    const char *sep = luaL_optlstring(L, 3, "", &sep_n);
    size_t unit = n + sep_n;
    luaL_Buffer b;

    if (count <= 0 || unit == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    th_sandbox_check_size(L, unit);
    if ((lua_Unsigned)count > (lua_Unsigned)th_sandbox_size_max(L) / unit)
        return luaL_error(L, "resulting string too large");
    size_t total = (size_t)count * unit;
    char *out = luaL_buffinitsize(L, &b, total);
    memcpy(out, s, n);
    memcpy(out + n, sep, sep_n);
    for (size_t done = unit; done < total; done *= 2)
        memcpy(out + done, out, done <= total - done ? done : total - done);
    luaL_pushresultsize(&b, total - sep_n);
    return 1;
}

static int str_byte(lua_State *L)
{
    size_t n;
    const char *s = luaL_checklstring(L, 1, &n);
    lua_Integer pos = luaL_optinteger(L, 2, 1);
    size_t first = th_string_start(pos, n);
    size_t last = th_string_end(luaL_optinteger(L, 3, (lua_Integer)first), n);

    if (first > last)
        return 0;
    if (last - first >= BYTES_MAX)
        return luaL_error(L, "string slice too long");
    int count = (int)(last - first) + 1;
    luaL_checkstack(L, count, "string slice too long");
    for (int i = 0; i < count; i++)
        lua_pushinteger(L, (unsigned char)s[first - 1 + (size_t)i]);
    return count;
}

static int str_char(lua_State *L)
{
    int n = lua_gettop(L);
    luaL_Buffer b;
    char *out = luaL_buffinitsize(L, &b, (size_t)n);

    for (int i = 1; i <= n; i++) {
        lua_Integer c = luaL_checkinteger(L, i);
        luaL_argcheck(L, c >= 0 && c <= 255, i, "value out of range");
        out[i - 1] = (char)c;
    }
    luaL_pushresultsize(&b, (size_t)n);
    return 1;
}

/* ---- pack, packsize, unpack: Lua's own, given only formats that cannot make them work long ---- */

static int guarded_pack(lua_State *L)
{
    size_t n, sum = 0, v = 0;
    const char *f = luaL_checklstring(L, 1, &n);

    luaL_argcheck(L, n <= PACK_FORMAT_MAX, 1, "format too long");
    for (size_t i = 0; i <= n; i++) {
        if (isdigit((unsigned char)f[i])) {
            v = v * 10 + (size_t)(f[i] - '0');
            if (v > th_sandbox_size_max(L))
                return luaL_argerror(L, 1, "size too large");
        } else {
            sum += v;
            v = 0;
        }
    }
    th_sandbox_check_size(L, sum);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    int status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
    if (status == LUA_OK)
        return lua_gettop(L);
    th_budget_check(L);
    if (status == LUA_ERRRUN) { /* called from C, it does not know its name */
        lua_pushfstring(L, "'%s'", lua_tostring(L, lua_upvalueindex(2)));
        return luaL_error(L, "%s", luaL_gsub(L, lua_tostring(L, -2), "'?'", lua_tostring(L, -1)));
    }
    return lua_error(L);
}

static void add_pack(lua_State *L)
{
    static const char *const names[] = {"pack", "packsize", "unpack"};

    lua_pushcfunction(L, luaopen_string);
    lua_call(L, 0, 1);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        lua_getfield(L, -1, names[i]);
        lua_pushstring(L, names[i]);
        lua_pushcclosure(L, guarded_pack, 2);
        lua_setfield(L, -3, names[i]);
    }
    lua_pop(L, 1);
}

/* ---- arithmetic on texts that are numbers ---- */

static const struct {
    const char *event;
    int op;
} arithmetic[] = {{"__add", LUA_OPADD}, {"__sub", LUA_OPSUB}, {"__mul", LUA_OPMUL}, {"__mod", LUA_OPMOD},
    {"__pow", LUA_OPPOW}, {"__div", LUA_OPDIV}, {"__idiv", LUA_OPIDIV}, {"__unm", LUA_OPUNM}};

static bool push_number(lua_State *L, int arg)
{
    size_t n;
    if (lua_type(L, arg) == LUA_TNUMBER) {
        lua_pushvalue(L, arg);
        return true;
    }
    const char *s = lua_type(L, arg) == LUA_TSTRING ? lua_tolstring(L, arg, &n) : NULL;
    return s != NULL && n <= NUMERAL_MAX && lua_stringtonumber(L, s) == n + 1;
}

/* Upvalues: index into arithmetic[]. */
static int on_arithmetic(lua_State *L)
{
    lua_Integer i = lua_tointeger(L, lua_upvalueindex(1));

    lua_settop(L, 2);
    if (push_number(L, 1) && push_number(L, 2)) {
        if (arithmetic[i].op == LUA_OPUNM)
            lua_pop(L, 1);
        lua_arith(L, arithmetic[i].op);
        return 1;
    }
    lua_settop(L, 2);
    if (lua_type(L, 2) == LUA_TSTRING || luaL_getmetafield(L, 2, arithmetic[i].event) == LUA_TNIL)
        return luaL_error(L, "attempt to perform arithmetic on a %s value",
            luaL_typename(L, lua_type(L, 1) == LUA_TSTRING && lua_type(L, 2) != LUA_TSTRING ? 2 : 1));
    lua_insert(L, 1);
    lua_call(L, 2, 1);
    return 1;
}

/* The library is on top. */
static void set_metatable(lua_State *L)
{
    lua_createtable(L, 0, 10);
    for (lua_Integer i = 0; i < (lua_Integer)(sizeof arithmetic / sizeof *arithmetic); i++) {
        lua_pushinteger(L, i);
        lua_pushcclosure(L, on_arithmetic, 1);
        lua_setfield(L, -2, arithmetic[i].event);
    }
    lua_pushvalue(L, -2);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pushliteral(L, "");
    lua_pushvalue(L, -2);
    lua_setmetatable(L, -2);
    lua_pop(L, 2);
}

static const luaL_Reg functions[] = {{"byte", str_byte}, {"char", str_char}, {"find", th_string_find},
    {"format", th_string_format}, {"gmatch", th_string_gmatch}, {"gsub", th_string_gsub}, {"len", str_len},
    {"lower", str_lower}, {"match", th_string_match}, {"rep", str_rep}, {"reverse", str_reverse},
    {"sub", str_sub}, {"upper", str_upper}, {NULL, NULL}};

int th_safe_string(lua_State *L)
{
    luaL_newlib(L, functions);
    add_pack(L);
    set_metatable(L); /* over the one that Lua's own library set */
    return 1;
}
