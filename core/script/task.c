// SPDX-License-Identifier: Apache-2.0
#include "script/task.h"

#include <lauxlib.h>
#include <string.h>
#include "script/task_priv.h"

const char *th_phase_name(enum th_phase phase)
{
    switch (phase) {
#define X(id, bit, name)                                                                                     \
    case TH_PHASE_##id:                                                                                      \
        return name;
        TH_PHASES(X)
#undef X
    }
    return "unknown";
}

const char *th_run_name(enum th_run run)
{
    static const char *const names[] = {
        "ok", "yield", "error", "cpu", "wall", "memory", "killed_in_c", "no_function", "canceled"};
    return (unsigned)run < sizeof names / sizeof *names ? names[run] : "unknown";
}

static struct th_task *task_get(struct th_gen *gen)
{
    if (!th_list_empty(&gen->idle)) {
        struct th_task *t = th_list_item(gen->idle.prev, struct th_task, link);
        th_list_remove(&t->link);
        gen->idle_count--;
        return t;
    }
    struct th_task *t = th_calloc(1, sizeof *t);
    th_list_init(&t->link);
    t->gen = gen;
    th_state_host_begin(gen->st);
    t->co = lua_newthread(gen->st->L);
    t->ref = luaL_ref(gen->st->L, LUA_REGISTRYINDEX);
    th_state_host_end(gen->st);
    return t;
}

/* A coroutine that came to its end may run again; any other is left to the collector. */
static void task_put(struct th_task *t, bool reusable)
{
    struct th_gen *gen = t->gen;

    if (reusable && gen->idle_count < TH_TASK_IDLE_MAX) {
        lua_settop(t->co, 0);
        th_list_push(&gen->idle, &t->link);
        gen->idle_count++;
        return;
    }
    if (!gen->st->broken) {
        th_state_host_begin(gen->st);
        luaL_unref(gen->st->L, LUA_REGISTRYINDEX, t->ref);
        th_state_host_end(gen->st);
    }
    th_free(t);
}

static enum th_run killed_run(const struct th_slice *s)
{
    if (s->in_c)
        return TH_RUN_KILLED_IN_C;
    return s->killed == TH_KILL_CPU ? TH_RUN_CPU : s->killed == TH_KILL_WALL ? TH_RUN_WALL : TH_RUN_MEMORY;
}

static enum th_run classify(const struct th_task *t, int status)
{
    if (status == LUA_OK)
        return t->missing ? TH_RUN_NO_FUNCTION : TH_RUN_OK;
    if (t->slice.killed != TH_KILL_NONE)
        return killed_run(&t->slice);
    if (status == LUA_YIELD)
        return TH_RUN_YIELD;
    return status == LUA_ERRMEM ? TH_RUN_MEMORY : TH_RUN_ERROR;
}

/* Not inlined: nothing of the caller's frame may live in registers across the jump. */
static __attribute__((noinline)) int resume_guarded(struct th_task *t, int nargs)
{
    struct th_state *st = t->gen->st;
    int nres;

    if (_setjmp(t->slice.escape) != 0) {
        th_budget_escaped();
        st->broken = true;
        t->gen->spent = true;
        t->slice.in_c = true;
        return LUA_ERRRUN;
    }
    t->slice.may_escape = 1;
    int status = lua_resume(t->co, NULL, nargs, &nres);
    t->slice.may_escape = 0;
    return status;
}

static enum th_run run_slice(struct th_task *t, int nargs)
{
    struct th_gen *gen = t->gen;
    struct th_state *st = gen->st;
    struct th_task *outer = st->task;
    uint32_t cpu_us = t->call.cpu_us != 0 ? t->call.cpu_us : gen->limits.cpu_us;
    uint64_t used_us = t->cpu_ns / 1000;
    unsigned host = st->host;

    st->task = t;
    st->host = 0;
    th_state_mark(st);
    th_budget_enter(st->budget, &t->slice, t->co, used_us < cpu_us ? cpu_us - used_us : 0,
        t->call.wall_us != 0 ? t->call.wall_us : gen->limits.wall_us);
    int status = resume_guarded(t, nargs);
    th_budget_leave(st->budget, &t->slice);
    if (st->charged > 0)
        th_state_settle(st);
    st->host = host;
    st->task = outer;
    t->cpu_ns += t->slice.cpu_ns;
    t->wall_ns += t->slice.wall_ns;
    if (st->peak > t->peak)
        t->peak = st->peak;

    enum th_run run = classify(t, status);
    if (t->slice.killed != TH_KILL_NONE) {
        gen->suspect = true;
        if (run == TH_RUN_OK)
            lua_sethook(t->co, NULL, 0, 0); /* it ended by itself just then */
        gen->spent |= t->slice.in_c;
    }
    return run;
}

static void fill_report(struct th_report *r, const struct th_task *t, enum th_run run)
{
    if (r == NULL)
        return;
    r->run = run;
    r->cpu_us = t->cpu_ns / 1000;
    r->wall_us = t->wall_ns / 1000;
    r->mem_peak = t->peak;
    if (run != TH_RUN_OK && run != TH_RUN_YIELD)
        th_report_fill(r, t, run);
}

static void drop_wait(struct th_task *t)
{
    if (!t->waits)
        return;
    t->waits = false;
    if (t->cancel != NULL)
        t->cancel(t->op);
}

static int finish_main(lua_State *L, int status, lua_KContext k)
{
    const struct th_task *t = th_task_self(L);
    if (t->call.take != NULL)
        t->call.take(L, lua_gettop(L), t->call.ctx);
    return 0;
}

