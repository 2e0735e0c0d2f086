// SPDX-License-Identifier: Apache-2.0
#include "bind/bind.h"

#include <stdarg.h>
#include <stdio.h>
#include "bind/open.h"

const struct th_binding th_bind_pure[] = {{"base64", th_bind_open_base64}, {"bytes", th_bind_open_bytes},
    {"cbor", th_bind_open_cbor}, {"crc", th_bind_open_crc}, {"hash", th_bind_open_hash},
    {"hex", th_bind_open_hex}, {"hmac", th_bind_open_hmac}, {"json", th_bind_open_json},
    {"log", th_bind_open_log}, {"stats", th_bind_open_stats}, {"time", th_bind_open_time}, {NULL, NULL}};

void th_bind_phase(lua_State *L, unsigned phases, const char *function)
{
    enum th_phase now = th_task_phase(L);
    if ((phases & now) == 0)
        luaL_error(L, "%s is not available in phase %s", function, th_phase_name(now));
}

int th_bind_fail(lua_State *L, int code, const char *fmt, ...)
{
    char msg[512];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    lua_pushnil(L);
    lua_pushstring(L, msg);
    lua_pushstring(L, th_err_name(code));
    return 3;
}

int th_bind_error(lua_State *L, const struct th_error *err)
{
    return th_bind_fail(L, err->code, "%s", err->msg);
}

struct th_str th_bind_str(lua_State *L, int arg)
{
    struct th_str s;
    luaL_checktype(L, arg, LUA_TSTRING);
    s.p = lua_tolstring(L, arg, &s.n);
    return s;
}

struct th_str th_bind_str_max(lua_State *L, int arg, size_t max)
{
    struct th_str s = th_bind_str(L, arg);
    luaL_argcheck(L, s.n <= max, arg, "text too long");
    return s;
}

lua_Integer th_bind_int(lua_State *L, int arg, lua_Integer min, lua_Integer max)
{
    lua_Integer v = luaL_checkinteger(L, arg);
    luaL_argcheck(L, v >= min && v <= max, arg, "out of range");
    return v;
}

/* Pushes the field; raises when it is neither nil nor of the type. */
static bool raw_field(lua_State *L, int index, const char *name, int type)
{
    index = lua_absindex(L, index);
    lua_pushstring(L, name);
    int is = lua_rawget(L, index);
    if (is == LUA_TNIL || th_bind_is_null(L, -1))
        return false;
    if (is != type)
        luaL_error(L, "field '%s' must be a %s, not a %s", name, lua_typename(L, type), lua_typename(L, is));
    return true;
}

bool th_bind_field_str(lua_State *L, int index, const char *name, struct th_str *out)
{
    bool has = raw_field(L, index, name, LUA_TSTRING);
    if (has)
        out->p = lua_tolstring(L, -1, &out->n); /* the table keeps it */
    lua_pop(L, 1);
    return has;
}

bool th_bind_field_int(lua_State *L, int index, const char *name, int64_t *out)
{
    bool has = raw_field(L, index, name, LUA_TNUMBER);
    if (has) {
        int exact;
        *out = lua_tointegerx(L, -1, &exact);
        if (!exact)
            luaL_error(L, "field '%s' must be an integer", name);
    }
    lua_pop(L, 1);
    return has;
}

bool th_bind_field_bool(lua_State *L, int index, const char *name, bool *out)
{
    bool has = raw_field(L, index, name, LUA_TBOOLEAN);
    if (has)
        *out = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return has;
}

void th_bind_push_null(lua_State *L)
{
    lua_pushlightuserdata(L, NULL);
}

bool th_bind_is_null(lua_State *L, int index)
{
    return lua_type(L, index) == LUA_TLIGHTUSERDATA && lua_touserdata(L, index) == NULL;
}

void th_bind_push_mark(lua_State *L, const void *key, const char *name)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, key) == LUA_TTABLE)
        return;
    lua_pop(L, 1);
    lua_createtable(L, 0, 2);
    lua_pushstring(L, name);
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, key);
}

bool th_bind_has_mark(lua_State *L, int index, const void *key)
{
    if (!lua_getmetatable(L, index))
        return false;
    lua_rawgetp(L, LUA_REGISTRYINDEX, key);
    bool same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same;
}

int th_bind_encode(
    lua_State *L, int (*write)(lua_State *L, int index, struct th_buf *out, struct th_error *err))
{
    struct th_state *st = th_state_of(L);
    struct th_error err;

    luaL_checkany(L, 1);
    lua_settop(L, 1);
    th_state_settle(st);
    if (write(L, 1, &st->out, &err) != 0)
        return luaL_error(L, "cannot encode %s", err.msg);
    if (!th_state_charge(st, st->out.n))
        return luaL_error(L, "not enough memory");
    lua_pushlstring(L, st->out.p, st->out.n);
    return 1;
}
