/* SPDX-License-Identifier: Apache-2.0
 *
 * Who may say for whom a request is: a proxy in front names the client in X-Forwarded-For. Anyone can send
 * that header, so it counts only from configured addresses, and is read from the right, where the nearest
 * proxy wrote. */
#include "http/proxies.h"

#include "base/alloc.h"
#include "io/address.h"

struct th_proxies {
    size_t n;
    struct th_address_range ranges[];
};

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
        if (!th_address_range_read(part, &p->ranges[p->n++])) {
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

bool th_proxies_have(const struct th_proxies *p, const struct sockaddr *address)
{
    for (size_t i = 0; i < p->n; i++) {
        if (th_address_range_has(&p->ranges[i], address))
            return true;
    }
    return false;
}

static bool have(const struct th_proxies *p, const uint8_t address[16])
{
    for (size_t i = 0; i < p->n; i++) {
        if (th_address_range_holds(&p->ranges[i], address))
            return true;
    }
    return false;
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
        if (!th_address_read(part, bytes, &v4))
            break;
        found = part;
        if (i == 0 || !have(p, bytes))
            break;
        end = i - 1;
    }
    return found;
}
