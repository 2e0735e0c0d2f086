/* SPDX-License-Identifier: Apache-2.0
 *
 * Who may say for whom a request is: a proxy in front names the client in X-Forwarded-For. Anyone can send
 * that header, so it counts only from configured addresses, and is read from the right, where the nearest
 * proxy wrote. */
#include "http/proxies.h"

#include <arpa/inet.h>
#include "base/alloc.h"

struct range {
    uint8_t bytes[16]; /* IPv4 in its mapped form */
    unsigned bits;
};

struct th_proxies {
    size_t n;
    struct range ranges[];
};

static void mapped(const struct in_addr *v4, uint8_t out[16])
{
    memset(out, 0, 10);
    out[10] = out[11] = 0xff;
    memcpy(out + 12, v4, 4);
}

static bool address_bytes(const struct sockaddr *sa, uint8_t out[16])
{
    if (sa->sa_family == AF_INET6) {
        memcpy(out, &((const struct sockaddr_in6 *)sa)->sin6_addr, 16);
        return true;
    }
    if (sa->sa_family != AF_INET)
        return false;
    mapped(&((const struct sockaddr_in *)sa)->sin_addr, out);
    return true;
}

/* An address without port, in brackets or not. */
static bool read_address(struct th_str text, uint8_t out[16], bool *v4)
{
    char z[INET6_ADDRSTRLEN];
    if (text.n >= 2 && text.p[0] == '[' && text.p[text.n - 1] == ']')
        text = (struct th_str){text.p + 1, text.n - 2};
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

static bool read_range(struct th_str text, struct range *out)
{
    struct th_str rest = text, address;
    bool v4;
    if (!th_str_split(&rest, '/', &address) || !read_address(th_str_trim(address), out->bytes, &v4))
        return false;
    int64_t bits = v4 ? 32 : 128;
    if (rest.p != NULL && (!th_str_int(rest, &bits) || bits < 0 || bits > (v4 ? 32 : 128)))
        return false;
    out->bits = (unsigned)bits + (v4 ? 96 : 0);
    return true;
}

int th_proxies_parse(const char *list, struct th_proxies **out, struct th_error *err)
{
    struct th_str rest = th_str(list == NULL ? "" : list), part;
    size_t most = 1;
    for (size_t i = 0; i < rest.n; i++)
        most += rest.p[i] == ',';
    struct th_proxies *p = th_alloc(sizeof(*p) + most * sizeof(p->ranges[0]));
    p->n = 0;
    while (rest.p != NULL && th_str_split(&rest, ',', &part)) {
        part = th_str_trim(part);
        if (part.n == 0)
            continue;
        if (!read_range(part, &p->ranges[p->n++])) {
            th_proxies_free(p);
            return th_fail(
                err, TH_EINVAL, "%.*s is not an address or a range of addresses", TH_STR_FMT(part));
        }
    }
    *out = p;
    return 0;
}

void th_proxies_free(struct th_proxies *p)
{
    th_free(p);
}

static bool within(const struct range *r, const uint8_t address[16])
{
    unsigned whole = r->bits / 8, rest = r->bits % 8;
    if (memcmp(r->bytes, address, whole) != 0)
        return false;
    return rest == 0 || (uint8_t)(r->bytes[whole] ^ address[whole]) >> (8 - rest) == 0;
}

static bool have(const struct th_proxies *p, const uint8_t address[16])
{
    for (size_t i = 0; i < p->n; i++) {
        if (within(&p->ranges[i], address))
            return true;
    }
    return false;
}

bool th_proxies_have(const struct th_proxies *p, const struct sockaddr *address)
{
    uint8_t bytes[16];
    return p->n > 0 && address_bytes(address, bytes) && have(p, bytes);
}

struct th_str th_proxies_client(const struct th_proxies *p, struct th_str forwarded)
{
    struct th_str found = {0};
    size_t end = forwarded.n;
    for (size_t i = forwarded.n + 1; i-- > 0;) {
        if (i > 0 && forwarded.p[i - 1] != ',')
            continue;
        struct th_str part = th_str_trim((struct th_str){forwarded.p + i, end - i});
        uint8_t bytes[16];
        bool v4;
        if (!read_address(part, bytes, &v4))
            break;
        found = part;
        if (i == 0 || !have(p, bytes))
            break;
        end = i - 1;
    }
    return found;
}
