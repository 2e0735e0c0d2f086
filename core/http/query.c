/* SPDX-License-Identifier: Apache-2.0 */
#include "http/req.h"

#include "base/hex.h"

/* '+' is a blank here, other than in a path. False when an escape is broken or hides a NUL. */
static bool decode(struct th_str in, struct th_arena *arena, struct th_str *out)
{
    char *p = th_arena_alloc(arena, in.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < in.n; i++) {
        char c = in.p[i];
        if (c == '+') {
            c = ' ';
        } else if (c == '%') {
            if (in.n - i < 3 || !th_hex_decode(&c, (struct th_str){in.p + i + 1, 2}) || c == '\0')
                return false;
            i += 2;
        }
        p[n++] = c;
    }
    p[n] = '\0';
    *out = (struct th_str){p, n};
    return th_str_is_utf8(*out);
}

bool th_req_query(struct th_req *r, const char *name, struct th_str *out)
{
    struct th_str rest = r->query, pair, key;
    while (rest.p != NULL && th_str_split(&rest, '&', &pair)) {
        struct th_str value = pair;
        if (!th_str_split(&value, '=', &key) || !decode(key, &r->arena, &key))
            continue;
        if (!th_str_eq(key, th_str(name)))
            continue;
        if (value.p == NULL)
            value = TH_STR("");
        return decode(value, &r->arena, out);
    }
    return false;
}
