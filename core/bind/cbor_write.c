/* SPDX-License-Identifier: Apache-2.0 */
#include <cbor.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "bind/bind.h"
#include "bind/cbor.h"

#define STEPS_PER_CHECK 256
#define HEAD_MAX 9

static const char bytes_key; /* its address names the metatable of byte strings in the registry */

struct writer {
    lua_State *L;
    struct th_buf *out;
    size_t end; /* out->n may not pass it */
    unsigned steps;
    int depth;
    struct th_error *err;
};

/* ---- byte strings ---- */

void th_cbor_mark_bytes(lua_State *L)
{
    th_bind_push_mark(L, &bytes_key, "bytes");
    lua_setmetatable(L, -2);
}

bool th_cbor_bytes(lua_State *L, int index, struct th_str *out)
{
    if (!lua_istable(L, index) || !th_bind_has_mark(L, index, &bytes_key))
        return false;
    bool is = lua_rawgeti(L, index, 1) == LUA_TSTRING;
    if (is)
        out->p = lua_tolstring(L, -1, &out->n); /* the table keeps it */
    lua_pop(L, 1);
    return is;
}

/* ---- values ---- */

static int write_value(struct writer *w, int index);

static int room(struct writer *w, size_t n)
{
    if (n > w->end || w->out->n > w->end - n)
        return th_fail(w->err, TH_ETOOBIG, "CBOR over %u bytes", TH_CBOR_WRITE_MAX);
    return 0;
}

static void head(struct writer *w, size_t (*encode)(size_t n, unsigned char *out, size_t size), size_t n)
{
    w->out->n += encode(n, (unsigned char *)th_buf_room(w->out, HEAD_MAX), HEAD_MAX);
}

static void write_integer(struct writer *w, lua_Integer i)
{
    unsigned char *to = (unsigned char *)th_buf_room(w->out, HEAD_MAX);
    w->out->n += i >= 0 ? cbor_encode_uint((uint64_t)i, to, HEAD_MAX)
                        : cbor_encode_negint((uint64_t)(-1 - i), to, HEAD_MAX);
}

static void write_number(struct writer *w, double d)
{
    unsigned char *to = (unsigned char *)th_buf_room(w->out, HEAD_MAX);
    bool single = isnan(d) || isinf(d) || (fabs(d) <= 3.4028234663852886e38 && (double)(float)d == d);
    w->out->n += single ? cbor_encode_single((float)d, to, HEAD_MAX) : cbor_encode_double(d, to, HEAD_MAX);
}

static int write_string(struct writer *w, struct th_str s, bool text)
{
    int rc = room(w, HEAD_MAX + s.n);
    if (rc != 0)
        return rc;
    head(w, text ? cbor_encode_string_start : cbor_encode_bytestring_start, s.n);
    th_buf_str(w->out, s);
    return 0;
}

static int write_array(struct writer *w, int index, lua_Integer n)
{
    int rc = 0;
    head(w, cbor_encode_array_start, (size_t)n);
    for (lua_Integer i = 1; i <= n && rc == 0; i++) {
        lua_rawgeti(w->L, index, i);
        rc = write_value(w, lua_gettop(w->L));
        lua_pop(w->L, 1);
    }
    return rc;
}

/* ---- maps ---- */

/* In the order of their encoded bytes: by major type, then by value or length, then by bytes. */
struct name {
    int type;   /* the major type */
    uint64_t n; /* value; of a string its length */
    const char *p;
};

static int compare(const void *a, const void *b)
{
    const struct name *x = a, *y = b;
    if (x->type != y->type)
        return x->type - y->type;
    if (x->n != y->n)
        return x->n < y->n ? -1 : 1;
    return x->p != NULL ? memcmp(x->p, y->p, x->n) : 0;
}

static int read_name(struct writer *w, int index, struct name *name)
{
    if (lua_isinteger(w->L, index)) {
        lua_Integer i = lua_tointeger(w->L, index);
        *name = (struct name){i < 0, (uint64_t)(i < 0 ? -1 - i : i), NULL};
        return 0;
    }
    if (lua_type(w->L, index) != LUA_TSTRING)
        return th_fail(w->err, TH_EINVAL, "a key that is neither text nor an integer");
    struct th_str s;
    s.p = lua_tolstring(w->L, index, &s.n);
    *name = (struct name){th_str_is_utf8(s) ? 3 : 2, s.n, s.p};
    return 0;
}

