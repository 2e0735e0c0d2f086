// SPDX-License-Identifier: Apache-2.0
#include "script/gen.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>
#include "script/load.h"
#include "script/sandbox.h"
#include "script/task_priv.h"

#define MEMORY_DEFAULT (16u << 20)
#define CPU_DEFAULT_US 50000
#define WALL_DEFAULT_US 1000000
#define WALL_PER_CPU 20 /* of a load: a busy machine is not the script's fault */
#define LOAD_DEFAULT_US 500000
#define COLLECT_US 20000

#define LOG_LINES_MAX 200
#define LOG_BYTES_MAX (32u << 10)
#define LOG_LINE_MAX (2u << 10)

static struct th_gen *gen_make(const struct th_gen_spec *spec)
{
    struct th_gen *gen = th_calloc(1, sizeof *gen);
    struct th_limits l = spec->limits;

    l.memory = l.memory != 0 ? l.memory : MEMORY_DEFAULT;
    l.cpu_us = l.cpu_us != 0 ? l.cpu_us : CPU_DEFAULT_US;
    l.wall_us = l.wall_us != 0 ? l.wall_us : WALL_DEFAULT_US;
    l.load_us = l.load_us != 0 ? l.load_us : LOAD_DEFAULT_US;
    gen->limits = l;
    gen->name = th_strdup(spec->name);
    gen->version = spec->version;
    gen->log = spec->log;
    gen->owner = spec->owner;
    gen->refs = 1;
    gen->spec = spec;
    th_list_init(&gen->idle);
    th_list_init(&gen->waiting);
    gen->st = th_state_new(spec->budget, l.memory);
    gen->st->gen = gen;
    return gen;
}

static void gen_free(struct th_gen *gen)
{
    TH_LIST_EACH (it, next, &gen->idle)
        th_free(th_list_item(it, struct th_task, link));
    th_state_free(gen->st);
    th_free(gen->name);
    th_free(gen);
}

static int fail_load(struct th_report *r, struct th_error *err)
{
    char place[160] = "";

    if (r->line > 0 && r->column > 0)
        snprintf(place, sizeof place, "%s:%d:%d: ", r->where, r->line, r->column);
    else if (r->line > 0)
        snprintf(place, sizeof place, "%s:%d: ", r->where, r->line);
    return th_fail(err, r->column > 0 ? TH_ESYNTAX : TH_ESCRIPT, "%s%s", place, r->message);
}

static int gen_build(
    struct th_gen **out, const struct th_gen_spec *spec, struct th_report *report, struct th_error *err)
{
    struct th_gen *gen = gen_make(spec);
    struct th_state *st = gen->st;
    struct th_report own, *r = report != NULL ? report : &own;
    struct th_call call = {.function = "load",
        .phase = TH_PHASE_LOAD,
        .cpu_us = gen->limits.load_us,
        .wall_us = gen->limits.load_us * WALL_PER_CPU};

    memset(r, 0, sizeof *r);
    th_state_host_begin(st);
    lua_pushcfunction(st->L, th_load_setup);
    if (lua_pcall(st->L, 0, 0, 0) != LUA_OK) {
        int rc = th_fail(err, TH_EINTERNAL, "cannot set up scripts: %s", lua_tostring(st->L, -1));
        th_state_host_end(st);
        gen_free(gen);
        return rc;
    }
    th_state_host_end(st);
    enum th_run run = th_task_start_entry(gen, &call, th_load_sources, r);
    gen->spec = NULL;
    if (run != TH_RUN_OK) {
        th_load_find_place(gen, r);
        int rc = fail_load(r, err);
        gen_free(gen);
        return rc;
    }
    *out = gen;
    return 0;
}

int th_gen_new(
    struct th_gen **out, const struct th_gen_spec *spec, struct th_report *report, struct th_error *err)
{
    int held = th_budget_hold(spec->budget);
    int rc = gen_build(out, spec, report, err);
    th_budget_unhold(spec->budget, held);
    return rc;
}

void th_gen_ref(struct th_gen *gen)
{
    gen->refs++;
}

