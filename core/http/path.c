/* SPDX-License-Identifier: Apache-2.0 */
#include "http/route.h"

#include "base/hex.h"

static bool is_plain(struct th_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < 0x20 || c == 0x7f || c == '/' || c == '\\')
            return false;
    }
    return s.n > 0 && !th_str_eq(s, TH_STR(".")) && !th_str_eq(s, TH_STR("..")) && th_str_is_utf8(s);
}

bool th_path_decode(struct th_str segment, struct th_arena *arena, struct th_str *out)
{
    if (segment.n == 0)
        return false;
    char *p = th_arena_alloc(arena, segment.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < segment.n; i++) {
        char c = segment.p[i];
        if (c == '%') {
            if (segment.n - i < 3 || !th_hex_decode(&c, (struct th_str){segment.p + i + 1, 2}))
                return false;
            i += 2;
        }
        p[n++] = c;
    }
    p[n] = '\0';
    *out = (struct th_str){p, n};
    return is_plain(*out);
}
