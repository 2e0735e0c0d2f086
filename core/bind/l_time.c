// SPDX-License-Identifier: Apache-2.0
//
// thing.time: times are whole milliseconds since 1970, UTC.
#include <time.h>
#include "base/clock.h"
#include "bind/bind.h"
#include "bind/open.h"

#define MS_MIN (-62135596800000) /* the years 1 to 9999 */
#define MS_MAX 253402300799999
#define OFFSET_MAX (18 * 60) /* minutes */

static int time_now(lua_State *L)
{
    lua_pushinteger(L, th_clock_ms());
    return 1;
}

static int time_format(lua_State *L)
{
    char out[TH_RFC3339_LEN];
    th_clock_rfc3339(th_bind_int(L, 1, MS_MIN, MS_MAX), out);
    lua_pushstring(L, out);
    return 1;
}

static int time_parse(lua_State *L)
{
    int64_t ms;
    if (!th_clock_parse(th_bind_str(L, 1), &ms))
        return th_bind_fail(L, -TH_EINVAL, "not an RFC 3339 time");
    lua_pushinteger(L, ms);
    return 1;
}

static void set(lua_State *L, const char *name, lua_Integer v)
{
    lua_pushinteger(L, v);
    lua_setfield(L, -2, name);
}

/* parts(ms, offset_minutes): the calendar's fields, in a zone that far east of UTC */
static int time_parts(lua_State *L)
{
    lua_Integer ms = th_bind_int(L, 1, MS_MIN + OFFSET_MAX * 60000, MS_MAX - OFFSET_MAX * 60000);
    lua_Integer offset = lua_isnoneornil(L, 2) ? 0 : th_bind_int(L, 2, -OFFSET_MAX, OFFSET_MAX);
    struct tm tm;

    ms += offset * 60000;
    lua_Integer rest = (ms % 1000 + 1000) % 1000;
    time_t t = (time_t)((ms - rest) / 1000);
    gmtime_r(&t, &tm);
    lua_createtable(L, 0, 9);
    set(L, "year", tm.tm_year + 1900);
    set(L, "month", tm.tm_mon + 1);
    set(L, "day", tm.tm_mday);
    set(L, "hour", tm.tm_hour);
    set(L, "minute", tm.tm_min);
    set(L, "second", tm.tm_sec);
    set(L, "ms", rest);
    set(L, "weekday", tm.tm_wday == 0 ? 7 : tm.tm_wday); /* ISO: Monday is 1 */
    set(L, "yearday", tm.tm_yday + 1);
    return 1;
}

static const luaL_Reg functions[] = {
    {"format", time_format}, {"now", time_now}, {"parse", time_parse}, {"parts", time_parts}, {NULL, NULL}};

int th_bind_open_time(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
