/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/hex.h"
#include "base/log.h"
#include "store/dead_letter.h"
#include "store/ingest_private.h"
#include "store/outbox.h"
#include "store/spool.h"

#define DUP_WINDOW_MS 600000

static const char keys_sql[] =
    "select n.ord - 1 from unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::text[]) with ordinality"
    " n(device_id, ts, digest, address, ord) where"
    " exists (select from property_history h where h.device_id = n.device_id and h.ts = th_time(n.ts)"
    "  and h.digest = n.digest) or"
    " exists (select from event_history h where h.device_id = n.device_id and h.ts = th_time(n.ts)"
    "  and h.digest = n.digest) or"
    " exists (select from message_seen h where h.device_id = n.device_id and h.ts = th_time(n.ts)"
    "  and h.digest = n.digest) or"
    " exists (select from connection_history h where h.device_id = n.device_id and h.ts = th_time(n.ts)"
    "  and h.event || h.address = n.address)";

/* The first half of a message key is the payload's, the second the delivery's. */
static const char dup_sql[] =
    "select exists (select from property_history where device_id = $1 and ts between th_time($2) and "
    "th_time($3)"
    "  and digest between $4 and $5)"
    " or exists (select from event_history where device_id = $1 and ts between th_time($2) and th_time($3)"
    "  and digest between $4 and $5)"
    " or exists (select from message_seen where device_id = $1 and ts between th_time($2) and th_time($3)"
    "  and digest between $4 and $5)";

enum refusal { REFUSAL_KEY, REFUSAL_REV, REFUSAL_AGAIN, REFUSAL_AWAY, REFUSAL_ROW };

static enum refusal refusal_of(const struct th_pg_outcome *o)
{
    if (o->code != -TH_EDB)
        return REFUSAL_AWAY;
    if (strcmp(o->sqlstate, "23505") == 0)
        return REFUSAL_KEY;
    if (strcmp(o->sqlstate, "TH001") == 0)
        return REFUSAL_REV;
    if (strncmp(o->sqlstate, "40", 2) == 0)
        return REFUSAL_AGAIN;
    /* 08 connection, 25 read-only, 53 resources, 55 locks, 57 shutdown, 58 system, XX internal */
    static const char *const away[] = {"08", "25", "53", "55", "57", "58", "XX"};
    for (size_t i = 0; i < sizeof away / sizeof *away; i++)
        if (strncmp(o->sqlstate, away[i], 2) == 0)
            return REFUSAL_AWAY;
    return REFUSAL_ROW;
}

/* Back to the state before it was handled; its device is read anew. */
static void strip(struct th_store *s, struct th_message *m)
{
    struct th_device *d = m->device;
    if (d != NULL) {
        m->device = NULL;
        th_list_remove(&m->on_device);
        th_device_forget(s, d);
        th_device_unref(d);
    }
    if (m->outbox == NULL || !m->outbox->waited) {
        m->effects = NULL;
        m->effects_tail = &m->effects;
    }
    m->verdict = TH_VERDICT_NONE;
}

static void strip_batch(struct th_store *s, struct th_batch *b, struct th_list *to)
{
    TH_LIST_EACH (it, tmp, &b->messages) {
        struct th_message *m = th_list_item(it, struct th_message, link);
        th_list_remove(it);
        strip(s, m);
        th_list_push(to, it);
    }
    TH_LIST_EACH (it, tmp, &b->touches) {
        th_device_forget(s, th_list_item(it, struct th_touch, link)->device);
    }
    th_batch_reset(b);
}

static void strip_open(struct th_store *s)
{
    strip_batch(s, s->ingest->open, &s->ingest->redo);
    s->ingest->sealed = false;
}

/* Whether what is in the batch being filled was computed from state that this one changed. */
static bool shares_devices(const struct th_batch *flying)
{
    TH_LIST_EACH (it, tmp, &flying->touches) {
        if (th_list_item(it, struct th_touch, link)->device->touch != NULL)
            return true;
    }
    return false;
}

static void count_refusal(struct th_store *s, enum refusal refusal, bool unknown)
{
    th_count(s->metrics, batch_failed);
    if (refusal == REFUSAL_KEY)
        th_count(s->metrics, batch_key);
    else if (refusal == REFUSAL_REV)
        th_count(s->metrics, batch_rev);
    else if (refusal == REFUSAL_ROW)
        th_count(s->metrics, batch_row);
    if (unknown)
        th_count(s->metrics, batch_unknown);
}

