// SPDX-License-Identifier: Apache-2.0
//
// thing.bytes: binary payloads. pack, unpack and size take the formats of Lua's string.pack; bit fields are
// numbered as protocols draw them, from 0 = the most significant bit of the first byte.
#include "bind/bind.h"
#include "bind/open.h"

#define FIELD_MAX 64

static int bit_at(struct th_str s, size_t bit)
{
    return (unsigned char)s.p[bit / 8] >> (7 - bit % 8) & 1;
}

/* The field given by arguments 2 and 3 lies inside s; raises when it does not. */
static void check_field(lua_State *L, struct th_str s, size_t *first, int *count)
{
    *count = (int)th_bind_int(L, 3, 1, FIELD_MAX);
    *first = (size_t)th_bind_int(L, 2, 0, (lua_Integer)s.n * 8);
    luaL_argcheck(L, *first + (size_t)*count <= s.n * 8, 2, "bit field ends behind the data");
}

/* bits(data, first, count) -> integer, unsigned */
static int bytes_bits(lua_State *L)
{
    struct th_str s = th_bind_str(L, 1);
    lua_Unsigned v = 0;
    size_t first;
    int count;

    check_field(L, s, &first, &count);
    for (int i = 0; i < count; i++)
        v = v << 1 | (lua_Unsigned)bit_at(s, first + (size_t)i);
    lua_pushinteger(L, (lua_Integer)v);
    return 1;
}

/* set_bits(data, first, count, value) -> data with that field */
static int bytes_set_bits(lua_State *L)
{
    struct th_str s = th_bind_str(L, 1);
    lua_Unsigned v = (lua_Unsigned)luaL_checkinteger(L, 4);
    size_t first;
    int count;
    luaL_Buffer b;

    check_field(L, s, &first, &count);
    char *out = luaL_buffinitsize(L, &b, s.n);
    memcpy(out, s.p, s.n);
    for (size_t bit = first + (size_t)count; bit-- > first; v >>= 1) {
        unsigned char mask = (unsigned char)(0x80 >> bit % 8);
        out[bit / 8] = (char)((v & 1) != 0 ? out[bit / 8] | mask : out[bit / 8] & ~mask);
    }
    luaL_pushresultsize(&b, s.n);
    return 1;
}

/* signed(value, count): a field of count bits read as two's complement */
static int bytes_signed(lua_State *L)
{
    lua_Unsigned v = (lua_Unsigned)luaL_checkinteger(L, 1);
    int count = (int)th_bind_int(L, 2, 1, FIELD_MAX);
    lua_Unsigned sign = (lua_Unsigned)1 << (count - 1);

    v &= sign | (sign - 1);
    lua_pushinteger(L, (lua_Integer)((v ^ sign) - sign));
    return 1;
}

static const luaL_Reg functions[] = {
    {"bits", bytes_bits}, {"set_bits", bytes_set_bits}, {"signed", bytes_signed}, {NULL, NULL}};

int th_bind_open_bytes(lua_State *L)
{
    static const char *const shared[][2] = {{"pack", "pack"}, {"unpack", "unpack"}, {"packsize", "size"}};

    luaL_newlib(L, functions);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_getfield(L, -1, "string");
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        lua_getfield(L, -1, shared[i][0]);
        lua_setfield(L, -4, shared[i][1]);
    }
    lua_pop(L, 2);
    return 1;
}
