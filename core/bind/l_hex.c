// SPDX-License-Identifier: Apache-2.0
//
// thing.hex
#include "base/hex.h"
#include "bind/bind.h"
#include "bind/open.h"
#include "script/sandbox.h"

static int hex_encode(lua_State *L)
{
    struct th_str s = th_bind_str(L, 1);
    luaL_Buffer b;

    th_sandbox_check_size(L, s.n * 2 + 1);
    th_hex_encode(luaL_buffinitsize(L, &b, s.n * 2 + 1), s.p, s.n);
    luaL_pushresultsize(&b, s.n * 2);
    return 1;
}

static int hex_decode(lua_State *L)
{
    struct th_str s = th_bind_str(L, 1);
    luaL_Buffer b;

    if (s.n % 2 != 0)
        return th_bind_fail(L, -TH_EINVAL, "not hex: an odd number of digits");
    th_sandbox_check_size(L, s.n);
    if (!th_hex_decode(luaL_buffinitsize(L, &b, s.n / 2 + 1), s))
        return th_bind_fail(L, -TH_EINVAL, "not hex");
    luaL_pushresultsize(&b, s.n / 2);
    return 1;
}

static const luaL_Reg functions[] = {{"decode", hex_decode}, {"encode", hex_encode}, {NULL, NULL}};

int th_bind_open_hex(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