/* The names of the table; NULL and an error: they are too many, or something else is among them. */
static struct name *names_of(struct writer *w, int index, size_t *count)
{
    lua_State *L = w->L;
    struct th_state *st = th_state_of(L);
    size_t n = 0, i = 0;
    int rc = 0;
    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
        if (++n % STEPS_PER_CHECK == 0)
            th_budget_check(L);
    }
    *count = n;
    if (n > TH_CBOR_NAMES_MAX || !th_state_charge(st, (n + 1) * sizeof(struct name))) {
        th_fail(w->err, TH_ETOOBIG,
            n > TH_CBOR_NAMES_MAX ? "more than %d names in a map" : "not enough memory", TH_CBOR_NAMES_MAX);
        return NULL;
    }
    struct name *names = th_arena_alloc(&st->scratch, (n + 1) * sizeof *names);
    for (lua_pushnil(L); rc == 0 && lua_next(L, index) != 0; lua_pop(L, 1))
        rc = read_name(w, lua_gettop(L) - 1, &names[i++]);
    if (rc != 0) {
        lua_pop(L, 1); /* the key: lua_next() was not asked again */
        return NULL;
    }
    qsort(names, n, sizeof *names, compare);
    return names;
}

static int write_entry(struct writer *w, int index, const struct name *name)
{
    lua_State *L = w->L;
    int rc = room(w, HEAD_MAX);
    if (rc != 0)
        return rc;
    if (name->p != NULL) {
        rc = write_string(w, (struct th_str){name->p, name->n}, name->type == 3);
        lua_pushlstring(L, name->p, name->n);
    } else {
        lua_Integer i = name->type == 1 ? -1 - (lua_Integer)name->n : (lua_Integer)name->n;
        write_integer(w, i);
        lua_pushinteger(L, i);
    }
    lua_rawget(L, index);
    if (rc == 0)
        rc = write_value(w, lua_gettop(L));
    lua_pop(L, 1);
    return rc;
}

static int write_map(struct writer *w, int index)
{
    size_t n;
    int rc = 0;
    const struct name *names = names_of(w, index, &n);
    if (names == NULL)
        return -w->err->code;
    head(w, cbor_encode_map_start, n);
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = write_entry(w, index, &names[i]);
    return rc;
}

static int write_table(struct writer *w, int index)
{
    struct th_str bytes;
    if (th_cbor_bytes(w->L, index, &bytes))
        return write_string(w, bytes, false);
    if (w->depth >= TH_JSON_MAX_DEPTH)
        return th_fail(w->err, TH_ETOOBIG, "tables nested deeper than %d, or in a circle", TH_JSON_MAX_DEPTH);
    if (!lua_checkstack(w->L, 8))
        return th_fail(w->err, TH_ETOOBIG, "no room on the stack");
    lua_Integer n = (lua_Integer)lua_rawlen(w->L, index);
    w->depth++;
    bool array = (n > 0 || th_json_is_marked(w->L, index)) && th_json_is_sequence(w->L, index, n);
    int rc = array ? write_array(w, index, n) : write_map(w, index);
    w->depth--;
    return rc;
}

static int write_value(struct writer *w, int index)
{
    struct th_str s;
    int rc = room(w, HEAD_MAX);
    if (rc != 0)
        return rc;
    if (++w->steps % STEPS_PER_CHECK == 0)
        th_budget_check(w->L);
    switch (lua_type(w->L, index)) {
    case LUA_TBOOLEAN:
        w->out->n += cbor_encode_bool(
            lua_toboolean(w->L, index), (unsigned char *)th_buf_room(w->out, HEAD_MAX), HEAD_MAX);
        return 0;
    case LUA_TNUMBER:
        if (lua_isinteger(w->L, index))
            write_integer(w, lua_tointeger(w->L, index));
        else
            write_number(w, lua_tonumber(w->L, index));
        return 0;
    case LUA_TSTRING:
        s.p = lua_tolstring(w->L, index, &s.n);
        return write_string(w, s, th_str_is_utf8(s));
    case LUA_TTABLE:
        return write_table(w, index);
    default:
        if (!lua_isnil(w->L, index) && !th_bind_is_null(w->L, index))
            return th_fail(w->err, TH_EINVAL, "a %s", luaL_typename(w->L, index));
        w->out->n += cbor_encode_null((unsigned char *)th_buf_room(w->out, HEAD_MAX), HEAD_MAX);
        return 0;
    }
}

int th_cbor_write(lua_State *L, int index, struct th_buf *out, struct th_error *err)
{
    struct writer w = {.L = L, .out = out, .end = out->n + TH_CBOR_WRITE_MAX, .err = err};
    return write_value(&w, lua_absindex(L, index));
}
