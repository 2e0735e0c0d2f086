/* SPDX-License-Identifier: Apache-2.0
 *
 * One request inside the API's state, for the bindings that make it wait. An operation's callback stores what
 * came in the task and resumes it; the continuation turns it into Lua values inside the coroutine, where an
 * error is caught. */
#ifndef TH_API_TASK_H
#define TH_API_TASK_H

#include <lauxlib.h>
#include <lua.h>
#include "base/alloc.h"
#include "base/list.h"
#include "bind/api_engine.h"
#include "io/pg.h"
#include "script/state.h"

#define TH_API_BODY_MAX (1u << 20)            /* larger bodies are held back, for thing.files.write_body */
#define TH_API_BODIES_MAX (64u << 20)         /* of all requests of a worker */
#define TH_API_JOBS_MAX TH_PG_JOB_CONNECTIONS /* at a time */

struct th_api {
    struct th_worker *w;
    struct th_budget *budget; /* never armed: the code is trusted */
    struct th_state *state;   /* NULL once stopped */
    struct th_list tasks;
    unsigned count;
    uv_timer_t timer; /* runs while there are tasks */
    bool draining, drained, closed;
    struct th_limits *limits; /* l_limit.c: this worker's buckets */
    struct th_api_task *tick; /* the housekeeping under way */
    unsigned jobs;            /* under way, TH_API_JOBS_MAX at most */
    size_t body_bytes;        /* of bodies held back */
};

struct th_api_task {
    struct th_list link;
    struct th_api *api;
    lua_State *co;
    int ref;                              /* keeps co */
    const char *function;                 /* "handle", "tick" or "jobs" */
    const struct th_api_request *request; /* during the first slice */
    th_api_cb cb;                         /* NULL once answered */
    void *arg;
    uint64_t deadline_us;
    struct th_arena arena;
    char id[64];

    char *body; /* of the request, when it is larger than Lua gets to see; NULL once it was taken */
    size_t body_size;
    struct th_api_pieces pieces; /* put not NULL: the answer goes out so */

    bool waiting;              /* an operation's callback is still to come */
    struct th_pg_lease *lease; /* the open transaction's connection */
    /* What the operation brought, for the continuation. */
    int code;
    const struct th_pg_outcome *outcome;
    const void *extra; /* of another kind of operation, during its callback */
};

/* The task of this coroutine. Raises outside of a request and inside a coroutine made by the code itself. */
struct th_api_task *th_api_task_of(lua_State *L);
/* return th_api_wait(L, t, k): ends the slice; k runs when th_api_resume() is called. */
int th_api_wait(lua_State *L, struct th_api_task *t, lua_KFunction k);
/* The same; k gets the context. */
int th_api_wait_with(lua_State *L, struct th_api_task *t, lua_KFunction k, lua_KContext context);

/* thing.fetch, see l_fetch.c. */
int th_api_fetch(lua_State *L);
/* thing.answer(answer): what api/init.lua would return, now; the coroutine goes on without its client. */
int th_api_answer_now(lua_State *L);
/* thing.replay, see l_replay.c. */
int th_api_replay(lua_State *L);
/* thing.script_log and thing.script_say, see l_script_log.c. */
int th_api_script_say(lua_State *L);
int th_api_script_log(lua_State *L);
/* thing.try_script, see l_try.c. */
int th_api_try_script(lua_State *L);
/* thing.lint_script, see l_lint.c. */
int th_api_lint_script(lua_State *L);
/* Puts the pieces of the answer; the function that makes them is on top of the stack. */
int th_api_pieces_run(lua_State *L);
void th_api_pieces_end(struct th_api_pieces *p, bool good);
/* From an operation's callback, once per wait. Frees the task when it has ended. */
void th_api_resume(struct th_api_task *t);

/* Of this state. */
struct th_api *th_api_of(lua_State *L);

/* The libraries of the state: each leaves one table. */
int th_api_open_db(lua_State *L);
int th_api_open_account(lua_State *L);
int th_api_open_files(lua_State *L);
int th_api_open_live(lua_State *L);
int th_api_open_mail(lua_State *L);
int th_api_open_notifiers(lua_State *L);
int th_api_limit(lua_State *L);
struct th_limits *th_limits_new(void);
void th_limits_free(struct th_limits *limits);
int th_api_open_platform(lua_State *L); /* the whole namespace `thing` but db */

/* Gives back a connection that a task held when it ended. */
void th_api_db_end(struct th_api_task *t);

#endif
