/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/crypto.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/hex.h"
#include "base/log.h"
#include "sec/seal.h"
#include "store/script_log.h"
#include "store/store.h"

#define SLOTS 256

static const char product_sql[] =
    "select p.id, p.enabled, p.settings ->> 'auth', coalesce((p.settings ->> 'auth_window')::bigint * 1000, 0),"
    " coalesce((p.settings -> 'auto_provision' ->> 'enabled')::boolean, false),"
    " coalesce(p.settings -> 'auto_provision' ->> 'pattern', ''),"
    " coalesce((p.settings ->> 'payload_limit')::bigint, 0), p.settings ->> 'command_format',"
    " coalesce((p.settings -> 'rate_limit' ->> 'device')::double precision, 0),"
    " coalesce((p.settings -> 'rate_limit' ->> 'product')::double precision, 0),"
    " coalesce((select json_agg(json_build_object('id', k.id, 'sealed', encode(k.sealed, 'hex')) order by k.id)"
    "  from product_key k where k.product_id = p.id and (k.expires_at is null or k.expires_at > now())), '[]'),"
    " coalesce(p.script_version, 0), v.source,"
    " not (coalesce((p.settings ->> 'scripts_enabled')::boolean, true)"
    "  and coalesce((select th_scripts_enabled(value) from setting), true)),"
    " coalesce(p.settings ->> 'on_script_error' = 'store_raw', false), th_us(p.scripts_changed_at),"
    " coalesce(p.canary_version, 0), c.source, coalesce((p.canary ->> 'size')::bigint, 0),"
    " coalesce((select max(id) from script_activation where product_id = p.id), 0),"
    " coalesce((select max(id) from script_canary where product_id = p.id), 0),"
    " coalesce((p.settings -> 'script_fallback' ->> 'enabled')::boolean, true),"
    " coalesce((p.settings -> 'script_fallback' ->> 'devices')::bigint, 5),"
    " coalesce((p.settings -> 'script_fallback' ->> 'percent')::double precision, 20),"
    " coalesce((p.settings -> 'script_fallback' ->> 'window_seconds')::bigint, 60),"
    " coalesce(p.settings ->> 'script_log_level', 'info'),"
    " coalesce(th_ms(th_time_of(p.settings ->> 'script_debug_until')), 0),"
    " p.settings -> 'http_hosts', v.manifest, c.manifest,"
    " nullif(v.modules, '{}')::text, nullif(c.modules, '{}')::text,"
    " coalesce((p.settings ->> 'auth_once')::boolean, false) from product p"
    " left join script_version c on c.product_id = p.id and c.number = p.canary_version"
    " left join script_version v on v.product_id = p.id and v.number = p.script_version where p.key = $1";

struct product_read {
    struct th_store *store;
    struct th_product *product; /* a reference */
};

static struct th_product **slot_of(struct th_store *s, struct th_str key)
{
    if (s->products == NULL) {
        s->nproducts = SLOTS;
        s->products = th_calloc(SLOTS, sizeof *s->products);
    }
    return &s->products[th_str_hash_keyed(key) % s->nproducts];
}

static struct th_product *find(struct th_store *s, struct th_str key)
{
    for (struct th_product *p = *slot_of(s, key); p != NULL; p = p->hash_next)
        if (th_str_eq(th_str(p->key), key))
            return p;
    return NULL;
}

struct th_product *th_product_ref(struct th_product *p)
{
    p->refs++;
    return p;
}

static void free_version(struct th_product_version *v)
{
    th_free(v->source);
    th_manifest_free(&v->manifest);
    th_free(v->modules);
}

void th_product_unref(struct th_product *p)
{
    if (--p->refs > 0)
        return;
    th_keys_free(&p->keys);
    th_free(p->provision_prefix);
    free_version(&p->script);
    free_version(&p->canary);
    th_free(p->http_hosts);
    th_free(p->key);
    th_free(p);
}

static void detach(struct th_store *s, struct th_product *p)
{
    if (!p->cached)
        return;
    struct th_product **at = slot_of(s, th_str(p->key));
    while (*at != p)
        at = &(*at)->hash_next;
    *at = p->hash_next;
    p->cached = false;
    th_product_unref(p);
}

