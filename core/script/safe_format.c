// SPDX-License-Identifier: Apache-2.0
//
// string.format: Lua's, without %p (an address) and with a cap on what it makes.
#include <lauxlib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "script/budget.h"
#include "script/safe_string.h"
#include "script/sandbox.h"

#define ITEM_MAX 512 /* %99.99f of the largest double has 409 characters */
#define SPEC_MAX 32

static const char *skip_digits(const char *p, int max)
{
    while (max-- > 0 && *p >= '0' && *p <= '9')
        p++;
    return p;
}

/* Copies the item that begins behind the % into spec, and returns the conversion's place. Which flags and
 * whether a precision are allowed depends on the conversion. */
static const char *read_spec(lua_State *L, const char *p, char spec[SPEC_MAX])
{
    const char *end = p + strspn(p, "-+ #0123456789.");
    const char *flags = "", *at = p;
    size_t n = (size_t)(end - p) + 1;
    bool precision = true;

    if (n >= SPEC_MAX - 8)
        luaL_error(L, "invalid format string to 'format'");
    spec[0] = '%';
    memcpy(spec + 1, p, n);
    spec[n + 1] = '\0';
    switch (*end) {
    case 'c':
        flags = "-";
        precision = false;
        break;
    case 'd':
    case 'i':
        flags = "-+0 ";
        break;
    case 'u':
        flags = "-0";
        break;
    case 'o':
    case 'x':
    case 'X':
        flags = "-#0";
        break;
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'g':
    case 'G':
        flags = "-+#0 ";
        break;
    case 's':
        flags = "-";
        break;
    case 'q':
        if (n != 1)
            luaL_error(L, "specifier '%%q' cannot have modifiers");
        return end;
    case 'p':
        luaL_error(L, "'%%p' is not available to scripts");
        break;
    default:
        luaL_error(L, "invalid conversion '%s' to 'format'", spec);
    }
    at += strspn(at, flags);
    if (*at != '0') { /* what is left of a flag that is not allowed here */
        at = skip_digits(at, 2);
        if (*at == '.' && precision)
            at = skip_digits(at + 1, 2);
    }
    if (at != end)
        luaL_error(L, "invalid conversion specification: '%s'", spec);
    return end;
}

static void add_integer(lua_State *L, luaL_Buffer *b, int arg, char *spec)
{
    lua_Integer v = luaL_checkinteger(L, arg);
    size_t n = strlen(spec);
    char conversion = spec[n - 1];

    snprintf(spec + n - 1, 4, "ll%c", conversion);
    int len = snprintf(luaL_prepbuffsize(b, ITEM_MAX), ITEM_MAX, spec, (long long)v);
    luaL_addsize(b, (size_t)len);
}

static void add_float(lua_State *L, luaL_Buffer *b, int arg, const char *spec)
{
    lua_Number v = luaL_checknumber(L, arg);
    int len = snprintf(luaL_prepbuffsize(b, ITEM_MAX), ITEM_MAX, spec, v);
    luaL_addsize(b, (size_t)len);
}

static void add_string(lua_State *L, luaL_Buffer *b, int arg, const char *spec)
{
    size_t n;
    char *out = luaL_prepbuffsize(b, ITEM_MAX); /* while the buffer is on top of the stack */
    const char *s = th_sandbox_tostring(L, arg, &n);

    if (spec[2] == '\0' || (strchr(spec, '.') == NULL && n >= 100)) {
        th_sandbox_check_size(L, n);
        luaL_addvalue(b);
        return;
    }
    luaL_argcheck(L, n == strlen(s), arg, "string contains zeros");
    int len = snprintf(out, ITEM_MAX, spec, s);
    luaL_addsize(b, (size_t)len);
    lua_pop(L, 1);
}

static void add_quoted_string(lua_State *L, luaL_Buffer *b, int arg)
{
    size_t n;
    const char *s = lua_tolstring(L, arg, &n);

    luaL_addchar(b, '"');
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c == '"' || c == '\\' || c == '\n') {
            luaL_addchar(b, '\\');
            luaL_addchar(b, (char)c);
        } else if (c < 32 || c == 127) {
            bool digit = i + 1 < n && s[i + 1] >= '0' && s[i + 1] <= '9';
            char text[8];
            snprintf(text, sizeof text, digit ? "\\%03d" : "\\%d", c);
            luaL_addstring(b, text);
        } else {
            luaL_addchar(b, (char)c);
        }
        if (i % 1024 == 0)
            th_sandbox_check_size(L, luaL_bufflen(b));
    }
    luaL_addchar(b, '"');
}

static void add_quoted(lua_State *L, luaL_Buffer *b, int arg)
{
    char text[64];
    lua_Number v;

    switch (lua_type(L, arg)) {
    case LUA_TSTRING:
        add_quoted_string(L, b, arg);
        return;
    case LUA_TNUMBER:
        if (lua_isinteger(L, arg)) {
            lua_Integer i = lua_tointeger(L, arg);
            /* The least integer cannot be written in decimal: 9223372036854775808 would be read as a float.
             */
            snprintf(text, sizeof text, i == LUA_MININTEGER ? "0x%llx" : "%lld", (long long)i);
        } else {
            v = lua_tonumber(L, arg);
            if (isnan(v))
                snprintf(text, sizeof text, "(0/0)");
            else if (isinf(v))
                snprintf(text, sizeof text, v > 0 ? "1e9999" : "-1e9999");
            else
                snprintf(text, sizeof text, "%a", v);
        }
        luaL_addstring(b, text);
        return;
    case LUA_TNIL:
    case LUA_TBOOLEAN:
        th_sandbox_tostring(L, arg, NULL);
        luaL_addvalue(b);
        return;
    default:
        luaL_argerror(L, arg, "value has no literal form");
    }
}

static void add_item(lua_State *L, luaL_Buffer *b, int arg, char *spec, char conversion)
{
    int len;

    switch (conversion) {
    case 'c':
        len = snprintf(luaL_prepbuffsize(b, ITEM_MAX), ITEM_MAX, spec, (int)luaL_checkinteger(L, arg));
        luaL_addsize(b, (size_t)len);
        break;
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
        add_integer(L, b, arg, spec);
        break;
    case 'q':
        add_quoted(L, b, arg);
        break;
    case 's':
        add_string(L, b, arg, spec);
        break;
    default:
        add_float(L, b, arg, spec);
    }
}

int th_string_format(lua_State *L)
{
    size_t n;
    int top = lua_gettop(L), arg = 1;
    const char *f = luaL_checklstring(L, 1, &n), *end = f + n;
    char spec[SPEC_MAX];
    luaL_Buffer b;

    luaL_buffinit(L, &b);
    for (unsigned items = 1; f < end; items++) {
        const char *p = memchr(f, '%', (size_t)(end - f));
        if (p == NULL)
            p = end;
        luaL_addlstring(&b, f, (size_t)(p - f));
        th_sandbox_check_size(L, luaL_bufflen(&b));
        if (items % 1024 == 0)
            th_budget_check(L);
        if (p == end)
            break;
        f = p + 1;
        if (f < end && *f == '%') {
            luaL_addchar(&b, '%');
            f++;
            continue;
        }
        if (++arg > top)
            return luaL_argerror(L, arg, "no value");
        f = read_spec(L, f, spec);
        add_item(L, &b, arg, spec, *f);
        f++;
    }
    luaL_pushresult(&b);
    return 1;
}
