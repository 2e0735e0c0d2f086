/* SPDX-License-Identifier: Apache-2.0
 *
 * One call of a broker's HTTP API: what is asked, and how the answer is read. broker.c sends it. */
#ifndef TH_BROKER_CALL_H
#define TH_BROKER_CALL_H

#include "io/broker.h"
#include "io/http_client.h"

struct th_broker_node;

struct th_broker_call {
    struct th_list link; /* node->waiting or node->under_way */
    struct th_broker *broker;
    struct th_broker_node *node;
    int nodes_tried;
    struct th_http_call *http; /* under way */
    uint64_t deadline;         /* of waiting, in uv_now() milliseconds */
    const char *method;
    struct th_buf path; /* below the node's URL */
    struct th_buf body; /* JSON, or empty */
    size_t max_answer;
    bool ask_all; /* a node that answers 404 speaks for itself only */
    /* Reads an answer (code 0) or passes a failure on, and tells the owner. Keeps the call when it returns
     * true, and must then end with th_broker_call_end. */
    bool (*finish)(struct th_broker_call *c, int code, const struct th_http_answer *a);
    void *arg;
    union {
        th_broker_cb done;
        th_broker_online_cb online;
    } cb;
    void (*each)(void *arg, const struct th_broker_client *client);
    struct th_buf topic;  /* th_broker_subscribed */
    struct th_later turn; /* th_broker_clients: reads a part of the answer each turn */
    struct th_buf list;
    struct th_str list_rest;
};

/* broker.c */
int th__broker_submit(struct th_worker *w, int node, struct th_broker_call *c);
void th__broker_call_end(struct th_broker_call *c);

#endif
