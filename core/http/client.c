/* SPDX-License-Identifier: Apache-2.0
 *
 * Who sent a request, as far as that can be known. */
#include "http/private.h"
#include "http/proxies.h"

#include <arpa/inet.h>

static const struct sockaddr none = {.sa_family = AF_UNSPEC};

const struct sockaddr *th_req_peer(const struct th_req *r)
{
    return r->h2o == NULL ? &none : &th_conn_of(r->h2o)->peer.any;
}

static bool is_loopback(const struct sockaddr *peer)
{
    if (peer->sa_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)peer)->sin_addr.s_addr) >> 24 == 127;
    if (peer->sa_family != AF_INET6)
        return false;
    const struct in6_addr *a = &((const struct sockaddr_in6 *)peer)->sin6_addr;
    return IN6_IS_ADDR_LOOPBACK(a) || (IN6_IS_ADDR_V4MAPPED(a) && a->s6_addr[12] == 127);
}

bool th_req_is_local(const struct th_req *r)
{
    static const char *const by_proxies[] = {"forwarded", "x-forwarded-for", "x-real-ip", "via"};
    for (size_t i = 0; i < sizeof(by_proxies) / sizeof(by_proxies[0]); i++) {
        if (th_req_header(r, by_proxies[i]).p != NULL)
            return false;
    }
    return is_loopback(th_req_peer(r));
}

static const char *peer_text(struct th_req *r, const struct sockaddr *peer)
{
    char *out = th_arena_alloc(&r->arena, INET6_ADDRSTRLEN);
    out[0] = '\0';
    if (peer->sa_family == AF_INET) {
        inet_ntop(AF_INET, &((const struct sockaddr_in *)peer)->sin_addr, out, INET6_ADDRSTRLEN);
    } else if (peer->sa_family == AF_INET6) {
        const struct in6_addr *a = &((const struct sockaddr_in6 *)peer)->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(a))
            inet_ntop(AF_INET, &a->s6_addr[12], out, INET6_ADDRSTRLEN);
        else
            inet_ntop(AF_INET6, a, out, INET6_ADDRSTRLEN);
    }
    return out;
}

/* Several headers of one name are one list. */
static struct th_str joined_header(struct th_req *r, struct th_str wanted)
{
    struct th_str name, value, all = {0};
    for (size_t at = 0; th_req_header_next(r, &at, &name, &value);) {
        if (!th_str_eq(name, wanted))
            continue;
        if (all.n > 0)
            value = th_str(th_arena_printf(&r->arena, "%.*s,%.*s", TH_STR_FMT(all), TH_STR_FMT(value)));
        all = value;
    }
    return all;
}

const char *th_req_client(struct th_req *r)
{
    const struct sockaddr *peer = th_req_peer(r);
    const struct th_proxies *proxies = r->server->listener->proxies;
    if (r->h2o != NULL && th_proxies_have(proxies, peer)) {
        struct th_str said = th_proxies_client(proxies, joined_header(r, TH_STR("x-forwarded-for")));
        if (said.n > 0)
            return th_arena_dup(&r->arena, said.p, said.n);
    }
    return peer_text(r, peer);
}

bool th_req_is_https(const struct th_req *r)
{
    return r->h2o != NULL && th_proxies_have(r->server->listener->proxies, th_req_peer(r)) &&
           th_str_eq(th_req_header(r, "x-forwarded-proto"), TH_STR("https"));
}
