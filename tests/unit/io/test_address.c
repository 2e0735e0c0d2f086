/* SPDX-License-Identifier: Apache-2.0 */
#include "io/address.c"

#include <arpa/inet.h>

#include "../test.h"

static bool is_public(const char *text)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return th_address_is_public((struct sockaddr *)&v4);
    if (inet_pton(AF_INET6, text, &v6.sin6_addr) != 1)
        abort();
    return th_address_is_public((struct sockaddr *)&v6);
}

static void test_public(void)
{
    static const char *const all[] = {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.1", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.0.1.0",
        "192.167.1.1", "192.169.0.1", "198.17.255.255", "198.20.0.0", "203.0.112.255", "223.255.255.255",
        "2606:4700:4700::1111", "2001:200::1", "2a00:1450:4001:81b::200e", "2003::1", "64:ff9b::1.1.1.1"};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (!is_public(all[i]))
            fprintf(stderr, "not public: %s\n", all[i]);
        TH_CHECK(is_public(all[i]));
    }
}

static void test_not_public(void)
{
    static const char *const all[] = {
        "0.0.0.0", "0.255.255.255", "10.0.0.1", "10.255.255.255",         /* this network, private */
        "100.64.0.0", "100.127.255.255",                                  /* carriers */
        "127.0.0.1", "127.255.255.255", "169.254.169.254", "169.254.0.1", /* loopback, link */
        "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.0.1",
        "192.88.99.1",                                                      /* private ... */
        "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9",      /* benchmarks, documentation */
        "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",     /* multicast, reserved */
        "::", "::1", "fe80::1", "fc00::1", "fdff::1", "fec0::1", "ff02::1", /* loopback, link, local */
        "::ffff:127.0.0.1", "::ffff:1.1.1.1", "::127.0.0.1", "::1.1.1.1",   /* mapped, compatible */
        "2002:7f00:1::", "2002:101:101::1", "2001::1", "2001:0:7f00:1::",   /* 6to4, Teredo */
        "2001:db8::1", "2001:10::1", "2001:20::1", "3fff::1", "3fff:fff::1",
        "3ffe::1", /* documentation ... */
        "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254",
        "64:ff9b:1::1.1.1.1",                      /* NAT64 */
        "100::1", "4000::1", "5f00::1", "8000::1", /* discard, not assigned */
    };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (is_public(all[i]))
            fprintf(stderr, "public: %s\n", all[i]);
        TH_CHECK(!is_public(all[i]));
    }
    struct sockaddr local = {.sa_family = AF_UNIX};
    TH_CHECK(!th_address_is_public(&local));
}

static void test_own(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    TH_CHECK(th_address_is_own((struct sockaddr *)&a));
    a.sin_addr.s_addr = htonl(0xc6336407); /* a documentation address */
    TH_CHECK(!th_address_is_own((struct sockaddr *)&a));
}

int main(void)
{
    TH_RUN(test_public);
    TH_RUN(test_not_public);
    TH_RUN(test_own);
    return TH_END();
}
