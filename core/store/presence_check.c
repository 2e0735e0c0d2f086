/* SPDX-License-Identifier: Apache-2.0
 *
 * Hooks can be lost (the broker gives up after a minute, or dies), so what the brokers say now corrects what
 * is stored. Each node's list of clients finds devices that are connected and stored as offline, unless they
 * left after it was asked for; since that list is cut at the broker's max_row_limit and keeps ended sessions,
 * it marks nobody offline: a device stored as online that has been silent for a while is asked for one by
 * one, oldest first, and written with `rev`, so a hook that comes meanwhile wins. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "io/broker.h"
#include "io/cron.h"
#include "store/housekeeping.h"

static const char silent_sql[] =
    "select d.id, d.key, coalesce(s.node, 0), s.rev from device_state s join device d on d.id = s.device_id"
    " where s.online and coalesce(s.seen_at, s.connected_at, 'epoch') < now() - interval '60 seconds'"
    " order by s.seen_at nulls first limit 500";

static const char offline_sql[] =
    "with gone as (update device_state set online = false, rev = rev + 1, left_at = now(), left_address = "
    "address"
    "  where device_id = $1 and rev = $2::bigint and online returning device_id, node, address)"
    " insert into connection_history (device_id, ts, event, node, address, reason)"
    " select device_id, now(), 'disconnected', coalesce(node, 0), coalesce(address, ''), 'found gone' from "
    "gone"
    " returning device_id";

/* $5: when the list was asked for, ms. The broker does not say since when a client is connected, so a device
 * that is back gets the newest time before which it was not. */
static const char online_sql[] =
    "with n as (select * from unnest($1::text[], $2::bigint[], $3::integer[], $4::text[]) n(key, at, node, "
    "address)),"
    " back as (update device_state s set online = true, rev = s.rev + 1, node = n.node, address = n.address,"
    "   connected_at = coalesce(greatest(th_time(nullif(n.at, 0)), s.connected_at, s.left_at), "
    "th_time($5::bigint))"
    "  from n join device d on d.key = n.key where s.device_id = d.id and not s.online"
    "  and coalesce(s.left_at, 'epoch') < th_time($5::bigint) returning s.device_id, s.node, s.address, "
    "d.key),"
    " told as (insert into connection_history (device_id, ts, event, node, address, reason)"
    "  select device_id, now(), 'connected', node, address, 'found connected' from back)"
    " select key from back";

struct check {
    struct th_store *store;
    struct th_cron_job *job;
    unsigned pending; /* questions under way, and one for the check itself */
    struct th_buf keys, times, nodes, addresses;
    int64_t asked_ms;
    unsigned found;
};

struct question {
    struct check *check;
    char id[24], rev[24];
    char key[];
};

static void release(struct check *c)
{
    if (--c->pending > 0)
        return;
    th_cron_done(c->job);
    th_buf_free(&c->keys);
    th_buf_free(&c->times);
    th_buf_free(&c->nodes);
    th_buf_free(&c->addresses);
    th_free(c);
}

static void on_marked(void *arg, const struct th_pg_outcome *o)
{
    struct question *q = arg;
    if (o->code == 0 && PQntuples(o->res) > 0) {
        th_count(q->check->store->metrics, presence_corrected);
        th_store_forget_device(q->check->store->w->rt, th_str(q->key));
    }
    release(q->check);
    th_free(q);
}

static void on_answer(void *arg, int code, bool online)
{
    struct question *q = arg;
    const char *params[] = {q->id, q->rev};
    if (code == 0 && !online &&
        th_pg_query(q->check->store->w->pg, offline_sql, true, 2, params, on_marked, q, NULL) == 0)
        return;
    release(q->check);
    th_free(q);
}

static void on_silent(void *arg, const struct th_pg_outcome *o)
{
    struct check *c = arg;
    for (int i = 0; o->code == 0 && i < PQntuples(o->res); i++) {
        const char *key = PQgetvalue(o->res, i, 1);
        struct question *q = th_calloc(1, sizeof *q + strlen(key) + 1);
        q->check = c;
        snprintf(q->id, sizeof q->id, "%s", PQgetvalue(o->res, i, 0));
        snprintf(q->rev, sizeof q->rev, "%s", PQgetvalue(o->res, i, 3));
        memcpy(q->key, key, strlen(key) + 1);
        c->pending++;
        if (th_broker_online(c->store->w, atoi(PQgetvalue(o->res, i, 2)), th_str(q->key), on_answer, q) !=
            0) {
            release(c);
            th_free(q);
            break;
        }
    }
    release(c);
}

static void on_corrected(void *arg, const struct th_pg_outcome *o)
{
    struct check *c = arg;
    for (int i = 0; o->code == 0 && i < PQntuples(o->res); i++) {
        th_count(c->store->metrics, presence_corrected);
        th_store_forget_device(c->store->w->rt, th_str(PQgetvalue(o->res, i, 0)));
    }
    release(c);
}

static void on_client(void *arg, const struct th_broker_client *client)
{
    struct check *c = arg;
    if (!client->connected || !th_str_is_key(client->client_id))
        return;
    const char *comma = c->found++ > 0 ? "," : "";
    th_buf_printf(&c->keys, "%s%.*s", comma, TH_STR_FMT(client->client_id));
    th_buf_printf(&c->times, "%s%lld", comma, (long long)client->connected_at);
    th_buf_printf(&c->nodes, "%s%d", comma, client->node);
    bool plain = strspn(client->address.p, "0123456789abcdefABCDEF.:[]%") == client->address.n;
    th_buf_printf(&c->addresses, "%s\"%.*s\"", comma, plain ? (int)client->address.n : 0, client->address.p);
}

static void on_listed(void *arg, int code)
{
    struct check *c = arg;
    if (code == 0 && c->found > 0) {
        th_buf_putc(&c->keys, '}');
        th_buf_putc(&c->times, '}');
        th_buf_putc(&c->nodes, '}');
        th_buf_putc(&c->addresses, '}');
        char asked[24];
        snprintf(asked, sizeof asked, "%lld", (long long)c->asked_ms);
        const char *params[] = {th_buf_cstr(&c->keys), th_buf_cstr(&c->times), th_buf_cstr(&c->nodes),
            th_buf_cstr(&c->addresses), asked};
        if (th_pg_query(c->store->w->pg, online_sql, true, 5, params, on_corrected, c, NULL) == 0)
            return;
    }
    release(c);
}

void th_presence_check(struct th_worker *w, void *store)
{
    struct check *c = th_calloc(1, sizeof *c);
    c->store = store;
    c->job = th_cron_hold(w);
    c->pending = 2;
    th_buf_putc(&c->keys, '{');
    th_buf_putc(&c->times, '{');
    th_buf_putc(&c->nodes, '{');
    th_buf_putc(&c->addresses, '{');
    c->asked_ms = th_clock_ms();
    if (th_pg_query(w->pg, silent_sql, true, 0, NULL, on_silent, c, NULL) != 0)
        release(c);
    if (th_broker_clients(w, 0, on_client, on_listed, c) != 0)
        release(c);
}
