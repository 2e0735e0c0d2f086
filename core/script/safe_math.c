// SPDX-License-Identifier: Apache-2.0
#include <lauxlib.h>
#include <lualib.h>
#include <sys/random.h>
#include "script/sandbox.h"

/* Lua's own math.random is seeded with an address, and math.randomseed() returns it. */
static int math_randomseed(lua_State *L)
{
    lua_Integer seed[2];

    if (lua_isnoneornil(L, 1)) {
        if (getrandom(seed, sizeof seed, 0) != sizeof seed)
            return luaL_error(L, "no random bytes");
    } else {
        seed[0] = (lua_Integer)luaL_checknumber(L, 1);
        seed[1] = luaL_optinteger(L, 2, 0);
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushinteger(L, seed[0]);
    lua_pushinteger(L, seed[1]);
    lua_call(L, 2, 0);
    return 0;
}

int th_safe_math(lua_State *L)
{
    lua_pushcfunction(L, luaopen_math);
    lua_call(L, 0, 1);
    lua_getfield(L, -1, "randomseed");
    lua_pushcclosure(L, math_randomseed, 1);
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "randomseed");
    lua_call(L, 0, 0);
    return 1;
}
