/* SPDX-License-Identifier: Apache-2.0
 *
 * One connection to PostgreSQL in a worker's loop, kept up for ever: it connects without blocking, prepares
 * the session, tells its owner, and after any loss tries again with growing pauses (100 ms to 5 s, jittered).
 * What is said over it is the owner's business. Embedded in the owner's struct, which must outlive on_closed.
 */
#ifndef TH_PG_CONN_H
#define TH_PG_CONN_H

#include <libpq-fe.h>
#include <stdbool.h>
#include "base/err.h"
#include "io/pg_conninfo.h"
#include "io/worker.h"

#define TH_PG_CONNECT_MS 5000 /* for name, connection and session set-up together */

enum th_pg_conn_state {
    TH_PG_WAITING,    /* for the next attempt, or for a name to be looked up */
    TH_PG_CONNECTING, /* PQconnectPoll decides */
    TH_PG_SETUP,      /* set-up statements run one after the other */
    TH_PG_UP,         /* the owner's */
    TH_PG_CLOSED,
};

struct th_pg_conn;

/* All are called from the loop, and only between up and down. down comes when pg is already gone; the owner
 * may close the connection inside any of them. */
struct th_pg_conn_hooks {
    void (*up)(struct th_pg_conn *c);
    void (*down)(struct th_pg_conn *c, const char *why);
    void (*readable)(struct th_pg_conn *c); /* input may have come: take what PQisBusy says is there */
    void (*flushed)(struct th_pg_conn *c);  /* libpq's output buffer has become empty; may be NULL */
};

struct th_pg_conn {
    enum th_pg_conn_state state;
    PGconn *pg; /* non-NULL from CONNECTING to UP */
    struct th_worker *w;
    const char *kind; /* "pool", "batch", "listen" */
    const struct th_pg_conn_hooks *hooks;
    struct th_pg_conninfo info;
    char **setup; /* NULL-terminated, owned */
    int setup_at;
    unsigned attempts;
    uv_timer_t timer;            /* pause before an attempt, or its deadline */
    struct th_pg_poll *poll;     /* its handle lives on while it closes */
    struct th_pg_lookup *lookup; /* a name being looked up */
    struct th_later failing;     /* a failure noticed inside a call of the owner's */
    char failing_why[160];
    struct th_later unread; /* answers that libpq read while it sent */
    void (*on_closed)(struct th_pg_conn *c);
};

/* Begins to connect. setup (NULL-terminated, may be NULL) is run after each connect, one simple query each,
 * after our own session settings. timeout_ms > 0 sets the server's statement_timeout and
 * idle_in_transaction_session_timeout. */
int th_pg_conn_open(struct th_pg_conn *c, struct th_worker *w, const char *kind, int64_t timeout_ms,
    const char *const *setup, const struct th_pg_conn_hooks *hooks, struct th_error *err) TH_MUST_CHECK;
/* Sends what libpq has buffered, as far as the socket takes it; true when all went out. The rest goes by
 * itself. */
bool th_pg_conn_flush(struct th_pg_conn *c);
/* To be called once a query was handed to libpq outside of the hooks: flushes, and sees to it that `readable`
 * comes for what libpq may have read in order to make room. */
void th_pg_conn_sent(struct th_pg_conn *c);
/* Ends this connection and begins anew. Not to be called from inside a submit: it calls down. */
void th_pg_conn_reset(struct th_pg_conn *c, const char *why);
/* The same, from the next loop turn. */
void th_pg_conn_reset_later(struct th_pg_conn *c, const char *why);
/* No hook is called any more; on_closed when the memory may go. */
void th_pg_conn_close(struct th_pg_conn *c, void (*on_closed)(struct th_pg_conn *c));

#endif