void th_product_forget(struct th_store *s, struct th_str key)
{
    for (size_t i = 0; i < s->nproducts; i++) {
        for (struct th_product *p = s->products[i], *next; p != NULL; p = next) {
            next = p->hash_next;
            if (key.n == 0 || th_str_eq(th_str(p->key), key))
                detach(s, p);
        }
    }
}

bool th_product_behind(struct th_store *s, struct th_str key, int64_t scripts_stamp)
{
    const struct th_product *p = find(s, key);
    return p != NULL && !p->absent && !p->loading && p->scripts_stamp < scripts_stamp;
}

struct th_keys th_keys_read(struct th_store *s, const char *kind, const char *json)
{
    struct th_keys keys = {0};
    struct th_arena arena;
    struct th_json j;
    th_arena_init(&arena);
    if (th_json_read(&j, &arena, th_str(json), NULL) == 0 && j.nodes[0].count > 0) {
        keys.list = th_calloc(j.nodes[0].count, sizeof *keys.list);
        TH_JSON_EACH (&j, 0, i) {
            const struct th_json_node *id = th_json_get(&j, i, TH_STR("id"));
            struct th_str hex = th_json_get(&j, i, TH_STR("sealed"))->text;
            char *aad = th_arena_printf(&arena, "%s:%.*s", kind, TH_STR_FMT(id->text));
            unsigned char *sealed = th_arena_alloc(&arena, hex.n / 2 + 1);
            char *plain = th_alloc(hex.n / 2 + 1);
            size_t n = 0;
            struct th_error err;
            if (!th_hex_decode(sealed, hex) ||
                th_seal_open(s->w->rt->shared->keyring, th_str(aad),
                    (struct th_str){(const char *)sealed, hex.n / 2}, plain, &n, &err) != 0) {
                th_erro("key_does_not_open", "key=%s", aad);
                th_free(plain);
                continue;
            }
            keys.list[keys.count++] = (struct th_str){plain, n};
        }
    }
    th_arena_free(&arena);
    return keys;
}

void th_keys_free(struct th_keys *keys)
{
    for (unsigned i = 0; i < keys->count; i++) {
        OPENSSL_cleanse((char *)keys->list[i].p, keys->list[i].n);
        th_free((char *)keys->list[i].p);
    }
    th_free(keys->list);
    *keys = (struct th_keys){0};
}

/* Without a script nothing is declared; of one that was kept before there were manifests nothing is known. */
static void read_manifest(const struct th_product *p, struct th_product_version *v, const char *text)
{
    struct th_error err;
    if (v->source == NULL)
        text = "{\"topics\":{},\"functions\":[]}";
    if (text != NULL && th_manifest_read(&v->manifest, th_str(text), &err) != 0)
        th_erro("manifest_not_read", "product=%s version=%lld error=\"%s\"", p->key, (long long)v->version,
            err.msg);
}

static char *text_or_null(const PGresult *r, int column)
{
    return PQgetisnull(r, 0, column) ? NULL : th_strdup(PQgetvalue(r, 0, column));
}

static void fill_scripts(struct th_product *p, const PGresult *r)
{
    p->script = (struct th_product_version){.version = atoll(PQgetvalue(r, 0, 11)),
        .activation = atoll(PQgetvalue(r, 0, 19)),
        .source = text_or_null(r, 12),
        .modules = text_or_null(r, 30)};
    p->scripts_off = PQgetvalue(r, 0, 13)[0] == 't';
    p->store_raw = PQgetvalue(r, 0, 14)[0] == 't';
    p->scripts_stamp = atoll(PQgetvalue(r, 0, 15));
    p->canary = (struct th_product_version){.version = atoll(PQgetvalue(r, 0, 16)),
        .activation = atoll(PQgetvalue(r, 0, 20)),
        .source = text_or_null(r, 17),
        .modules = text_or_null(r, 31)};
    read_manifest(p, &p->script, PQgetisnull(r, 0, 28) ? NULL : PQgetvalue(r, 0, 28));
    read_manifest(p, &p->canary, PQgetisnull(r, 0, 29) ? NULL : PQgetvalue(r, 0, 29));
    p->canary_size = atoll(PQgetvalue(r, 0, 18));
    p->fallback.on = PQgetvalue(r, 0, 21)[0] == 't';
    p->fallback.devices = atoll(PQgetvalue(r, 0, 22));
    p->fallback.percent = atof(PQgetvalue(r, 0, 23));
    p->fallback.window_ms = atoll(PQgetvalue(r, 0, 24)) * 1000;
    if (!th_script_level_of(th_str(PQgetvalue(r, 0, 25)), &p->log_level))
        p->log_level = TH_LOG_INFO;
    p->debug_until_ms = atoll(PQgetvalue(r, 0, 26));
}

