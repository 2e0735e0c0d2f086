/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "store/ingest_private.h"
#include "store/store.h"

static const char device_sql[] =
    "select d.id, d.enabled, p.key, s.rev, s.version, s.online, coalesce(s.node, 0), coalesce(s.address, ''),"
    " coalesce(th_ms(s.connected_at), 0), coalesce(th_ms(s.left_at), 0), coalesce(s.left_address, ''), "
    "s.reported,"
    " coalesce((select json_agg(json_build_object('id', k.id, 'sealed', encode(k.sealed, 'hex')) order by "
    "k.id)"
    "  from device_key k where k.device_id = d.id and (k.expires_at is null or k.expires_at > now())), '[]'),"
    " s.kv, coalesce((select json_agg(o.key) from outbox o where o.device_id = d.id and o.state = 'waiting'"
    "  and o.kind = 'later' and o.forwarded_to is null), '[]'),"
    " case when th_canary_has(p.canary, d) then p.canary_version else 0 end,"
    " case when p.script_version is not null or p.canary_version is not null then json_build_object('name', d.name,"
    "  'tags', d.tags, 'attributes', d.attributes, 'parameters', d.parameters) end,"
    " coalesce((select json_object_agg(a.key, json_build_object('severity', a.severity, 'message', a.message,"
    "  'since', th_ms(a.raised_at), 'last', th_ms(a.last_raised_at), 'count', a.count,"
    "  'acknowledged', a.acknowledged_at is not null)) from alarm a where a.device_id = d.id), '{}')"
    " from device d join product p on p.id = d.product_id join device_state s on s.device_id = d.id"
    " where d.key = $1";

#define FIRST_SLOTS 1024

/* A device being read: first its own rows, then its product. */
struct device_read {
    struct th_product_wait wait;
    struct th_device *device; /* a reference */
};

void th_devices_init(struct th_devices *t)
{
    t->nslots = FIRST_SLOTS;
    t->slots = th_calloc(t->nslots, sizeof *t->slots);
    t->count = 0;
    th_list_init(&t->lru);
}

static struct th_device **slot_of(struct th_devices *t, struct th_str key)
{
    uint64_t h = th_str_hash_keyed(key);
    return &t->slots[(h ^ h >> 29) & (t->nslots - 1)];
}

static void grow(struct th_devices *t)
{
    struct th_devices bigger = {.nslots = t->nslots * 2};
    bigger.slots = th_calloc(bigger.nslots, sizeof *bigger.slots);
    for (size_t i = 0; i < t->nslots; i++) {
        for (struct th_device *d = t->slots[i], *next; d != NULL; d = next) {
            next = d->hash_next;
            struct th_device **slot = slot_of(&bigger, th_str(d->key));
            d->hash_next = *slot;
            *slot = d;
        }
    }
    th_free(t->slots);
    t->slots = bigger.slots;
    t->nslots = bigger.nslots;
}

struct th_device *th_device_ref(struct th_device *d)
{
    d->refs++;
    return d;
}

void th_device_unref(struct th_device *d)
{
    if (--d->refs > 0)
        return;
    for (struct th_property *p = d->reported, *next; p != NULL; p = next) {
        next = p->next;
        th_free(p);
    }
    th_free(d->about);
    th_kv_free(&d->kv);
    th_pending_free(&d->pending);
    th_alarms_free(&d->alarms);
    th_keys_free(&d->keys);
    if (d->product != NULL)
        th_product_unref(d->product);
    th_free(d->key);
    th_free(d);
}

void th_device_forget(struct th_store *s, struct th_device *d)
{
    if (!d->cached)
        return;
    struct th_device **at = slot_of(&s->devices, th_str(d->key));
    while (*at != d)
        at = &(*at)->hash_next;
    *at = d->hash_next;
    d->cached = false;
    s->devices.count--;
    th_list_remove(&d->lru);
    /* Those who waited for a stale device to settle start anew. */
    struct th_list waiting;
    th_list_init(&waiting);
    th_list_move_all(&waiting, &d->waiting);
    TH_LIST_EACH (it, tmp, &waiting) {
        th_list_remove(it);
        th_device_get(s, th_str(d->key), th_list_item(it, struct th_device_wait, link));
    }
    th_device_unref(d);
}

