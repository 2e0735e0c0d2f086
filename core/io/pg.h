/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL for one worker, never blocking. Three kinds of connection, none shared between threads:
 *   pool   pipelined query connections for single statements, and leases of one connection for a transaction
 *   batch  one connection that runs whole multi-statement strings with COPY data in between (COPY ends a
 * connection in pipeline mode, so this one is plain) listen one that listens for notifications Either a
 * submit returns -TH_Exxx and never calls back, or it returns 0 and calls back exactly once, later, from the
 * loop. Results are valid during the callback only. A deadline that passes tells the caller, then resets the
 * connection, since its protocol state is unknown. */
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
    int code;            /* 0, or -TH_EDB (the server said no), -TH_EUNAVAIL, -TH_ETIMEOUT, -TH_ECANCELED */
    const PGresult *res; /* of the (last) statement; NULL unless code is 0 */
    bool unknown;        /* the connection was lost after something was sent: it may have been done */
    char sqlstate[6];    /* with -TH_EDB */
    const char *message; /* with any error, for the log; never for users */
    const char *detail;  /* with -TH_EDB, "" when none */
    const char *constraint;
};

typedef void (*th_pg_cb)(void *arg, const struct th_pg_outcome *o);

/* Reads database.* of the configuration. Connecting goes on in the background for ever, with backoff. */
int th_pg_pool_start(struct th_worker *w, struct th_error *err) TH_MUST_CHECK;
void th_pg_pool_drain(struct th_worker *w);
void th_pg_pool_stop(struct th_worker *w);
bool th_pg_pool_up(const struct th_pg_pool *p); /* at least one connection is usable now */

/* One statement, text parameters and text results; NULL in params is SQL null. Prepared on first use per
 * connection, keyed by the address of sql when `keep` (sql is then a string that lives as long as the
 * process). Parameters are copied. *out (may be NULL) is for th_pg_cancel and valid until the callback. */
int th_pg_query(struct th_pg_pool *p, const char *sql, bool keep, int nparams, const char *const *params,
    th_pg_cb cb, void *arg, struct th_pg_query **out) TH_MUST_CHECK;
/* The callback comes with -TH_ECANCELED, later. What was already sent may still be done by the server. */
void th_pg_cancel(struct th_pg_query *q);

/* A connection of one's own, for a transaction. got() is called with the lease when one is free. */
typedef void (*th_pg_lease_cb)(void *arg, int code, struct th_pg_lease *l);
int th_pg_lease(struct th_pg_pool *p, th_pg_lease_cb got, void *arg) TH_MUST_CHECK;
/* One query at a time. */
int th_pg_lease_query(struct th_pg_lease *l, const char *sql, int nparams, const char *const *params,
    th_pg_cb cb, void *arg) TH_MUST_CHECK;
/* Gives it back; a transaction left open is rolled back first. */
void th_pg_lease_end(struct th_pg_lease *l);

/* The batch connection. prepare: statements run after each connect (NULL-terminated list of SQL). */
int th_pg_batch_open(struct th_worker *w, const char *const *prepare, struct th_pg_batch **out,
    struct th_error *err) TH_MUST_CHECK;
bool th_pg_batch_ready(const struct th_pg_batch *b);
/* Called from the loop whenever ready changes from false to true. */
void th_pg_batch_on_ready(struct th_pg_batch *b, void (*cb)(void *arg), void *arg);
/* Runs sql (simple protocol: several statements in one string) and feeds copies[i], in order, to its COPY
 * FROM STDIN statements. sql and copies stay valid until the callback. One at a time. On an error inside, the
 * transaction is over (the server rolled back; the connection is cleaned before the callback). The outcome of
 * `commit` is the outcome: unknown is set when the connection went away before the end was seen. */
int th_pg_batch_run(struct th_pg_batch *b, struct th_str sql, const struct th_str *copies, int ncopies,
    int64_t timeout_ms, th_pg_cb cb, void *arg) TH_MUST_CHECK;
void th_pg_batch_close(struct th_pg_batch *b);

/* LISTEN on one channel. on_note is called per notification; on_new whenever the connection is new, since
 * notifications may have been missed. */
struct th_pg_listen;
int th_pg_listen_open(struct th_worker *w, const char *channel,
    void (*on_note)(void *arg, struct th_str payload), void (*on_new)(void *arg), void *arg,
    struct th_pg_listen **out, struct th_error *err) TH_MUST_CHECK;
void th_pg_listen_close(struct th_pg_listen *l);

#endif
