/* SPDX-License-Identifier: Apache-2.0
 *
 * One multi-statement string per run, in the simple protocol: it goes out whole, and at each COPY FROM STDIN
 * in it the server asks for data, which is fed as fast as the socket takes it. After an error the server
 * skips the rest of the string, and leaves a failed transaction if the string had begun one: that is rolled
 * back before the owner is told, so that the connection is fit for the next run. */
#include <string.h>

#include "base/log.h"
#include "io/pg.h"
#include "io/pg_conn.h"
#include "io/pg_outcome.h"

#define TH_PG_COPY_CHUNK (64 << 10)

enum run_state {
    IDLE,
    RUNNING, /* results are awaited */
    COPYING, /* the server takes copies[copy_at] */
    UNDOING, /* the run has failed, its rollback is awaited */
};

struct th_pg_batch {
    struct th_pg_conn conn;
    struct th_worker *w;
    enum run_state state;
    uv_timer_t timer;
    struct th_buf sql;
    const struct th_str *copies;
    int ncopies, copy_at;
    size_t copy_off;
    PGresult *res; /* the first error, else the last result */
    th_pg_cb cb;
    void *arg;
    void (*on_ready)(void *arg);
    void *on_ready_arg;
    int open_n;
};

/* ---- the end of a run ---- */

static void tell(struct th_pg_batch *b, struct th_pg_outcome o)
{
    PGresult *res = b->res;
    b->res = NULL;
    b->state = IDLE;
    if (!uv_is_closing((uv_handle_t *)&b->timer))
        uv_timer_stop(&b->timer);
    b->cb(b->arg, &o);
    PQclear(res);
}

/* The connection is gone. A run that had failed is certainly undone; of any other nobody knows. */
static void tell_lost(struct th_pg_batch *b, enum th_err code, const char *why)
{
    if (b->state == UNDOING)
        tell(b, th_pg_outcome_of(b->res));
    else if (b->state != IDLE)
        tell(b, th_pg_outcome_fail(code, true, why));
}

static void on_deadline(uv_timer_t *timer)
{
    struct th_pg_batch *b = timer->data;
    /* Out of UP first, so that the owner does not start the next run on this connection. */
    enum run_state state = b->state;
    b->state = IDLE;
    th_pg_conn_reset(&b->conn, "a batch did not end in time");
    b->state = state;
    tell_lost(b, TH_ETIMEOUT, "a batch did not end in time");
}

static void undo(struct th_pg_batch *b)
{
    b->state = UNDOING;
    if (PQsendQuery(b->conn.pg, "rollback") == 0)
        th_pg_conn_reset_later(&b->conn, PQerrorMessage(b->conn.pg));
    else
        th_pg_conn_flush(&b->conn);
}

static void on_string_done(struct th_pg_batch *b)
{
    bool open = PQtransactionStatus(b->conn.pg) != PQTRANS_IDLE;
    if (b->state == UNDOING && open) {
        th_pg_conn_reset(&b->conn, "rollback failed");
        return;
    }
    if (open) {
        if (!th_pg_failed(b->res))
            th_erro("pg.transaction_left_open", "batch=1");
        undo(b);
        return;
    }
    if (b->state == UNDOING && !th_pg_failed(b->res))
        tell(b, th_pg_outcome_fail(TH_EDB, false, "the batch left its transaction open"));
    else
        tell(b, th_pg_outcome_of(b->res));
}

/* ---- copying ---- */

static void feed(struct th_pg_batch *b)
{
    PGconn *pg = b->conn.pg;
    /* A COPY for which no data was given ends in an error. */
    const struct th_str *copy = b->copy_at < b->ncopies ? &b->copies[b->copy_at] : NULL;
    while (copy != NULL && b->copy_off < copy->n) {
        size_t n = copy->n - b->copy_off < TH_PG_COPY_CHUNK ? copy->n - b->copy_off : TH_PG_COPY_CHUNK;
        int rc = PQputCopyData(pg, copy->p + b->copy_off, (int)n);
        if (rc < 0) {
            th_pg_conn_reset_later(&b->conn, PQerrorMessage(pg));
            return;
        }
        if (rc > 0)
            b->copy_off += n;
        if (!th_pg_conn_flush(&b->conn))
            return; /* goes on in on_flushed */
    }
    int rc = PQputCopyEnd(pg, copy != NULL ? NULL : "no data was given for this copy");
    if (rc < 0)
        th_pg_conn_reset_later(&b->conn, PQerrorMessage(pg));
    if (rc > 0) {
        b->state = RUNNING;
        b->copy_at++;
        b->copy_off = 0;
    }
    th_pg_conn_flush(&b->conn);
}

/* ---- results ---- */

static void keep(struct th_pg_batch *b, PGresult *res)
{
    if (b->res != NULL && (b->state == UNDOING || th_pg_failed(b->res))) {
        PQclear(res);
        return;
    }
    PQclear(b->res);
    b->res = res;
}

