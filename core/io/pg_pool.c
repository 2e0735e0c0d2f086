/* SPDX-License-Identifier: Apache-2.0
 *
 * Queries are pipelined, each with a sync of its own, so that an error ends with its query and each query
 * commits by itself. An answer counts when its sync has come: only then has the server committed. */
#include "io/pg_pool.h"

#include <string.h>

#include "base/log.h"
#include "io/pg_outcome.h"

#define TH_PG_TICK_MS 50

/* ---- queries ---- */

struct th_pg_query *th__pg_query_new(struct th_pg_pool *p, const char *sql, bool keep, int nparams,
    const char *const *params, th_pg_cb cb, void *arg)
{
    size_t size = sizeof(struct th_pg_query) + (size_t)nparams * sizeof(char *);
    for (int i = 0; i < nparams; i++)
        size += params[i] != NULL ? strlen(params[i]) + 1 : 0;
    size += keep ? 0 : strlen(sql) + 1;
    struct th_pg_query *q = th_alloc(size);
    *q = (struct th_pg_query){
        .pool = p, .cb = cb, .arg = arg, .bytes = size, .keep = keep, .nparams = nparams};
    th_list_init(&q->link);
    th_list_init(&q->canceled);
    q->deadline = uv_now(&p->w->loop) + p->timeout_ms;
    q->params = (const char **)(q + 1);
    char *at = (char *)(q->params + nparams);
    for (int i = 0; i < nparams; i++) {
        q->params[i] = params[i] != NULL ? at : NULL;
        at = params[i] != NULL ? stpcpy(at, params[i]) + 1 : at;
    }
    q->sql = keep ? sql : at;
    if (!keep)
        strcpy(at, sql);
    p->bytes += size;
    return q;
}

void th__pg_query_free(struct th_pg_query *q)
{
    q->pool->bytes -= q->bytes;
    PQclear(q->res);
    th_free(q);
}

static void release(struct th_pg_query *q)
{
    if (th_list_empty(&q->link) && th_list_empty(&q->canceled))
        th__pg_query_free(q);
}

/* Once per query; afterwards the owner knows nothing of it any more. */
static void tell(struct th_pg_query *q, struct th_pg_outcome o)
{
    th_pg_cb cb = q->cb;
    q->cb = NULL;
    if (cb != NULL)
        cb(q->arg, &o);
}

static void end(struct th_pg_query *q, struct th_pg_outcome o)
{
    /* The owner of a canceled one is told in the pool's turn. */
    if (th_list_empty(&q->canceled))
        tell(q, o);
    release(q);
}

int th__pg_admit(const struct th_pg_pool *p, int nparams)
{
    if (nparams < 0 || nparams > 65535)
        return -TH_EINVAL;
    return p->bytes > TH_PG_BYTES_MAX ? -TH_EBUSY : 0;
}

int th_pg_query(struct th_pg_pool *p, const char *sql, bool keep, int nparams, const char *const *params,
    th_pg_cb cb, void *arg, struct th_pg_query **out)
{
    if (p->draining)
        return -TH_ECANCELED;
    int code = p->waiting_n >= p->waiting_max ? -TH_EBUSY : th__pg_admit(p, nparams);
    if (code != 0)
        return code;
    struct th_pg_query *q = th__pg_query_new(p, sql, keep, nparams, params, cb, arg);
    th_list_push(&p->waiting, &q->link);
    p->waiting_n++;
    if (out != NULL)
        *out = q;
    th__pg_arm(p);
    th__pg_pump(p);
    return 0;
}

void th_pg_cancel(struct th_pg_query *q)
{
    if (q->cb == NULL || !th_list_empty(&q->canceled))
        return;
    if (q->slot == NULL) {
        th_list_remove(&q->link);
        q->pool->waiting_n--;
    }
    th_list_push(&q->pool->canceled, &q->canceled);
    th__pg_turn(q->pool);
}

/* ---- sending ---- */

/* False when nothing of it went out. */
bool th__pg_send(struct th_pg_slot *slot, struct th_pg_query *q)
{
    PGconn *pg = slot->conn.pg;
    const char *const *params = q->params;
    int ok;
    if (q->keep) {
        char name[TH_PG_PREPARED_NAME];
        q->preparing = th_pg_prepared_name(&slot->prepared, q->sql, name);
        ok = !q->preparing || PQsendPrepare(pg, name, q->sql, q->nparams, NULL);
        ok = ok && PQsendQueryPrepared(pg, name, q->nparams, params, NULL, NULL, 0);
    } else {
        ok = PQsendQueryParams(pg, q->sql, q->nparams, NULL, params, NULL, NULL, 0);
    }
    if (!ok) {
        th_pg_conn_reset_later(&slot->conn, PQerrorMessage(pg));
        return false;
    }
    q->slot = slot;
    q->sent = true;
    th_list_push(&slot->sent, &q->link);
    slot->sent_n++;
    if (PQpipelineSync(pg) == 0)
        th_pg_conn_reset_later(&slot->conn, PQerrorMessage(pg));
    else
        th_pg_conn_sent(&slot->conn);
    return true;
}

