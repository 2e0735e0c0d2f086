// SPDX-License-Identifier: Apache-2.0
//
// os.time, date, difftime and clock, in UTC whatever the machine's zone.
#include <errno.h>
#include <lauxlib.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"
#include "script/sandbox.h"

#define FORMAT_MAX 200

static int field(lua_State *L, const char *name, int fallback, int delta)
{
    int ok;
    lua_getfield(L, 1, name);
    lua_Integer v = lua_tointegerx(L, -1, &ok);
    if (!ok) {
        if (lua_type(L, -1) != LUA_TNIL)
            return luaL_error(L, "field '%s' is not an integer", name);
        if (fallback < 0)
            return luaL_error(L, "field '%s' missing in date table", name);
        v = fallback + delta;
    }
    lua_pop(L, 1);
    if (v - delta < -1000000000 || v - delta > 1000000000)
        return luaL_error(L, "field '%s' is out-of-bound", name);
    return (int)(v - delta);
}

static int os_time(lua_State *L)
{
    if (lua_isnoneornil(L, 1)) {
        lua_pushinteger(L, th_clock_ms() / 1000);
        return 1;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    struct tm tm = {0};
    tm.tm_year = field(L, "year", -1, 1900);
    tm.tm_mon = field(L, "month", -1, 1);
    tm.tm_mday = field(L, "day", -1, 0);
    tm.tm_hour = field(L, "hour", 12, 0);
    tm.tm_min = field(L, "min", 0, 0);
    tm.tm_sec = field(L, "sec", 0, 0);
    time_t t = timegm(&tm);
    if (t == (time_t)-1)
        return luaL_error(L, "time cannot be represented");
    lua_pushinteger(L, t);
    return 1;
}

static void set_field(lua_State *L, const char *name, int v)
{
    lua_pushinteger(L, v);
    lua_setfield(L, -2, name);
}

static int os_date(lua_State *L)
{
    size_t n;
    const char *f = luaL_optlstring(L, 1, "%c", &n);
    time_t t = lua_isnoneornil(L, 2) ? (time_t)(th_clock_ms() / 1000) : (time_t)luaL_checkinteger(L, 2);
    struct tm tm;
    char out[2048];

    if (*f == '!') {
        f++;
        n--;
    }
    if (gmtime_r(&t, &tm) == NULL)
        return luaL_error(L, "date result cannot be represented");
    if (strncmp(f, "*t", 2) == 0) {
        lua_createtable(L, 0, 9);
        set_field(L, "year", tm.tm_year + 1900);
        set_field(L, "month", tm.tm_mon + 1);
        set_field(L, "day", tm.tm_mday);
        set_field(L, "hour", tm.tm_hour);
        set_field(L, "min", tm.tm_min);
        set_field(L, "sec", tm.tm_sec);
        set_field(L, "yday", tm.tm_yday + 1);
        set_field(L, "wday", tm.tm_wday + 1);
        lua_pushboolean(L, 0);
        lua_setfield(L, -2, "isdst");
        return 1;
    }
    luaL_argcheck(L, n <= FORMAT_MAX && strlen(f) == n, 1, "format too long");
    for (const char *p = strchr(f, '%'); p != NULL; p = strchr(p + 2, '%')) {
        if (p[1] == '\0' || strchr("aAbBcdDFHIjmMnpRSTuUVwWxXyY%ztZGge", p[1]) == NULL)
            return luaL_argerror(L, 1, "invalid conversion specifier");
    }
    lua_pushlstring(L, out, n == 0 ? 0 : strftime(out, sizeof out, f, &tm));
    return 1;
}

static int os_difftime(lua_State *L)
{
    lua_pushnumber(L, (lua_Number)luaL_checkinteger(L, 1) - (lua_Number)luaL_checkinteger(L, 2));
    return 1;
}

static int os_clock(lua_State *L)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    lua_pushnumber(L, (lua_Number)t.tv_sec + (lua_Number)t.tv_nsec / 1e9);
    return 1;
}

static const luaL_Reg functions[] = {
    {"clock", os_clock}, {"date", os_date}, {"difftime", os_difftime}, {"time", os_time}, {NULL, NULL}};

int th_safe_os(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
