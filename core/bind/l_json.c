// SPDX-License-Identifier: Apache-2.0
//
// thing.json: what was null, [] or a 64-bit integer stays what it was.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "bind/bind.h"
#include "bind/open.h"

#define TEXT_MAX (1u << 20)
#define STEPS_PER_CHECK 256

static const char array_key; /* its address names the metatable of arrays in the registry */

static void push_array_mark(lua_State *L)
{
    th_bind_push_mark(L, &array_key, "array");
}

void th_json_mark_array(lua_State *L)
{
    push_array_mark(L);
    lua_setmetatable(L, -2);
}

bool th_json_is_marked(lua_State *L, int index)
{
    return th_bind_has_mark(L, index, &array_key);
}

/* ---- from the tape ---- */

static void push_number(lua_State *L, const struct th_json_node *n)
{
    int64_t i;
    if (th_json_int(n, &i))
        lua_pushinteger(L, i);
    else
        lua_pushnumber(L, th_json_double(n));
}

/* mark is the index of the arrays' metatable. */
static void push_node(lua_State *L, const struct th_json *j, uint32_t at, int mark)
{
    const struct th_json_node *n = &j->nodes[at];
    lua_Integer i = 1;

    if (at % STEPS_PER_CHECK == 0)
        th_budget_check(L);
    switch ((enum th_json_type)n->type) {
    case TH_JSON_NULL:
        th_bind_push_null(L);
        return;
    case TH_JSON_BOOL:
        lua_pushboolean(L, n->truth);
        return;
    case TH_JSON_NUMBER:
        push_number(L, n);
        return;
    case TH_JSON_STRING:
        lua_pushlstring(L, n->text.p, n->text.n);
        return;
    case TH_JSON_ARRAY:
        luaL_checkstack(L, 4, NULL);
        lua_createtable(L, (int)n->count, 0);
        TH_JSON_EACH (j, at, child) {
            push_node(L, j, child, mark);
            lua_rawseti(L, -2, i++);
        }
        lua_pushvalue(L, mark);
        lua_setmetatable(L, -2);
        return;
    case TH_JSON_OBJECT:
        luaL_checkstack(L, 4, NULL);
        lua_createtable(L, 0, (int)n->count);
        TH_JSON_EACH (j, at, child) {
            lua_pushlstring(L, j->nodes[child].key.p, j->nodes[child].key.n);
            push_node(L, j, child, mark);
            lua_rawset(L, -3);
        }
        return;
    }
}

void th_json_push(lua_State *L, const struct th_json *j, uint32_t node)
{
    luaL_checkstack(L, 4, NULL);
    push_array_mark(L);
    int mark = lua_gettop(L);
    push_node(L, j, node, mark);
    lua_remove(L, mark);
}

/* ---- to text ---- */

struct writer {
    lua_State *L;
    struct th_buf *out;
    size_t end; /* out->n may not pass it */
    unsigned steps;
    int depth;
    struct th_error *err;
};

static int write_value(struct writer *w, int index);

static int room(struct writer *w, size_t n)
{
    if (n > w->end || w->out->n > w->end - n)
        return th_fail(w->err, TH_ETOOBIG, "JSON over %u bytes", TH_JSON_WRITE_MAX);
    return 0;
}

static int write_string(struct writer *w, int index)
{
    struct th_str s;
    s.p = lua_tolstring(w->L, index, &s.n);
    int rc = room(w, s.n + 2);
    if (rc != 0)
        return rc;
    if (memchr(s.p, '\0', s.n) != NULL)
        return th_fail(w->err, TH_EINVAL, "text with a NUL byte");
    th_json_put_str(w->out, s);
    return 0;
}

static int write_number(struct writer *w, int index)
{
    char text[40];

    if (lua_isinteger(w->L, index)) {
        th_buf_int(w->out, lua_tointeger(w->L, index));
        return 0;
    }
    double d = lua_tonumber(w->L, index);
    if (!isfinite(d))
        return th_fail(w->err, TH_EINVAL, "a number that is not finite");
    snprintf(text, sizeof text, "%.15g", d);
    if (strtod(text, NULL) != d)
        snprintf(text, sizeof text, "%.17g", d);
    th_buf_puts(w->out, text);
    if (strpbrk(text, ".e") == NULL)
        th_buf_puts(w->out, ".0");
    return 0;
}

static int write_array(struct writer *w, int index, lua_Integer n)
{
    th_buf_putc(w->out, '[');
    for (lua_Integer i = 1; i <= n; i++) {
        if (i > 1)
            th_buf_putc(w->out, ',');
        lua_rawgeti(w->L, index, i);
        int rc = write_value(w, lua_gettop(w->L));
        lua_pop(w->L, 1);
        if (rc != 0)
            return rc;
    }
    th_buf_putc(w->out, ']');
    return 0;
}

