// SPDX-License-Identifier: Apache-2.0
//
// thing.cbor: payloads in CBOR (bind/cbor.h).
#include "bind/bind.h"
#include "bind/cbor.h"
#include "bind/open.h"

#define BYTES_MAX (1u << 20)

static int cbor_decode(lua_State *L)
{
    struct th_str data = th_bind_str(L, 1);
    struct th_error err;

    lua_settop(L, 1);
    if (data.n > BYTES_MAX)
        return th_bind_fail(L, -TH_ETOOBIG, "CBOR over %u bytes", BYTES_MAX);
    if (th_cbor_push(L, data, &err) == 0)
        return 1;
    lua_settop(L, 1);
    return th_bind_error(L, &err);
}

static int cbor_encode(lua_State *L)
{
    return th_bind_encode(L, th_cbor_write);
}

static int cbor_bytes(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TSTRING);
    lua_settop(L, 1);
    lua_createtable(L, 1, 0);
    lua_pushvalue(L, 1);
    lua_rawseti(L, -2, 1);
    th_cbor_mark_bytes(L);
    return 1;
}

static const luaL_Reg functions[] = {
    {"bytes", cbor_bytes}, {"decode", cbor_decode}, {"encode", cbor_encode}, {NULL, NULL}};

int th_bind_open_cbor(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
