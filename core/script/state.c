// SPDX-License-Identifier: Apache-2.0
#include "script/state.h"

#include <lauxlib.h>
#include <stdlib.h>
#include "base/log.h"
#include "script/budget.h"

/* In front of every block; 16 bytes keep malloc's alignment. */
struct block {
    struct th_list link;
};

/* What a block of n bytes takes from malloc: header, malloc's own word, rounded to 16. */
static size_t cost_of(size_t n)
{
    return (n + sizeof(struct block) + sizeof(size_t) + 15) & ~(size_t)15;
}

static bool fits(struct th_state *st, size_t old_cost, size_t n)
{
    return st->host > 0 || (n <= st->block_max && st->used - old_cost + cost_of(n) <= st->cap);
}

/* Lua asks twice for the same block, with a full collection in between; only the second refusal is final. */
static void *refuse(struct th_state *st, void *p, size_t n)
{
    if (st->refused && st->refused_block == p && st->refused_size == n) {
        st->refused = false;
        th_budget_kill(st->budget, TH_KILL_MEMORY);
    } else {
        st->refused = true;
        st->refused_block = p;
        st->refused_size = n;
    }
    return NULL;
}

static void *on_alloc(void *ud, void *p, size_t osize, size_t nsize)
{
    struct th_state *st = ud;
    struct block *old = p == NULL ? NULL : (struct block *)p - 1;
    size_t old_cost = p == NULL ? 0 : cost_of(osize);

    if (nsize == 0) {
        if (old != NULL) {
            th_list_remove(&old->link);
            st->used -= old_cost;
            free(old);
        }
        return NULL;
    }
    bool grows = p == NULL || nsize > osize;
    if (grows && !fits(st, old_cost, nsize))
        return refuse(st, p, nsize);
    if (old != NULL)
        th_list_remove(&old->link);
    struct block *b = th_realloc(old, sizeof *b + nsize);
    th_list_push(&st->blocks, &b->link);
    st->used += cost_of(nsize) - old_cost;
    if (st->used > st->peak)
        st->peak = st->used;
    if (grows)
        st->refused = false;
    return b + 1;
}

static int on_panic(lua_State *L)
{
    const char *msg = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "error object is not a string";
    th_erro("lua_panic", "message=\"%s\"", msg);
    abort();
}

struct th_state *th_state_new(struct th_budget *budget, size_t cap)
{
    struct th_state *st = th_calloc(1, sizeof *st);

    st->budget = budget;
    st->cap = cap < TH_STATE_CAP_MIN ? TH_STATE_CAP_MIN : cap;
    st->block_max = st->cap / 8 > (1u << 20) ? st->cap / 8 : 1u << 20;
    th_list_init(&st->blocks);
    th_arena_init(&st->scratch);
    th_state_host_begin(st);
    st->L = lua_newstate(on_alloc, st);
    if (st->L == NULL)
        abort(); /* cannot be: the host is never refused */
    lua_atpanic(st->L, on_panic);
    *th_state_word(st->L) = (uintptr_t)st;
    /* Incremental: each step is small, while a generational or full collection stops the worker as a whole.
     */
    lua_gc(st->L, LUA_GCINC, 150, 400, 13);
    th_state_host_end(st);
    return st;
}

static void free_blocks(struct th_state *st)
{
    TH_LIST_EACH (it, next, &st->blocks)
        free(th_list_item(it, struct block, link));
}

void th_state_free(struct th_state *st)
{
    th_state_host_begin(st);
    if (st->broken)
        free_blocks(st);
    else
        lua_close(st->L);
    th_arena_free(&st->scratch);
    th_buf_free(&st->out);
    th_free(st);
}

bool th_state_charge(struct th_state *st, size_t bytes)
{
    if (bytes > st->cap || st->used > st->cap - bytes)
        return false;
    st->used += bytes;
    st->charged += bytes;
    if (st->used > st->peak)
        st->peak = st->used;
    return true;
}

void th_state_settle(struct th_state *st)
{
    st->used -= st->charged;
    st->charged = 0;
    th_arena_reset(&st->scratch);
    th_buf_reset(&st->out);
}
