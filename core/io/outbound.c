/* SPDX-License-Identifier: Apache-2.0 */
#include "io/outbound.h"

#include <netinet/in.h>
#include <strings.h>

#include "base/alloc.h"
#include "io/address.h"

struct entry {
    struct th_str name; /* p NULL: a range */
    struct th_address_range range;
    int port; /* 0: any */
};

struct th_outbound {
    struct th_arena arena; /* of the names */
    size_t n;
    struct entry entries[];
};

/* Cuts ":PORT" off the end; a lone colon splits, several are an IPv6 address unless it stands in brackets. */
static bool split_port(struct th_str *text, int *port)
{
    struct th_str rest = *text;
    int64_t number = 0;
    *port = 0;
    const char *colon = memrchr(rest.p, ':', rest.n), *bracket = memrchr(rest.p, ']', rest.n);
    if (colon == NULL || (bracket != NULL && bracket > colon) ||
        (bracket == NULL && memchr(rest.p, ':', rest.n) != colon))
        return true;
    *text = (struct th_str){rest.p, (size_t)(colon - rest.p)};
    if (!th_str_int((struct th_str){colon + 1, (size_t)(rest.p + rest.n - colon - 1)}, &number) ||
        number < 1 || number > 65535)
        return false;
    *port = (int)number;
    return true;
}

static bool is_name(struct th_str s)
{
    bool letter = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!alpha && !(c >= '0' && c <= '9') && c != '-' && c != '.' && c != '_')
            return false;
        letter |= alpha;
    }
    return letter && s.n <= 253;
}

static bool read_entry(struct th_outbound *o, struct th_str text)
{
    struct entry *e = &o->entries[o->n];
    *e = (struct entry){0};
    if (!split_port(&text, &e->port))
        return false;
    if (!th_address_range_read(text, &e->range)) {
        if (!is_name(text))
            return false;
        e->name = (struct th_str){th_arena_dup(&o->arena, text.p, text.n), text.n};
    }
    o->n++;
    return true;
}

int th_outbound_parse(const char *list, struct th_outbound **out, struct th_error *err)
{
    struct th_str rest = th_str(list), part;
    size_t most = 1;
    for (size_t i = 0; i < rest.n; i++)
        most += rest.p[i] == ',';
    struct th_outbound *o = th_calloc(1, sizeof(*o) + most * sizeof(o->entries[0]));
    th_arena_init(&o->arena);
    while (th_str_split(&rest, ',', &part)) {
        part = th_str_trim(part);
        if (part.n > 0 && !read_entry(o, part)) {
            th_outbound_free(o);
            return th_fail(err, TH_EINVAL,
                "outbound.allow: %.*s is not an address, a range or a name, with an optional :PORT",
                TH_STR_FMT(part));
        }
    }
    *out = o;
    return 0;
}

void th_outbound_free(struct th_outbound *o)
{
    if (o == NULL)
        return;
    th_arena_free(&o->arena);
    th_free(o);
}

static int port_of(const struct sockaddr *a)
{
    if (a->sa_family == AF_INET)
        return ntohs(((const struct sockaddr_in *)a)->sin_port);
    return a->sa_family == AF_INET6 ? ntohs(((const struct sockaddr_in6 *)a)->sin6_port) : -1;
}

static bool listed(const struct th_outbound *o, struct th_str host, const struct sockaddr *address)
{
    int port = port_of(address);
    for (size_t i = 0; i < o->n; i++) {
        const struct entry *e = &o->entries[i];
        if (e->port != 0 && e->port != port)
            continue;
        if (e->name.p == NULL ? th_address_range_has(&e->range, address)
                              : e->name.n == host.n && strncasecmp(e->name.p, host.p, host.n) == 0)
            return true;
    }
    return false;
}

bool th_outbound_permits(const struct th_outbound *o, struct th_str host, const struct sockaddr *address)
{
    return (th_address_is_public(address) && !th_address_is_own(address)) || listed(o, host, address);
}