/* The usable one with the least in its pipeline. */
struct th_pg_slot *th__pg_pick(struct th_pg_pool *p, int sent_max)
{
    struct th_pg_slot *best = NULL;
    for (int i = 0; i < p->slot_n; i++) {
        struct th_pg_slot *s = &p->slots[i];
        bool usable = s->conn.state == TH_PG_UP && !s->held && th_list_empty(&s->conn.failing.link);
        if (usable && s->sent_n < sent_max && (best == NULL || s->sent_n < best->sent_n))
            best = s;
    }
    return best;
}

void th__pg_pump(struct th_pg_pool *p)
{
    th__pg_lease_hold(p);
    while (!th_list_empty(&p->waiting)) {
        struct th_pg_slot *slot = th__pg_pick(p, TH_PG_SENT_MAX);
        if (slot == NULL)
            return;
        struct th_pg_query *q = th_list_item(p->waiting.next, struct th_pg_query, link);
        th_list_remove(&q->link);
        if (th__pg_send(slot, q))
            p->waiting_n--;
        else
            th_list_push(p->waiting.next, &q->link); /* before the first: its place */
    }
}

/* ---- answers ---- */

/* The server has lost the statement, or its plan no longer fits; it did nothing yet, so once more is safe. */
static bool is_stale(const struct th_pg_query *q)
{
    if (!q->keep || q->res == NULL || !th_pg_failed(q->res))
        return false;
    const char *state = PQresultErrorField(q->res, PG_DIAG_SQLSTATE);
    return state != NULL && (strcmp(state, "26000") == 0 || strcmp(state, "0A000") == 0);
}

/* The server's own limit is the deadline come early: the statement is certainly not done, the connection
 * good. */
static struct th_pg_outcome outcome_of(const PGresult *res)
{
    if (res == NULL)
        return th_pg_outcome_fail(TH_EDB, false, "no result");
    struct th_pg_outcome o = th_pg_outcome_of(res);
    if (strcmp(o.sqlstate, "57014") == 0)
        o.code = -TH_ETIMEOUT;
    return o;
}

static void on_sync(struct th_pg_slot *slot)
{
    struct th_pg_pool *p = slot->pool;
    struct th_pg_query *q = th_list_item(slot->sent.next, struct th_pg_query, link);
    th_list_remove(&q->link);
    q->slot = NULL;
    slot->sent_n--;
    if (slot->lease != NULL && slot->lease->query == q)
        slot->lease->query = NULL;
    if (slot->sent_n == 0 && slot->held)
        th__pg_turn(p);
    bool stale = is_stale(q);
    if (q->preparing || stale)
        th_pg_prepared_forget(&slot->prepared, q->sql);
    if (stale && q->cb != NULL && th_list_empty(&q->canceled)) {
        q->keep = false; /* this time without, so that it hears its own error if it has one */
        q->sent = false;
        PQclear(q->res);
        q->res = NULL;
        th_list_push(p->waiting.next, &q->link);
        p->waiting_n++;
        return;
    }
    bool leased = slot->lease != NULL && slot->lease->granted;
    if (slot->sent_n == 0 && !leased && PQtransactionStatus(slot->conn.pg) != PQTRANS_IDLE) {
        th_erro("pg.transaction_left_open", "sql=\"%.200s\"", q->sql);
        th_pg_conn_reset_later(&slot->conn, "a pooled query left a transaction open");
    }
    end(q, outcome_of(q->res));
}

/* Of the oldest query sent, with the connection, whose state is unknown. The others sent get on_down's
 * outcome; the owner is told last, so that what he asks for next does not go out on this connection. */
static void give_up(struct th_pg_slot *slot, const char *why, enum th_err code, bool unknown)
{
    struct th_pg_query *q = th_list_item(slot->sent.next, struct th_pg_query, link);
    th_list_remove(&q->link);
    slot->sent_n--;
    if (slot->lease != NULL && slot->lease->query == q)
        slot->lease->query = NULL;
    th_pg_conn_reset(&slot->conn, why);
    q->slot = NULL;
    end(q, th_pg_outcome_fail(code, unknown, why));
}

