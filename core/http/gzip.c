/* SPDX-License-Identifier: Apache-2.0 */
#include "http/gzip.h"

#include <strings.h>
#include <zlib.h>

#define TH_GZIP_LEVEL 3
#define TH_GZIP_FORMAT (15 + 16) /* largest window, gzip rather than zlib frame */

struct th_gzip {
    z_stream z;
};

static bool is_name(struct th_str s, const char *name)
{
    return s.n == strlen(name) && strncasecmp(s.p, name, s.n) == 0;
}

/* q=0, q=0.0 and the like. */
static bool is_refused(struct th_str params)
{
    params = th_str_trim(params);
    if (params.n < 3 || (params.p[0] | 0x20) != 'q' || params.p[1] != '=')
        return false;
    for (size_t i = 2; i < params.n; i++) {
        if (params.p[i] >= '1' && params.p[i] <= '9')
            return false;
    }
    return true;
}

bool th_gzip_accepted(const struct th_req *r)
{
    struct th_str rest = th_req_header(r, "accept-encoding"), part, name;
    while (rest.p != NULL && th_str_split(&rest, ',', &part)) {
        if (!th_str_split(&part, ';', &name) || !is_name(th_str_trim(name), "gzip"))
            continue;
        return part.p == NULL || !is_refused(part);
    }
    return false;
}

static struct th_gzip *make(void)
{
    struct th_gzip *g = th_calloc(1, sizeof(*g));
    if (deflateInit2(&g->z, TH_GZIP_LEVEL, Z_DEFLATED, TH_GZIP_FORMAT, 8, Z_DEFAULT_STRATEGY) == Z_OK)
        return g;
    th_free(g);
    return NULL;
}

bool th_gzip_pack(struct th_gzip **state, struct th_arena *arena, struct th_str in, struct th_str *out)
{
    if (*state == NULL)
        *state = make();
    struct th_gzip *g = *state;
    if (g == NULL || deflateReset(&g->z) != Z_OK)
        return false;
    char *to = th_arena_alloc(arena, in.n);
    g->z.next_in = (Bytef *)(uintptr_t)in.p;
    g->z.avail_in = (uInt)in.n;
    g->z.next_out = (Bytef *)to;
    g->z.avail_out = (uInt)in.n;
    if (deflate(&g->z, Z_FINISH) != Z_STREAM_END)
        return false;
    *out = (struct th_str){to, in.n - g->z.avail_out};
    return true;
}

void th_gzip_free(struct th_gzip *state)
{
    if (state == NULL)
        return;
    deflateEnd(&state->z);
    th_free(state);
}
