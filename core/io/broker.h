/* SPDX-License-Identifier: Apache-2.0
 *
 * The brokers' HTTP API: typed calls over io/http_client, with a cap on calls waiting (broker.queue, per
 * worker) and under way (32 per node). Nodes and addresses come from broker.nodes; node 0 means "any": the
 * first that is configured; a number that is not configured is logged and taken as 0. In a cluster every node
 * can publish to every client; a client is kicked by its own node only, so a node that does not know it has
 * the others asked in turn.
 *
 * Codes of all calls: 0 for 2xx, -TH_ENOTFOUND (404: the broker has no such client), -TH_EAUTH (wrong token),
 * -TH_EINVAL (other 4xx), -TH_EUNAVAIL (5xx or not reached), -TH_EIO (an answer that makes no sense),
 * -TH_ETIMEOUT (broker.timeout passed, waiting or at the node), -TH_ECANCELED (stopped). Nothing is tried
 * again. A submit returns -TH_EBUSY over the cap and -TH_ECANCELED when draining, and then never calls back.
 */
#ifndef TH_BROKER_H
#define TH_BROKER_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/str.h"
#include "io/worker.h"

struct th_publish {
    int node;
    struct th_str topic, payload; /* payload: any bytes */
    int qos;
    bool retain;
};

int th_broker_start(struct th_worker *w, struct th_error *err) TH_MUST_CHECK;
/* Calls under way are finished; waiting ones too, until the drain deadline. */
void th_broker_drain(struct th_worker *w);
void th_broker_stop(struct th_worker *w);

/* code 0: the broker took it (2xx). */
typedef void (*th_broker_cb)(void *arg, int code);
int th_broker_publish(
    struct th_worker *w, const struct th_publish *p, th_broker_cb cb, void *arg) TH_MUST_CHECK;
int th_broker_kick(
    struct th_worker *w, int node, struct th_str client_id, th_broker_cb cb, void *arg) TH_MUST_CHECK;

/* Whether the client is connected right now. */
typedef void (*th_broker_online_cb)(void *arg, int code, bool online);
int th_broker_online(
    struct th_worker *w, int node, struct th_str client_id, th_broker_online_cb cb, void *arg) TH_MUST_CHECK;
/* Whether one of the client's subscriptions matches the topic (MQTT wildcards understood). */
int th_broker_subscribed(struct th_worker *w, int node, struct th_str client_id, struct th_str topic,
    th_broker_online_cb cb, void *arg) TH_MUST_CHECK;
/* Clients connected at a node, as the broker lists them (at most its max_row_limit); connected_at in ms, 0
 * when the broker does not say; address as its hooks write it (ip:port), "" when it does not say. each() is
 * called per client, over several loop turns, then done(). */
struct th_broker_client {
    struct th_str client_id, username, address;
    bool connected;
    int64_t connected_at;
    int node;
};
int th_broker_clients(struct th_worker *w, int node,
    void (*each)(void *arg, const struct th_broker_client *c), th_broker_cb done, void *arg) TH_MUST_CHECK;

#endif
