// SPDX-License-Identifier: Apache-2.0
//
// find, match, gmatch and gsub over pattern.c.
#include <lauxlib.h>
#include <string.h>
#include "script/budget.h"
#include "script/pattern.h"
#include "script/safe_string.h"
#include "script/sandbox.h"

static bool is_plain(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] != '\0' && strchr("^$*+?.([%-", p[i]) != NULL)
            return false;
    }
    return true;
}

static int find_plain(lua_State *L, const char *s, size_t n, size_t init, const char *p, size_t p_n)
{
    /* memmem is linear whatever the two texts are. */
    const char *hit = memmem(s + init, n - init, p, p_n);
    if (hit == NULL) {
        luaL_pushfail(L);
        return 1;
    }
    lua_pushinteger(L, hit - s + 1);
    lua_pushinteger(L, hit - s + (lua_Integer)p_n);
    return 2;
}

static int find_or_match(lua_State *L, bool find)
{
    size_t n, p_n;
    const char *s = luaL_checklstring(L, 1, &n);
    const char *p = luaL_checklstring(L, 2, &p_n);
    size_t init = th_string_start(luaL_optinteger(L, 3, 1), n) - 1;
    struct th_match m;

    if (init > n) {
        luaL_pushfail(L);
        return 1;
    }
    if (find && (lua_toboolean(L, 4) || is_plain(p, p_n)))
        return find_plain(L, s, n, init, p, p_n);
    bool anchor = *p == '^';
    th_match_init(&m, L, s, n, p, p_n);
    p += anchor;
    for (const char *at = s + init; at <= m.src_end; at++) {
        const char *e = th_match_at(&m, at, p);
        if (e != NULL && find) {
            lua_pushinteger(L, at - s + 1);
            lua_pushinteger(L, e - s);
            return 2 + th_match_push(&m, NULL, NULL);
        }
        if (e != NULL)
            return th_match_push(&m, at, e);
        if (anchor)
            break;
    }
    luaL_pushfail(L);
    return 1;
}

int th_string_find(lua_State *L)
{
    return find_or_match(L, true);
}

int th_string_match(lua_State *L)
{
    return find_or_match(L, false);
}

/* ---- gmatch ---- */

struct walk {
    struct th_match m;
    const char *at, *pat, *last; /* last: end of the match before, so that none is empty right behind it */
};

/* Upvalues: subject and pattern (kept alive), struct walk. */
static int next_match(lua_State *L)
{
    struct walk *w = lua_touserdata(L, lua_upvalueindex(3));

    w->m.L = L;
    for (; w->at <= w->m.src_end; w->at++) {
        const char *e = th_match_at(&w->m, w->at, w->pat);
        if (e != NULL && e != w->last) {
            const char *s = w->at;
            w->at = w->last = e;
            return th_match_push(&w->m, s, e);
        }
    }
    return 0;
}

int th_string_gmatch(lua_State *L)
{
    size_t n, p_n;
    const char *s = luaL_checklstring(L, 1, &n);
    const char *p = luaL_checklstring(L, 2, &p_n);
    size_t init = th_string_start(luaL_optinteger(L, 3, 1), n) - 1;

    lua_settop(L, 2);
    struct walk *w = lua_newuserdatauv(L, sizeof *w, 0);
    th_match_init(&w->m, L, s, n, p, p_n);
    w->at = init > n ? s + n + 1 : s + init;
    w->pat = p;
    w->last = NULL;
    lua_pushcclosure(L, next_match, 3);
    return 1;
}

/* ---- gsub ---- */

/* Appends the replacement text at index 3 with its %0 to %9 filled in. */
static void add_text(struct th_match *m, luaL_Buffer *b, const char *s, const char *e)
{
    size_t n, cap_n;
    const char *news = lua_tolstring(m->L, 3, &n), *end = news + n, *cap;

    while (news < end) {
        const char *p = memchr(news, '%', (size_t)(end - news));
        if (p == NULL)
            break;
        luaL_addlstring(b, news, (size_t)(p - news));
        p++; /* at the end this is the NUL that ends the string */
        if (*p == '%')
            luaL_addchar(b, '%');
        else if (*p == '0')
            luaL_addlstring(b, s, (size_t)(e - s));
        else if (*p < '1' || *p > '9')
            luaL_error(m->L, "invalid use of '%%' in replacement string");
        else if (th_match_capture(m, *p - '1', s, e, &cap, &cap_n))
            luaL_addlstring(b, cap, cap_n);
        else
            luaL_addvalue(b);
        th_sandbox_check_size(m->L, luaL_bufflen(b));
        news = p + 1;
    }
    luaL_addlstring(b, news, (size_t)(end - news));
}

static void push_first_capture(struct th_match *m, const char *s, const char *e)
{
    const char *p;
    size_t n;
    if (th_match_capture(m, 0, s, e, &p, &n))
        lua_pushlstring(m->L, p, n);
}

/* Appends what stands for the match; false when that is the match itself. */
static bool add_value(struct th_match *m, luaL_Buffer *b, const char *s, const char *e, int type)
{
    lua_State *L = m->L;

    if (type == LUA_TFUNCTION) {
        lua_pushvalue(L, 3);
        lua_call(L, th_match_push(m, s, e), 1);
    } else if (type == LUA_TTABLE) {
        push_first_capture(m, s, e);
        lua_gettable(L, 3);
    } else {
        add_text(m, b, s, e);
        return true;
    }
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        luaL_addlstring(b, s, (size_t)(e - s));
        return false;
    }
    if (!lua_isstring(L, -1))
        return luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    luaL_addvalue(b);
    return true;
}

int th_string_gsub(lua_State *L)
{
    size_t n, p_n;
    const char *s = luaL_checklstring(L, 1, &n);
    const char *p = luaL_checklstring(L, 2, &p_n), *last = NULL;
    int type = lua_type(L, 3);
    lua_Integer max = luaL_optinteger(L, 4, (lua_Integer)n + 1), count = 0;
    bool anchor = *p == '^', changed = false;
    struct th_match m;
    luaL_Buffer b;

    luaL_argexpected(L,
        type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION || type == LUA_TTABLE, 3,
        "string/function/table");
    th_match_init(&m, L, s, n, p, p_n);
    p += anchor;
    luaL_buffinit(L, &b);
    while (count < max) {
        const char *e = th_match_at(&m, s, p);
        if (e != NULL && e != last) {
            count++;
            changed |= add_value(&m, &b, s, e, type);
            s = last = e;
        } else if (s < m.src_end) {
            luaL_addchar(&b, *s++);
        } else {
            break;
        }
        th_sandbox_check_size(L, luaL_bufflen(&b));
        if (anchor)
            break;
    }
    if (changed) {
        luaL_addlstring(&b, s, (size_t)(m.src_end - s));
        luaL_pushresult(&b);
    } else {
        lua_pushvalue(L, 1);
    }
    lua_pushinteger(L, count);
    return 2;
}
