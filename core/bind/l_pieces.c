// SPDX-License-Identifier: Apache-2.0
//
// Answers piece by piece: the answer's `pieces` is a function that returns the next piece, or nil at the end.
// It runs in the request's coroutine and may wait. One piece is made when the client has room for it, so an
// answer of any length costs the memory of a few pieces. An error in it leaves the answer visibly incomplete.
#include "bind/api_task.h"

void th_api_pieces_ready(struct th_api_pieces *p)
{
    struct th_api_task *t = th_container_of(p, struct th_api_task, pieces);
    if (!p->waiting)
        return;
    p->waiting = false;
    th_api_resume(t);
}

void th_api_pieces_gone(struct th_api_pieces *p)
{
    p->put = NULL;
    th_api_pieces_ready(p);
}

void th_api_pieces_end(struct th_api_pieces *p, bool good)
{
    void (*end)(void *arg, bool good) = p->put != NULL ? p->end : NULL;
    p->put = NULL;
    if (end != NULL)
        end(p->arg, good);
}

/* The function is on top of the stack, and above it a piece when `have`. */
static int step(lua_State *L, int status, lua_KContext have)
{
    struct th_api_task *t = th_api_task_of(L);
    struct th_api_pieces *p = &t->pieces;
    for (;; have = 0) {
        if (p->put == NULL)
            return 0;
        if (!have) {
            lua_pushvalue(L, -1);
            lua_callk(L, 0, 1, 1, step);
        }
        if (p->put == NULL)
            return 0;
        if (lua_isnil(L, -1)) {
            th_api_pieces_end(p, true);
            return 0;
        }
        struct th_str piece;
        piece.p = luaL_checklstring(L, -1, &piece.n);
        int rc = p->put(p->arg, piece);
        if (rc == -TH_EBUSY) {
            p->waiting = true;
            return th_api_wait_with(L, t, step, 1);
        }
        if (rc != 0)
            return 0;
        lua_pop(L, 1);
    }
}

int th_api_pieces_run(lua_State *L)
{
    return step(L, LUA_OK, 0);
}
