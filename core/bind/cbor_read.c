/* SPDX-License-Identifier: Apache-2.0 */
#include <cbor.h>
#include "bind/bind.h"
#include "bind/cbor.h"

#define STEPS_PER_CHECK 256
#define ROOM_MAX 256 /* entries made room for: what an array says of its length is only a claim */

enum kind {
    UNSIGNED,
    NEGATIVE,
    NUMBER,
    BYTES,
    TEXT,
    BYTES_PIECES,
    TEXT_PIECES,
    ARRAY,
    MAP,
    TAG,
    NOTHING,
    TRUTH,
    BREAK
};

struct item {
    enum kind kind;
    bool open;  /* an array or map that ends with a break */
    uint64_t n; /* value, or length; of NEGATIVE -1 - value */
    double number;
    struct th_str text;
};

struct reader {
    lua_State *L;
    const unsigned char *begin, *p;
    size_t left;
    struct item item; /* the head that was read last */
    unsigned steps;
    int depth;
    struct th_error *err;
};

/* ---- what libcbor calls ---- */

#define ON(name, ...)                                                                                        \
    static void on_##name(void *item)                                                                        \
    {                                                                                                        \
        *(struct item *)item = (struct item){__VA_ARGS__};                                                   \
    }
#define ON_VALUE(name, type, ...)                                                                            \
    static void on_##name(void *item, type v)                                                                \
    {                                                                                                        \
        *(struct item *)item = (struct item){__VA_ARGS__};                                                   \
    }
#define ON_STRING(name, ...)                                                                                 \
    static void on_##name(void *item, cbor_data data, size_t n)                                              \
    {                                                                                                        \
        *(struct item *)item = (struct item){__VA_ARGS__, .text = {(const char *)data, n}};                  \
    }

ON_VALUE(unsigned8, uint8_t, .kind = UNSIGNED, .n = v)
ON_VALUE(unsigned16, uint16_t, .kind = UNSIGNED, .n = v)
ON_VALUE(unsigned32, uint32_t, .kind = UNSIGNED, .n = v)
ON_VALUE(unsigned64, uint64_t, .kind = UNSIGNED, .n = v)
ON_VALUE(negative8, uint8_t, .kind = NEGATIVE, .n = v)
ON_VALUE(negative16, uint16_t, .kind = NEGATIVE, .n = v)
ON_VALUE(negative32, uint32_t, .kind = NEGATIVE, .n = v)
ON_VALUE(negative64, uint64_t, .kind = NEGATIVE, .n = v)
ON_STRING(bytes, .kind = BYTES)
ON(bytes_pieces, .kind = BYTES_PIECES)
ON_STRING(text, .kind = TEXT)
ON(text_pieces, .kind = TEXT_PIECES)
ON_VALUE(array, size_t, .kind = ARRAY, .n = v)
ON(open_array, .kind = ARRAY, .open = true)
ON_VALUE(map, size_t, .kind = MAP, .n = v)
ON(open_map, .kind = MAP, .open = true)
ON_VALUE(tag, uint64_t, .kind = TAG, .n = v)
ON_VALUE(float, float, .kind = NUMBER, .number = (double)v)
ON_VALUE(double, double, .kind = NUMBER, .number = v)
ON(nothing, .kind = NOTHING)
ON_VALUE(truth, bool, .kind = TRUTH, .n = v)
ON(break, .kind = BREAK)

static const struct cbor_callbacks callbacks = {
    .uint8 = on_unsigned8,
    .uint16 = on_unsigned16,
    .uint32 = on_unsigned32,
    .uint64 = on_unsigned64,
    .negint8 = on_negative8,
    .negint16 = on_negative16,
    .negint32 = on_negative32,
    .negint64 = on_negative64,
    .byte_string = on_bytes,
    .byte_string_start = on_bytes_pieces,
    .string = on_text,
    .string_start = on_text_pieces,
    .array_start = on_array,
    .indef_array_start = on_open_array,
    .map_start = on_map,
    .indef_map_start = on_open_map,
    .tag = on_tag,
    .float2 = on_float,
    .float4 = on_float,
    .float8 = on_double,
    .undefined = on_nothing,
    .null = on_nothing,
    .boolean = on_truth,
    .indef_break = on_break,
};

/* ---- items ---- */

static int wrong(struct reader *r, const char *what)
{
    return th_fail(r->err, TH_ESYNTAX, "byte %zu: %s", (size_t)(r->p - r->begin) + 1, what);
}

static int read_head(struct reader *r)
{
    if (++r->steps % STEPS_PER_CHECK == 0)
        th_budget_check(r->L);
    struct cbor_decoder_result got = cbor_stream_decode(r->p, r->left, &callbacks, &r->item);
    if (got.status == CBOR_DECODER_NEDATA)
        return wrong(r, "cut off");
    if (got.status != CBOR_DECODER_FINISHED)
        return wrong(r, "not CBOR");
    if (r->item.kind == TEXT && !th_str_is_utf8(r->item.text))
        return wrong(r, "text that is not UTF-8");
    r->p += got.read;
    r->left -= got.read;
    return 0;
}