void th_ingest_undo(struct th_store *s, const struct th_pg_outcome *o)
{
    struct th_ingest *in = s->ingest;
    enum refusal refusal = refusal_of(o);
    count_refusal(s, refusal, o->unknown);
    if (refusal != REFUSAL_KEY && refusal != REFUSAL_REV)
        th_warn("batch_undone", "rows=%u sqlstate=%s unknown=%d error=\"%s\"", in->flying->count, o->sqlstate,
            o->unknown, o->message);
    if (refusal == REFUSAL_ROW) {
        if (in->flying->count == 1) {
            struct th_message *m = th_list_item(in->flying->messages.next, struct th_message, link);
            if (th_suspect_note(&in->suspects, m->device_key, 2))
                th_warn("device_alone", "device=%.*s", TH_STR_FMT(m->device_key));
            th_message_dead(m, TH_DEAD_DATABASE, "%s: %s", o->sqlstate, o->message);
        }
        in->limit = in->flying->count > 1 ? in->flying->count / 2 : 1;
    }
    in->redo_unknown = in->redo_unknown || o->unknown;
    bool shared = shares_devices(in->flying);
    strip_batch(s, in->flying, &in->redo);
    if (shared)
        strip_open(s);
    th_ingest_recover(s);
}

struct redo { /* messages whose keys are being asked for */
    struct th_store *store;
    struct th_list messages;
    bool unknown;
};

static void on_keys(void *arg, const struct th_pg_outcome *o)
{
    struct redo *redo = arg;
    struct th_store *s = redo->store;
    s->ingest->asking = false;
    if (o->code != 0) {
        th_list_move_all(&redo->messages, &s->ingest->redo);
        th_list_move_all(&s->ingest->redo, &redo->messages);
        s->ingest->redo_unknown = s->ingest->redo_unknown || redo->unknown;
        th_free(redo);
        return;
    }
    int next = 0, rows = PQntuples(o->res), i = 0;
    TH_LIST_EACH (it, tmp, &redo->messages) {
        struct th_message *m = th_list_item(it, struct th_message, link);
        th_list_remove(it);
        if (next < rows && atoi(PQgetvalue(o->res, next, 0)) == i) {
            next++;
            th_ingest_finish(s, m, redo->unknown ? TH_VERDICT_STORED : TH_VERDICT_DUPLICATE);
        } else {
            th_ingest_again(s, m);
        }
        i++;
    }
    th_free(redo);
}

static void uuid_item(struct th_buf *b, const unsigned char id[TH_DIGEST_LEN])
{
    if (b->p[b->n - 1] != '{')
        th_buf_putc(b, ',');
    th_hex_put(b, id, TH_DIGEST_LEN);
}

/* Parameters are array texts without the quotes that literals in SQL have. */
static void put_keys(struct th_list *messages, struct th_buf col[4])
{
    for (int i = 0; i < 4; i++)
        th_buf_putc(&col[i], '{');
    TH_LIST_EACH (it, tmp, messages) {
        const struct th_message *m = th_list_item(it, struct th_message, link);
        unsigned char key[TH_DIGEST_LEN];
        bool comma = it != messages->next;
        bool connection = th_message_is_connection(m);
        th_buf_printf(&col[0], "%s%lld", comma ? "," : "", (long long)m->device_id);
        th_buf_printf(&col[1], "%s%lld", comma ? "," : "", (long long)m->key_ms);
        memcpy(key, m->digest, sizeof key);
        uuid_item(&col[2], key);
        if (comma)
            th_buf_putc(&col[3], ',');
        th_buf_putc(&col[3], '"');
        if (connection) { /* an address is digits, letters, dots, colons, brackets: checked when the hook was
                             read */
            th_buf_puts(&col[3], m->kind == TH_HOOK_CONNECTED ? "connected" : "disconnected");
            th_buf_str(&col[3], m->address);
        }
        th_buf_putc(&col[3], '"');
    }
    for (int i = 0; i < 4; i++)
        th_buf_putc(&col[i], '}');
}

