/* SPDX-License-Identifier: Apache-2.0 */
#include "http/path.c"
#include "http/route.c"

#include "../test.h"

static const char target[] = "";

static const struct th_route table[] = {
    {TH_METHOD_GET, "/", target},
    {TH_METHOD_GET, "/healthz", target},
    {TH_METHOD_GET, "/api/v1/products", target},
    {TH_METHOD_POST, "/api/v1/products", target},
    {TH_METHOD_GET, "/api/v1/products/{product:key}", target},
    {TH_METHOD_PATCH, "/api/v1/products/{product:key}", target},
    {TH_METHOD_GET, "/api/v1/products/{product:key}/devices/{device:key}/latest", target},
    {TH_METHOD_GET, "/api/v1/products/import", target},
    {TH_METHOD_GET, "/api/v1/dead-letters/{id:int}", target},
    {TH_METHOD_GET, "/api/v1/dead-letters/{name}", target},
    {TH_METHOD_DELETE, "/api/v1/dead-letters/{id:int}", target},
    {TH_METHOD_GET, "/files/{path:rest}", target},
};

static struct th_routes *routes;
static struct th_arena arena;

static int match(enum th_method m, const char *path, struct th_route_match *out)
{
    return th_routes_match(routes, m, th_str(path), &arena, out);
}

static void test_matches(void)
{
    static const struct {
        enum th_method method;
        const char *path, *pattern, *param, *value;
    } rows[] = {
        {TH_METHOD_GET, "/", "/", NULL, NULL},
        {TH_METHOD_GET, "/healthz", "/healthz", NULL, NULL},
        {TH_METHOD_HEAD, "/healthz", "/healthz", NULL, NULL},
        {TH_METHOD_POST, "/api/v1/products", "/api/v1/products", NULL, NULL},
        {TH_METHOD_GET, "/api/v1/products/import", "/api/v1/products/import", NULL, NULL},
        {TH_METHOD_GET, "/api/v1/products/p-1", "/api/v1/products/{product:key}", "product", "p-1"},
        {TH_METHOD_PATCH, "/api/v1/products/import", "/api/v1/products/{product:key}", "product", "import"},
        {TH_METHOD_GET, "/api/v1/products/%61b", "/api/v1/products/{product:key}", "product", "ab"},
        {TH_METHOD_GET, "/api/v1/products/p/devices/d/latest",
            "/api/v1/products/{product:key}/devices/{device:key}/latest", "device", "d"},
        {TH_METHOD_GET, "/api/v1/dead-letters/17", "/api/v1/dead-letters/{id:int}", "id", "17"},
        {TH_METHOD_GET, "/api/v1/dead-letters/0", "/api/v1/dead-letters/{id:int}", "id", "0"},
        {TH_METHOD_GET, "/api/v1/dead-letters/017", "/api/v1/dead-letters/{name}", "name", "017"},
        {TH_METHOD_GET, "/api/v1/dead-letters/-1", "/api/v1/dead-letters/{name}", "name", "-1"},
        {TH_METHOD_GET, "/api/v1/dead-letters/99999999999999999999", "/api/v1/dead-letters/{name}", "name",
            "99999999999999999999"},
        {TH_METHOD_GET, "/api/v1/dead-letters/%c3%a4%20b", "/api/v1/dead-letters/{name}", "name",
            "\xc3\xa4 b"},
        {TH_METHOD_GET, "/files/a/b%20c/d.txt", "/files/{path:rest}", "path", "a/b c/d.txt"},
    };
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        struct th_route_match m;
        TH_ROW("%s", rows[i].path);
        TH_EQ_INT(match(rows[i].method, rows[i].path, &m), 0);
        if (m.route == NULL)
            continue;
        TH_EQ_STR(m.route->pattern, rows[i].pattern);
        if (rows[i].param != NULL)
            TH_EQ_SLICE(th_route_param(&m, rows[i].param), rows[i].value);
        TH_CHECK(th_route_param(&m, "other").p == NULL);
    }
}

