/* SPDX-License-Identifier: Apache-2.0 */
#include "http/static.h"

#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "http/gzip.h"
#include "http/reply.h"
#include "http/route.h"
#include "http/static_load.h"

static int compare_path(const void *key, const void *item)
{
    const struct th_str *path = key;
    const struct th_static_file *f = item;
    return th_static_order(*path, f->path);
}

static const struct th_static_file *find(const struct th_static *s, struct th_str path)
{
    return bsearch(&path, s->files, s->n, sizeof(s->files[0]), compare_path);
}

/* One of the tags in If-None-Match, weak or not. Both forms of a file have tags of their own. */
static bool is_known(struct th_str given, const char *etag)
{
    struct th_str part;
    while (given.p != NULL && th_str_split(&given, ',', &part)) {
        part = th_str_trim(part);
        if (th_str_eq(part, TH_STR("*")))
            return true;
        if (th_str_starts(part, TH_STR("W/")))
            part = (struct th_str){part.p + 2, part.n - 2};
        if (th_str_eq(part, th_str(etag)))
            return true;
    }
    return false;
}

static void send_file(const struct th_static_file *f, struct th_req *r)
{
    bool packed = f->packed.n > 0 && th_gzip_accepted(r);
    const char *etag = packed ? f->packed_etag : f->etag;
    th_reply_secure(r, TH_REPLY_PAGE);
    th_req_set_header(r, "etag", th_str(etag));
    th_req_set_header(r, "cache-control",
        f->immutable ? TH_STR("public, max-age=31536000, immutable") : TH_STR("no-cache"));
    if (f->packed.n > 0)
        th_req_set_header(r, "vary", TH_STR("accept-encoding"));
    if (is_known(th_req_header(r, "if-none-match"), etag)) {
        th_req_reply_static(r, 304, NULL, TH_STR(""));
        return;
    }
    if (packed)
        th_req_set_header(r, "content-encoding", TH_STR("gzip"));
    th_req_reply_static(r, 200, f->type, packed ? f->packed : f->data);
}

/* Wants a page rather than a file of one, and could be one of the dashboard's own addresses. */
static bool is_page(struct th_req *r)
{
    struct th_str accept = th_req_header(r, "accept"), rest = r->path, segment, last = {0};
    if (accept.n == 0 || memmem(accept.p, accept.n, "text/html", 9) == NULL)
        return false;
    th_str_split(&rest, '/', &segment);
    while (rest.p != NULL && th_str_split(&rest, '/', &segment)) {
        if (segment.n == 0 && rest.p == NULL)
            break;
        if (!th_path_decode(segment, &r->arena, &last))
            return false;
    }
    return last.n == 0 || memchr(last.p, '.', last.n) == NULL;
}

bool th_static_serve(const struct th_static *s, struct th_req *r, bool reserved)
{
    if (r->method != TH_METHOD_GET && r->method != TH_METHOD_HEAD)
        return false;
    struct th_str path = th_str_eq(r->path, TH_STR("/")) ? TH_STR("/index.html") : r->path;
    const struct th_static_file *f = find(s, path);
    if (f == NULL && !reserved && is_page(r))
        f = find(s, TH_STR("/index.html"));
    if (f == NULL)
        return false;
    send_file(f, r);
    return true;
}

int th_static_load(const char *folder, struct th_static **out, struct th_error *err)
{
    struct th_static *s = th_calloc(1, sizeof(*s));
    th_arena_init(&s->arena);
    int code = th_static_read(s, folder, err);
    if (code == 0 && find(s, TH_STR("/index.html")) == NULL)
        code = th_fail(err, TH_ENOTFOUND, "%s: no index.html", folder);
    if (code != 0) {
        th_static_free(s);
        return code;
    }
    th_info("static.loaded", "folder=%s files=%zu bytes=%zu", folder, s->n, s->bytes);
    *out = s;
    return 0;
}

void th_static_free(struct th_static *s)
{
    if (s == NULL)
        return;
    th_free(s->files);
    th_arena_free(&s->arena);
    th_free(s);
}