static void take(struct th_pg_slot *slot, PGresult *res)
{
    struct th_pg_query *q = th_list_item(slot->sent.next, struct th_pg_query, link);
    switch (PQresultStatus(res)) {
    case PGRES_PIPELINE_SYNC:
        PQclear(res);
        on_sync(slot);
        return;
    case PGRES_PIPELINE_ABORTED: /* what follows an error up to its sync; the error is kept */
        PQclear(res);
        return;
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH:
        PQclear(res);
        give_up(slot, "COPY runs on the batch connection only", TH_EDB, false);
        return;
    default:
        break;
    }
    if (q->preparing && !th_pg_failed(res)) {
        q->preparing = false;
        PQclear(res);
    } else if (q->res != NULL && th_pg_failed(q->res)) {
        PQclear(res);
    } else {
        PQclear(q->res);
        q->res = res;
    }
}

static void on_readable(struct th_pg_conn *c)
{
    struct th_pg_slot *slot = th_container_of(c, struct th_pg_slot, conn);
    PGconn *pg = c->pg;
    /* One NULL ends each statement's results; two in a row say that nothing is to come. */
    int nulls = 0;
    while (c->pg == pg && nulls < 2 && slot->sent_n > 0 && !PQisBusy(pg)) {
        PGresult *res = PQgetResult(pg);
        nulls = res == NULL ? nulls + 1 : 0;
        if (res != NULL)
            take(slot, res);
    }
    if (c->pg == pg)
        th__pg_pump(slot->pool);
}

static void on_up(struct th_pg_conn *c)
{
    PQenterPipelineMode(c->pg);
    th__pg_pump(th_container_of(c, struct th_pg_slot, conn)->pool);
}

static void fail_all(struct th_list *queries, enum th_err code, bool unknown, const char *why)
{
    while (!th_list_empty(queries)) {
        struct th_pg_query *q = th_list_item(queries->next, struct th_pg_query, link);
        th_list_remove(&q->link);
        q->slot = NULL;
        end(q, th_pg_outcome_fail(code, unknown, why));
    }
}

static void on_down(struct th_pg_conn *c, const char *why)
{
    struct th_pg_slot *slot = th_container_of(c, struct th_pg_slot, conn);
    struct th_list lost;
    th_list_init(&lost);
    th_list_move_all(&lost, &slot->sent);
    slot->sent_n = 0;
    th_pg_prepared_free(&slot->prepared);
    th__pg_lease_lost(slot);
    fail_all(&lost, TH_EUNAVAIL, true, why);
    th__pg_pump(slot->pool);
}

static const struct th_pg_conn_hooks pool_hooks = {.up = on_up, .down = on_down, .readable = on_readable};

/* ---- deadlines ---- */

/* The server's own limit ends a slow statement without harm to those behind it in the pipeline, so it gets
 * its chance first. */
static uint64_t grace(const struct th_pg_pool *p)
{
    return 250 + p->timeout_ms / 8;
}

static bool quiet(const struct th_pg_pool *p)
{
    int sent = 0;
    for (int i = 0; i < p->slot_n; i++)
        sent += p->slots[i].sent_n;
    return sent + p->waiting_n + p->lease_waiting_n + p->held_n == 0 && th_list_empty(&p->canceled);
}

static void expire_waiting(struct th_pg_pool *p, uint64_t now)
{
    while (!th_list_empty(&p->waiting)) {
        struct th_pg_query *q = th_list_item(p->waiting.next, struct th_pg_query, link);
        if (q->deadline > now)
            return;
        th_list_remove(&q->link);
        p->waiting_n--;
        bool up = th_pg_pool_up(p);
        end(q, th_pg_outcome_fail(up ? TH_ETIMEOUT : TH_EUNAVAIL, false,
                   up ? "no connection became free in time" : "no connection to the database"));
    }
}

static void expire_sent(struct th_pg_slot *slot, uint64_t now)
{
    if (slot->sent_n == 0)
        return;
    struct th_pg_query *q = th_list_item(slot->sent.next, struct th_pg_query, link);
    if (q->deadline + grace(slot->pool) > now)
        return;
    give_up(slot, "a query was not answered in time", TH_ETIMEOUT, true);
}