static struct th_device *find(struct th_store *s, struct th_str key)
{
    for (struct th_device *d = *slot_of(&s->devices, key); d != NULL; d = d->hash_next)
        if (th_str_eq(th_str(d->key), key))
            return d;
    return NULL;
}

/* A device with changes not yet committed is not dropped from outside: its batch would not know. The revision
 * check of that batch finds out whether its state was changed elsewhere; new messages wait until nothing of
 * the device is uncommitted, then its rows are read again (th_device_settle). */
static void forget_when_idle(struct th_store *s, struct th_device *d)
{
    if (th_list_empty(&d->uncommitted) && !d->loading)
        th_device_forget(s, d);
    else
        d->stale = true;
}

void th_device_forget_key(struct th_store *s, struct th_str key)
{
    if (key.n > 0) {
        struct th_device *d = find(s, key);
        if (d != NULL)
            forget_when_idle(s, d);
        return;
    }
    TH_LIST_EACH (it, tmp, &s->devices.lru) {
        forget_when_idle(s, th_list_item(it, struct th_device, lru));
    }
}

const struct th_manifest *th_device_manifest(const struct th_device *d)
{
    const struct th_product *p = d->product;
    bool canary = d->canary_version != 0 && d->canary_version == p->canary.version;
    return canary ? &p->canary.manifest : &p->script.manifest;
}

static void drop_oldest(struct th_store *s)
{
    struct th_list *it = s->devices.lru.prev;
    for (int tries = 0; tries < 16 && it != &s->devices.lru; tries++) {
        struct th_device *d = th_list_item(it, struct th_device, lru);
        it = it->prev;
        if (th_list_empty(&d->uncommitted) && !d->loading && !d->renewing) {
            th_device_forget(s, d);
            return;
        }
    }
}

void th_devices_free(struct th_store *s)
{
    TH_LIST_EACH (it, tmp, &s->devices.lru) {
        th_device_forget(s, th_list_item(it, struct th_device, lru));
    }
    th_free(s->devices.slots);
    s->devices.slots = NULL;
}

static void answer(struct th_device *d, struct th_list *waiting, int code)
{
    TH_LIST_EACH (it, tmp, waiting) {
        struct th_device_wait *wait = th_list_item(it, struct th_device_wait, link);
        th_list_remove(it);
        wait->ready(wait, code == 0 ? d : NULL, code);
    }
}

static void wake(struct th_device *d, int code)
{
    struct th_list waiting;
    th_list_init(&waiting);
    th_list_move_all(&waiting, &d->waiting);
    d->loading = false;
    d->loaded_us = th_clock_mono_us();
    if (code != 0)
        th_device_forget(d->store, d);
    answer(d, &waiting, code);
}

static void read_reported(struct th_device *d, const char *text)
{
    struct th_arena arena;
    struct th_json j;
    th_arena_init(&arena);
    if (th_json_read(&j, &arena, th_str(text), NULL) == 0) {
        TH_JSON_EACH (&j, 0, i) {
            const struct th_json_node *v = th_json_get(&j, i, TH_STR("v")),
                                      *t = th_json_get(&j, i, TH_STR("t"));
            int64_t ms;
            if (v != NULL && t != NULL && th_json_int(t, &ms))
                th_device_report(d, j.nodes[i].key, v->raw, ms);
        }
    }
    for (struct th_property *p = d->reported; p != NULL; p = p->next)
        p->changed = false;
    th_arena_free(&arena);
}

/* Whether it is one of a canary's devices was asked before that canary began. */
static bool asked_of_another(const struct th_device *d)
{
    return d->product->canary.version != 0 && d->product->canary.activation != d->canary_asked;
}

static void on_device_product(struct th_product_wait *wait, struct th_product *p, int code)
{
    struct device_read *read = th_container_of(wait, struct device_read, wait);
    struct th_device *d = read->device;
    th_free(read);
    if (code == 0 && p->absent)
        code = -TH_EUNAVAIL; /* deleted between the two reads */
    if (code == 0)
        d->product = th_product_ref(p);
    if (code == 0 && asked_of_another(d))
        d->stale = true;
    wake(d, code);
    th_device_unref(d);
}

