// SPDX-License-Identifier: Apache-2.0
#include "script/pattern.h"

#include <ctype.h>
#include <lauxlib.h>
#include <string.h>
#include "script/budget.h"

#define DEPTH_MAX 200
#define STEPS_PER_CHECK 4096
#define ESC '%'

static const char *match_here(struct th_match *m, const char *s, const char *p);

static inline unsigned char byte_at(const char *p)
{
    return (unsigned char)*p;
}

static inline void step(struct th_match *m)
{
    if (--m->steps <= 0) {
        m->steps = STEPS_PER_CHECK;
        th_budget_check(m->L);
    }
}

/* Where the single-character class that begins at p ends. */
static const char *class_end(struct th_match *m, const char *p)
{
    if (*p++ == ESC) {
        if (p == m->pat_end)
            luaL_error(m->L, "malformed pattern (ends with '%%')");
        return p + 1;
    }
    if (p[-1] != '[')
        return p;
    if (p < m->pat_end && *p == '^')
        p++;
    do { /* a ] that comes first is an ordinary character */
        if (p == m->pat_end)
            luaL_error(m->L, "malformed pattern (missing ']')");
        if (*p++ == ESC && p < m->pat_end)
            p++;
    } while (p == m->pat_end || *p != ']');
    return p + 1;
}

static bool in_class(int c, int class)
{
    bool in;

    switch (tolower(class)) {
    case 'a':
        in = isalpha(c);
        break;
    case 'c':
        in = iscntrl(c);
        break;
    case 'd':
        in = isdigit(c);
        break;
    case 'g':
        in = isgraph(c);
        break;
    case 'l':
        in = islower(c);
        break;
    case 'p':
        in = ispunct(c);
        break;
    case 's':
        in = isspace(c);
        break;
    case 'u':
        in = isupper(c);
        break;
    case 'w':
        in = isalnum(c);
        break;
    case 'x':
        in = isxdigit(c);
        break;
    case 'z': /* from before patterns could hold a NUL; Lua still has it */
        in = c == 0;
        break;
    default:
        return class == c;
    }
    return isupper(class) ? !in : in;
}

/* p is at [, last at its ]. */
static bool in_set(struct th_match *m, int c, const char *p, const char *last)
{
    bool found = true;

    p++;
    if (*p == '^') {
        found = false;
        p++;
    }
    for (; p < last; p++) {
        step(m);
        if (*p == ESC) {
            p++;
            if (in_class(c, byte_at(p)))
                return found;
        } else if (p[1] == '-' && p + 2 < last) {
            if (byte_at(p) <= c && c <= byte_at(p + 2))
                return found;
            p += 2;
        } else if (byte_at(p) == c) {
            return found;
        }
    }
    return !found;
}

/* Whether the class from p to end takes the byte at s. */
static bool takes(struct th_match *m, const char *s, const char *p, const char *end)
{
    step(m);
    if (s >= m->src_end)
        return false;
    int c = byte_at(s);
    switch (*p) {
    case '.':
        return true;
    case ESC:
        return in_class(c, byte_at(p + 1));
    case '[':
        return in_set(m, c, p, end - 1);
    default:
        return byte_at(p) == c;
    }
}

/* %bxy; p is at x. */
static const char *match_balance(struct th_match *m, const char *s, const char *p)
{
    if (p >= m->pat_end - 1)
        luaL_error(m->L, "malformed pattern (missing arguments to '%%b')");
    if (s >= m->src_end || *s != *p)
        return NULL;
    int open = byte_at(p), close = byte_at(p + 1), nested = 1;
    while (++s < m->src_end) {
        int c = byte_at(s);
        step(m);
        if (c == close) {
            if (--nested == 0)
                return s + 1;
        } else if (c == open) {
            nested++;
        }
    }
    return NULL;
}

static const char *expand_most(struct th_match *m, const char *s, const char *p, const char *end)
{
    ptrdiff_t i = 0;
    while (takes(m, s + i, p, end))
        i++;
    for (; i >= 0; i--) {
        const char *e = match_here(m, s + i, end + 1);
        if (e != NULL)
            return e;
    }
    return NULL;
}

static const char *expand_least(struct th_match *m, const char *s, const char *p, const char *end)
{
    for (;;) {
        const char *e = match_here(m, s, end + 1);
        if (e != NULL)
            return e;
        if (!takes(m, s, p, end))
            return NULL;
        s++;
    }
}

static const char *open_capture(struct th_match *m, const char *s, const char *p, ptrdiff_t what)
{
    if (m->level >= TH_PATTERN_CAPTURES)
        luaL_error(m->L, "too many captures");
    m->capture[m->level].p = s;
    m->capture[m->level].n = what;
    m->level++;
    const char *e = match_here(m, s, p);
    if (e == NULL)
        m->level--;
    return e;
}

static const char *close_capture(struct th_match *m, const char *s, const char *p)
{
    int i = m->level - 1;

    while (i >= 0 && m->capture[i].n != TH_CAPTURE_OPEN)
        i--;
    if (i < 0)
        luaL_error(m->L, "invalid pattern capture");
    m->capture[i].n = s - m->capture[i].p;
    const char *e = match_here(m, s, p);
    if (e == NULL)
        m->capture[i].n = TH_CAPTURE_OPEN;
    return e;
}

