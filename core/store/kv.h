/* SPDX-License-Identifier: Apache-2.0
 *
 * The small state that a product's script keeps per device (thing.kv): names and JSON values. The device's
 * own lies in memory with the device and is written whole when a batch changed it; what one message changes
 * of it is gathered in the message's arena and applied together with its other effects. */
#ifndef TH_KV_H
#define TH_KV_H

#include <stdbool.h>
#include "base/alloc.h"
#include "base/err.h"
#include "base/str.h"

#define TH_KV_BYTES_MAX 16384 /* of all names and values as JSON */
#define TH_KV_KEYS_MAX 256
#define TH_KV_KEY_MAX 128

struct th_kv_entry {
    struct th_kv_entry *next;
    struct th_str key;
    struct th_str value; /* JSON; in changes p NULL: deleted */
};

struct th_kv { /* of a device; each entry is one block */
    struct th_kv_entry *first;
    unsigned keys;
    size_t bytes;
};

struct th_kv_changes { /* of a message; each key once */
    struct th_kv_entry *first;
};

/* From the JSON object in the database; what is no object is none. */
void th_kv_read(struct th_kv *kv, struct th_str json);
void th_kv_free(struct th_kv *kv);
void th_kv_write(const struct th_kv *kv, struct th_buf *out);

/* The value as the message sees it; p NULL when there is none. */
struct th_str th_kv_get(const struct th_kv *kv, const struct th_kv_changes *changes, struct th_str key);
/* Calls each(arg, key, value) for all that the message sees. changes may be NULL. */
void th_kv_each(const struct th_kv *kv, const struct th_kv_changes *changes,
    void (*each)(void *arg, struct th_str key, struct th_str value), void *arg);

/* Adds a change; key and value (p NULL: delete) lie in the arena. TH_ETOOBIG when the state would pass its
 * caps; then nothing is changed. */
int th_kv_change(const struct th_kv *kv, struct th_kv_changes *changes, struct th_arena *arena,
    struct th_str key, struct th_str value, struct th_error *err) TH_MUST_CHECK;
/* Whether the state would be within its caps: asked again when it may have changed since. */
bool th_kv_fits(const struct th_kv *kv, const struct th_kv_changes *changes);
void th_kv_apply(struct th_kv *kv, const struct th_kv_changes *changes);

#endif
