/* SPDX-License-Identifier: Apache-2.0 */
#include "bind/lint.h"

#include <lauxlib.h>
#include <stdio.h>
#include "bind/bind.h"

#define MEMORY ((size_t)64 << 20)
#define CPU_US 1000000
#define ALL_CPU_US 3000000 /* of all files together */
#define WALL_US 20000000
#define RUN "thing.lint.run"

/* In the order of their need of each other. */
static const char *const modules[] = {"thing.handlers", "thing.reference", "thing.lint.lexer",
    "thing.lint.parser", "thing.lint.statements", "thing.lint.scope", "thing.lint.names", "thing.lint.script",
    "thing.lint", RUN};
#define MODULES (sizeof modules / sizeof *modules)

static const struct th_binding *const bindings[] = {th_bind_pure, NULL};

struct linter {
    struct th_budget *budget;
    const struct th_lint_file *files;
    size_t count;
    struct th_source sources[MODULES];
    struct th_buf texts[MODULES];
    struct th_gen *gen; /* NULL: to be built before the next file */
    uint64_t cpu_us;
};

struct looking {
    const struct linter *linter;
    const struct th_lint_file *file;
    struct th_buf *out;
};

static int read_module(const char *home, const char *name, struct th_buf *text, struct th_error *err)
{
    char path[4200], slashed[64];
    size_t n = 0;
    for (; name[n] != 0; n++)
        slashed[n] = name[n] == '.' ? '/' : name[n];
    slashed[n] = 0;
    snprintf(path, sizeof path, "%s/lua/%s.lua", home, slashed);
    FILE *f = fopen(path, "re");
    if (f == NULL) {
        snprintf(path, sizeof path, "%s/lua/%s/init.lua", home, slashed);
        f = fopen(path, "re");
    }
    if (f == NULL)
        return th_fail(err, TH_EIO, "%s: %m", path);
    while ((n = fread(th_buf_room(text, 16384), 1, 16384, f)) > 0)
        text->n += n;
    int rc = ferror(f) ? th_fail(err, TH_EIO, "%s: cannot be read", path) : 0;
    fclose(f);
    return rc;
}

static int load(struct linter *l, struct th_error *err)
{
    struct th_gen_spec spec = {.budget = l->budget,
        .name = "lint",
        .sources = l->sources,
        .source_count = MODULES,
        .bindings = bindings,
        .limits = {.memory = MEMORY, .cpu_us = CPU_US, .wall_us = WALL_US}};
    return th_gen_new(&l->gen, &spec, NULL, err);
}

static int push(lua_State *L, void *ctx)
{
    const struct looking *k = ctx;
    lua_pushlstring(L, k->file->text.p, k->file->text.n);
    lua_pushstring(L, k->file->name);
    lua_pushboolean(L, k->file->module != NULL);
    lua_newtable(L);
    lua_Integer n = 0;
    for (size_t i = 0; i < k->linter->count; i++) {
        if (k->linter->files[i].module == NULL)
            continue;
        lua_pushstring(L, k->linter->files[i].module);
        lua_rawseti(L, -2, ++n);
    }
    return 4;
}

/* The brackets are left out, so that several lists become one. */
static void take(lua_State *L, int count, void *ctx)
{
    const struct looking *k = ctx;
    size_t n;
    const char *list = luaL_checklstring(L, 1, &n);
    if (n <= 2)
        return;
    if (k->out->p[k->out->n - 1] != '[')
        th_buf_putc(k->out, ',');
    th_buf_put(k->out, list + 1, n - 2);
}

static void not_linted(const struct looking *k, enum th_run run)
{
    if (k->out->p[k->out->n - 1] != '[')
        th_buf_putc(k->out, ',');
    th_buf_puts(k->out, "{\"code\":\"not_linted\",\"line\":1,\"column\":1,\"file\":");
    th_json_put_str(k->out, th_str(k->file->name));
    th_buf_printf(k->out, ",\"message\":\"this file is not looked through further (%s)\"}", th_run_name(run));
}

static int one_file(
    struct linter *l, const struct th_lint_file *file, struct th_buf *out, struct th_error *err)
{
    struct looking k = {l, file, out};
    struct th_report report;
    struct th_call call = {
        .function = "run", .module = RUN, .phase = TH_PHASE_LOAD, .ctx = &k, .push = push, .take = take};
    if (l->cpu_us > ALL_CPU_US) {
        not_linted(&k, TH_RUN_CPU);
        return 0;
    }
    int rc = l->gen == NULL ? load(l, err) : 0;
    if (rc != 0)
        return rc;
    enum th_run run = th_task_start(l->gen, &call, &report);
    l->cpu_us += report.cpu_us;
    if (run == TH_RUN_OK)
        return 0;
    not_linted(&k, run);
    th_gen_unref(l->gen);
    l->gen = NULL;
    return 0;
}

int th_lint(struct th_budget *budget, const char *home, const struct th_lint_file *files, size_t count,
    struct th_buf *out, struct th_error *err)
{
    struct linter l = {.budget = budget, .files = files, .count = count};
    int rc = 0;
    for (size_t i = 0; i < MODULES && rc == 0; i++) {
        rc = read_module(home, modules[i], &l.texts[i], err);
        l.sources[i] = (struct th_source){TH_ROLE_TRUSTED, modules[i], modules[i], th_buf_view(&l.texts[i])};
    }
    th_buf_putc(out, '[');
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = one_file(&l, &files[i], out, err);
    th_buf_putc(out, ']');
    th_gen_unref(l.gen);
    for (size_t i = 0; i < MODULES; i++)
        th_buf_free(&l.texts[i]);
    return rc;
}