static const char *match_again(struct th_match *m, const char *s, int digit)
{
    int i = digit - '1';

    if (i < 0 || i >= m->level || m->capture[i].n == TH_CAPTURE_OPEN)
        luaL_error(m->L, "invalid capture index %%%d", i + 1);
    /* A position has no text: like Lua, its mark counts as a length no subject has. */
    size_t n = (size_t)m->capture[i].n;
    if (n <= (size_t)(m->src_end - s))
        m->steps -= (int)(n / 16);
    step(m);
    if ((size_t)(m->src_end - s) >= n && memcmp(m->capture[i].p, s, n) == 0)
        return s + n;
    return NULL;
}

static bool at_frontier(struct th_match *m, const char *s, const char *p, const char *end)
{
    int before = s == m->src ? '\0' : byte_at(s - 1);
    int after = s == m->src_end ? '\0' : byte_at(s);
    return !in_set(m, before, p, end - 1) && in_set(m, after, p, end - 1);
}

/* The items that begin with %: true when *s and *p were moved past one that matched, or *s is NULL for one
 * that did not; false when it is an ordinary class. */
static bool match_escape(struct th_match *m, const char **s, const char **p)
{
    const char *end;
    int c = *p + 1 < m->pat_end ? byte_at(*p + 1) : '\0';

    switch (c) {
    case 'b':
        *s = match_balance(m, *s, *p + 2);
        *p += 4;
        return true;
    case 'f':
        *p += 2;
        if (*p >= m->pat_end || **p != '[')
            luaL_error(m->L, "missing '[' after '%%f' in pattern");
        end = class_end(m, *p);
        if (!at_frontier(m, *s, *p, end))
            *s = NULL;
        *p = end;
        return true;
    default:
        if (!isdigit(c))
            return false;
        *s = match_again(m, *s, c);
        *p += 2;
        return true;
    }
}

/* A single-character class with what may follow it. True: done, *e is the answer; false: go on at *s and *p.
 */
static bool match_single(struct th_match *m, const char **s, const char **p, const char **e)
{
    const char *end = class_end(m, *p);
    int suffix = end < m->pat_end ? *end : '\0';

    *e = NULL;
    if (!takes(m, *s, *p, end)) {
        *p = end + 1;
        return suffix != '*' && suffix != '-' && suffix != '?';
    }
    switch (suffix) {
    case '*':
        *e = expand_most(m, *s, *p, end);
        return true;
    case '-':
        *e = expand_least(m, *s, *p, end);
        return true;
    case '+':
        *e = expand_most(m, *s + 1, *p, end);
        return true;
    case '?':
        *e = match_here(m, *s + 1, end + 1);
        *p = end + 1;
        return *e != NULL;
    default:
        (*s)++;
        *p = end;
        return false;
    }
}

static const char *match_items(struct th_match *m, const char *s, const char *p)
{
    const char *e;

    while (p != m->pat_end) {
        switch (*p) {
        case '(':
            if (p + 1 < m->pat_end && p[1] == ')')
                return open_capture(m, s, p + 2, TH_CAPTURE_POSITION);
            return open_capture(m, s, p + 1, TH_CAPTURE_OPEN);
        case ')':
            return close_capture(m, s, p + 1);
        case '$':
            if (p + 1 == m->pat_end)
                return s == m->src_end ? s : NULL;
            break;
        case ESC:
            if (!match_escape(m, &s, &p))
                break;
            if (s == NULL)
                return NULL;
            continue;
        default:
            break;
        }
        if (match_single(m, &s, &p, &e))
            return e;
    }
    return s;
}

static const char *match_here(struct th_match *m, const char *s, const char *p)
{
    if (m->depth-- == 0)
        luaL_error(m->L, "pattern too complex");
    step(m);
    const char *e = match_items(m, s, p);
    m->depth++;
    return e;
}

void th_match_init(
    struct th_match *m, lua_State *L, const char *src, size_t src_n, const char *pat, size_t pat_n)
{
    m->L = L;
    m->src = src;
    m->src_end = src + src_n;
    m->pat_end = pat + pat_n;
    m->steps = STEPS_PER_CHECK;
    m->depth = DEPTH_MAX;
    m->level = 0;
}

const char *th_match_at(struct th_match *m, const char *s, const char *pat)
{
    m->level = 0;
    m->depth = DEPTH_MAX;
    return match_here(m, s, pat);
}

bool th_match_capture(struct th_match *m, int i, const char *s, const char *e, const char **p, size_t *n)
{
    if (i >= m->level) {
        if (i != 0)
            luaL_error(m->L, "invalid capture index %%%d", i + 1);
        *p = s;
        *n = (size_t)(e - s);
        return true;
    }
    if (m->capture[i].n == TH_CAPTURE_OPEN)
        luaL_error(m->L, "unfinished capture");
    if (m->capture[i].n == TH_CAPTURE_POSITION) {
        lua_pushinteger(m->L, m->capture[i].p - m->src + 1);
        return false;
    }
    *p = m->capture[i].p;
    *n = (size_t)m->capture[i].n;
    return true;
}

int th_match_push(struct th_match *m, const char *s, const char *e)
{
    int count = m->level == 0 && s != NULL ? 1 : m->level;
    const char *p;
    size_t n;

    luaL_checkstack(m->L, count, "too many captures");
    for (int i = 0; i < count; i++) {
        if (th_match_capture(m, i, s, e, &p, &n))
            lua_pushlstring(m->L, p, n);
    }
    return count;
}
