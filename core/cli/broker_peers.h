/* SPDX-License-Identifier: Apache-2.0
 *
 * broker.peers: the members of the brokers' cluster. */
#ifndef TH_BROKER_PEERS_H
#define TH_BROKER_PEERS_H

#include "base/err.h"
#include "base/str.h"

#define TH_BROKER_PEERS_MAX 32

struct th_broker_peers {
    int count; /* 0: no cluster */
    struct {
        int node;
        struct th_str grpc, raft; /* HOST:PORT; views of the text that was read */
    } list[TH_BROKER_PEERS_MAX];
};

/* NODE=GRPC_ADDRESS/RAFT_ADDRESS, comma separated; each node once. */
int th_broker_peers_read(struct th_broker_peers *p, const char *text, struct th_error *err) TH_MUST_CHECK;

/* IP:PORT or [IPv6]:PORT, the only forms in which RMQTT takes an address to listen on. */
bool th_broker_is_listen(struct th_str text);
/* HOST:PORT, where the host may be a name; nothing in it needs quoting in a TOML string or a URL. */
bool th_broker_is_peer(struct th_str text);

#endif
