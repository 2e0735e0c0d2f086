/* SPDX-License-Identifier: Apache-2.0 */
#include "http/static_load.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/hex.h"
#include "http/gzip.h"

#define TH_STATIC_DEPTH 8
/* What the bundler puts between the last '-' and the ending of a name that changes with the content. */
#define TH_STATIC_HASH 8

struct type {
    const char *ending, *type;
    bool text;
};

static const struct type types[] = {
    {".html", "text/html; charset=utf-8", true},
    {".js", "text/javascript; charset=utf-8", true},
    {".mjs", "text/javascript; charset=utf-8", true},
    {".css", "text/css; charset=utf-8", true},
    {".json", "application/json", true},
    {".map", "application/json", true},
    {".webmanifest", "application/manifest+json", true},
    {".svg", "image/svg+xml", true},
    {".txt", "text/plain; charset=utf-8", true},
    {".xml", "application/xml", true},
    {".wasm", "application/wasm", true},
    {".png", "image/png", false},
    {".jpg", "image/jpeg", false},
    {".jpeg", "image/jpeg", false},
    {".gif", "image/gif", false},
    {".webp", "image/webp", false},
    {".avif", "image/avif", false},
    {".ico", "image/vnd.microsoft.icon", true},
    {".woff", "font/woff", false},
    {".woff2", "font/woff2", false},
    {".ttf", "font/ttf", true},
};

static const struct type *type_of(struct th_str path)
{
    static const struct type other = {"", "application/octet-stream", false};
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (th_str_ends(path, th_str(types[i].ending)))
            return &types[i];
    }
    return &other;
}

static bool has_hash(struct th_str path)
{
    const char *dot = memrchr(path.p, '.', path.n);
    if (!th_str_starts(path, TH_STR("/assets/")) || dot == NULL || dot - path.p <= TH_STATIC_HASH)
        return false;
    const char *hash = dot - TH_STATIC_HASH;
    for (const char *c = hash; c < dot; c++) {
        if (!isalnum((unsigned char)*c) && *c != '-' && *c != '_')
            return false;
    }
    return hash[-1] == '-';
}

static void set_tags(struct th_static_file *f)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    char hex[17];
    SHA256((const unsigned char *)f->data.p, f->data.n, digest);
    th_hex_encode(hex, digest, 8);
    snprintf(f->etag, sizeof(f->etag), "\"%s\"", hex);
    snprintf(f->packed_etag, sizeof(f->packed_etag), "\"%s-gz\"", hex);
}

/* Takes data, which lies in the arena. */
static void add_file(struct th_static *s, const char *path, struct th_str data, struct th_gzip **gzip)
{
    if (s->n == s->cap) {
        s->cap = s->cap == 0 ? 64 : s->cap * 2;
        s->files = th_realloc(s->files, s->cap * sizeof(s->files[0]));
    }
    struct th_static_file *f = &s->files[s->n++];
    memset(f, 0, sizeof(*f));
    f->path = (struct th_str){th_arena_dup(&s->arena, path, strlen(path)), strlen(path)};
    const struct type *type = type_of(f->path);
    f->type = type->type;
    f->data = data;
    f->immutable = has_hash(f->path);
    set_tags(f);
    s->bytes += data.n;
    struct th_str packed;
    if (type->text && th_gzip_pack(gzip, &s->arena, data, &packed) && packed.n < data.n - data.n / 10)
        f->packed = packed;
}

static int read_whole(struct th_static *s, int fd, size_t size, struct th_str *out)
{
    char *p = th_arena_alloc(&s->arena, size + 1);
    size_t n = 0;
    ssize_t got;
    while (n < size && (got = read(fd, p + n, size - n)) > 0)
        n += (size_t)got;
    *out = (struct th_str){p, n};
    return n == size ? 0 : -TH_EIO;
}

struct walk {
    struct th_static *s;
    struct th_gzip *gzip;
    struct th_error *err;
    char path[512]; /* below the folder, as in a URL */
};

static int read_folder(struct walk *w, int fd, int depth);

static int read_entry(struct walk *w, int fd, int depth)
{
    struct stat st;
    struct th_str data;
    if (fstat(fd, &st) != 0)
        return th_fail(w->err, TH_EIO, "%s: %s", w->path, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return read_folder(w, dup(fd), depth + 1);
    if (!S_ISREG(st.st_mode))
        return 0;
    if (w->s->n == TH_STATIC_MAX_FILES || w->s->bytes + (size_t)st.st_size > TH_STATIC_MAX_BYTES)
        return th_fail(w->err, TH_ETOOBIG, "%s: more than a dashboard; is it the right folder?", w->path);
    if (read_whole(w->s, fd, (size_t)st.st_size, &data) != 0)
        return th_fail(w->err, TH_EIO, "%s: cannot be read", w->path);
    add_file(w->s, w->path, data, &w->gzip);
    return 0;
}

/* Owns fd. */
static int read_folder(struct walk *w, int fd, int depth)
{
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (dir == NULL)
        return th_fail(w->err, TH_EIO, "%s: %s", w->path, strerror(errno));
    size_t here = strlen(w->path);
    int code = 0;
    for (struct dirent *e; code == 0 && (e = readdir(dir)) != NULL; w->path[here] = '\0') {
        size_t n = strlen(e->d_name);
        if (e->d_name[0] == '.' || depth == TH_STATIC_DEPTH || here + n + 2 > sizeof(w->path))
            continue;
        snprintf(w->path + here, sizeof(w->path) - here, "/%s", e->d_name);
        int below = openat(fd, e->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (below < 0)
            continue;
        code = read_entry(w, below, depth);
        close(below);
    }
    closedir(dir);
    return code;
}

int th_static_order(struct th_str a, struct th_str b)
{
    int order = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);
    return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

static int by_path(const void *a, const void *b)
{
    const struct th_static_file *x = a, *y = b;
    return th_static_order(x->path, y->path);
}

int th_static_read(struct th_static *s, const char *folder, struct th_error *err)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return th_fail(err, errno == ENOENT ? TH_ENOTFOUND : TH_EIO, "%s: %s", folder, strerror(errno));
    struct walk w = {.s = s, .err = err};
    int code = read_folder(&w, fd, 0);
    th_gzip_free(w.gzip);
    if (s->n > 1)
        qsort(s->files, s->n, sizeof(s->files[0]), by_path);
    return code;
}