static void take(struct th_pg_batch *b, PGresult *res)
{
    switch (PQresultStatus(res)) {
    case PGRES_COPY_IN:
        PQclear(res);
        b->state = COPYING;
        feed(b);
        return;
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH:
        PQclear(res);
        th_pg_conn_reset(&b->conn, "a batch takes COPY FROM STDIN only");
        return;
    default:
        keep(b, res);
        return;
    }
}

static void read_results(struct th_pg_batch *b)
{
    PGconn *pg = b->conn.pg;
    /* On a lost connection libpq ends the string with results of its own making: those are not the server's
     * word. */
    while (b->conn.pg == pg && (b->state == RUNNING || b->state == UNDOING) && !PQisBusy(pg) &&
           PQstatus(pg) == CONNECTION_OK) {
        PGresult *res = PQgetResult(pg);
        if (res != NULL)
            take(b, res);
        else if (b->res != NULL)
            on_string_done(b);
        else
            th_pg_conn_reset(&b->conn, "a batch ended without a result");
    }
}

static void on_readable(struct th_pg_conn *c)
{
    read_results(th_container_of(c, struct th_pg_batch, conn));
}

static void on_flushed(struct th_pg_conn *c)
{
    struct th_pg_batch *b = th_container_of(c, struct th_pg_batch, conn);
    if (b->state != COPYING)
        return;
    feed(b);
    /* The server may have said its word while we were still feeding. */
    read_results(b);
}

static void on_up(struct th_pg_conn *c)
{
    struct th_pg_batch *b = th_container_of(c, struct th_pg_batch, conn);
    if (b->on_ready != NULL)
        b->on_ready(b->on_ready_arg);
}

static void on_down(struct th_pg_conn *c, const char *why)
{
    tell_lost(th_container_of(c, struct th_pg_batch, conn), TH_EUNAVAIL, why);
}

static const struct th_pg_conn_hooks batch_hooks = {
    .up = on_up, .down = on_down, .readable = on_readable, .flushed = on_flushed};

/* ---- the owner's side ---- */

bool th_pg_batch_ready(const struct th_pg_batch *b)
{
    return b->state == IDLE && b->conn.state == TH_PG_UP && th_list_empty(&b->conn.failing.link);
}

void th_pg_batch_on_ready(struct th_pg_batch *b, void (*cb)(void *arg), void *arg)
{
    b->on_ready = cb;
    b->on_ready_arg = arg;
}

int th_pg_batch_run(struct th_pg_batch *b, struct th_str sql, const struct th_str *copies, int ncopies,
    int64_t timeout_ms, th_pg_cb cb, void *arg)
{
    if (b->state != IDLE)
        return -TH_EBUSY;
    if (!th_pg_batch_ready(b))
        return -TH_EUNAVAIL;
    if (sql.n == 0 || memchr(sql.p, '\0', sql.n) != NULL)
        return -TH_EINVAL;
    b->state = RUNNING;
    b->copies = copies;
    b->ncopies = ncopies;
    b->copy_at = 0;
    b->copy_off = 0;
    b->cb = cb;
    b->arg = arg;
    th_buf_reset(&b->sql);
    th_buf_str(&b->sql, sql);
    uv_timer_start(&b->timer, on_deadline, (uint64_t)timeout_ms, 0);
    /* Should libpq fail here, part of it may have gone out: the owner hears of it like of any lost
     * connection. */
    if (PQsendQuery(b->conn.pg, th_buf_cstr(&b->sql)) == 0)
        th_pg_conn_reset_later(&b->conn, PQerrorMessage(b->conn.pg));
    else
        th_pg_conn_sent(&b->conn);
    return 0;
}

/* ---- life ---- */

int th_pg_batch_open(
    struct th_worker *w, const char *const *prepare, struct th_pg_batch **out, struct th_error *err)
{
    struct th_pg_batch *b = th_calloc(1, sizeof(*b));
    int code = th_pg_conn_open(&b->conn, w, "batch", 0, prepare, &batch_hooks, err);
    if (code != 0) {
        th_free(b);
        return code;
    }
    b->w = w;
    b->open_n = 2;
    uv_timer_init(&w->loop, &b->timer);
    b->timer.data = b;
    *out = b;
    return 0;
}

static void closed_one(struct th_pg_batch *b)
{
    if (--b->open_n > 0)
        return;
    th_buf_free(&b->sql);
    th_free(b);
}

static void on_timer_closed(uv_handle_t *timer)
{
    closed_one(timer->data);
}

static void on_conn_closed(struct th_pg_conn *c)
{
    closed_one(th_container_of(c, struct th_pg_batch, conn));
}

void th_pg_batch_close(struct th_pg_batch *b)
{
    th_pg_conn_close(&b->conn, on_conn_closed);
    uv_close((uv_handle_t *)&b->timer, on_timer_closed);
    tell_lost(b, TH_ECANCELED, "closed");
}
