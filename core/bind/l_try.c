// SPDX-License-Identifier: Apache-2.0
//
// thing.try_script { product, device, source, modules, tests, topic or timer, payload, kv, alarms,
// received, input } -> JSON text (bind/try.h). Waits; the work is done on a thread of libuv's pool, so no
// message is held up by it.
#include "bind/api_task.h"
#include "bind/bind.h"
#include "bind/try.h"
#include "io/offload.h"
#include "store/store.h"

struct trying {
    struct th_try t;
    struct th_api_task *task;
    void (*run)(struct th_try *t);
};

static void work(void *arg)
{
    struct trying *trying = arg;
    trying->run(&trying->t);
}

static void on_done(void *arg)
{
    struct trying *trying = arg;
    th_api_resume(trying->task);
}

static int finish(lua_State *L, int status, lua_KContext context)
{
    struct trying *trying = (struct trying *)context;
    lua_pushlstring(L, trying->t.out.p, trying->t.out.n);
    th_buf_free(&trying->t.out);
    return 1;
}

static const char *field(lua_State *L, struct th_arena *arena, const char *name, size_t *n)
{
    lua_getfield(L, 1, name);
    const char *text = lua_tolstring(L, -1, n);
    const char *copy = text != NULL ? th_arena_dup(arena, text, *n) : NULL;
    lua_pop(L, 1);
    return copy;
}

int th_api_try_script(lua_State *L)
{
    size_t n = 0;
    luaL_checktype(L, 1, LUA_TTABLE);
    struct th_api_task *t = th_api_task_of(L);
    struct th_shared *shared = t->api->w->rt->shared;
    struct trying *trying = th_arena_zalloc(&t->arena, sizeof *trying);
    trying->task = t;
    trying->run = shared->try_script;
    trying->t.conf = t->api->w->rt->conf;
    trying->t.home = shared->home;
    trying->t.product = field(L, &t->arena, "product", &n);
    trying->t.device = field(L, &t->arena, "device", &n);
    trying->t.source = field(L, &t->arena, "source", &n);
    trying->t.modules = field(L, &t->arena, "modules", &n);
    trying->t.tests = field(L, &t->arena, "tests", &n);
    trying->t.function = field(L, &t->arena, "timer", &n);
    trying->t.rest = field(L, &t->arena, "topic", &n);
    trying->t.payload.p = field(L, &t->arena, "payload", &n);
    trying->t.payload.n = trying->t.payload.p != NULL ? n : 0;
    trying->t.kv.p = field(L, &t->arena, "kv", &n);
    trying->t.kv.n = trying->t.kv.p != NULL ? n : 0;
    trying->t.alarms.p = field(L, &t->arena, "alarms", &n);
    trying->t.alarms.n = trying->t.alarms.p != NULL ? n : 0;
    trying->t.input = field(L, &t->arena, "input", &n);
    th_bind_field_int(L, 1, "received", &trying->t.received_ms);
    if (trying->t.product == NULL || trying->t.source == NULL)
        return luaL_error(L, "product and source are needed");
    if (trying->t.device == NULL)
        trying->t.device = "device";
    if (th_offload(t->api->w, work, on_done, trying) != 0) {
        lua_pushnil(L);
        lua_pushstring(L, "busy");
        return 2;
    }
    return th_api_wait_with(L, t, finish, (lua_KContext)trying);
}