static int push_item(struct reader *r);

/* The head of the next item that is not a tag. */
static int read_item(struct reader *r)
{
    int rc;
    do
        rc = read_head(r);
    while (rc == 0 && r->item.kind == TAG);
    return rc;
}

static int push_pieces(struct reader *r, enum kind kind)
{
    luaL_Buffer b;
    int rc;
    luaL_buffinit(r->L, &b);
    while ((rc = read_head(r)) == 0 && r->item.kind == kind)
        luaL_addlstring(&b, r->item.text.p, r->item.text.n);
    if (rc != 0)
        return rc;
    if (r->item.kind != BREAK)
        return wrong(r, "a string in pieces of another kind");
    luaL_pushresult(&b);
    return 0;
}

/* Whether there is one more entry, whose head was read; 0 at the end, or an error. */
static int has_entry(struct reader *r, const struct item *whole, uint64_t seen)
{
    if (!whole->open && seen == whole->n)
        return 0;
    int rc = read_item(r);
    if (rc != 0)
        return rc;
    if (r->item.kind == BREAK)
        return whole->open ? 0 : wrong(r, "an end without a beginning");
    return 1;
}

static int room_for(const struct item *whole)
{
    return (int)(whole->n < ROOM_MAX ? whole->n : ROOM_MAX);
}

static int push_array(struct reader *r)
{
    const struct item whole = r->item;
    lua_Integer i = 0;
    int rc;
    lua_createtable(r->L, room_for(&whole), 0);
    while ((rc = has_entry(r, &whole, (uint64_t)i)) > 0) {
        if ((rc = push_item(r)) != 0)
            return rc;
        lua_rawseti(r->L, -2, ++i);
    }
    if (rc == 0)
        th_json_mark_array(r->L);
    return rc;
}

static int push_map(struct reader *r)
{
    const struct item whole = r->item;
    int rc;
    lua_createtable(r->L, 0, room_for(&whole));
    for (uint64_t seen = 0; (rc = has_entry(r, &whole, seen)) > 0; seen++) {
        if (r->item.kind > TEXT_PIECES || r->item.kind == NUMBER)
            return wrong(r, "a name that is neither text, bytes nor an integer");
        if ((rc = push_item(r)) != 0)
            return rc;
        lua_pushvalue(r->L, -1);
        if (lua_rawget(r->L, -3) != LUA_TNIL)
            return wrong(r, "a name that was there already");
        lua_pop(r->L, 1);
        if ((rc = read_item(r)) != 0 || (rc = push_item(r)) != 0)
            return rc;
        lua_rawset(r->L, -3);
    }
    return rc;
}

static int push_nested(struct reader *r)
{
    if (r->depth >= TH_JSON_MAX_DEPTH)
        return th_fail(r->err, TH_ETOOBIG, "nested deeper than %d", TH_JSON_MAX_DEPTH);
    luaL_checkstack(r->L, 8, NULL);
    r->depth++;
    int rc = r->item.kind == ARRAY ? push_array(r) : push_map(r);
    r->depth--;
    return rc;
}

static void push_integer(lua_State *L, const struct item *item)
{
    bool fits = item->n <= INT64_MAX;
    if (item->kind == UNSIGNED && fits)
        lua_pushinteger(L, (lua_Integer)item->n);
    else if (item->kind == UNSIGNED)
        lua_pushnumber(L, (lua_Number)item->n);
    else if (fits)
        lua_pushinteger(L, -1 - (lua_Integer)item->n);
    else
        lua_pushnumber(L, -1 - (lua_Number)item->n);
}

/* The item whose head was read. */
static int push_item(struct reader *r)
{
    const struct item *item = &r->item;
    switch (item->kind) {
    case UNSIGNED:
    case NEGATIVE:
        push_integer(r->L, item);
        return 0;
    case NUMBER:
        lua_pushnumber(r->L, item->number);
        return 0;
    case BYTES:
    case TEXT:
        lua_pushlstring(r->L, item->text.p, item->text.n);
        return 0;
    case BYTES_PIECES:
        return push_pieces(r, BYTES);
    case TEXT_PIECES:
        return push_pieces(r, TEXT);
    case ARRAY:
    case MAP:
        return push_nested(r);
    case NOTHING:
        th_bind_push_null(r->L);
        return 0;
    case TRUTH:
        lua_pushboolean(r->L, item->n != 0);
        return 0;
    case TAG: /* read_item() passes them over */
    case BREAK:
        break;
    }
    return wrong(r, "an end without a beginning");
}

int th_cbor_push(lua_State *L, struct th_str data, struct th_error *err)
{
    const unsigned char *p = (const unsigned char *)data.p;
    struct reader r = {.L = L, .begin = p, .p = p, .left = data.n, .err = err};
    int rc = read_item(&r);
    if (rc == 0)
        rc = push_item(&r);
    return rc == 0 && r.left > 0 ? wrong(&r, "more than one item") : rc;
}
