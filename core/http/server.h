/* SPDX-License-Identifier: Apache-2.0
 *
 * What one worker serves on one listener: an h2o context with the listener's limits and the callback that
 * gets the requests. A layer that owns a listener calls start, drain and stop from its own worker part.
 *
 * HTTP/1.1 only. Requests that two readers could understand differently (two lengths, length and chunks,
 * folded headers, no or two hosts) are refused with 400 before the callback sees them. */
#ifndef TH_SERVER_H
#define TH_SERVER_H

#include <stdatomic.h>
#include <stdint.h>
#include "base/err.h"
#include "http/listener.h"
#include "http/req.h"
#include "io/worker.h"

struct th_server;

/* Called on the worker's thread for each complete request. Answer with th_req_reply* now, or keep r with
 * th_req_ref and answer in a later loop turn. Returning with neither is answered 500 and logged. */
typedef void (*th_request_cb)(struct th_req *r);

/* On every worker, in a part's start. arg is th_req_arg() of each request. */
int th_server_start(struct th_worker *w, struct th_listener *l, th_request_cb on_request, void *arg,
    struct th_server **out, struct th_error *err) TH_MUST_CHECK;

/* In the part's drain: no new connections, idle ones are closed, each answer closes its connection, streams
 * get th_stream's on_drain. drained is called once, possibly inside: when no connection is left, or after
 * TH_SERVER_DRAIN_MS when what is left has been cut. */
#define TH_SERVER_DRAIN_MS 10000
void th_server_drain(struct th_server *s, void (*drained)(struct th_worker *w));

/* In the part's stop: requests under way lose their client, all handles are closed, s is freed. NULL is
 * allowed. */
void th_server_stop(struct th_server *s);

/* Counters of one server, written by its worker, read by anyone through th_server_totals. name, help */
#define TH_SERVER_COUNTERS(X)                                                                                \
    X(accepted, "connections accepted")                                                                      \
    X(refused, "connections closed at once, over the listener's cap")                                        \
    X(accept_paused, "times that accepting paused for want of file descriptors")                             \
    X(requests, "requests answered or abandoned")                                                            \
    X(replies_2xx, "answers with status 2xx")                                                                \
    X(replies_3xx, "answers with status 3xx")                                                                \
    X(replies_4xx, "answers with status 4xx")                                                                \
    X(replies_5xx, "answers with status 5xx")                                                                \
    X(bad_requests, "requests refused for their form")                                                       \
    X(cut_header, "connections cut: head not complete in time")                                              \
    X(cut_request, "connections cut: request not complete in time")                                          \
    X(cut_idle, "connections closed for being idle")                                                         \
    X(cut_stalled, "connections cut: the client did not read its answer")                                    \
    X(cut_buffered, "connections cut: too many request bytes held")                                          \
    X(bytes_sent, "bytes of answers' bodies")

struct th_server_counters {
#define X(name, help) _Atomic uint64_t name;
    TH_SERVER_COUNTERS(X)
#undef X
};

/* Adds up the listener's servers and the connections open now. Any thread, while the workers run. */
struct th_server_totals {
#define X(name, help) uint64_t name;
    TH_SERVER_COUNTERS(X)
#undef X
    int64_t connections;
};
void th_server_totals(const struct th_listener *l, struct th_server_totals *out);

#endif
