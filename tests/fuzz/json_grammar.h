/* SPDX-License-Identifier: Apache-2.0
 *
 * RFC 8259 as a recogniser of its own, to hold the reader against: whether a text is one JSON value with
 * blanks around it. Says nothing of UTF-8, depth, duplicate names or what a number or an escape means. */
#ifndef TH_JSON_GRAMMAR_H
#define TH_JSON_GRAMMAR_H

#include <stdbool.h>
#include <string.h>

#include "base/str.h"

struct grammar {
    const char *p, *end;
};

static inline bool grammar_value(struct grammar *g);

static inline void grammar_blank(struct grammar *g)
{
    while (g->p < g->end && (*g->p == ' ' || *g->p == '\t' || *g->p == '\n' || *g->p == '\r'))
        g->p++;
}

static inline bool grammar_is(struct grammar *g, char c)
{
    if (g->p == g->end || *g->p != c)
        return false;
    g->p++;
    return true;
}

static inline bool grammar_word(struct grammar *g, struct th_str word)
{
    if ((size_t)(g->end - g->p) < word.n || memcmp(g->p, word.p, word.n) != 0)
        return false;
    g->p += word.n;
    return true;
}

static inline bool grammar_digits(struct grammar *g)
{
    const char *from = g->p;
    while (g->p < g->end && *g->p >= '0' && *g->p <= '9')
        g->p++;
    return g->p > from;
}

static inline bool grammar_number(struct grammar *g)
{
    grammar_is(g, '-');
    if (!grammar_is(g, '0') && !grammar_digits(g))
        return false;
    if (grammar_is(g, '.') && !grammar_digits(g))
        return false;
    if (grammar_is(g, 'e') || grammar_is(g, 'E')) {
        if (!grammar_is(g, '+'))
            grammar_is(g, '-');
        return grammar_digits(g);
    }
    return true;
}

static inline bool grammar_escape(struct grammar *g)
{
    if (g->p == g->end)
        return false;
    if (!grammar_is(g, 'u'))
        return *g->p != 0 && strchr("\"\\/bfnrt", *g->p++) != NULL;
    for (int i = 0; i < 4; i++, g->p++)
        if (g->p == g->end || *g->p == 0 || strchr("0123456789abcdefABCDEF", *g->p) == NULL)
            return false;
    return true;
}

static inline bool grammar_string(struct grammar *g)
{
    if (!grammar_is(g, '"'))
        return false;
    while (g->p < g->end) {
        unsigned char c = (unsigned char)*g->p++;
        if (c == '"')
            return true;
        if (c < 0x20 || (c == '\\' && !grammar_escape(g)))
            return false;
    }
    return false;
}

static inline bool grammar_items(struct grammar *g, char close, bool named)
{
    grammar_blank(g);
    if (grammar_is(g, close))
        return true;
    do {
        grammar_blank(g);
        if (named) {
            if (!grammar_string(g))
                return false;
            grammar_blank(g);
            if (!grammar_is(g, ':'))
                return false;
        }
        if (!grammar_value(g))
            return false;
    } while (grammar_is(g, ','));
    return grammar_is(g, close);
}

/* A value and the blanks around it. */
static inline bool grammar_value(struct grammar *g)
{
    grammar_blank(g);
    bool ok = grammar_is(g, '{')   ? grammar_items(g, '}', true)
              : grammar_is(g, '[') ? grammar_items(g, ']', false)
              : g->p < g->end && *g->p == '"'
                  ? grammar_string(g)
                  : grammar_word(g, TH_STR("null")) || grammar_word(g, TH_STR("true")) ||
                        grammar_word(g, TH_STR("false")) || grammar_number(g);
    grammar_blank(g);
    return ok;
}

static inline bool grammar_is_json(struct th_str text)
{
    struct grammar g = {text.p, text.p + text.n};
    return text.n > 0 && grammar_value(&g) && g.p == g.end;
}

#endif
