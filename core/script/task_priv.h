/* SPDX-License-Identifier: Apache-2.0
 *
 * What task.c, report.c and gen.c share; nobody else includes it. */
#ifndef TH_TASK_PRIV_H
#define TH_TASK_PRIV_H

#include "script/gen.h"

#define TH_TASK_IDLE_MAX 16

struct th_task {
    struct th_list link; /* in gen->idle or gen->waiting; else alone */
    struct th_gen *gen;
    lua_State *co;
    int ref; /* keeps co alive in the registry */
    struct th_call call;
    lua_CFunction entry; /* what runs in co */
    struct th_slice slice;
    uint64_t cpu_ns, wall_ns; /* of earlier slices, then of all */
    size_t peak;
    struct th_quota quota;
    unsigned stuck; /* coroutines entered from a C call that cannot be left by a yield */
    bool missing;   /* the function does not exist */
    bool waits;
    th_cancel_cb cancel;
    void *op;
    th_push_cb push; /* what th_task_resume() was given */
    void *arg;
};

struct th_gen {
    struct th_state *st;
    char *name;
    int64_t version;
    struct th_limits limits;
    th_gen_log_cb log;
    void *owner;
    unsigned refs;
    bool spent, suspect; /* suspect: a kill since memory was last looked at */
    int handlers;        /* registry references */
    int product;
    int modules; /* name -> what it returned */
    int globals; /* what scripts see beside their own globals */
    int trusted; /* environment of trusted modules */
    struct th_list idle, waiting;
    unsigned idle_count, waiting_count;
    const struct th_gen_spec *spec;         /* only while it is built */
    const struct th_source *compile_source; /* the one that is being compiled, and how far it was read */
    size_t compile_offset;
};

/* Runs entry in a task of the generation; the rest as th_task_start(). */
enum th_run th_task_start_entry(
    struct th_gen *gen, const struct th_call *call, lua_CFunction entry, struct th_report *report);

void th_report_fill(struct th_report *r, const struct th_task *t, enum th_run run);
/* Of a call that met a state which an earlier one had left by an escape. */
void th_report_broken(struct th_report *r, const struct th_gen *gen, const struct th_call *call);
/* Splits "chunk:12: text" into r->where, r->line and r->message. */
void th_report_message(struct th_report *r, const char *msg);

#endif