static enum th_auth_mode auth_mode(const char *text)
{
    return strcmp(text, "product_key") == 0 ? TH_AUTH_PRODUCT_KEY
           : strcmp(text, "script") == 0    ? TH_AUTH_SCRIPT_DECIDES
                                            : TH_AUTH_DEVICE_KEY;
}

static void fill(struct th_store *s, struct th_product *p, const PGresult *r)
{
    p->id = atoll(PQgetvalue(r, 0, 0));
    p->enabled = PQgetvalue(r, 0, 1)[0] == 't';
    p->auth = auth_mode(PQgetvalue(r, 0, 2));
    p->auth_window_ms = atoll(PQgetvalue(r, 0, 3));
    p->auth_once = PQgetvalue(r, 0, 32)[0] == 't';
    p->provision = PQgetvalue(r, 0, 4)[0] == 't';
    p->provision_prefix = th_strdup(PQgetvalue(r, 0, 5));
    p->payload_limit = atoll(PQgetvalue(r, 0, 6));
    if (p->payload_limit <= 0)
        p->payload_limit = TH_PAYLOAD_LIMIT;
    p->command_format = strcmp(PQgetvalue(r, 0, 7), "ids") == 0 ? TH_COMMAND_IDS : TH_COMMAND_PLAIN;
    p->device_rate = atof(PQgetvalue(r, 0, 8));
    p->product_rate = atof(PQgetvalue(r, 0, 9)) / s->w->rt->worker_count;
    fill_scripts(p, r);
    p->http_hosts = PQgetisnull(r, 0, 27) ? NULL : th_strdup(PQgetvalue(r, 0, 27));
    p->keys = th_keys_read(s, "product_key", PQgetvalue(r, 0, 10));
}

static void on_product(void *arg, const struct th_pg_outcome *o)
{
    struct product_read *read = arg;
    struct th_product *p = read->product;
    struct th_store *s = read->store;
    th_free(read);
    p->loading = false;
    p->loaded_us = th_clock_mono_us();
    if (o->code == 0) {
        p->absent = PQntuples(o->res) == 0;
        if (!p->absent)
            fill(s, p, o->res);
    } else {
        th_warn("product_not_read", "product=%s error=\"%s\"", p->key, o->message);
        detach(s, p);
    }
    struct th_list waiting;
    th_list_init(&waiting);
    th_list_move_all(&waiting, &p->waiting);
    TH_LIST_EACH (it, tmp, &waiting) {
        struct th_product_wait *wait = th_list_item(it, struct th_product_wait, link);
        th_list_remove(it);
        wait->ready(wait, o->code == 0 ? p : NULL, o->code);
    }
    th_product_unref(p);
}

static int start_read(struct th_store *s, struct th_product *p)
{
    struct product_read *read = th_alloc(sizeof *read);
    *read = (struct product_read){s, th_product_ref(p)};
    const char *params[] = {p->key};
    int rc = th_pg_query(s->w->pg, product_sql, true, 1, params, on_product, read, NULL);
    if (rc != 0) {
        th_product_unref(p);
        th_free(read);
    }
    return rc;
}

void th_product_get(struct th_store *s, struct th_str key, struct th_product_wait *wait)
{
    struct th_product *p = find(s, key);
    if (p != NULL && p->absent && th_clock_mono_us() - p->loaded_us > TH_ABSENT_MS * 1000) {
        detach(s, p);
        p = NULL;
    }
    if (p != NULL && !p->loading) {
        wait->ready(wait, p, 0);
        return;
    }
    if (p == NULL) {
        p = th_calloc(1, sizeof *p);
        p->key = th_alloc(key.n + 1);
        memcpy(p->key, key.p, key.n);
        p->key[key.n] = 0;
        th_list_init(&p->waiting);
        p->refs = 1; /* the cache's */
        p->cached = p->loading = true;
        struct th_product **slot = slot_of(s, key);
        p->hash_next = *slot;
        *slot = p;
        int rc = start_read(s, p);
        if (rc != 0) {
            detach(s, p);
            wait->ready(wait, NULL, rc);
            return;
        }
    }
    th_list_push(&p->waiting, &wait->link);
}
