/* SPDX-License-Identifier: Apache-2.0 */
#include "io/json_items.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void advance(struct th_str *s, size_t n)
{
    s->p += n;
    s->n -= n;
}

bool th_json_items_begin(struct th_str text, struct th_str *rest)
{
    *rest = th_str_trim(text);
    if (rest->n == 0 || rest->p[0] != '[')
        return false;
    advance(rest, 1);
    return true;
}

/* Bytes up to the comma or bracket that ends the item; s.n when it does not end. */
static size_t item_length(struct th_str s)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (quoted) {
            i += c == '\\';
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '[' || c == '{') {
            depth++;
        } else if (depth == 0 && (c == ',' || c == ']')) {
            return i;
        } else if (c == ']' || c == '}') {
            depth--;
        }
    }
    return s.n;
}

bool th_json_items_next(struct th_str *rest, struct th_str *item)
{
    while (rest->n > 0 && (is_blank(rest->p[0]) || rest->p[0] == ','))
        advance(rest, 1);
    if (rest->n == 0 || rest->p[0] == ']')
        return false;
    size_t n = item_length(*rest);
    if (n == rest->n)
        return false;
    *item = th_str_trim((struct th_str){rest->p, n});
    advance(rest, n);
    return true;
}
