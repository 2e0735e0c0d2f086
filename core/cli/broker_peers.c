/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>

#include "cli/broker_peers.h"

/* Cuts ":PORT" off the end of *text. */
static bool cut_port(struct th_str *text)
{
    int64_t port;
    size_t i = text->n;
    while (i > 0 && text->p[i - 1] != ':')
        i--;
    if (i < 2 || !th_str_int((struct th_str){text->p + i, text->n - i}, &port) || port < 1 || port > 65535)
        return false;
    text->n = i - 1;
    return true;
}

bool th_broker_is_listen(struct th_str text)
{
    char host[INET6_ADDRSTRLEN];
    struct in6_addr ip;
    if (!cut_port(&text))
        return false;
    bool v6 = text.n > 2 && text.p[0] == '[' && text.p[text.n - 1] == ']';
    if (v6)
        text = (struct th_str){text.p + 1, text.n - 2};
    if (text.n >= sizeof host)
        return false;
    memcpy(host, text.p, text.n);
    host[text.n] = 0;
    return inet_pton(v6 ? AF_INET6 : AF_INET, host, &ip) == 1;
}

bool th_broker_is_peer(struct th_str text)
{
    if (!cut_port(&text))
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] <= ' ' || text.p[i] >= 0x7f || strchr("\"\\@/,?#%", text.p[i]) != NULL)
            return false;
    return true;
}

int th_broker_peers_read(struct th_broker_peers *p, const char *text, struct th_error *err)
{
    struct th_str rest = th_str(text), item;
    p->count = 0;
    while (rest.n > 0 && th_str_split(&rest, ',', &item)) {
        struct th_str raft = th_str_trim(item), name, grpc;
        int64_t node;
        if (raft.n == 0)
            continue;
        if (!th_str_split(&raft, '=', &name) || raft.p == NULL || !th_str_split(&raft, '/', &grpc) ||
            !th_str_int(name, &node) || node < 1 || node > 65535 || !th_broker_is_peer(grpc) ||
            raft.p == NULL || !th_broker_is_peer(raft))
            return th_fail(err, TH_EINVAL,
                "broker.peers: an entry is NODE=GRPC_ADDRESS/RAFT_ADDRESS, not \"%.*s\"", TH_STR_FMT(item));
        for (int i = 0; i < p->count; i++)
            if (p->list[i].node == node)
                return th_fail(err, TH_EINVAL, "broker.peers: node %d stands twice", (int)node);
        if (p->count == TH_BROKER_PEERS_MAX)
            return th_fail(err, TH_EINVAL, "broker.peers: more than %d nodes", TH_BROKER_PEERS_MAX);
        p->list[p->count].node = (int)node;
        p->list[p->count].grpc = grpc;
        p->list[p->count++].raft = raft;
    }
    return 0;
}
