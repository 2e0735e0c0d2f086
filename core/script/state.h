/* SPDX-License-Identifier: Apache-2.0
 *
 * A lua_State with a hard cap on its bytes. Every block is counted with what malloc adds to it and kept in a
 * list, so that a state left in the middle of a collection can be given back whole without being entered
 * again. A request over the cap makes Lua collect; when that does not help, the running call is killed for
 * memory. One thread owns a state. */
#ifndef TH_STATE_H
#define TH_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <lua.h>
#include "base/alloc.h"
#include "base/list.h"
#include "base/str.h"

struct th_budget;
struct th_gen;
struct th_task;

struct th_state {
    lua_State *L; /* the main thread: no script ever runs on it */
    struct th_budget *budget;
    struct th_gen *gen;   /* the generation that lives here */
    struct th_task *task; /* the task that runs now, or NULL */

    size_t used, peak; /* bytes; peak since th_state_mark() */
    size_t cap;        /* bytes that scripts may fill */
    size_t block_max; /* the largest single block; bounds what one hash, rehash or copy inside Lua can cost */
    unsigned host;    /* > 0 while the host itself works in the state: then nothing is refused */
    bool broken;      /* left by an escape: may only be closed */
    bool refused;     /* the request below was refused and Lua collects now */
    void *refused_block;
    size_t refused_size;
    struct th_list blocks;

    /* For C functions that need memory across calls which may raise, so that an error frees nothing by hand:
     * reset by the next user and after each slice of a task. Not to be held across a call into Lua code. */
    struct th_arena scratch;
    struct th_buf out;
    size_t charged; /* part of used: what C functions of this slice counted */
};

#define TH_STATE_CAP_MIN (256u << 10)

/* No library is opened. cap in bytes, at least TH_STATE_CAP_MIN. */
struct th_state *th_state_new(struct th_budget *budget, size_t cap);
void th_state_free(struct th_state *st);

/* Each lua_State of a state carries a word: the state's address and, in the low bits, what its coroutine is.
 */
enum { TH_CO_USER = 1 /* made by a script and may be resumed by it */, TH_CO_BITS = 7 };

static inline uintptr_t *th_state_word(lua_State *L)
{
    return (uintptr_t *)lua_getextraspace(L);
}

static inline struct th_state *th_state_of(lua_State *L)
{
    return (struct th_state *)(*th_state_word(L) & ~(uintptr_t)TH_CO_BITS);
}

/* Between these two the host may call Lua functions that allocate outside any protected call. They nest. */
static inline void th_state_host_begin(struct th_state *st)
{
    st->host++;
}

static inline void th_state_host_end(struct th_state *st)
{
    st->host--;
}

static inline void th_state_mark(struct th_state *st)
{
    st->peak = st->used;
}

/* Counts memory that a C function holds outside Lua's own blocks, until the slice ends. false when it would
 * pass the cap. */
bool th_state_charge(struct th_state *st, size_t bytes);
/* Before such memory is used anew, and after a slice: nothing is charged, scratch and out are empty. */
void th_state_settle(struct th_state *st);

#endif
