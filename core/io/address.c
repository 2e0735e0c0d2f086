/* SPDX-License-Identifier: Apache-2.0 */
#include "io/address.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

struct block {
    uint8_t prefix[16];
    int bits;
};

/* IANA IPv4 Special-Purpose Address Registry, all that is not globally reachable, and multicast. */
static const struct block not_public_v4[] = {
    {{0}, 8},             /* this network, RFC 791 */
    {{10}, 8},            /* private, RFC 1918 */
    {{100, 64}, 10},      /* shared by carriers (CGNAT), RFC 6598 */
    {{127}, 8},           /* loopback, RFC 1122 */
    {{169, 254}, 16},     /* link-local, RFC 3927; metadata services of clouds */
    {{172, 16}, 12},      /* private, RFC 1918 */
    {{192, 0, 0}, 24},    /* protocol assignments, RFC 6890 */
    {{192, 0, 2}, 24},    /* documentation, RFC 5737 */
    {{192, 88, 99}, 24},  /* 6to4 relays, RFC 7526 */
    {{192, 168}, 16},     /* private, RFC 1918 */
    {{198, 18}, 15},      /* benchmarks, RFC 2544 */
    {{198, 51, 100}, 24}, /* documentation, RFC 5737 */
    {{203, 0, 113}, 24},  /* documentation, RFC 5737 */
    {{224}, 4},           /* multicast, RFC 5771 */
    {{240}, 4},           /* reserved, RFC 1112, and broadcast, RFC 919 */
};

/* IANA IPv6: only 2000::/3 is global unicast (RFC 4291); what of that is not: */
static const struct block global_v6 = {{0x20}, 3};
static const struct block not_public_v6[] = {
    {{0x20, 0x01, 0x00}, 23},       /* protocol assignments, RFC 2928: Teredo, ORCHID, benchmarks */
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation, RFC 3849 */
    {{0x20, 0x02}, 16},             /* 6to4: holds an IPv4 address; deprecated, RFC 7526 */
    {{0x3f, 0xff, 0x00}, 20},       /* documentation, RFC 9637 */
    {{0x3f, 0xfe}, 16},             /* the old 6bone, RFC 3701 */
};
/* NAT64 well-known prefix, RFC 6052: the last four bytes are the IPv4 address meant. */
static const struct block nat64 = {{0x00, 0x64, 0xff, 0x9b}, 96};

static bool inside(const uint8_t *address, const struct block *b)
{
    int whole = b->bits / 8, rest = b->bits % 8;
    if (memcmp(address, b->prefix, (size_t)whole) != 0)
        return false;
    uint8_t mask = (uint8_t)(0xff00 >> rest);
    return rest == 0 || ((address[whole] ^ b->prefix[whole]) & mask) == 0;
}

static bool inside_any(const uint8_t *address, const struct block *blocks, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (inside(address, &blocks[i]))
            return true;
    }
    return false;
}

static bool v4_is_public(const uint8_t *address)
{
    return !inside_any(address, not_public_v4, sizeof(not_public_v4) / sizeof(not_public_v4[0]));
}

static bool v6_is_public(const uint8_t *address)
{
    if (inside(address, &nat64))
        return v4_is_public(address + 12);
    return inside(address, &global_v6) &&
           !inside_any(address, not_public_v6, sizeof(not_public_v6) / sizeof(not_public_v6[0]));
}

bool th_address_is_public(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET)
        return v4_is_public((const uint8_t *)&((const struct sockaddr_in *)address)->sin_addr);
    if (address->sa_family == AF_INET6)
        return v6_is_public((const uint8_t *)&((const struct sockaddr_in6 *)address)->sin6_addr);
    return false;
}

static bool same_host(const struct sockaddr *a, const struct sockaddr *b)
{
    if (a->sa_family != b->sa_family)
        return false;
    if (a->sa_family == AF_INET)
        return ((const struct sockaddr_in *)a)->sin_addr.s_addr ==
               ((const struct sockaddr_in *)b)->sin_addr.s_addr;
    return a->sa_family == AF_INET6 && memcmp(&((const struct sockaddr_in6 *)a)->sin6_addr,
                                           &((const struct sockaddr_in6 *)b)->sin6_addr, 16) == 0;
}

bool th_address_is_own(const struct sockaddr *address)
{
    struct ifaddrs *all;
    if (getifaddrs(&all) != 0)
        return true;
    bool own = false;
    for (const struct ifaddrs *i = all; i != NULL && !own; i = i->ifa_next)
        own = i->ifa_addr != NULL && same_host(address, i->ifa_addr);
    freeifaddrs(all);
    return own;
}
