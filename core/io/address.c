/* SPDX-License-Identifier: Apache-2.0 */
#include "io/address.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
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

static bool inside(const uint8_t *address, const uint8_t *prefix, int bits)
{
    int whole = bits / 8, rest = bits % 8;
    if (memcmp(address, prefix, (size_t)whole) != 0)
        return false;
    uint8_t mask = (uint8_t)(0xff00 >> rest);
    return rest == 0 || ((address[whole] ^ prefix[whole]) & mask) == 0;
}

static bool inside_any(const uint8_t *address, const struct block *blocks, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (inside(address, blocks[i].prefix, blocks[i].bits))
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
    if (inside(address, nat64.prefix, nat64.bits))
        return v4_is_public(address + 12);
    return inside(address, global_v6.prefix, global_v6.bits) &&
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

/* ---- ranges ---- */

static void mapped(const struct in_addr *v4, uint8_t out[16])
{
    memset(out, 0, 10);
    out[10] = out[11] = 0xff;
    memcpy(out + 12, v4, 4);
}

static struct th_str without_brackets(struct th_str text)
{
    bool bracketed = text.n >= 2 && text.p[0] == '[' && text.p[text.n - 1] == ']';
    return bracketed ? (struct th_str){text.p + 1, text.n - 2} : text;
}

bool th_address_read(struct th_str text, uint8_t out[16], bool *v4)
{
    char z[INET6_ADDRSTRLEN];
    text = without_brackets(text);
    if (text.n == 0 || text.n >= sizeof(z))
        return false;
    memcpy(z, text.p, text.n);
    z[text.n] = '\0';
    struct in_addr a4;
    *v4 = inet_pton(AF_INET, z, &a4) == 1;
    if (*v4)
        mapped(&a4, out);
    return *v4 || inet_pton(AF_INET6, z, out) == 1;
}

bool th_address_range_read(struct th_str text, struct th_address_range *out)
{
    struct th_str rest = without_brackets(text), address;
    bool v4;
    if (!th_str_split(&rest, '/', &address) || !th_address_read(th_str_trim(address), out->bytes, &v4))
        return false;
    int64_t bits = v4 ? 32 : 128;
    if (rest.p != NULL && (!th_str_int(rest, &bits) || bits < 0 || bits > (v4 ? 32 : 128)))
        return false;
    out->bits = (unsigned)bits + (v4 ? 96 : 0);
    return true;
}

bool th_address_range_holds(const struct th_address_range *r, const uint8_t address[16])
{
    return inside(address, r->bytes, (int)r->bits);
}

bool th_address_range_has(const struct th_address_range *r, const struct sockaddr *address)
{
    uint8_t bytes[16];
    if (address->sa_family == AF_INET6)
        memcpy(bytes, &((const struct sockaddr_in6 *)address)->sin6_addr, 16);
    else if (address->sa_family == AF_INET)
        mapped(&((const struct sockaddr_in *)address)->sin_addr, bytes);
    else
        return false;
    return th_address_range_holds(r, bytes);
}