static void on_new_product(struct th_product_wait *wait, struct th_product *p, int code)
{
    struct device_read *read = th_container_of(wait, struct device_read, wait);
    struct th_device *d = read->device;
    th_free(read);
    d->renewing = false;
    if (code == 0 && p->absent)
        code = -TH_EUNAVAIL;
    if (code == 0) {
        th_product_unref(d->product);
        d->product = th_product_ref(p);
    }
    if (code == 0 && asked_of_another(d)) {
        forget_when_idle(d->store, d); /* those who wait start anew */
    } else {
        struct th_list waiting;
        th_list_init(&waiting);
        th_list_move_all(&waiting, &d->waiting);
        answer(d, &waiting, code);
    }
    th_device_unref(d);
}

/* Its product was forgotten: that is read again, once for all its devices. */
static void renew_product(struct th_store *s, struct th_device *d)
{
    if (d->renewing)
        return;
    d->renewing = true;
    struct device_read *read = th_calloc(1, sizeof *read);
    read->device = th_device_ref(d);
    read->wait.ready = on_new_product;
    th_list_init(&read->wait.link);
    th_product_get(s, th_str(d->product->key), &read->wait);
}

static void on_device(void *arg, const struct th_pg_outcome *o)
{
    struct device_read *read = arg;
    struct th_device *d = read->device;
    if (o->code != 0 || PQntuples(o->res) == 0) {
        th_free(read);
        d->absent = o->code == 0;
        if (o->code != 0)
            th_warn("device_not_read", "device=%s error=\"%s\"", d->key, o->message);
        wake(d, o->code);
        th_device_unref(d);
        return;
    }
    const PGresult *r = o->res;
    th_count(d->store->metrics, device_loads);
    d->id = atoll(PQgetvalue(r, 0, 0));
    d->enabled = PQgetvalue(r, 0, 1)[0] == 't';
    d->rev = atoll(PQgetvalue(r, 0, 3));
    d->desired_version = atoll(PQgetvalue(r, 0, 4));
    d->presence.online = PQgetvalue(r, 0, 5)[0] == 't';
    d->presence.node = atoi(PQgetvalue(r, 0, 6));
    snprintf(d->presence.address, TH_ADDRESS_LEN, "%s", PQgetvalue(r, 0, 7));
    d->presence.connected_at = atoll(PQgetvalue(r, 0, 8));
    d->presence.left_at = atoll(PQgetvalue(r, 0, 9));
    snprintf(d->presence.left_address, TH_ADDRESS_LEN, "%s", PQgetvalue(r, 0, 10));
    read_reported(d, PQgetvalue(r, 0, 11));
    d->keys = th_keys_read(d->store, "device_key", PQgetvalue(r, 0, 12));
    th_kv_read(&d->kv, th_str(PQgetvalue(r, 0, 13)));
    th_pending_read(&d->pending, th_str(PQgetvalue(r, 0, 14)));
    d->canary_version = atoll(PQgetvalue(r, 0, 15));
    d->canary_asked = atoll(PQgetvalue(r, 0, 16));
    d->about = PQgetisnull(r, 0, 16) ? NULL : th_strdup(PQgetvalue(r, 0, 16));
    th_alarms_read(&d->alarms, th_str(PQgetvalue(r, 0, 17)));
    read->wait.ready = on_device_product;
    th_list_init(&read->wait.link);
    th_product_get(d->store, th_str(PQgetvalue(r, 0, 2)), &read->wait);
}

static struct th_device *make(struct th_store *s, struct th_str key)
{
    struct th_devices *t = &s->devices;
    if (t->count >= (size_t)s->conf->ingest_devices)
        drop_oldest(s);
    if (t->count > t->nslots)
        grow(t);
    struct th_device *d = th_calloc(1, sizeof *d);
    d->store = s;
    d->key = th_alloc(key.n + 1);
    memcpy(d->key, key.p, key.n);
    d->key[key.n] = 0;
    d->refs = 1; /* the cache's */
    d->cached = d->loading = true;
    th_list_init(&d->waiting);
    th_list_init(&d->uncommitted);
    struct th_device **slot = slot_of(t, key);
    d->hash_next = *slot;
    *slot = d;
    t->count++;
    th_list_init(&d->lru);
    th_list_push(t->lru.next, &d->lru); /* before the first */
    return d;
}

