// SPDX-License-Identifier: Apache-2.0
#include <lauxlib.h>
#include <lualib.h>
#include "script/sandbox.h"

int th_safe_table(lua_State *L)
{
    return luaopen_table(L);
}
