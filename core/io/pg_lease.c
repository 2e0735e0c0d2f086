/* SPDX-License-Identifier: Apache-2.0 */
#include "io/pg_pool.h"

#include "base/log.h"

static void hold(struct th_pg_slot *slot, struct th_pg_lease *l)
{
    slot->held = true;
    slot->lease = l;
    l->slot = slot;
    slot->pool->held_n++;
}

static void let_go(struct th_pg_slot *slot)
{
    if (!slot->held)
        return;
    if (slot->lease != NULL)
        slot->lease->slot = NULL;
    slot->lease = NULL;
    slot->held = false;
    slot->pool->held_n--;
}

/* ---- waiting for one ---- */

void th__pg_lease_hold(struct th_pg_pool *p)
{
    while (!th_list_empty(&p->lease_waiting) && p->held_n < p->held_max) {
        struct th_pg_slot *slot = th__pg_pick(p, TH_PG_SENT_MAX + 1);
        if (slot == NULL)
            return;
        struct th_pg_lease *l = th_list_item(p->lease_waiting.next, struct th_pg_lease, link);
        th_list_remove(&l->link);
        p->lease_waiting_n--;
        hold(slot, l);
        if (slot->sent_n == 0)
            th__pg_turn(p);
    }
}

void th__pg_lease_grant(struct th_pg_pool *p)
{
    for (int i = 0; i < p->slot_n; i++) {
        struct th_pg_slot *slot = &p->slots[i];
        struct th_pg_lease *l = slot->lease;
        if (l == NULL || l->granted || slot->sent_n > 0 || !th_list_empty(&slot->conn.failing.link))
            continue;
        l->granted = true;
        l->got(l->arg, 0, l);
    }
}

static void refuse(struct th_pg_lease *l, enum th_err code)
{
    l->got(l->arg, -(int)code, NULL);
    th_free(l);
}

void th__pg_lease_expire(struct th_pg_pool *p, uint64_t now)
{
    while (!th_list_empty(&p->lease_waiting)) {
        struct th_pg_lease *l = th_list_item(p->lease_waiting.next, struct th_pg_lease, link);
        if (l->deadline > now)
            return;
        th_list_remove(&l->link);
        p->lease_waiting_n--;
        refuse(l, th_pg_pool_up(p) ? TH_ETIMEOUT : TH_EUNAVAIL);
    }
}

void th__pg_lease_lost(struct th_pg_slot *slot)
{
    struct th_pg_lease *l = slot->lease;
    let_go(slot);
    if (l == NULL)
        return;
    l->query = NULL;
    if (l->granted)
        return;                                             /* its holder finds out at the next query */
    th_list_push(slot->pool->lease_waiting.next, &l->link); /* first in line again */
    slot->pool->lease_waiting_n++;
}

void th__pg_lease_stop(struct th_pg_pool *p)
{
    for (int i = 0; i < p->slot_n; i++)
        th__pg_lease_lost(&p->slots[i]);
    p->lease_waiting_n = 0;
    while (!th_list_empty(&p->lease_waiting)) {
        struct th_pg_lease *l = th_list_item(p->lease_waiting.next, struct th_pg_lease, link);
        th_list_remove(&l->link);
        refuse(l, TH_ECANCELED);
    }
}

int th_pg_lease(struct th_pg_pool *p, th_pg_lease_cb got, void *arg)
{
    if (p->draining)
        return -TH_ECANCELED;
    if (p->lease_waiting_n >= TH_PG_LEASES_WAITING_MAX)
        return -TH_EBUSY;
    struct th_pg_lease *l = th_alloc(sizeof(*l));
    *l = (struct th_pg_lease){.pool = p, .got = got, .arg = arg};
    l->deadline = uv_now(&p->w->loop) + p->timeout_ms;
    th_list_push(&p->lease_waiting, &l->link);
    p->lease_waiting_n++;
    th__pg_arm(p);
    th__pg_pump(p);
    return 0;
}

/* ---- having one ---- */

int th_pg_lease_query(
    struct th_pg_lease *l, const char *sql, int nparams, const char *const *params, th_pg_cb cb, void *arg)
{
    if (l->slot == NULL)
        return -TH_EUNAVAIL;
    int code = l->query != NULL ? -TH_EBUSY : th__pg_admit(l->pool, nparams);
    if (code != 0)
        return code;
    struct th_pg_query *q = th__pg_query_new(l->pool, sql, false, nparams, params, cb, arg);
    if (!th__pg_send(l->slot, q)) {
        th__pg_query_free(q);
        return -TH_EUNAVAIL;
    }
    l->query = q;
    return 0;
}

static void on_rolled_back(void *arg, const struct th_pg_outcome *o)
{
    struct th_pg_slot *slot = arg;
    if (o->code != 0) {
        /* Without an answer the connection is being reset anyway. */
        if (slot->held)
            th_pg_conn_reset_later(&slot->conn, "rollback failed");
        return;
    }
    let_go(slot);
}

void th_pg_lease_end(struct th_pg_lease *l)
{
    struct th_pg_slot *slot = l->slot;
    struct th_pg_query *q = l->query;
    if (slot != NULL)
        slot->lease = NULL; /* still held: by what follows */
    struct th_pg_pool *p = l->pool;
    th_free(l);
    if (slot == NULL)
        return;
    if (q != NULL) {
        th_pg_cancel(q);
        th_pg_conn_reset_later(&slot->conn, "a lease ended with its query under way");
        return;
    }
    if (PQtransactionStatus(slot->conn.pg) != PQTRANS_IDLE) {
        q = th__pg_query_new(p, "rollback", false, 0, NULL, on_rolled_back, slot);
        if (!th__pg_send(slot, q))
            th__pg_query_free(q); /* and the connection is reset */
        return;
    }
    let_go(slot);
    th__pg_pump(p);
}
