/* SPDX-License-Identifier: Apache-2.0
 *
 * A task is one call of a script's function, in a coroutine of its own. th_task_start() and th_task_resume()
 * are the only places that run one. What may end a call is a closed list (enum th_run); what went wrong is in
 * the report. A coroutine whose call was killed or failed is abandoned: never resumed, never closed by its
 * script. All of it happens on the thread of the generation's budget. */
#ifndef TH_TASK_H
#define TH_TASK_H

#include <stdbool.h>
#include <stdint.h>
#include <lua.h>
#include "base/err.h"
#include "base/str.h"
#include "script/budget.h"

struct th_gen;

/* What a script is called for; each function of the thing namespace says in which of these it may be called.
 */
#define TH_PHASES(X)                                                                                         \
    X(LOAD, 0, "load")                                                                                       \
    X(AUTH, 1, "auth")                                                                                       \
    X(PROPERTY, 2, "property")                                                                               \
    X(EVENT, 3, "event")                                                                                     \
    X(MESSAGE, 4, "message")                                                                                 \
    X(CONNECT, 5, "connect")                                                                                 \
    X(COMMAND, 6, "command")                                                                                 \
    X(REPLY, 7, "reply")                                                                                     \
    X(NOTIFY, 8, "notify")                                                                                   \
    X(TIMER, 9, "timer")                                                                                     \
    X(API, 10, "api")                                                                                        \
    X(RULE, 11, "rule")

enum th_phase {
#define X(id, bit, name) TH_PHASE_##id = 1 << (bit),
    TH_PHASES(X)
#undef X
};

#define TH_PHASE_ALL 0xfffu
/* Phases that may wait for something outside; the others run from start to end in one go. */
#define TH_PHASE_WAITING (TH_PHASE_COMMAND | TH_PHASE_REPLY | TH_PHASE_NOTIFY | TH_PHASE_TIMER | TH_PHASE_API)

const char *th_phase_name(enum th_phase phase);

enum th_run {
    TH_RUN_OK,
    TH_RUN_YIELD,       /* waits for an operation; on_done tells the end */
    TH_RUN_ERROR,       /* the script raised an error */
    TH_RUN_CPU,         /* killed: CPU time */
    TH_RUN_WALL,        /* killed: wall time */
    TH_RUN_MEMORY,      /* killed: the state's byte cap */
    TH_RUN_KILLED_IN_C, /* killed inside a C function: the generation is spent (th_gen_spent) */
    TH_RUN_NO_FUNCTION, /* the script has no such function */
    TH_RUN_CANCELED     /* th_task_cancel() while it waited */
};

const char *th_run_name(enum th_run run); /* "ok", "yield", "error", "cpu" ... */

/* Filled when a call did not end with TH_RUN_OK; of the rest only run, cpu_us, wall_us and mem_peak are set
 * then. */
struct th_report {
    enum th_run run;
    uint64_t cpu_us, wall_us; /* all slices of the call */
    size_t mem_peak;          /* bytes of the whole state while the call ran */
    char script[128];         /* name of the generation */
    int64_t version;
    char where[128];   /* chunk in which it struck, "" when unknown */
    int line;          /* 0 when unknown */
    int column;        /* of a syntax error, from 1; 0 when unknown */
    char function[64]; /* the function that was called */
    char message[512]; /* without the place */
    char traceback[1536];
};

struct th_task;

/* Push the arguments (return how many), or read the results, which lie at index 1 to count. Both run inside
 * the call's limits and may raise errors; neither may keep malloc'ed memory across Lua calls. */
typedef int (*th_push_cb)(lua_State *L, void *ctx);
typedef void (*th_take_cb)(lua_State *L, int count, void *ctx);
/* Only after TH_RUN_YIELD, exactly once, never from inside th_task_start(). */
typedef void (*th_done_cb)(struct th_task *task, const struct th_report *report, void *ctx);

struct th_call {
    const char *function; /* "on_property"; must outlive the call */
    const char *module;   /* NULL = the product's handlers, else a module of the generation by its name */
    enum th_phase phase;
    void *ctx;          /* th_task_ctx() for the bindings */
    th_push_cb push;    /* NULL = no arguments */
    th_take_cb take;    /* NULL = results are dropped */
    th_done_cb on_done; /* needed in phases that may wait */
    uint32_t cpu_us;    /* 0 = the generation's limit */
    uint32_t wall_us;   /* of one slice; 0 = the generation's limit */
};

/* *report is always filled; it may be NULL when only the result matters. */
enum th_run th_task_start(struct th_gen *gen, const struct th_call *call, struct th_report *report);

/* ---- for bindings ---- */

/* The task that runs on this state. NULL only while a generation is built. */
static inline struct th_task *th_task_self(lua_State *L)
{
    return th_state_of(L)->task;
}

void *th_task_ctx(lua_State *L);
enum th_phase th_task_phase(lua_State *L);
struct th_gen *th_task_gen(struct th_task *task);

/* Called when the task ends before the operation does; afterwards op may not resume it. */
typedef void (*th_cancel_cb)(void *op);

/* As the last act of a C function: `return th_task_wait(L, cancel, op);`. What th_task_resume() pushes is
 * what the C function returns. Raises an error in a phase that may not wait, inside a C call that cannot be
 * left, or when the task waits already: so it is called before the operation is started, or cancel is
 * prepared for it: th_task_may_wait() raises the same errors and does nothing else. */
void th_task_may_wait(lua_State *L);
int th_task_wait(lua_State *L, th_cancel_cb cancel, void *op);

/* Once for each wait, from the loop, never from inside the C function that waits. push may be NULL. */
enum th_run th_task_resume(struct th_task *task, th_push_cb push, void *arg);

/* Ends a waiting task: its operation is cancelled, on_done is called with TH_RUN_CANCELED. */
void th_task_cancel(struct th_task *task);

/* Counters that bindings keep per call, all zero at its start. */
struct th_quota {
    uint32_t log_lines, log_bytes;
    uint32_t effects, effect_bytes, laters, notices, others, http;
    size_t effect_memory; /* bytes that reading their JSON took */
};
struct th_quota *th_task_quota(lua_State *L);

/* ---- for the coroutine library ---- */
bool th_task_waits(lua_State *L);   /* a wait is under way and every coroutine has to yield up to the task */
bool th_task_is_main(lua_State *L); /* L is the task's own coroutine */
void th_task_depth(
    lua_State *L, int by); /* +1 when a coroutine is entered from a C call that cannot be left */

#endif
