// SPDX-License-Identifier: Apache-2.0
//
// thing.live for trusted code: publish(kind, product_id, device_key, json), recheck(). A job has
// the key of its owner's subject in place of a device's.
#include "bind/api_task.h"
#include "store/live.h"

static struct th_str check_str(lua_State *L, int arg)
{
    struct th_str s;
    s.p = luaL_checklstring(L, arg, &s.n);
    return s;
}

static int live_publish(lua_State *L)
{
    struct th_worker *w = th_api_of(L)->w;
    enum th_live_kind kind;
    luaL_argcheck(L, th_live_kind_of(check_str(L, 1), &kind), 1, "no such kind");
    struct th_str device = lua_isnil(L, 3) ? TH_STR("") : check_str(L, 3);
    enum th_live_reach reach = th_live_wanted(w, kind, device);
    if (reach != TH_LIVE_NOBODY)
        th_live_publish(w, kind, reach, luaL_optinteger(L, 2, 0), device, check_str(L, 4));
    return 0;
}

static int live_recheck(lua_State *L)
{
    th_live_recheck(th_api_of(L)->w->rt);
    return 0;
}

static const luaL_Reg functions[] = {{"publish", live_publish}, {"recheck", live_recheck}, {NULL, NULL}};

int th_api_open_live(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
