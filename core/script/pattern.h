/* SPDX-License-Identifier: Apache-2.0
 *
 * Lua's patterns with a look at the budget every few thousand steps: Lua's own matcher backtracks for minutes
 * on a dozen bytes and no hook can stop it. Same answers, same errors, same limits (32 captures, 200 levels).
 */
#ifndef TH_PATTERN_H
#define TH_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <lua.h>

#define TH_PATTERN_CAPTURES 32

struct th_match {
    lua_State *L;
    const char *src, *src_end;
    const char *pat_end;
    int steps; /* until the next look at the budget */
    int depth; /* of recursion that is left */
    int level; /* captures, finished or not */
    struct {
        const char *p;
        ptrdiff_t n; /* or one of the two below */
    } capture[TH_PATTERN_CAPTURES];
};

enum { TH_CAPTURE_OPEN = -1, TH_CAPTURE_POSITION = -2 };

/* src and pat must stay on L's stack, or in an upvalue, while m is used. */
void th_match_init(
    struct th_match *m, lua_State *L, const char *src, size_t src_n, const char *pat, size_t pat_n);

/* Matches pat (without a leading anchor) at s; the end of the match or NULL. Raises on a malformed pattern.
 */
const char *th_match_at(struct th_match *m, const char *s, const char *pat);

/* After a match from s to e. One capture: true when it is text (then *p, *n), false when it is a position,
 * which was pushed. Capture 0 without captures is the whole match. */
bool th_match_capture(struct th_match *m, int i, const char *s, const char *e, const char **p, size_t *n);
/* Pushes all; the whole match when there are none, nothing then when s is NULL. Returns how many. */
int th_match_push(struct th_match *m, const char *s, const char *e);

#endif