static void test_misses(void)
{
    static const struct {
        const char *path;
        int code;
    } rows[] = {
        {"/nothing", -TH_ENOTFOUND},
        {"/healthz/", -TH_ENOTFOUND},
        {"/api/v1", -TH_ENOTFOUND},
        {"/api/v1/products/a b", -TH_ENOTFOUND},
        {"/api/v1/products/a.b", -TH_ENOTFOUND},
        {"/files", -TH_ENOTFOUND},
        {"/files/", -TH_ENOTFOUND},
        {"/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a", -TH_ENOTFOUND},
        {"", -TH_EINVAL},
        {"healthz", -TH_EINVAL},
        {"//", -TH_EINVAL},
        {"//healthz", -TH_EINVAL},
        {"/files//a", -TH_EINVAL},
        {"/files/../healthz", -TH_EINVAL},
        {"/files/./a", -TH_EINVAL},
        {"/files/%2e%2e/a", -TH_EINVAL},
        {"/files/.%2E/a", -TH_EINVAL},
        {"/files/a%2fb", -TH_EINVAL},
        {"/files/a%5cb", -TH_EINVAL},
        {"/files/a\\b", -TH_EINVAL},
        {"/files/a%00", -TH_EINVAL},
        {"/files/a%0a", -TH_EINVAL},
        {"/files/a%7f", -TH_EINVAL},
        {"/files/a%", -TH_EINVAL},
        {"/files/a%4", -TH_EINVAL},
        {"/files/a%zz", -TH_EINVAL},
        {"/files/a%+1", -TH_EINVAL},
        {"/files/%ff", -TH_EINVAL},
        {"/files/%c0%af", -TH_EINVAL},
        {"/files/%ed%a0%80", -TH_EINVAL},
    };
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        struct th_route_match m;
        TH_ROW("%s", rows[i].path);
        TH_EQ_INT(match(TH_METHOD_GET, rows[i].path, &m), rows[i].code);
        TH_CHECK(m.route == NULL);
    }
}

static void test_other_methods(void)
{
    struct th_route_match m;
    TH_EQ_INT(match(TH_METHOD_DELETE, "/api/v1/products", &m), -TH_EFORBIDDEN);
    TH_EQ_INT(m.allow, 1 << TH_METHOD_GET | 1 << TH_METHOD_HEAD | 1 << TH_METHOD_POST);
    /* Found further right, where the first fit has no such method. */
    TH_EQ_INT(match(TH_METHOD_DELETE, "/api/v1/dead-letters/3", &m), 0);
    TH_EQ_INT(match(TH_METHOD_DELETE, "/api/v1/dead-letters/x", &m), -TH_EFORBIDDEN);
    TH_EQ_INT(m.allow, 1 << TH_METHOD_GET | 1 << TH_METHOD_HEAD);
}

static void test_malformed_patterns(void)
{
    static const char *const bad[] = {"", "a", "/a/", "//", "/a//b", "/{a", "/{}", "/{:int}", "/{a:}",
        "/{a:no}", "/{a:rest}/b", "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}"};
    for (size_t i = 0; i < TH_COUNT(bad); i++) {
        struct th_route r = {TH_METHOD_GET, bad[i], target};
        struct th_error err = {0};
        struct th_routes *t;
        TH_ROW("%s", bad[i]);
        TH_EQ_INT(th_routes_build(&r, 1, &t, &err), -TH_EINVAL);
        TH_CHECK(strstr(err.msg, bad[i]) != NULL);
    }
    const struct th_route twice[] = {{TH_METHOD_GET, "/a/{b}", target}, {TH_METHOD_GET, "/a/{c}", target}};
    struct th_error err = {0};
    struct th_routes *t;
    TH_EQ_INT(th_routes_build(twice, 2, &t, &err), -TH_EINVAL);
    TH_EQ_STR(err.msg, "route GET /a/{c} stands twice");
}

int main(void)
{
    struct th_error err = {0};
    th_arena_init(&arena);
    if (th_routes_build(table, TH_COUNT(table), &routes, &err) != 0) {
        fprintf(stderr, "%s\n", err.msg);
        return 1;
    }
    TH_RUN(test_matches);
    TH_RUN(test_misses);
    TH_RUN(test_other_methods);
    TH_RUN(test_malformed_patterns);
    th_routes_free(routes);
    th_arena_free(&arena);
    return TH_END();
}
