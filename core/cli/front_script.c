/* SPDX-License-Identifier: Apache-2.0
 *
 * thing.host: scripts looked at without a server, with the limits that live ones have.
 *   try_script { source =, modules =, tests =, product =, config = FILE } -> JSON text (bind/try.h)
 *   lint_script { source =, modules = } -> JSON text (bind/lint.h)
 * modules is JSON text (bind/modules.h) or nil, tests a JSON list of more tests or nil. */
#include "bind/bind.h"
#include "bind/lint.h"
#include "bind/modules.h"
#include "bind/try.h"
#include "cli/cli.h"
#include "cli/front.h"

static const char *text_of(lua_State *L, const char *name)
{
    lua_getfield(L, 1, name);
    const char *text = luaL_optstring(L, -1, NULL);
    lua_pop(L, 1); /* the table keeps it */
    return text;
}

static const char *source_of(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    const char *source = text_of(L, "source");
    luaL_argcheck(L, source != NULL, 1, "source is needed");
    return source;
}

static int push_out(lua_State *L, struct th_buf *out)
{
    lua_pushlstring(L, out->p, out->n);
    th_buf_free(out);
    return 1;
}

static int host_try_script(lua_State *L)
{
    const char *config = (source_of(L), text_of(L, "config"));
    const char *product = text_of(L, "product");
    struct th_conf *conf = th_cli_conf_at(config);
    if (conf == NULL)
        return th_bind_fail(L, -TH_EINVAL, "the configuration cannot be used");
    struct th_try t = {.conf = conf,
        .home = lua_tostring(L, lua_upvalueindex(1)),
        .product = product != NULL ? product : "product",
        .device = "device",
        .source = source_of(L),
        .modules = text_of(L, "modules"),
        .tests = text_of(L, "tests")};
    th_try_run(&t);
    th_conf_free(conf);
    return push_out(L, &t.out);
}

/* The script itself first, then what it requires. */
static int lint(lua_State *L, struct th_arena *arena, struct th_buf *out, struct th_error *err)
{
    struct th_budget *budget;
    struct th_module *modules;
    size_t n;
    int rc = th_modules_read(arena, text_of(L, "modules"), &modules, &n, err);
    if (rc != 0)
        return rc;
    struct th_lint_file *files = th_arena_alloc(arena, (n + 1) * sizeof *files);
    files[0] = (struct th_lint_file){"init.lua", th_str(source_of(L)), NULL};
    for (size_t i = 0; i < n; i++)
        files[i + 1] = (struct th_lint_file){modules[i].chunk, modules[i].text, modules[i].name};
    rc = th_budget_open(&budget, err);
    if (rc != 0)
        return rc;
    rc = th_lint(budget, lua_tostring(L, lua_upvalueindex(1)), files, n + 1, out, err);
    th_budget_close(budget);
    return rc;
}

static int host_lint_script(lua_State *L)
{
    struct th_arena arena;
    struct th_buf out = {0};
    struct th_error err;
    source_of(L);
    th_arena_init(&arena);
    int rc = lint(L, &arena, &out, &err);
    th_arena_free(&arena);
    if (rc == 0)
        return push_out(L, &out);
    th_buf_free(&out);
    return th_bind_error(L, &err);
}

void th_front_script(lua_State *L, const char *home)
{
    static const luaL_Reg functions[] = {
        {"try_script", host_try_script}, {"lint_script", host_lint_script}, {NULL, NULL}};
    lua_pushstring(L, home);
    luaL_setfuncs(L, functions, 1);
}
