// SPDX-License-Identifier: Apache-2.0
//
// The utf8 library with a look at the budget in its loops. Strict as Lua's: no surrogates and nothing over
// U+10FFFF unless lax.
#include <lauxlib.h>
#include <string.h>
#include "script/budget.h"
#include "script/safe_string.h"
#include "script/sandbox.h"

#define STEPS_PER_CHECK 4096
#define POINTS_MAX 100000 /* results of one codepoint() */

static bool is_tail(const char *p)
{
    return ((unsigned char)*p & 0xc0) == 0x80;
}

/* Reads one character; the byte after it, or NULL when there is none. Strings end with a NUL, so no tail is
 * read past the end. */
static const char *decode(const char *p, uint32_t *out, bool strict)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000, 0x200000, 0x4000000};
    unsigned char c = (unsigned char)*p;
    uint32_t v;
    int tails = 0;

    if (c < 0x80) {
        *out = c;
        return p + 1;
    }
    for (unsigned char rest = c; rest & 0x40; rest = (unsigned char)(rest << 1))
        tails++;
    if (tails == 0 || tails > 5)
        return NULL;
    v = c & (0x3fu >> tails);
    for (int i = 1; i <= tails; i++) {
        if (!is_tail(p + i))
            return NULL;
        v = v << 6 | ((unsigned char)p[i] & 0x3f);
    }
    if (v < least[tails])
        return NULL;
    if (strict && (v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff)))
        return NULL;
    *out = v;
    return p + tails + 1;
}

static void add_char(luaL_Buffer *b, lua_Unsigned v)
{
    char text[8];
    int n = 1;
    unsigned first_max = 0x3f;

    if (v < 0x80) {
        luaL_addchar(b, (char)v);
        return;
    }
    do {
        text[8 - n++] = (char)(0x80 | (v & 0x3f));
        v >>= 6;
        first_max >>= 1;
    } while (v > first_max);
    text[8 - n] = (char)((~first_max << 1) | v);
    luaL_addlstring(b, text + 8 - n, (size_t)n);
}

static int utf8_char(lua_State *L)
{
    int n = lua_gettop(L);
    luaL_Buffer b;

    luaL_buffinit(L, &b);
    for (int i = 1; i <= n; i++) {
        lua_Unsigned v = (lua_Unsigned)luaL_checkinteger(L, i);
        luaL_argcheck(L, v <= 0x7fffffffu, i, "value out of range");
        add_char(&b, v);
    }
    luaL_pushresult(&b);
    return 1;
}

/* As Lua's: not clipped to the string, so that callers can refuse. */
static lua_Integer position(lua_Integer pos, size_t len)
{
    if (pos >= 0)
        return pos;
    return (lua_Unsigned)-pos > len ? 0 : (lua_Integer)len + pos + 1;
}

static int utf8_len(lua_State *L)
{
    size_t len;
    lua_Integer n = 0;
    const char *s = luaL_checklstring(L, 1, &len);
    lua_Integer i = position(luaL_optinteger(L, 2, 1), len);
    lua_Integer j = position(luaL_optinteger(L, 3, -1), len);
    bool lax = lua_toboolean(L, 4);
    uint32_t v;

    luaL_argcheck(L, i >= 1 && i - 1 <= (lua_Integer)len, 2, "initial position out of bounds");
    luaL_argcheck(L, j - 1 < (lua_Integer)len, 3, "final position out of bounds");
    for (const char *p = s + i - 1; p - s < j; n++) {
        const char *next = decode(p, &v, !lax);
        if (n % STEPS_PER_CHECK == 0)
            th_budget_check(L);
        if (next == NULL) {
            luaL_pushfail(L);
            lua_pushinteger(L, p - s + 1);
            return 2;
        }
        p = next;
    }
    lua_pushinteger(L, n);
    return 1;
}

static int utf8_codepoint(lua_State *L)
{
    size_t len;
    const char *s = luaL_checklstring(L, 1, &len);
    lua_Integer i = position(luaL_optinteger(L, 2, 1), len);
    lua_Integer j = position(luaL_optinteger(L, 3, i), len);
    bool lax = lua_toboolean(L, 4);
    uint32_t v;
    int n = 0;

    luaL_argcheck(L, i >= 1, 2, "out of bounds");
    luaL_argcheck(L, j <= (lua_Integer)len, 3, "out of bounds");
    if (i > j)
        return 0;
    if (j - i >= POINTS_MAX)
        return luaL_error(L, "string slice too long");
    luaL_checkstack(L, (int)(j - i) + 1, "string slice too long");
    for (const char *p = s + i - 1; p < s + j; n++) {
        p = decode(p, &v, !lax);
        if (p == NULL)
            return luaL_error(L, "invalid UTF-8 code");
        lua_pushinteger(L, v);
    }
    return n;
}

static int utf8_offset(lua_State *L)
{
    size_t size;
    const char *s = luaL_checklstring(L, 1, &size);
    lua_Integer n = luaL_checkinteger(L, 2), len = (lua_Integer)size;
    lua_Integer i = position(luaL_optinteger(L, 3, n > 0 ? 1 : len + 1), size);

    luaL_argcheck(L, i >= 1 && i - 1 <= len, 3, "position out of bounds");
    i--;
    if (n == 0) {
        while (i > 0 && is_tail(s + i))
            i--;
        lua_pushinteger(L, i + 1);
        return 1;
    }
    if (is_tail(s + i))
        return luaL_error(L, "initial position is a continuation byte");
    for (; n < 0 && i > 0; n++) {
        do
            i--;
        while (i > 0 && is_tail(s + i));
        if (n % STEPS_PER_CHECK == 0)
            th_budget_check(L);
    }
    for (; n > 1 && i < len; n--) {
        do
            i++;
        while (is_tail(s + i));
        if (n % STEPS_PER_CHECK == 0)
            th_budget_check(L);
    }
    if (n == 0 || n == 1)
        lua_pushinteger(L, i + 1);
    else
        luaL_pushfail(L);
    return 1;
}

static int next_code(lua_State *L, bool strict)
{
    size_t len;
    const char *s = luaL_checklstring(L, 1, &len);
    lua_Unsigned i = (lua_Unsigned)lua_tointeger(L, 2);
    uint32_t v;

    if (i < len) {
        while (is_tail(s + i)) /* past the character before */
            i++;
    }
    if (i >= len)
        return 0;
    const char *next = decode(s + i, &v, strict);
    if (next == NULL || is_tail(next))
        return luaL_error(L, "invalid UTF-8 code");
    lua_pushinteger(L, (lua_Integer)i + 1);
    lua_pushinteger(L, v);
    return 2;
}

static int next_strict(lua_State *L)
{
    return next_code(L, true);
}

static int next_lax(lua_State *L)
{
    return next_code(L, false);
}

static int utf8_codes(lua_State *L)
{
    const char *s = luaL_checkstring(L, 1);
    luaL_argcheck(L, !is_tail(s), 1, "invalid UTF-8 code");
    lua_pushcfunction(L, lua_toboolean(L, 2) ? next_lax : next_strict);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

static const luaL_Reg functions[] = {{"char", utf8_char}, {"codepoint", utf8_codepoint},
    {"codes", utf8_codes}, {"len", utf8_len}, {"offset", utf8_offset}, {NULL, NULL}};

int th_safe_utf8(lua_State *L)
{
    luaL_newlib(L, functions);
    lua_pushlstring(L, "[\0-\x7F\xC2-\xFD][\x80-\xBF]*", 14);
    lua_setfield(L, -2, "charpattern");
    return 1;
}
