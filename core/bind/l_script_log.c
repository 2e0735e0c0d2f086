// SPDX-License-Identifier: Apache-2.0
//
// thing.script_say(product_id, key, level, text): a line of the platform's own in a product's live log
// thing.script_log(product_id, level, device or nil, limit) -> JSON array (store/script_log.h). For trusted
// code.
#include "bind/api_task.h"
#include "store/live.h"
#include "store/script_log.h"
#include "store/store.h"

int th_api_script_say(lua_State *L)
{
    struct th_worker *w = th_api_of(L)->w;
    struct th_buf json = {0};
    struct th_script_line line = {.product_id = luaL_checkinteger(L, 1),
        .product = th_str(luaL_checkstring(L, 2)),
        .device = TH_STR(""),
        .where = TH_STR("")};
    luaL_argcheck(L, th_script_level_of(th_str(luaL_checkstring(L, 3)), &line.level), 3, "no such level");
    line.text.p = luaL_checklstring(L, 4, &line.text.n);
    th_script_log_put(w->rt->shared->script_log, &line, &json);
    enum th_live_reach reach = th_live_wanted(w, TH_LIVE_SCRIPT_LOG, line.device);
    if (reach != TH_LIVE_NOBODY)
        th_live_publish(w, TH_LIVE_SCRIPT_LOG, reach, line.product_id, line.device, th_buf_view(&json));
    th_buf_free(&json);
    return 0;
}

int th_api_script_log(lua_State *L)
{
    struct th_api *api = th_api_of(L);
    struct th_buf *out = &api->state->out;
    enum th_log_level level;
    struct th_str device = TH_STR("");
    lua_Integer limit = luaL_checkinteger(L, 4);
    luaL_argcheck(L, th_script_level_of(th_str(luaL_checkstring(L, 2)), &level), 2, "no such level");
    if (!lua_isnil(L, 3))
        device.p = luaL_checklstring(L, 3, &device.n);
    luaL_argcheck(L, limit > 0 && limit <= TH_SCRIPT_LOG_LINES, 4, "out of range");
    th_buf_reset(out);
    th_script_log_read(
        api->w->rt->shared->script_log, luaL_checkinteger(L, 1), level, device, (unsigned)limit, out);
    lua_pushlstring(L, out->p, out->n);
    return 1;
}