static int write_object(struct writer *w, int index)
{
    lua_State *L = w->L;
    bool first = true;

    th_buf_putc(w->out, '{');
    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING) {
            bool number = lua_type(L, -2) == LUA_TNUMBER;
            lua_pop(L, 2);
            return th_fail(w->err, TH_EINVAL,
                number ? "a table with gaps, or with both numbers and names as keys"
                       : "a key that is not text");
        }
        if (!first)
            th_buf_putc(w->out, ',');
        first = false;
        int rc = write_string(w, lua_gettop(L) - 1);
        if (rc == 0) {
            th_buf_putc(w->out, ':');
            rc = write_value(w, lua_gettop(L));
        }
        if (rc != 0) {
            lua_pop(L, 2);
            return rc;
        }
    }
    th_buf_putc(w->out, '}');
    return 0;
}

bool th_json_is_sequence(lua_State *L, int index, lua_Integer n)
{
    lua_Integer seen = 0;

    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
        if (!lua_isinteger(L, -2) || lua_tointeger(L, -2) < 1 || lua_tointeger(L, -2) > n) {
            lua_pop(L, 2);
            return false;
        }
        if (++seen % STEPS_PER_CHECK == 0)
            th_budget_check(L);
    }
    return seen == n;
}

static int write_table(struct writer *w, int index)
{
    int rc;

    if (w->depth >= TH_JSON_MAX_DEPTH)
        return th_fail(w->err, TH_ETOOBIG, "tables nested deeper than %d, or in a circle", TH_JSON_MAX_DEPTH);
    if (!lua_checkstack(w->L, 8))
        return th_fail(w->err, TH_ETOOBIG, "no room on the stack");
    w->depth++;
    lua_Integer n = (lua_Integer)lua_rawlen(w->L, index);
    bool marked = th_json_is_marked(w->L, index);
    if (marked || n > 0) {
        if (th_json_is_sequence(w->L, index, n))
            rc = write_array(w, index, n);
        else
            rc = th_fail(w->err, TH_EINVAL, "a table with gaps, or with both numbers and names as keys");
    } else {
        rc = write_object(w, index);
    }
    w->depth--;
    return rc;
}

static int write_value(struct writer *w, int index)
{
    int rc = room(w, 32);

    if (rc != 0)
        return rc;
    if (++w->steps % STEPS_PER_CHECK == 0)
        th_budget_check(w->L);
    switch (lua_type(w->L, index)) {
    case LUA_TNIL:
        th_buf_puts(w->out, "null");
        return 0;
    case LUA_TBOOLEAN:
        th_buf_puts(w->out, lua_toboolean(w->L, index) ? "true" : "false");
        return 0;
    case LUA_TNUMBER:
        return write_number(w, index);
    case LUA_TSTRING:
        return write_string(w, index);
    case LUA_TTABLE:
        return write_table(w, index);
    default:
        if (th_bind_is_null(w->L, index)) {
            th_buf_puts(w->out, "null");
            return 0;
        }
        return th_fail(w->err, TH_EINVAL, "a %s", luaL_typename(w->L, index));
    }
}

int th_json_write(lua_State *L, int index, struct th_buf *out, struct th_error *err)
{
    struct writer w = {.L = L, .out = out, .end = out->n + TH_JSON_WRITE_MAX, .err = err};
    return write_value(&w, lua_absindex(L, index));
}

/* ---- the library ---- */

static int json_decode(lua_State *L)
{
    struct th_str text = th_bind_str(L, 1);
    struct th_state *st = th_state_of(L);
    struct th_error err;
    struct th_json j;

    if (text.n > TEXT_MAX)
        return th_bind_fail(L, -TH_ETOOBIG, "JSON over %u bytes", TEXT_MAX);
    th_state_settle(st);
    if (th_json_read(&j, &st->scratch, text, &err) != 0)
        return th_bind_error(L, &err);
    if (!th_state_charge(st, st->scratch.used))
        return luaL_error(L, "not enough memory");
    th_json_push(L, &j, 0);
    return 1;
}

static int json_encode(lua_State *L)
{
    return th_bind_encode(L, th_json_write);
}

static int json_array(lua_State *L)
{
    if (lua_isnoneornil(L, 1)) {
        lua_settop(L, 0);
        lua_newtable(L);
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    if (lua_getmetatable(L, 1)) {
        lua_pop(L, 1);
        luaL_argcheck(L, th_json_is_marked(L, 1), 1, "table with a metatable");
        return 1;
    }
    th_json_mark_array(L);
    return 1;
}

static int json_is_array(lua_State *L)
{
    lua_pushboolean(L, lua_istable(L, 1) && th_json_is_marked(L, 1));
    return 1;
}

static const luaL_Reg functions[] = {{"array", json_array}, {"decode", json_decode}, {"encode", json_encode},
    {"is_array", json_is_array}, {NULL, NULL}};

int th_bind_open_json(lua_State *L)
{
    luaL_newlib(L, functions);
    th_bind_push_null(L);
    lua_setfield(L, -2, "null");
    return 1;
}
