/* SPDX-License-Identifier: Apache-2.0 */
#include "io/redis_url.h"

#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "base/str.h"

static bool copy(char *out, size_t size, struct th_str s)
{
    if (s.n >= size || memchr(s.p, 0, s.n) != NULL)
        return false;
    memcpy(out, s.p, s.n);
    out[s.n] = '\0';
    return true;
}

static bool copy_decoded(char *out, size_t size, struct th_str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char byte = (unsigned char)s.p[i];
        if (byte == '%') {
            if (i + 2 >= s.n || !th_hex_decode(&byte, (struct th_str){s.p + i + 1, 2}) || byte == 0)
                return false;
            i += 2;
        }
        if (n + 1 >= size)
            return false;
        out[n++] = (char)byte;
    }
    out[n] = '\0';
    return true;
}

static bool read_login(struct th_redis_url *out, struct th_str login)
{
    struct th_str rest = login, user;
    th_str_split(&rest, ':', &user);
    if (rest.p == NULL)
        return false;
    return copy_decoded(out->user, sizeof out->user, user) &&
           copy_decoded(out->password, sizeof out->password, rest);
}

static bool read_database(struct th_redis_url *out, struct th_str text)
{
    int64_t number = 0;
    if (text.n > 0 && (!th_str_int(text, &number) || number < 0 || number > 9999))
        return false;
    out->database = (int)number;
    return true;
}

static bool read_place(struct th_redis_url *out, struct th_str place)
{
    const char *colon = place.n > 0 ? memrchr(place.p, ':', place.n) : NULL;
    struct th_str host = place, port = TH_STR("6379");
    if (place.n > 0 && place.p[0] == '[') {
        const char *end = memchr(place.p, ']', place.n);
        if (end == NULL)
            return false;
        host = (struct th_str){place.p + 1, (size_t)(end - place.p) - 1};
        if (colon < end)
            colon = NULL;
        if (end[1] != ':' && end + 1 != place.p + place.n)
            return false;
    } else if (colon != NULL) {
        host.n = (size_t)(colon - place.p);
    }
    if (colon != NULL)
        port = (struct th_str){colon + 1, (size_t)(place.p + place.n - colon) - 1};
    int64_t number;
    return host.n > 0 && copy(out->host, sizeof out->host, host) && th_str_int(port, &number) && number > 0 &&
           number <= 65535 && copy(out->port, sizeof out->port, port);
}

int th_redis_url_read(struct th_redis_url *out, const char *text, struct th_error *err)
{
    *out = (struct th_redis_url){0};
    struct th_str s = th_str(text);
    if (th_str_starts(s, TH_STR("unix:/"))) {
        if (!copy(out->path, sizeof out->path, (struct th_str){s.p + 5, s.n - 5}))
            return th_fail(err, TH_EINVAL, "redis.url: the socket's path is too long");
        return 0;
    }
    if (th_str_starts(s, TH_STR("rediss://")))
        return th_fail(err, TH_EINVAL, "redis.url: TLS is not supported; use a tunnel or a private network");
    if (!th_str_starts(s, TH_STR("redis://")))
        return th_fail(err, TH_EINVAL,
            "redis.url is redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE] or "
            "unix:/PATH");
    s = (struct th_str){s.p + 8, s.n - 8};
    const char *at = s.n > 0 ? memrchr(s.p, '@', s.n) : NULL;
    if (at != NULL) {
        if (!read_login(out, (struct th_str){s.p, (size_t)(at - s.p)}))
            return th_fail(err, TH_EINVAL, "redis.url: what stands before @ is not [USER]:PASSWORD");
        s = (struct th_str){at + 1, (size_t)(s.p + s.n - at) - 1};
    }
    const char *slash = s.n > 0 ? memchr(s.p, '/', s.n) : NULL;
    struct th_str database = {"", 0};
    if (slash != NULL) {
        database = (struct th_str){slash + 1, (size_t)(s.p + s.n - slash) - 1};
        s.n = (size_t)(slash - s.p);
    }
    if (!read_place(out, s))
        return th_fail(err, TH_EINVAL, "redis.url: \"%.*s\" is not HOST[:PORT]", TH_STR_FMT(s));
    if (!read_database(out, database))
        return th_fail(err, TH_EINVAL, "redis.url: the database is a number");
    return 0;
}

bool th_redis_url_is_local(const struct th_redis_url *url)
{
    unsigned a, b, c, d;
    char rest;
    if (url->host[0] == '\0' || strcmp(url->host, "localhost") == 0 || strcmp(url->host, "::1") == 0)
        return true;
    return sscanf(url->host, "%3u.%3u.%3u.%3u%c", &a, &b, &c, &d, &rest) == 4 && a == 127 && b < 256 &&
           c < 256 && d < 256;
}
