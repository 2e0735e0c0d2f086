/* SPDX-License-Identifier: Apache-2.0
 *
 * What holds of every tape that th_json_read makes, whatever the text was. Shared by unit test and fuzz
 * target. */
#ifndef TH_JSON_CHECK_H
#define TH_JSON_CHECK_H

#include <math.h>
#include <string.h>

#include "base/json.h"

static inline bool json_inside(struct th_str part, struct th_str whole)
{
    return part.p >= whole.p && part.p + part.n <= whole.p + whole.n && part.n > 0;
}

/* First and last byte of a value's own bytes tell its type. */
static inline bool json_raw_fits(const struct th_json_node *n)
{
    char first = n->raw.p[0], last = n->raw.p[n->raw.n - 1];
    switch (n->type) {
    case TH_JSON_NULL:
        return th_str_eq(n->raw, TH_STR("null"));
    case TH_JSON_BOOL:
        return th_str_eq(n->raw, n->truth ? TH_STR("true") : TH_STR("false"));
    case TH_JSON_NUMBER:
        return (first == '-' || (first >= '0' && first <= '9')) && last >= '0' && last <= '9' &&
               th_str_eq(n->raw, n->text) && isfinite(th_json_double(n));
    case TH_JSON_STRING:
        return first == '"' && last == '"' && n->raw.n >= 2 && n->text.n + 2 <= n->raw.n &&
               th_str_is_utf8(n->text) && memchr(n->text.n > 0 ? n->text.p : "x", 0, n->text.n) == NULL;
    case TH_JSON_ARRAY:
        return first == '[' && last == ']';
    default:
        return first == '{' && last == '}';
    }
}

/* The children of node i follow each other inside it, as many as counted, no name twice. */
static inline const char *json_children_wrong(const struct th_json *j, uint32_t i)
{
    const struct th_json_node *n = &j->nodes[i];
    const char *at = n->raw.p;
    uint32_t count = 0;
    TH_JSON_EACH (j, i, c) {
        const struct th_json_node *child = &j->nodes[c];
        if (c >= j->count || child->next <= c || child->next > n->next)
            return "next";
        if (!json_inside(child->raw, n->raw) || child->raw.p < at)
            return "a child's bytes lie elsewhere";
        at = child->raw.p + child->raw.n;
        if (n->type == TH_JSON_OBJECT && th_json_get(j, i, child->key) != child)
            return "a name stands twice";
        if (n->type != TH_JSON_OBJECT && child->key.n != 0)
            return "an item has a name";
        count++;
    }
    return count == n->count ? NULL : "count";
}

/* A value's bytes alone are read as the same value. */
static inline const char *json_again_wrong(struct th_arena *arena, const struct th_json_node *n)
{
    struct th_json again;
    struct th_error err;
    if (th_json_read(&again, arena, n->raw, &err) != 0)
        return "its bytes are not read again";
    const struct th_json_node *m = &again.nodes[0];
    int64_t v;
    if (m->type != n->type || m->count != n->count || m->truth != n->truth || m->integer != n->integer ||
        !th_str_eq(m->text, n->text) || !th_str_eq(m->raw, n->raw))
        return "its bytes are read as something else";
    return n->integer && !th_json_int(n, &v) ? "an integer that is none" : NULL;
}

/* NULL, or what is wrong. Memory comes from the arena. */
static inline const char *json_tape_wrong(const struct th_json *j, struct th_arena *arena, struct th_str text)
{
    if (j->count == 0 || j->nodes[0].next != j->count)
        return "the root does not span the tape";
    for (uint32_t i = 0; i < j->count; i++) {
        const struct th_json_node *n = &j->nodes[i];
        if (!json_inside(n->raw, text))
            return "bytes outside the text";
        const char *wrong = !json_raw_fits(n) ? "its bytes are not of its type" : json_children_wrong(j, i);
        if (wrong == NULL)
            wrong = json_again_wrong(arena, n);
        if (wrong != NULL)
            return wrong;
    }
    return NULL;
}

#endif
