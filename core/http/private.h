/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of this folder share and nobody else sees. */
#ifndef TH_HTTP_PRIVATE_H
#define TH_HTTP_PRIVATE_H

#include <h2o.h>
#include <netinet/in.h>
#include <uv.h>
#include "base/list.h"
#include "http/listener.h"
#include "http/server.h"
#include "store/metrics.h"

#define TH_WORKERS_MAX 256

/* One connection: made by the accepting worker, mailed to its own, freed by the close of its handle. h2o's
 * socket points here (on_close.data). */
struct th_conn {
    struct th_mail mail;
    struct th_list link; /* in listener->mailed, then in server->conns */
    struct th_listener *listener;
    struct th_server *server;
    int fd;      /* the handle's */
    int late_fd; /* the same socket, for linger.c; -1: none */
    uv_tcp_t tcp;
    h2o_socket_t *sock;
    struct th_req *req; /* being answered */
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } peer;
    /* Loop times, for the sweep. */
    uint64_t quiet_since;  /* accepted, or last answer finished */
    uint64_t begun;        /* the first bytes of a request were seen; 0: none yet */
    uint64_t unsent_since; /* what is to be sent has not become less */
    size_t unsent;
    bool used; /* a request was answered on it */
    bool cut;  /* shut down; h2o will notice */
};

struct th_proxies;
struct th_gzip;

struct th_listener {
    const char *name;
    char address[128];
    struct th_listener_opts opts;
    struct th_proxies *proxies;
    int fd; /* -1 when no longer listening */
    int port;
    h2o_globalconf_t conf; /* read by all workers once they run */
    _Atomic int64_t open;  /* connections, those in the mail included */
    _Atomic int load[TH_WORKERS_MAX];
    _Atomic(struct th_server *) servers[TH_WORKERS_MAX]; /* from start to stop; each written by its worker */
    uv_mutex_t lock;
    struct th_list mailed; /* under lock */
    /* Used by worker 0 only. */
    uv_poll_t poll;
    uv_timer_t pause;
    int next;
    _Atomic bool accepting; /* written by worker 0 */
};

struct th_server {
    h2o_context_t ctx;
    h2o_accept_ctx_t accept;
    struct th_worker *worker;
    struct th_listener *listener;
    th_request_cb on_request;
    void *arg;
    uv_timer_t sweep;
    struct th_list conns;
    struct th_list streams; /* http/stream.h: those still open */
    struct th_list sses;    /* http/sse.h */
    struct th_req *free_reqs;
    int nfree;
    int refs; /* one is th_server_stop's, one each request's: they may outlive the server's end */
    uint64_t ids;
    struct th_gzip *gzip;
    bool draining, stopping;
    uint64_t drain_until; /* loop time */
    void (*drained)(struct th_worker *w);
    struct th_server_counters counters;
};

/* ---- listener.c ---- */

/* Worker 0: begins to accept; ends accepting after what already waits was taken. Other workers: nothing. */
int th_listener_attach(struct th_listener *l, struct th_server *s, struct th_error *err) TH_MUST_CHECK;
void th_listener_detach(struct th_listener *l, struct th_server *s);
/* A connection has ended. Any thread. */
void th_listener_left(struct th_listener *l, int worker);

/* ---- conn.c ---- */

void th_conn_begin(struct th_conn *c);
/* The peer and h2o see the connection end; h2o lets go of its request in a later loop turn. */
void th_conn_cut(struct th_conn *c);
struct th_conn *th_conn_of(h2o_req_t *req);
void th_conn_free(struct th_conn *c);

/* ---- linger.c ---- */

/* Before h2o closes the connection. */
void th_linger_prepare(struct th_conn *c);
/* After it; ends with th_conn_free. */
void th_linger_begin(struct th_conn *c);

/* ---- early.c ---- */

void th_early_register(h2o_pathconf_t *path);

/* ---- sweep.c ---- */

/* A timer that cuts what is over its time. */
void th_sweep_start(struct th_server *s);
/* From now on every few milliseconds, and idle connections are closed. */
void th_sweep_hurry(struct th_server *s);

/* ---- server.c ---- */

/* h2o's configuration from the listener's limits. */
void th_server_configure(struct th_listener *l);
/* Calls drained when it is time. */
void th_server_check_drained(struct th_server *s);
void th_server_unref(struct th_server *s);

/* ---- req.c ---- */

struct th_req *th_req_begin(struct th_conn *c, h2o_req_t *req);
/* h2o lets go. */
void th_req_end(struct th_req *r);
/* Status line and type of the one answer; false when it must not be sent. */
bool th_req_head(struct th_req *r, int status, const char *type);
void th_req_free_all(struct th_server *s);

/* ---- stream.c, sse.c ---- */

/* h2o lets go of the request that the stream answers. */
void th_stream_released(struct th_stream *s);
void th_streams_drain(struct th_server *s);
void th_streams_abort(struct th_server *s);
/* Comments to clients to whom nothing was said for long; at is loop time. */
void th_sses_tick(struct th_server *s, uint64_t at);

#endif
