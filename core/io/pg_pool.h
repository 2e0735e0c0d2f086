/* SPDX-License-Identifier: Apache-2.0
 *
 * What pg_pool.c and pg_lease.c share. A query is in one of these places:
 *   pool->waiting  from th_pg_query until a connection has room (or its deadline, or a cancel)
 *   slot->sent     from then until its sync has come back, whoever still wants the answer
 *   pool->canceled from th_pg_cancel until its owner has been told (beside slot->sent when it was sent)
 * It is freed when it is in none. A lease waits in pool->lease_waiting, is then tied to a slot that takes no
 * more queries, and is granted when that slot's last query has come back. */
#ifndef TH_PG_POOL_H
#define TH_PG_POOL_H

#include "io/pg.h"
#include "io/pg_conn.h"
#include "io/pg_prepared.h"

#define TH_PG_SENT_MAX 64          /* queries in the pipeline of one connection */
#define TH_PG_BYTES_MAX (64 << 20) /* statements and parameters of all queries of a pool */
#define TH_PG_LEASES_WAITING_MAX 256

struct th_pg_query {
    struct th_list link;
    struct th_list canceled;
    struct th_pg_pool *pool;
    struct th_pg_slot *slot; /* where it was sent, or NULL */
    th_pg_cb cb;             /* NULL when the owner has been told */
    void *arg;
    uint64_t deadline; /* in uv_now() milliseconds */
    size_t bytes;
    const char *sql;
    int nparams;
    const char **params;
    bool keep;
    bool preparing; /* its PREPARE went with it and has not been answered */
    bool sent;      /* the server may have done it */
    PGresult *res;  /* the first error, else the last result */
};

struct th_pg_slot {
    struct th_pg_conn conn;
    struct th_pg_pool *pool;
    struct th_list sent; /* oldest first: answers come in this order */
    int sent_n;
    struct th_pg_prepared prepared;
    bool held;                 /* for a lease, or its rollback: takes no other queries */
    struct th_pg_lease *lease; /* NULL while its rollback runs */
};

struct th_pg_lease {
    struct th_list link; /* in pool->lease_waiting */
    struct th_pg_pool *pool;
    struct th_pg_slot *slot; /* NULL: waiting, or its connection was lost */
    bool granted;
    th_pg_lease_cb got;
    void *arg;
    uint64_t deadline; /* of waiting */
    struct th_pg_query *query;
};

struct th_pg_pool {
    struct th_worker *w;
    struct th_list waiting;
    int waiting_n, waiting_max;
    size_t bytes;
    struct th_list canceled;
    struct th_list lease_waiting;
    int lease_waiting_n;
    int held_n, held_max;
    struct th_later turn; /* tells owners of canceled queries and grants leases */
    uv_timer_t tick;      /* deadlines; runs while there is anything to wait for */
    uint64_t timeout_ms;
    bool draining, drained_told;
    int open_n; /* handles to be closed before the memory may go */
    int slot_n;
    struct th_pg_slot slots[];
};

/* pg_pool.c */
struct th_pg_query *th__pg_query_new(struct th_pg_pool *p, const char *sql, bool keep, int nparams,
    const char *const *params, th_pg_cb cb, void *arg);
bool th__pg_send(struct th_pg_slot *slot, struct th_pg_query *q);
void th__pg_query_free(struct th_pg_query *q); /* of one that is in no list */
void th__pg_pump(struct th_pg_pool *p);
void th__pg_turn(struct th_pg_pool *p);
void th__pg_arm(struct th_pg_pool *p);
int th__pg_admit(const struct th_pg_pool *p, int nparams);
struct th_pg_slot *th__pg_pick(struct th_pg_pool *p, int sent_max);

/* pg_lease.c */
void th__pg_lease_hold(struct th_pg_pool *p);                 /* ties waiting leases to slots */
void th__pg_lease_grant(struct th_pg_pool *p);                /* to those whose slot has become quiet */
void th__pg_lease_lost(struct th_pg_slot *slot);              /* its connection went down */
void th__pg_lease_expire(struct th_pg_pool *p, uint64_t now); /* those that waited too long */
void th__pg_lease_stop(struct th_pg_pool *p);

#endif
