// SPDX-License-Identifier: Apache-2.0
//
// thing.lint_script { source, modules } -> JSON text (bind/lint.h); modules is JSON text (bind/modules.h) or
// nil. Waits; the work is done on a thread of libuv's pool. nil and a reason when there is too much of it.
#include "bind/api_task.h"
#include "bind/lint.h"
#include "bind/modules.h"
#include "io/offload.h"
#include "store/store.h"

struct linting {
    struct th_api_task *task;
    const char *home;
    const struct th_lint_file *files;
    size_t count;
    struct th_buf out;
    struct th_error err;
    int code;
};

static void work(void *arg)
{
    struct linting *l = arg;
    struct th_budget *budget;
    l->code = th_budget_open(&budget, &l->err);
    if (l->code != 0)
        return;
    l->code = th_lint(budget, l->home, l->files, l->count, &l->out, &l->err);
    th_budget_close(budget);
}

static void on_done(void *arg)
{
    struct linting *l = arg;
    th_api_resume(l->task);
}

static int finish(lua_State *L, int status, lua_KContext context)
{
    struct linting *l = (struct linting *)context;
    if (l->code == 0)
        lua_pushlstring(L, l->out.p, l->out.n);
    th_buf_free(&l->out);
    return l->code == 0 ? 1 : luaL_error(L, "lint: %s", l->err.msg);
}

static struct th_str field(lua_State *L, struct th_arena *arena, const char *name)
{
    struct th_str s = {NULL, 0};
    lua_getfield(L, 1, name);
    const char *text = lua_tolstring(L, -1, &s.n);
    s.p = text != NULL ? th_arena_dup(arena, text, s.n) : NULL;
    lua_pop(L, 1);
    return s;
}

static const struct th_lint_file *files_of(
    struct th_arena *arena, struct th_str source, const char *modules, size_t *count)
{
    struct th_module *list;
    size_t n;
    if (th_modules_read(arena, modules, &list, &n, NULL) != 0)
        n = 0; /* to try the script says what is wrong with them */
    struct th_lint_file *files = th_arena_alloc(arena, (n + 1) * sizeof *files);
    files[0] = (struct th_lint_file){"init.lua", source, NULL};
    for (size_t i = 0; i < n; i++)
        files[i + 1] = (struct th_lint_file){list[i].chunk, list[i].text, list[i].name};
    *count = n + 1;
    return files;
}

int th_api_lint_script(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    struct th_api_task *t = th_api_task_of(L);
    struct linting *l = th_arena_zalloc(&t->arena, sizeof *l);
    struct th_str source = field(L, &t->arena, "source");
    luaL_argcheck(L, source.p != NULL, 1, "source is needed");
    l->files = files_of(&t->arena, source, field(L, &t->arena, "modules").p, &l->count);
    l->task = t;
    l->home = t->api->w->rt->shared->home;
    if (th_offload(t->api->w, work, on_done, l) != 0) {
        lua_pushnil(L);
        lua_pushstring(L, "busy");
        return 2;
    }
    return th_api_wait_with(L, t, finish, (lua_KContext)l);
}