void th_ingest_recover(struct th_store *s)
{
    struct th_ingest *in = s->ingest;
    if (in->asking || th_list_empty(&in->redo) || !th_pg_batch_ready(in->db))
        return;
    struct redo *redo = th_alloc(sizeof *redo);
    redo->store = s;
    redo->unknown = in->redo_unknown;
    in->redo_unknown = false;
    th_list_init(&redo->messages);
    th_list_move_all(&redo->messages, &in->redo);
    struct th_buf col[4] = {{0}};
    put_keys(&redo->messages, col);
    const char *params[4];
    for (int i = 0; i < 4; i++)
        params[i] = th_buf_cstr(&col[i]);
    in->asking = true;
    int rc = th_pg_query(s->w->pg, keys_sql, true, 4, params, on_keys, redo, NULL);
    for (int i = 0; i < 4; i++)
        th_buf_free(&col[i]);
    if (rc != 0) {
        struct th_pg_outcome o = {.code = rc};
        on_keys(redo, &o);
    }
}

static void on_dup(void *arg, const struct th_pg_outcome *o)
{
    struct th_message *m = arg;
    struct th_store *s = m->home->rt->workers[m->owner].store;
    if (o->code != 0) {
        th_ingest_finish(s, m, TH_VERDICT_RETRY);
        return;
    }
    if (PQgetvalue(o->res, 0, 0)[0] == 't') {
        th_ingest_finish(s, m, TH_VERDICT_DUPLICATE);
        return;
    }
    m->dup_checked = true;
    s->ingest->held--; /* taken a second time */
    th_ingest_take(s, m);
}

void th_ingest_check_dup(struct th_store *s, struct th_message *m)
{
    struct th_device *d = m->device;
    m->device = NULL;
    th_device_unref(d);
    int64_t from = m->time_ms, to = m->time_ms;
    for (unsigned i = 0; i < m->parsed.nsamples; i++) {
        if (m->parsed.samples[i].time < from)
            from = m->parsed.samples[i].time;
        if (m->parsed.samples[i].time > to)
            to = m->parsed.samples[i].time;
    }
    char id[24], first[24], last[24], low[33], high[33];
    snprintf(id, sizeof id, "%lld", (long long)m->device_id);
    snprintf(first, sizeof first, "%lld", (long long)from - DUP_WINDOW_MS);
    snprintf(last, sizeof last, "%lld", (long long)to + 1000);
    th_hex_encode(low, m->digest, 8);
    th_hex_encode(high, m->digest, 8);
    memset(low + 16, '0', 16);
    memset(high + 16, 'f', 16);
    low[32] = high[32] = 0;
    const char *params[] = {id, first, last, low, high};
    if (th_pg_query(s->w->pg, dup_sql, true, 5, params, on_dup, m, NULL) != 0)
        th_ingest_finish(s, m, TH_VERDICT_RETRY);
}

static void refuse(struct th_store *s, struct th_list *messages, uint64_t arrived_before_us)
{
    TH_LIST_EACH (it, tmp, messages) {
        struct th_message *m = th_list_item(it, struct th_message, link);
        if (m->arrived_us >= arrived_before_us)
            continue;
        th_list_remove(it);
        th_ingest_finish(s, m, TH_VERDICT_RETRY);
    }
}

static void shed(struct th_store *s, struct th_list *messages, uint64_t arrived_before_us)
{
    TH_LIST_EACH (it, tmp, messages) {
        struct th_message *m = th_list_item(it, struct th_message, link);
        th_list_remove(it);
        bool may_wait = !m->from_spool && !m->replay && m->outbox == NULL;
        if (may_wait && th_spool_append(s, m))
            continue;
        if (!may_wait || m->arrived_us < arrived_before_us)
            th_ingest_finish(s, m, TH_VERDICT_RETRY);
        else
            th_list_push(tmp, it); /* where it was */
    }
}

void th_ingest_shed(struct th_store *s)
{
    struct th_ingest *in = s->ingest;
    uint64_t now = th_clock_mono_us(), timeout = (uint64_t)s->conf->hook_timeout * 1000;
    /* What a message changed in memory cannot be taken out alone: the whole batch goes back. */
    if (in->open->count > 0)
        strip_open(s);
    shed(s, &in->redo, now > timeout ? now - timeout : 0);
    shed(s, &in->alone, now > timeout ? now - timeout : 0);
    shed(s, &in->pending, now > timeout ? now - timeout : 0);
}

void th_ingest_refuse_all(struct th_store *s)
{
    struct th_ingest *in = s->ingest;
    strip_batch(s, in->flying, &in->redo);
    strip_open(s);
    refuse(s, &in->redo, UINT64_MAX);
    refuse(s, &in->pending, UINT64_MAX);
    refuse(s, &in->alone, UINT64_MAX);
}