static void on_tick(uv_timer_t *tick)
{
    struct th_pg_pool *p = tick->data;
    uint64_t now = uv_now(&p->w->loop);
    expire_waiting(p, now);
    th__pg_lease_expire(p, now);
    for (int i = 0; i < p->slot_n; i++)
        expire_sent(&p->slots[i], now);
    if (!quiet(p))
        return;
    uv_timer_stop(tick);
    if (p->draining && !p->drained_told) {
        p->drained_told = true;
        th_worker_drained(p->w);
    }
}

void th__pg_arm(struct th_pg_pool *p)
{
    if (!uv_is_active((uv_handle_t *)&p->tick))
        uv_timer_start(&p->tick, on_tick, TH_PG_TICK_MS, TH_PG_TICK_MS);
}

/* ---- the pool's turn ---- */

static void on_turn(struct th_worker *w, struct th_later *l)
{
    struct th_pg_pool *p = th_container_of(l, struct th_pg_pool, turn);
    while (!th_list_empty(&p->canceled)) {
        struct th_pg_query *q = th_list_item(p->canceled.next, struct th_pg_query, canceled);
        th_list_remove(&q->canceled);
        tell(q, th_pg_outcome_fail(TH_ECANCELED, q->sent, "canceled"));
        release(q);
    }
    th__pg_lease_grant(p);
}

void th__pg_turn(struct th_pg_pool *p)
{
    if (th_list_empty(&p->turn.link))
        th_worker_later(p->w, &p->turn);
}

/* ---- life ---- */

bool th_pg_pool_up(const struct th_pg_pool *p)
{
    for (int i = 0; i < p->slot_n; i++) {
        if (p->slots[i].conn.state == TH_PG_UP)
            return true;
    }
    return false;
}

int th_pg_pool_start(struct th_worker *w, struct th_error *err)
{
    const struct th_conf *conf = w->rt->conf;
    bool jobs = w->index == w->rt->worker_count - 1;
    int n = (int)conf->database_connections + (jobs ? TH_PG_JOB_CONNECTIONS : 0);
    struct th_pg_pool *p = th_calloc(1, sizeof(*p) + (size_t)n * sizeof(p->slots[0]));
    p->w = w;
    p->waiting_max = (int)conf->database_queue;
    p->timeout_ms = (uint64_t)conf->database_timeout;
    /* With two or more, one stays free for queries, which a lease's holder may wait for. */
    p->held_max = n > 1 ? n - 1 : 1;
    th_list_init(&p->waiting);
    th_list_init(&p->canceled);
    th_list_init(&p->lease_waiting);
    th_list_init(&p->turn.link);
    p->turn.run = on_turn;
    uv_timer_init(&w->loop, &p->tick);
    p->tick.data = p;
    p->open_n = 1;
    w->pg = p;
    for (int i = 0; i < n; i++) {
        struct th_pg_slot *slot = &p->slots[i];
        slot->pool = p;
        th_list_init(&slot->sent);
        int code = th_pg_conn_open(&slot->conn, w, "pool", conf->database_timeout, NULL, &pool_hooks, err);
        if (code != 0) {
            th_pg_pool_stop(w);
            return code;
        }
        p->slot_n++;
        p->open_n++;
    }
    return 0;
}

void th_pg_pool_drain(struct th_worker *w)
{
    w->pg->draining = true;
    th__pg_arm(w->pg); /* its tick sees when all is quiet */
}

static void closed_one(struct th_pg_pool *p)
{
    if (--p->open_n == 0)
        th_free(p);
}

static void on_tick_closed(uv_handle_t *tick)
{
    closed_one(tick->data);
}

static void on_conn_closed(struct th_pg_conn *c)
{
    closed_one(th_container_of(c, struct th_pg_slot, conn)->pool);
}

void th_pg_pool_stop(struct th_worker *w)
{
    struct th_pg_pool *p = w->pg;
    w->pg = NULL;
    p->draining = true;
    p->drained_told = true;
    struct th_list sent;
    th_list_init(&sent);
    for (int i = 0; i < p->slot_n; i++) {
        th_pg_conn_close(&p->slots[i].conn, on_conn_closed);
        th_list_move_all(&sent, &p->slots[i].sent);
        p->slots[i].sent_n = 0;
        th_pg_prepared_free(&p->slots[i].prepared);
    }
    th__pg_lease_stop(p);
    fail_all(&sent, TH_ECANCELED, true, "stopping");
    fail_all(&p->waiting, TH_ECANCELED, false, "stopping");
    on_turn(w, &p->turn);
    th_list_remove(&p->turn.link);
    uv_close((uv_handle_t *)&p->tick, on_tick_closed);
}
