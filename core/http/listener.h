/* SPDX-License-Identifier: Apache-2.0
 *
 * An address that the process listens on. It is bound once, before the workers start, so that a taken port is
 * an error a person can read; worker 0 accepts and hands each connection to the worker that has the fewest.
 * What is served there is decided by a th_server per worker (http/server.h). */
#ifndef TH_LISTENER_H
#define TH_LISTENER_H

#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

/* Limits of one listener; times in milliseconds, sizes in bytes. All must be set but the last two. */
struct th_listener_opts {
    int64_t max_connections; /* over it a connection is accepted, counted and closed */
    size_t max_body;         /* of one request; over it 413 */
    int64_t header_timeout;  /* from connecting to the first byte, and from there to the end of the head */
    int64_t request_timeout; /* from a request's first byte to its last */
    int64_t idle_timeout;    /* between requests; also for a client that does not read its answer */
    /* Request bytes held per worker for requests not yet complete; over it the connections that hold most are
     * answered 503. 0: 64 MiB. At least four bodies. */
    size_t max_buffered;
    /* Addresses whose X-Forwarded-For is believed, comma separated, each with an optional prefix length
     * (10.0.0.0/8). NULL or "": none. */
    const char *proxies;
};

struct th_listener;

/* name is how the person who reads the error knows it ("http.listen"), a constant. address is HOST:PORT,
 * [HOST]:PORT for IPv6; port 0 takes any free one. Main thread. -TH_EINVAL: not an address; -TH_ECONFLICT:
 * already in use; -TH_EIO: the rest. */
int th_listener_open(const char *name, const char *address, const struct th_listener_opts *opts,
    struct th_listener **out, struct th_error *err) TH_MUST_CHECK;
/* Main thread, after th_runtime_stop (or when the workers did not start). NULL is allowed. */
void th_listener_close(struct th_listener *l);

/* The port in use. Any thread. */
int th_listener_port(const struct th_listener *l);
const char *th_listener_name(const struct th_listener *l);

#endif
