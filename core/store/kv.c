/* SPDX-License-Identifier: Apache-2.0 */
#include "store/kv.h"

#include <stdint.h>

#include "base/json.h"

static struct th_kv_entry **at(struct th_kv_entry *const *first, struct th_str key)
{
    struct th_kv_entry **e = (struct th_kv_entry **)first;
    while (*e != NULL && !th_str_eq((*e)->key, key))
        e = &(*e)->next;
    return e;
}

static size_t size_of(const struct th_kv_entry *e)
{
    return e != NULL && e->value.p != NULL ? e->key.n + e->value.n : 0;
}

static void drop(struct th_kv *kv, struct th_kv_entry **e)
{
    struct th_kv_entry *old = *e;
    if (old == NULL)
        return;
    kv->keys--;
    kv->bytes -= size_of(old);
    *e = old->next;
    th_free(old);
}

static void put(struct th_kv *kv, struct th_str key, struct th_str value)
{
    drop(kv, at(&kv->first, key));
    if (value.p == NULL)
        return;
    struct th_kv_entry *e = th_alloc(sizeof *e + key.n + value.n);
    char *text = (char *)(e + 1);
    memcpy(text, key.p, key.n);
    memcpy(text + key.n, value.p, value.n);
    *e = (struct th_kv_entry){kv->first, {text, key.n}, {text + key.n, value.n}};
    kv->first = e;
    kv->keys++;
    kv->bytes += size_of(e);
}

void th_kv_read(struct th_kv *kv, struct th_str json)
{
    struct th_arena arena;
    struct th_json j;
    *kv = (struct th_kv){0};
    th_arena_init(&arena);
    if (th_json_read(&j, &arena, json, NULL) == 0 && j.nodes[0].type == TH_JSON_OBJECT) {
        TH_JSON_EACH (&j, 0, i) {
            put(kv, j.nodes[i].key, j.nodes[i].raw);
        }
    }
    th_arena_free(&arena);
}

void th_kv_free(struct th_kv *kv)
{
    while (kv->first != NULL)
        drop(kv, &kv->first);
}

static void write_member(void *arg, struct th_str key, struct th_str value)
{
    struct th_buf *out = arg;
    if (out->p[out->n - 1] != '{')
        th_buf_putc(out, ',');
    th_json_put_str(out, key);
    th_buf_putc(out, ':');
    th_buf_str(out, value);
}

void th_kv_write(const struct th_kv *kv, struct th_buf *out)
{
    th_buf_putc(out, '{');
    th_kv_each(kv, NULL, write_member, out);
    th_buf_putc(out, '}');
}

struct th_str th_kv_get(const struct th_kv *kv, const struct th_kv_changes *changes, struct th_str key)
{
    const struct th_kv_entry *e = changes != NULL ? *at(&changes->first, key) : NULL;
    if (e == NULL)
        e = *at(&kv->first, key);
    return e != NULL ? e->value : (struct th_str){NULL, 0};
}

void th_kv_each(const struct th_kv *kv, const struct th_kv_changes *changes,
    void (*each)(void *arg, struct th_str key, struct th_str value), void *arg)
{
    for (const struct th_kv_entry *e = kv->first; e != NULL; e = e->next)
        if (changes == NULL || *at(&changes->first, e->key) == NULL)
            each(arg, e->key, e->value);
    for (const struct th_kv_entry *e = changes != NULL ? changes->first : NULL; e != NULL; e = e->next)
        if (e->value.p != NULL)
            each(arg, e->key, e->value);
}

static int check(const struct th_kv *kv, const struct th_kv_changes *changes, struct th_error *err)
{
    int64_t keys = kv->keys, bytes = (int64_t)kv->bytes;
    for (const struct th_kv_entry *e = changes->first; e != NULL; e = e->next) {
        const struct th_kv_entry *old = *at(&kv->first, e->key);
        keys += (e->value.p != NULL) - (old != NULL);
        bytes += (int64_t)size_of(e) - (int64_t)size_of(old);
    }
    if (keys > TH_KV_KEYS_MAX)
        return th_fail(err, TH_ETOOBIG, "more than %d keys for one device", TH_KV_KEYS_MAX);
    if (bytes > TH_KV_BYTES_MAX)
        return th_fail(err, TH_ETOOBIG, "more than %d KiB for one device", TH_KV_BYTES_MAX / 1024);
    return 0;
}

int th_kv_change(const struct th_kv *kv, struct th_kv_changes *changes, struct th_arena *arena,
    struct th_str key, struct th_str value, struct th_error *err)
{
    struct th_kv_entry *e = *at(&changes->first, key);
    if (e == NULL) {
        if (value.p == NULL && *at(&kv->first, key) == NULL)
            return 0;
        e = th_arena_zalloc(arena, sizeof *e);
        *e = (struct th_kv_entry){changes->first, key, value};
        changes->first = e;
        int rc = value.p != NULL ? check(kv, changes, err) : 0;
        if (rc != 0)
            changes->first = e->next;
        return rc;
    }
    struct th_str before = e->value;
    e->value = value;
    int rc = value.p != NULL ? check(kv, changes, err) : 0;
    if (rc != 0)
        e->value = before;
    return rc;
}

bool th_kv_fits(const struct th_kv *kv, const struct th_kv_changes *changes)
{
    return check(kv, changes, NULL) == 0;
}

void th_kv_apply(struct th_kv *kv, const struct th_kv_changes *changes)
{
    for (const struct th_kv_entry *e = changes->first; e != NULL; e = e->next)
        put(kv, e->key, e->value);
}
