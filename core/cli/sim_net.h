/* SPDX-License-Identifier: Apache-2.0
 *
 * Many MQTT connections in one thread: libmosquitto's handles without its threads, driven by one epoll set.
 */
#ifndef TH_CLI_SIM_NET_H
#define TH_CLI_SIM_NET_H

#include <mosquitto.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/str.h"

struct th_sim_conn;

/* All are called from th_sim_net_turn() or from the call that caused them. */
struct th_sim_events {
    void (*on_up)(void *arg);
    /* The end of a connection, or of the try to make one. refused: the broker answered CONNECT with no. */
    void (*on_down)(void *arg, bool refused, const char *why);
    /* QoS 0: written; 1: PUBACK; 2: PUBCOMP. */
    void (*on_acked)(void *arg, int mid);
    void (*on_message)(void *arg, struct th_str topic, struct th_str payload);
};

struct th_sim_net {
    const char *host;
    int port;
    int epoll_fd;
    struct th_sim_conn *first;
    int64_t misc_at; /* when keep-alives are looked at next */
};

struct th_sim_conn {
    struct th_sim_conn *next;
    struct th_sim_net *net;
    struct mosquitto *m;
    const struct th_sim_events *events;
    void *arg;
    char *username, *client_id, *key;
    int refusal;  /* CONNACK's code */
    bool open;    /* a socket stands in the epoll set */
    bool writing; /* and waits to be writable */
    bool up;      /* CONNACK 0 was seen */
};

/* Finds out first whether anything listens there, within five seconds. */
int th_sim_net_open(struct th_sim_net *net, const char *host, int port, struct th_error *err) TH_MUST_CHECK;
/* Frees the connections too; those still up go without DISCONNECT. */
void th_sim_net_close(struct th_sim_net *net);
/* Waits at most timeout_ms for something to happen and handles it. */
void th_sim_net_turn(struct th_sim_net *net, int timeout_ms);

/* Not connected yet. window: unacknowledged messages sent before the library queues them itself. */
struct th_sim_conn *th_sim_conn_new(struct th_sim_net *net, const char *product, const char *device,
    const char *key, int window, const struct th_sim_events *events, void *arg);
/* Signs a new password and connects; on_up or on_down follows, or the call fails and neither comes. */
int th_sim_conn_start(struct th_sim_conn *c, struct th_error *err) TH_MUST_CHECK;
/* Sends DISCONNECT. */
void th_sim_conn_stop(struct th_sim_conn *c);
/* Drops the line without a word, as a device that lost its power: the broker then publishes the last will. */
void th_sim_conn_cut(struct th_sim_conn *c);
/* false: the library refused it (not connected, or its queue is full). *mid may be NULL. */
bool th_sim_conn_publish(struct th_sim_conn *c, const char *topic, struct th_str payload, int qos, int *mid);

/* SIGINT and SIGTERM end the loops: true from then on. */
void th_sim_stop_on_signals(void);
bool th_sim_stopping(void);

#endif
