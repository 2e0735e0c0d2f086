/* SPDX-License-Identifier: Apache-2.0 */
#include "io/redis_url.h"
#include "test.h"

static void test_forms(void)
{
    static const struct {
        const char *text, *host, *port, *path, *user, *password;
        int database;
        bool local;
    } rows[] = {
        {"redis://localhost", "localhost", "6379", "", "", "", 0, true},
        {"redis://127.0.0.9:7000/3", "127.0.0.9", "7000", "", "", "", 3, true},
        {"redis://[::1]:7000/", "::1", "7000", "", "", "", 0, true},
        {"redis://[::1]", "::1", "6379", "", "", "", 0, true},
        {"redis://:s3cret@cache.example:6380/15", "cache.example", "6380", "", "", "s3cret", 15, false},
        {"redis://ops:a%40b%2fc:d@10.0.0.1", "10.0.0.1", "6379", "", "ops", "a@b/c:d", 0, false},
        {"redis://127.0.0.1.example", "127.0.0.1.example", "6379", "", "", "", 0, false},
        {"unix:/run/redis.sock", "", "", "/run/redis.sock", "", "", 0, true},
    };
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        struct th_redis_url url;
        struct th_error err = {0};
        TH_ROW("%s", rows[i].text);
        TH_EQ_INT(th_redis_url_read(&url, rows[i].text, &err), 0);
        TH_EQ_STR(url.host, rows[i].host);
        TH_EQ_STR(url.port, rows[i].port);
        TH_EQ_STR(url.path, rows[i].path);
        TH_EQ_STR(url.user, rows[i].user);
        TH_EQ_STR(url.password, rows[i].password);
        TH_EQ_INT(url.database, rows[i].database);
        TH_EQ_INT(th_redis_url_is_local(&url), rows[i].local);
    }
}

static void test_what_is_none(void)
{
    static const char *const rows[] = {"", "localhost", "http://localhost", "rediss://localhost", "redis://",
        "redis://:6379", "redis://h:", "redis://h:0", "redis://h:65536", "redis://h:12x", "redis://h/x",
        "redis://h/-1", "redis://h/10000", "redis://[::1", "redis://[::1]x", "redis://secret-word@h",
        "redis://:secret-word%4@h", "redis://:secret-word%00@h", "unix:run/redis.sock"};
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        struct th_redis_url url;
        struct th_error err = {0};
        TH_ROW("%s", rows[i]);
        TH_EQ_INT(th_redis_url_read(&url, rows[i], &err), -TH_EINVAL);
        TH_CHECK(strstr(err.msg, "redis.url") != NULL);
        TH_CHECK(strstr(err.msg, "secret-word") == NULL);
    }
}

int main(void)
{
    TH_RUN(test_forms);
    TH_RUN(test_what_is_none);
    return TH_END();
}
