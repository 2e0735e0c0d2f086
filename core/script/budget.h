/* SPDX-License-Identifier: Apache-2.0
 *
 * What a call may cost, and the kill that no script can catch.
 *
 * One timer per thread ticks on the thread's own CPU time, so an idle thread has no ticks and a call costs no
 * system call. A tick that finds the running call over its limit sets a hook on the coroutine that runs, to
 * be called before the next instruction. The hook yields, which no pcall can catch; inside a C function that
 * cannot be left by a yield it raises an error, and does so again at each instruction until a yield is
 * possible. C functions that loop look at th_budget_check(). A call that sits inside the Lua library itself
 * (a collection, a rehash) one tick after its kill is left by longjmp and its state is thrown away.
 *
 * The kernel looks at CPU timers at its scheduler's ticks only (4 ms apart at 250 Hz), and only at those that
 * find the thread running. So the first tick in a call that lasts starts a second timer, on the wall clock
 * and finer, which stops itself when it finds no call: a kill comes at most some 3 ms late even on a busy
 * machine.
 */
#ifndef TH_BUDGET_H
#define TH_BUDGET_H

#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>
#include <lua.h>
#include "base/err.h"
#include "script/state.h"

enum th_kill { TH_KILL_NONE, TH_KILL_CPU, TH_KILL_WALL, TH_KILL_MEMORY };

/* One stretch of a call between its start or resume and its end or wait. */
struct th_slice {
    struct th_slice *outer;           /* a call that started this one from C, on the same thread */
    lua_State *volatile running;      /* the coroutine that runs now */
    volatile sig_atomic_t killed;     /* enum th_kill */
    volatile sig_atomic_t may_escape; /* .escape is valid */
    bool in_c;                        /* the kill was raised as an error inside a C function */
    bool measured;                    /* cpu_start is known: a tick came by */
    int line;                         /* where the kill struck; 0 when no Lua line is known */
    char where[64];                   /* chunk name of that line */
    uint64_t cpu_start, cpu_limit;    /* ns of the thread's CPU clock */
    uint64_t wall_start, wall_limit;  /* ns of the monotonic clock */
    uint64_t killed_at;               /* ns of the thread's CPU clock */
    uint64_t cpu_ns, wall_ns;         /* results, set by th_budget_leave() */
    jmp_buf escape;
};

struct th_budget {
    struct th_slice *volatile slice; /* the running one, or NULL */
    volatile uint64_t last_tick;     /* ns of the thread's CPU clock */
    timer_t coarse, fine;            /* on CPU time, always on; on the wall clock, while a call lasts */
    volatile sig_atomic_t fine_on;
};

/* On the thread that will run scripts; it must also be closed there. */
int th_budget_open(struct th_budget **out, struct th_error *err) TH_MUST_CHECK;
void th_budget_close(struct th_budget *b);

void th_budget_enter(
    struct th_budget *b, struct th_slice *s, lua_State *L, uint64_t cpu_us, uint64_t wall_us);
void th_budget_leave(struct th_budget *b, struct th_slice *s);

/* After a jump to .escape: lets ticks come in again, which the jump out of the handler had left blocked. */
void th_budget_escaped(void);

/* While the host works in another state from inside a call: nothing is escaped from until it is back. */
static inline int th_budget_hold(struct th_budget *b)
{
    int may = b->slice != NULL && b->slice->may_escape;
    if (may)
        b->slice->may_escape = 0;
    return may;
}

static inline void th_budget_unhold(struct th_budget *b, int may)
{
    if (may)
        b->slice->may_escape = 1;
}

/* Kills the running call, if there is one; the first reason stays. */
void th_budget_kill(struct th_budget *b, enum th_kill why);

/* Ends the C function that calls it: by a yield where possible, else by an error. Never returns. */
int th_budget_stop(lua_State *L);

/* For loops in C: at least once in some ten thousand simple steps. */
static inline void th_budget_check(lua_State *L)
{
    const struct th_slice *s = th_state_of(L)->budget->slice;
    if (s != NULL && s->killed != TH_KILL_NONE)
        th_budget_stop(L);
}

/* Around a lua_resume of one coroutine by another: the kill follows the one that runs. */
void th_budget_switch(lua_State *to);

#endif
