/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL for one worker, never blocking. Three kinds of connection, none shared between threads:
 * - pool: pipelined query connections for single statements, and leases of one connection for a transaction
 * - batch: one that runs whole multi-statement strings with COPY data in between (COPY ends a connection in
 * pipeline mode, so this one is plain)
 * - listen: one that listens for notifications
 *
 * Either a submit returns -TH_Exxx and never calls back, or it returns 0 and calls back exactly once, later,
 * from the loop; at a stop or close, from inside that. Results are valid during the callback only. A deadline
 * that passes resets the connection, since its protocol state is unknown, and tells the caller; what others
 * had under way on the same connection ends with -TH_EUNAVAIL.
 *
 * Every session has timezone UTC, ISO dates and UTF-8, and the server notices within seconds when its client
 * is gone. Submits return -TH_EBUSY over a cap, -TH_ECANCELED when draining, -TH_EINVAL for what can never be
 * sent. */
#ifndef TH_PG_H
#define TH_PG_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/list.h"
#include "base/str.h"
#include "io/worker.h"

struct th_pg_pool;
struct th_pg_query;
struct th_pg_lease;
struct th_pg_batch;

struct th_pg_outcome {
    int code;            /* 0, -TH_EDB (the server said no), -TH_EUNAVAIL, -TH_ETIMEOUT, -TH_ECANCELED */
    const PGresult *res; /* of the (last) statement; NULL unless code is 0 */
    bool unknown;     /* with the last three: it was sent and nobody saw its end, so it may have been done */
    char sqlstate[6]; /* with -TH_EDB */
    const char *message; /* with any error, for the log; never for users */
    const char *detail;  /* with -TH_EDB, "" when none */
    const char *constraint;
};

typedef void (*th_pg_cb)(void *arg, const struct th_pg_outcome *o);

/* The last worker, which runs the API's jobs, has that many connections more: a job holds one for as long as
 * a step takes, and must not keep requests waiting. */
#define TH_PG_JOB_CONNECTIONS 2

/* Reads database.* of the configuration. Connecting goes on in the background for ever, with backoff. */
int th_pg_pool_start(struct th_worker *w, struct th_error *err) TH_MUST_CHECK;
void th_pg_pool_drain(struct th_worker *w);
void th_pg_pool_stop(struct th_worker *w);
bool th_pg_pool_up(const struct th_pg_pool *p); /* at least one connection is usable now */

/* One statement, text parameters and text results; NULL in params is SQL null. Prepared on first use per
 * connection, keyed by the address of sql when `keep` (sql is then a string that lives as long as the
 * process). Parameters are copied. Queries wait in order for a connection (database.queue of them, 64 MiB
 * together) and are pipelined; each commits by itself, and an error in one does nothing to its neighbours.
 * One that waited database.timeout ends with -TH_ETIMEOUT, or -TH_EUNAVAIL when there is no connection at
 * all; one that runs so long is ended by the server
 * (-TH_ETIMEOUT, not unknown). No COPY, no transaction control. *out (may be NULL) is for th_pg_cancel and
 * valid until the callback. */
int th_pg_query(struct th_pg_pool *p, const char *sql, bool keep, int nparams, const char *const *params,
    th_pg_cb cb, void *arg, struct th_pg_query **out) TH_MUST_CHECK;
/* The callback comes with -TH_ECANCELED, later. What was already sent may still be done by the server. */
void th_pg_cancel(struct th_pg_query *q);

/* A connection of one's own, for a transaction. got() is called with the lease when one is free, or with a
 * code and NULL: -TH_ETIMEOUT or -TH_EUNAVAIL after database.timeout. At most 256 wait. With two or more
 * database.connections one of them is never leased, so that a holder may wait for a th_pg_query; with one he
 * must not. */
typedef void (*th_pg_lease_cb)(void *arg, int code, struct th_pg_lease *l);
int th_pg_lease(struct th_pg_pool *p, th_pg_lease_cb got, void *arg) TH_MUST_CHECK;
/* One query at a time (else -TH_EBUSY). -TH_EUNAVAIL once the connection was lost: end the lease. */
int th_pg_lease_query(struct th_pg_lease *l, const char *sql, int nparams, const char *const *params,
    th_pg_cb cb, void *arg) TH_MUST_CHECK;
/* Gives it back; a transaction left open is rolled back first. To be called for every lease got, lost ones
 * too, and also after the pool was stopped. A query under way is called back with -TH_ECANCELED. */
void th_pg_lease_end(struct th_pg_lease *l);

/* The batch connection. prepare: statements run after each connect (NULL-terminated list of SQL). */
int th_pg_batch_open(struct th_worker *w, const char *const *prepare, struct th_pg_batch **out,
    struct th_error *err) TH_MUST_CHECK;
/* Connected and no run under way: also true inside the callback of a run, unless its connection was lost. */
bool th_pg_batch_ready(const struct th_pg_batch *b);
/* Called from the loop whenever the connection has become ready, not after each run. */
void th_pg_batch_on_ready(struct th_pg_batch *b, void (*cb)(void *arg), void *arg);
/* Runs sql (simple protocol: several statements in one string) and feeds copies[i], in order, to its COPY
 * FROM STDIN statements. sql and copies stay valid until the callback. One at a time (else -TH_EBUSY;
 * -TH_EUNAVAIL when not connected). On an error inside, the outcome is the first one and the transaction is
 * over: rolled back, by the server or by a `rollback` of ours, before the callback. A string that leaves a
 * transaction open is such an error. Else the outcome is that of the last statement; unknown is set when the
 * connection went away before its end was seen. */
int th_pg_batch_run(struct th_pg_batch *b, struct th_str sql, const struct th_str *copies, int ncopies,
    int64_t timeout_ms, th_pg_cb cb, void *arg) TH_MUST_CHECK;
/* A run under way is called back with -TH_ECANCELED. */
void th_pg_batch_close(struct th_pg_batch *b);

/* LISTEN on one channel. on_note is called per notification; on_new whenever the connection is new, since
 * notifications may have been missed. It may be closed inside either. */
struct th_pg_listen;
int th_pg_listen_open(struct th_worker *w, const char *channel,
    void (*on_note)(void *arg, struct th_str payload), void (*on_new)(void *arg), void *arg,
    struct th_pg_listen **out, struct th_error *err) TH_MUST_CHECK;
void th_pg_listen_close(struct th_pg_listen *l);

#endif
