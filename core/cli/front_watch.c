/* SPDX-License-Identifier: Apache-2.0
 *
 * thing.host.watch(folder) -> a function that waits for the folder to change, at most so many ms when they
 * are given, and tells whether it did; nil, message, code when it cannot be watched. What changes while
 * nobody waits is told by the next wait. */
#include "bind/bind.h"
#include "cli/front.h"
#include "io/watch.h"

#define QUIET_MS 150 /* an editor's several writes are one change */
#define WATCHER "thing.host.watcher"

struct watcher {
    uv_loop_t loop;
    uv_timer_t timer;
    struct th_watch *watch;
    bool open, changed, late;
};

static void on_change(void *arg)
{
    struct watcher *w = arg;
    w->changed = true;
    uv_stop(&w->loop);
}

static void on_late(uv_timer_t *timer)
{
    struct watcher *w = timer->data;
    w->late = true;
    uv_stop(&w->loop);
}

static int wait_for(lua_State *L)
{
    struct watcher *w = luaL_checkudata(L, lua_upvalueindex(1), WATCHER);
    lua_Integer ms = luaL_optinteger(L, 1, 0);
    w->late = false;
    if (ms > 0) {
        uv_update_time(&w->loop);
        uv_timer_start(&w->timer, on_late, (uint64_t)ms, 0);
    }
    while (!w->changed && !w->late)
        uv_run(&w->loop, UV_RUN_DEFAULT);
    uv_timer_stop(&w->timer);
    lua_pushboolean(L, w->changed);
    w->changed = false;
    return 1;
}

static int close_watcher(lua_State *L)
{
    struct watcher *w = luaL_checkudata(L, 1, WATCHER);
    if (!w->open)
        return 0;
    if (w->watch != NULL)
        th_watch_stop(w->watch);
    uv_close((uv_handle_t *)&w->timer, NULL);
    uv_run(&w->loop, UV_RUN_DEFAULT);
    uv_loop_close(&w->loop);
    w->open = false;
    return 0;
}

static int host_watch(lua_State *L)
{
    const char *folder = luaL_checkstring(L, 1);
    struct th_error err;
    struct watcher *w = lua_newuserdatauv(L, sizeof *w, 0);

    *w = (struct watcher){0};
    w->open = uv_loop_init(&w->loop) == 0;
    if (luaL_newmetatable(L, WATCHER)) {
        lua_pushcfunction(L, close_watcher);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    if (!w->open)
        return luaL_error(L, "no event loop");
    uv_timer_init(&w->loop, &w->timer);
    w->timer.data = w;
    if (th_watch_start(&w->watch, &w->loop, folder, QUIET_MS, on_change, w, &err) != 0) {
        w->watch = NULL;
        return th_bind_error(L, &err);
    }
    lua_pushcclosure(L, wait_for, 1);
    return 1;
}

void th_front_watch(lua_State *L)
{
    lua_pushcfunction(L, host_watch);
    lua_setfield(L, -2, "watch");
}
