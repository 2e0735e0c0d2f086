// SPDX-License-Identifier: Apache-2.0
//
// Heap sort: no input and no dishonest order function makes it slow or leads it out of the array.
#include "script/safe_sort.h"

#include <lauxlib.h>
#include "script/budget.h"

/* Whether the value at index a comes before the one at b. */
static bool before(lua_State *L, int a, int b)
{
    th_budget_check(L);
    if (lua_isnil(L, 2))
        return lua_compare(L, a, b, LUA_OPLT);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, a - 1);
    lua_pushvalue(L, b - 2);
    lua_call(L, 2, 1);
    bool is = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return is;
}

/* The value on top goes down from place root, past larger children, in a heap of n; it is popped. */
static void sift_down(lua_State *L, lua_Integer root, lua_Integer n)
{
    for (;;) {
        lua_Integer child = 2 * root;
        if (child > n)
            break;
        lua_rawgeti(L, 1, child);
        if (child < n) {
            lua_rawgeti(L, 1, child + 1);
            if (before(L, -2, -1)) {
                lua_replace(L, -2);
                child++;
            } else {
                lua_pop(L, 1);
            }
        }
        if (!before(L, -2, -1)) {
            lua_pop(L, 1);
            break;
        }
        lua_rawseti(L, 1, root);
        root = child;
    }
    lua_rawseti(L, 1, root);
}

void th_sort(lua_State *L, lua_Integer n)
{
    luaL_checkstack(L, 8, NULL);
    for (lua_Integer i = n / 2; i >= 1; i--) {
        lua_rawgeti(L, 1, i);
        sift_down(L, i, n);
    }
    for (lua_Integer end = n; end > 1; end--) {
        lua_rawgeti(L, 1, end);
        lua_rawgeti(L, 1, 1);
        lua_rawseti(L, 1, end);
        sift_down(L, 1, end - 1);
    }
}