void th_device_get(struct th_store *s, struct th_str key, struct th_device_wait *wait)
{
    struct th_device *d = find(s, key);
    if (d != NULL && d->absent && th_clock_mono_us() - d->loaded_us > TH_ABSENT_MS * 1000) {
        th_device_forget(s, d);
        d = NULL;
    }
    if (d != NULL && !d->loading) {
        if (d->stale && th_list_empty(&d->uncommitted)) {
            th_device_forget(s, d);
            d = NULL;
        } else if (!d->stale) {
            th_list_remove(&d->lru);
            th_list_push(s->devices.lru.next, &d->lru);
            if (d->absent || (d->product->cached && !d->renewing)) {
                wait->ready(wait, d, 0);
                return;
            }
            th_list_push(&d->waiting, &wait->link);
            renew_product(s, d);
            return;
        }
    }
    if (d == NULL) {
        d = make(s, key);
        struct device_read *read = th_calloc(1, sizeof *read);
        read->device = th_device_ref(d);
        const char *params[] = {d->key};
        int rc = th_pg_query(s->w->pg, device_sql, true, 1, params, on_device, read, NULL);
        if (rc != 0) {
            th_free(read);
            th_device_forget(s, d);
            th_device_unref(d);
            wait->ready(wait, NULL, rc);
            return;
        }
    }
    th_list_push(&d->waiting, &wait->link);
}

/* Called whenever a message of the device has its verdict. */
void th_device_settle(struct th_device *d)
{
    if (d->stale && d->cached && th_list_empty(&d->uncommitted))
        th_device_forget(d->store, d);
}

bool th_device_saw(const struct th_device *d, const unsigned char digest[TH_DIGEST_LEN])
{
    for (unsigned i = 0; i < TH_RECENT_KEYS; i++)
        if (memcmp(d->recent[i], digest, TH_DIGEST_LEN) == 0)
            return true;
    return false;
}

void th_device_remember(struct th_device *d, const unsigned char digest[TH_DIGEST_LEN])
{
    memcpy(d->recent[d->recent_next], digest, TH_DIGEST_LEN);
    d->recent_next = (uint8_t)((d->recent_next + 1) % TH_RECENT_KEYS);
}

static struct th_property **property_at(struct th_device *d, struct th_str name)
{
    struct th_property **at = &d->reported;
    while (*at != NULL && !th_str_eq((*at)->name, name))
        at = &(*at)->next;
    return at;
}

const struct th_property *th_device_property(const struct th_device *d, struct th_str name)
{
    return *property_at((struct th_device *)d, name);
}

bool th_device_report(struct th_device *d, struct th_str name, struct th_str value, int64_t time)
{
    struct th_property **at = property_at(d, name), *old = *at;
    if (old != NULL && time < old->time)
        return false;
    if (old == NULL && d->nreported >= TH_PROPERTIES_MAX) {
        th_count(d->store->metrics, properties_over);
        return false;
    }
    if (old != NULL && value.n <= old->room) {
        memmove((char *)old->value.p, value.p, value.n);
        old->value.n = value.n;
    } else {
        size_t room = value.n < 16 ? 16 : value.n;
        struct th_property *p = th_alloc(sizeof *p + name.n + room);
        char *text = (char *)(p + 1);
        memcpy(text, name.p, name.n);
        memcpy(text + name.n, value.p, value.n);
        p->next = old == NULL ? NULL : old->next;
        p->name = (struct th_str){text, name.n};
        p->value = (struct th_str){text + name.n, value.n};
        p->room = room;
        *at = p;
        if (old == NULL)
            d->nreported++;
        th_free(old);
    }
    (*at)->time = time;
    (*at)->changed = true;
    return true;
}
