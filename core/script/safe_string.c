// SPDX-License-Identifier: Apache-2.0
#include <lauxlib.h>
#include <lualib.h>
#include "script/sandbox.h"

int th_safe_string(lua_State *L)
{
    return luaopen_string(L);
}