static int call_main(lua_State *L)
{
    struct th_task *t = th_task_self(L);

    if (t->call.module == NULL) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, t->gen->handlers);
    } else {
        lua_rawgeti(L, LUA_REGISTRYINDEX, t->gen->modules);
        lua_pushstring(L, t->call.module);
        lua_rawget(L, -2);
        lua_replace(L, 1);
    }
    lua_pushstring(L, t->call.function);
    if (!lua_istable(L, 1) || lua_rawget(L, 1) != LUA_TFUNCTION) {
        t->missing = true;
        return 0;
    }
    lua_replace(L, 1);
    int nargs = t->call.push == NULL ? 0 : t->call.push(L, t->call.ctx);
    lua_callk(L, nargs, LUA_MULTRET, 0, finish_main);
    return finish_main(L, LUA_OK, 0);
}

static struct th_task *task_new(struct th_gen *gen, const struct th_call *call, lua_CFunction entry)
{
    struct th_task *t = task_get(gen);
    t->call = *call;
    t->cpu_ns = t->wall_ns = 0;
    t->peak = 0;
    t->quota = (struct th_quota){0};
    t->stuck = 0;
    t->missing = t->waits = false;
    lua_pushcfunction(t->co, entry);
    return t;
}

enum th_run th_task_start_entry(
    struct th_gen *gen, const struct th_call *call, lua_CFunction entry, struct th_report *report)
{
    if (gen->st->broken) {
        if (report != NULL)
            th_report_broken(report, gen, call);
        return TH_RUN_KILLED_IN_C;
    }
    int held = th_budget_hold(gen->st->budget);
    struct th_task *t = task_new(gen, call, entry);
    enum th_run run = run_slice(t, 0);
    fill_report(report, t, run);
    if (run == TH_RUN_YIELD) {
        th_list_push(&gen->waiting, &t->link);
        gen->waiting_count++;
        th_gen_ref(gen);
    } else {
        drop_wait(t);
        task_put(t, run == TH_RUN_OK || run == TH_RUN_NO_FUNCTION);
    }
    th_budget_unhold(gen->st->budget, held);
    return run;
}

enum th_run th_task_start(struct th_gen *gen, const struct th_call *call, struct th_report *report)
{
    return th_task_start_entry(gen, call, call_main, report);
}

/* The end of a task that had waited. */
static void task_end(struct th_task *t, enum th_run run)
{
    struct th_gen *gen = t->gen;
    struct th_report report;

    fill_report(&report, t, run);
    th_list_remove(&t->link);
    gen->waiting_count--;
    drop_wait(t);
    if (t->call.on_done != NULL)
        t->call.on_done(t, &report, t->call.ctx);
    task_put(t, run == TH_RUN_OK);
    th_gen_unref(gen);
}

enum th_run th_task_resume(struct th_task *t, th_push_cb push, void *arg)
{
    enum th_run run;

    t->waits = false;
    t->cancel = NULL;
    t->push = push;
    t->arg = arg;
    if (t->gen->st->broken) {
        run = TH_RUN_KILLED_IN_C;
        t->slice.in_c = true;
    } else {
        run = run_slice(t, 0);
    }
    if (run != TH_RUN_YIELD)
        task_end(t, run);
    return run;
}

void th_task_cancel(struct th_task *t)
{
    task_end(t, TH_RUN_CANCELED);
}

/* ---- for bindings ---- */

void *th_task_ctx(lua_State *L)
{
    const struct th_task *t = th_task_self(L);
    return t == NULL ? NULL : t->call.ctx;
}

enum th_phase th_task_phase(lua_State *L)
{
    const struct th_task *t = th_task_self(L);
    return t == NULL ? TH_PHASE_LOAD : t->call.phase;
}

struct th_gen *th_task_gen(struct th_task *t)
{
    return t->gen;
}

struct th_quota *th_task_quota(lua_State *L)
{
    return &th_task_self(L)->quota;
}

void th_task_may_wait(lua_State *L)
{
    const struct th_task *t = th_task_self(L);

    if (t == NULL || (t->call.phase & TH_PHASE_WAITING) == 0)
        luaL_error(L, "may not wait in phase %s", th_phase_name(th_task_phase(L)));
    if (t->stuck > 0 || !lua_isyieldable(L))
        luaL_error(L, "may not wait inside a callback of a C function (sort, gsub, a metamethod)");
    if (t->waits)
        luaL_error(L, "waits already");
}

static int on_resumed(lua_State *L, int status, lua_KContext k)
{
    struct th_task *t = th_task_self(L);
    return t->push == NULL ? 0 : t->push(L, t->arg);
}

int th_task_wait(lua_State *L, th_cancel_cb cancel, void *op)
{
    struct th_task *t = th_task_self(L);

    th_task_may_wait(L);
    t->waits = true;
    t->cancel = cancel;
    t->op = op;
    return lua_yieldk(L, 0, 0, on_resumed);
}

bool th_task_waits(lua_State *L)
{
    const struct th_task *t = th_task_self(L);
    return t != NULL && t->waits;
}

bool th_task_is_main(lua_State *L)
{
    const struct th_task *t = th_task_self(L);
    return t == NULL || t->co == L;
}

void th_task_depth(lua_State *L, int by)
{
    struct th_task *t = th_task_self(L);
    t->stuck = (unsigned)((int)t->stuck + by);
}
