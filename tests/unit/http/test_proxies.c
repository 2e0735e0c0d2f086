/* SPDX-License-Identifier: Apache-2.0 */
#include "http/proxies.c"

#include <arpa/inet.h>

#include "../test.h"

static struct th_proxies *parse(const char *list)
{
    struct th_proxies *p = NULL;
    struct th_error err = {0};
    TH_EQ_INT(th_proxies_parse(list, &p, &err), 0);
    return p;
}

static bool has(const struct th_proxies *p, const char *address)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } sa = {0};
    if (inet_pton(AF_INET, address, &sa.v4.sin_addr) == 1)
        sa.any.sa_family = AF_INET;
    else if (inet_pton(AF_INET6, address, &sa.v6.sin6_addr) == 1)
        sa.any.sa_family = AF_INET6;
    return th_proxies_have(p, &sa.any);
}

static void test_ranges(void)
{
    struct th_proxies *p = parse("10.1.0.0/16, 192.0.2.7 ,,2001:db8::/33,[::1]");
    TH_CHECK(has(p, "10.1.0.0") && has(p, "10.1.255.255") && has(p, "::ffff:10.1.2.3"));
    TH_CHECK(!has(p, "10.2.0.0") && !has(p, "10.0.255.255"));
    TH_CHECK(has(p, "192.0.2.7") && !has(p, "192.0.2.6"));
    TH_CHECK(has(p, "2001:db8::1") && has(p, "2001:db8:7fff::") && !has(p, "2001:db8:8000::"));
    TH_CHECK(has(p, "::1") && !has(p, "::2") && !has(p, "not an address"));
    th_proxies_free(p);
    p = parse("0.0.0.0/0");
    TH_CHECK(has(p, "1.2.3.4") && !has(p, "2001:db8::1"));
    th_proxies_free(p);
    p = parse(NULL);
    TH_CHECK(!has(p, "127.0.0.1"));
    th_proxies_free(p);
}

static void test_malformed(void)
{
    static const char *const bad[] = {"10.0.0", "10.0.0.0/33", "::1/129", "::1/-1", "localhost", "10.0.0.0/",
        "/8", "1.2.3.4/8/8", "[::1", "1.2.3.4:80"};
    for (size_t i = 0; i < TH_COUNT(bad); i++) {
        struct th_proxies *p;
        struct th_error err = {0};
        TH_ROW("%s", bad[i]);
        TH_EQ_INT(th_proxies_parse(bad[i], &p, &err), -TH_EINVAL);
        TH_CHECK(strstr(err.msg, bad[i]) != NULL);
    }
}

static void test_clients(void)
{
    static const struct {
        const char *forwarded, *client;
    } rows[] = {
        {"203.0.113.9", "203.0.113.9"},
        {" 203.0.113.9 ", "203.0.113.9"},
        {"198.51.100.1, 203.0.113.9", "203.0.113.9"},
        {"203.0.113.9, 10.1.2.3", "203.0.113.9"},
        {"6.6.6.6, 203.0.113.9, 10.1.2.3, 10.1.2.4", "203.0.113.9"},
        {"10.1.2.3, 10.1.2.4", "10.1.2.3"},
        {"junk, 203.0.113.9", "203.0.113.9"},
        {"junk, 10.1.2.3", "10.1.2.3"},
        {"junk", NULL},
        {"203.0.113.9, junk", NULL},
        {"[2001:db9::1]", "[2001:db9::1]"},
        {"2001:db9::1", "2001:db9::1"},
        {"", NULL},
        {",", NULL},
    };
    struct th_proxies *p = parse("10.1.0.0/16");
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        TH_ROW("%s", rows[i].forwarded);
        TH_EQ_SLICE(th_proxies_client(p, th_str(rows[i].forwarded)), rows[i].client);
    }
    th_proxies_free(p);
}

int main(void)
{
    TH_RUN(test_ranges);
    TH_RUN(test_malformed);
    TH_RUN(test_clients);
    return TH_END();
}
