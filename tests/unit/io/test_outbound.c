/* SPDX-License-Identifier: Apache-2.0 */
#include "io/outbound.c"

#include <arpa/inet.h>

#include "../test.h"

static struct th_outbound *list;

static void allow(const char *text)
{
    struct th_error err = {0};
    th_outbound_free(list);
    list = NULL;
    if (th_outbound_parse(text, &list, &err) != 0)
        TH_EQ_STR(err.msg, "");
}

static bool permits(const char *host, const char *address, int port)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    TH_ROW("%s %s %d", host, address, port);
    if (inet_pton(AF_INET, address, &v4.sin_addr) == 1)
        return th_outbound_permits(list, th_str(host), (struct sockaddr *)&v4);
    TH_CHECK(inet_pton(AF_INET6, address, &v6.sin6_addr) == 1);
    return th_outbound_permits(list, th_str(host), (struct sockaddr *)&v6);
}

static void test_nothing_listed(void)
{
    allow("");
    TH_CHECK(permits("x", "1.1.1.1", 443) && permits("x", "2606:4700:4700::1111", 443));
    TH_CHECK(!permits("x", "127.0.0.1", 443) && !permits("x", "10.0.0.1", 443));
    TH_CHECK(!permits("x", "169.254.169.254", 80) && !permits("", "::1", 80));
    allow(" , ,");
    TH_CHECK(!permits("x", "127.0.0.1", 443));
}

static void test_addresses(void)
{
    allow("127.0.0.1:8025, 10.1.0.0/16, [::1]:443, fd00::1, [fd01::]:80, [fd02::/16]:81, 10.9.0.0/24:99");
    TH_CHECK(permits("x", "127.0.0.1", 8025) && !permits("x", "127.0.0.1", 8026));
    TH_CHECK(!permits("x", "127.0.0.2", 8025));
    TH_CHECK(permits("x", "10.1.255.1", 1) && !permits("x", "10.2.0.1", 1));
    TH_CHECK(permits("x", "::ffff:10.1.0.9", 1));
    TH_CHECK(permits("x", "::1", 443) && !permits("x", "::1", 444));
    TH_CHECK(permits("x", "fd00::1", 1) && !permits("x", "fd00::2", 1));
    TH_CHECK(permits("x", "fd01::", 80) && !permits("x", "fd01::", 81));
    TH_CHECK(permits("x", "fd02:1::", 81) && !permits("x", "fd02:1::", 80));
    TH_CHECK(permits("x", "10.9.0.7", 99) && !permits("x", "10.9.0.7", 98));
}

static void test_names(void)
{
    allow("Mail.example:25, intranet");
    TH_CHECK(permits("mail.EXAMPLE", "10.0.0.1", 25) && !permits("mail.example", "10.0.0.1", 26));
    TH_CHECK(!permits("mail.example.org", "10.0.0.1", 25) && !permits("mail.exampl", "10.0.0.1", 25));
    TH_CHECK(permits("intranet", "127.0.0.1", 1) && !permits("", "127.0.0.1", 25));
}

static void test_bad_lists(void)
{
    static const char *const bad[] = {"10.0.0.0/33", "10.0.0.1:0", "10.0.0.1:65536", "10.0.0.1:x",
        "name:", "fd00::/129", "[::1", "::1]", "[::1]x", "1.2.3", "http://x", "a b", "10.0.0.1,*", "x:1:2",
        "-1/8", "[]:1", ":80", "user@host"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct th_outbound *o = NULL;
        struct th_error err = {0};
        TH_ROW("%s", bad[i]);
        TH_EQ_INT(th_outbound_parse(bad[i], &o, &err), -TH_EINVAL);
        TH_CHECK(o == NULL && strstr(err.msg, "outbound.allow: ") != NULL);
    }
}

int main(void)
{
    TH_RUN(test_nothing_listed);
    TH_RUN(test_addresses);
    TH_RUN(test_names);
    TH_RUN(test_bad_lists);
    th_outbound_free(list);
    return TH_END();
}
