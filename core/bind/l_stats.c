// SPDX-License-Identifier: Apache-2.0
//
// thing.stats: figures over an array of numbers. An empty array has none: nil (sum and count: 0).
#include <math.h>
#include <stdlib.h>
#include "bind/bind.h"
#include "bind/open.h"

#define COUNT_MAX 20000

struct series {
    double *v;
    size_t n;
};

static struct series read_series(lua_State *L)
{
    struct th_state *st = th_state_of(L);
    struct series s;

    luaL_checktype(L, 1, LUA_TTABLE);
    s.n = lua_rawlen(L, 1);
    luaL_argcheck(L, s.n <= COUNT_MAX, 1, "too many numbers");
    th_arena_reset(&st->scratch);
    s.v = th_arena_alloc(&st->scratch, (s.n + 1) * sizeof *s.v);
    for (size_t i = 0; i < s.n; i++) {
        if (lua_rawgeti(L, 1, (lua_Integer)i + 1) != LUA_TNUMBER)
            luaL_error(L, "item %d is a %s, not a number", (int)i + 1, luaL_typename(L, -1));
        s.v[i] = lua_tonumber(L, -1);
        lua_pop(L, 1);
    }
    return s;
}

static double sum_of(struct series s)
{
    double sum = 0;
    for (size_t i = 0; i < s.n; i++)
        sum += s.v[i];
    return sum;
}

static int push_or_nil(lua_State *L, bool known, double v)
{
    if (known)
        lua_pushnumber(L, v);
    else
        lua_pushnil(L);
    return 1;
}

/* The item itself, so that an integer stays one. */
static int extreme(lua_State *L, bool max)
{
    struct series s = read_series(L);
    size_t best = 0;

    for (size_t i = 1; i < s.n; i++) {
        if (max ? s.v[i] > s.v[best] : s.v[i] < s.v[best])
            best = i;
    }
    lua_rawgeti(L, 1, s.n == 0 ? 0 : (lua_Integer)best + 1);
    if (s.n == 0)
        lua_pushnil(L);
    return 1;
}

static int stats_min(lua_State *L)
{
    return extreme(L, false);
}

static int stats_max(lua_State *L)
{
    return extreme(L, true);
}

static int stats_sum(lua_State *L)
{
    return push_or_nil(L, true, sum_of(read_series(L)));
}

static int stats_avg(lua_State *L)
{
    struct series s = read_series(L);
    return push_or_nil(L, s.n > 0, sum_of(s) / (double)s.n);
}

/* Of a sample: divided by n - 1; nil for fewer than two. */
static int stats_stddev(lua_State *L)
{
    struct series s = read_series(L);
    double avg = sum_of(s) / (double)s.n, squares = 0;

    for (size_t i = 0; i < s.n; i++)
        squares += (s.v[i] - avg) * (s.v[i] - avg);
    return push_or_nil(L, s.n > 1, sqrt(squares / (double)(s.n - 1)));
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Between the two nearest items, linearly. */
static int push_percentile(lua_State *L, struct series s, double percent)
{
    if (s.n == 0)
        return push_or_nil(L, false, 0);
    qsort(s.v, s.n, sizeof *s.v, by_value);
    double at = percent / 100 * (double)(s.n - 1);
    size_t low = (size_t)at;
    size_t high = low + 1 < s.n ? low + 1 : low;
    return push_or_nil(L, true, s.v[low] + (s.v[high] - s.v[low]) * (at - (double)low));
}

static int stats_percentile(lua_State *L)
{
    lua_Number percent = luaL_checknumber(L, 2);
    luaL_argcheck(L, percent >= 0 && percent <= 100, 2, "not from 0 to 100");
    return push_percentile(L, read_series(L), percent);
}

static int stats_median(lua_State *L)
{
    return push_percentile(L, read_series(L), 50);
}

static const luaL_Reg functions[] = {{"avg", stats_avg}, {"max", stats_max}, {"median", stats_median},
    {"min", stats_min}, {"percentile", stats_percentile}, {"stddev", stats_stddev}, {"sum", stats_sum},
    {NULL, NULL}};

int th_bind_open_stats(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
