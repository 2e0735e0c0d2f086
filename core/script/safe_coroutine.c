// SPDX-License-Identifier: Apache-2.0
//
// Coroutines of scripts. The kill follows the coroutine that runs; one that was killed never runs again; a
// binding that waits inside a coroutine makes every coroutine around it yield up to the task, and all go on
// with its result. There is no coroutine.close: it would run to-be-closed variables outside the depth limits
// of the C stack.
#include <lauxlib.h>
#include "script/sandbox.h"
#include "script/task.h"

static lua_State *check_co(lua_State *L, int arg)
{
    lua_State *co = lua_tothread(L, arg);
    luaL_argexpected(L, co != NULL, arg, "coroutine");
    return co;
}

static const char *status_of(lua_State *L, lua_State *co)
{
    lua_Debug ar;

    if (L == co)
        return "running";
    switch (lua_status(co)) {
    case LUA_YIELD:
        return (*th_state_word(co) & TH_CO_USER) != 0 ? "suspended" : "normal";
    case LUA_OK:
        if (lua_getstack(co, 0, &ar))
            return "normal";
        return lua_gettop(co) == 0 ? "dead" : "suspended";
    default:
        return "dead";
    }
}

static int resume_further(lua_State *L, int status, lua_KContext k);

/* Moves nargs values from L to co and runs it. Afterwards its results, or its error, are on top of L: returns
 * their number, or -1 for an error. k is what goes on when a wait inside co is over. */
static int resume(lua_State *L, lua_State *co, int nargs, lua_KContext k)
{
    int nres = 0;
    bool stuck = !lua_isyieldable(L);

    th_budget_check(L);
    lua_xmove(L, co, nargs);
    *th_state_word(co) &= ~(uintptr_t)TH_CO_USER; /* nobody resumes it from inside */
    th_task_depth(L, stuck);
    th_budget_switch(co);
    int status = lua_resume(co, L, nargs, &nres);
    th_budget_switch(L);
    th_task_depth(L, -(int)stuck);
    th_budget_check(L); /* killed inside: co stays as it is, for ever */
    if (status == LUA_YIELD && th_task_waits(L))
        return lua_yieldk(L, 0, k, resume_further);
    if (status == LUA_YIELD)
        *th_state_word(co) |= TH_CO_USER;
    if (status != LUA_OK && status != LUA_YIELD) {
        lua_xmove(co, L, 1);
        return -1;
    }
    if (!lua_checkstack(L, nres + 1)) {
        lua_pop(co, nres);
        lua_pushliteral(L, "too many results to resume");
        return -1;
    }
    lua_xmove(co, L, nres);
    return nres;
}

/* The two callers differ only in how they report: resume() returns false, wrap() raises. */
enum { BY_RESUME, BY_WRAP };

static int deliver(lua_State *L, int n, int by)
{
    if (by == BY_RESUME) {
        lua_pushboolean(L, n >= 0);
        lua_insert(L, n >= 0 ? -(n + 1) : -2);
        return n >= 0 ? n + 1 : 2;
    }
    if (n >= 0)
        return n;
    if (lua_type(L, -1) == LUA_TSTRING) {
        luaL_where(L, 1);
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

static int resume_further(lua_State *L, int status, lua_KContext k)
{
    lua_State *co = lua_tothread(L, k == BY_RESUME ? 1 : lua_upvalueindex(1));
    return deliver(L, resume(L, co, 0, k), (int)k);
}

static int start(lua_State *L, lua_State *co, int nargs, int by)
{
    int n;
    if ((*th_state_word(co) & TH_CO_USER) == 0) {
        bool dead = status_of(L, co)[0] == 'd';
        lua_pushfstring(L, "cannot resume %s coroutine", dead ? "dead" : "non-suspended");
        n = -1;
    } else if (!lua_checkstack(co, nargs)) {
        lua_pushliteral(L, "too many arguments to resume");
        n = -1;
    } else {
        n = resume(L, co, nargs, by);
    }
    return deliver(L, n, by);
}

static int co_resume(lua_State *L)
{
    return start(L, check_co(L, 1), lua_gettop(L) - 1, BY_RESUME);
}

static int on_wrapped(lua_State *L)
{
    return start(L, lua_tothread(L, lua_upvalueindex(1)), lua_gettop(L), BY_WRAP);
}

static int co_create(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_State *co = lua_newthread(L);
    *th_state_word(co) |= TH_CO_USER;
    lua_pushvalue(L, 1);
    lua_xmove(L, co, 1);
    return 1;
}

static int co_wrap(lua_State *L)
{
    co_create(L);
    lua_pushcclosure(L, on_wrapped, 1);
    return 1;
}

static int co_yield (lua_State *L)
{
    if (th_task_is_main(L))
        return luaL_error(L, "attempt to yield from outside a coroutine");
    return lua_yield(L, lua_gettop(L));
}

static int co_status(lua_State *L)
{
    lua_pushstring(L, status_of(L, check_co(L, 1)));
    return 1;
}

static int co_running(lua_State *L)
{
    lua_pushthread(L);
    lua_pushboolean(L, th_task_is_main(L));
    return 2;
}

static int co_isyieldable(lua_State *L)
{
    lua_State *co = lua_isnone(L, 1) ? L : check_co(L, 1);
    lua_pushboolean(L, !th_task_is_main(co) && lua_isyieldable(co));
    return 1;
}

static const luaL_Reg functions[] = {{"create", co_create}, {"isyieldable", co_isyieldable},
    {"resume", co_resume}, {"running", co_running}, {"status", co_status}, {"wrap", co_wrap},
    {"yield", co_yield }, {NULL, NULL}};

int th_safe_coroutine(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