void th_gen_unref(struct th_gen *gen)
{
    if (gen != NULL && --gen->refs == 0)
        gen_free(gen);
}

void th_gen_cancel_all(struct th_gen *gen)
{
    th_gen_ref(gen);
    while (!th_list_empty(&gen->waiting))
        th_task_cancel(th_list_item(gen->waiting.next, struct th_task, link));
    th_gen_unref(gen);
}

bool th_gen_has(struct th_gen *gen, const char *function)
{
    struct th_state *st = gen->st;
    if (st->broken)
        return false;
    th_state_host_begin(st);
    lua_rawgeti(st->L, LUA_REGISTRYINDEX, gen->handlers);
    lua_pushstring(st->L, function);
    bool has = lua_rawget(st->L, -2) == LUA_TFUNCTION;
    lua_pop(st->L, 2);
    th_state_host_end(st);
    return has;
}

const char *th_gen_name(const struct th_gen *gen)
{
    return gen->name;
}

int64_t th_gen_version(const struct th_gen *gen)
{
    return gen->version;
}

void *th_gen_owner(const struct th_gen *gen)
{
    return gen->owner;
}

size_t th_gen_memory(const struct th_gen *gen)
{
    return gen->st->used;
}

unsigned th_gen_tasks(const struct th_gen *gen)
{
    return gen->waiting_count;
}

static int collect(lua_State *L)
{
    lua_gc(L, LUA_GCCOLLECT);
    return 0;
}

bool th_gen_spent(struct th_gen *gen)
{
    size_t high = gen->limits.memory / 4 * 3;

    if (gen->spent || !gen->suspect)
        return gen->spent;
    gen->suspect = false;
    if (gen->st->used > high) {
        /* As a call, so that a collection that does not end is escaped from. */
        th_gen_call(gen, collect, TH_PHASE_LOAD, NULL, COLLECT_US, NULL);
        gen->suspect = false;
        gen->spent |= gen->st->used > high;
    }
    return gen->spent;
}

enum th_run th_gen_call(struct th_gen *gen, lua_CFunction fn, enum th_phase phase, void *ctx, uint32_t cpu_us,
    struct th_report *report)
{
    struct th_call call = {.function = "host", .phase = phase, .ctx = ctx, .cpu_us = cpu_us};
    return th_task_start_entry(gen, &call, fn, report);
}

void th_gen_log(lua_State *L, enum th_log_level level)
{
    struct th_task *t = th_task_self(L);
    struct th_str text;
    lua_Debug ar;

    text.p = luaL_checklstring(L, -1, &text.n);
    if (t == NULL || t->gen->log == NULL || t->quota.log_lines > LOG_LINES_MAX) {
        lua_pop(L, 1);
        return;
    }
    t->quota.log_lines++;
    t->quota.log_bytes += text.n > LOG_LINE_MAX ? LOG_LINE_MAX : (uint32_t)text.n;
    if (t->quota.log_lines > LOG_LINES_MAX || t->quota.log_bytes > LOG_BYTES_MAX) {
        t->quota.log_lines = LOG_LINES_MAX + 1;
        level = TH_LOG_WARN;
        text = TH_STR("too much is logged in one call: the rest is dropped");
    } else if (text.n > LOG_LINE_MAX) {
        text.n = LOG_LINE_MAX;
        while (text.n > 0 && ((unsigned char)text.p[text.n] & 0xc0) == 0x80)
            text.n--; /* not inside a character */
    }
    ar.currentline = -1;
    if (lua_getstack(L, 1, &ar))
        lua_getinfo(L, "Sl", &ar);
    bool known = ar.currentline > 0;
    t->gen->log(t->gen, t->call.ctx, level, text, known ? ar.short_src : "", known ? ar.currentline : 0);
    lua_pop(L, 1);
}

void th_gen_push_product(lua_State *L)
{
    if (lua_rawgeti(L, LUA_REGISTRYINDEX, th_state_of(L)->gen->product) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_pushnil(L);
    }
}
