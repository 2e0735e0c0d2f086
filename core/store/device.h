/* SPDX-License-Identifier: Apache-2.0
 *
 * Devices as the worker that owns them knows them: row, state, recent message keys. Read on first use; the
 * least recently used are dropped over ingest.devices; forgotten when a change is notified or a batch they
 * were in failed. A change of their product alone is looked at when they are used next. A device that was
 * forgotten lives on, detached, while messages hold references. */
#ifndef TH_DEVICE_H
#define TH_DEVICE_H

#include <stdbool.h>
#include <stdint.h>
#include "store/message.h"
#include "store/pending.h"
#include "store/presence.h"
#include "store/product.h"

#define TH_RECENT_KEYS 32
#define TH_NONCES 8
#define TH_PROPERTIES_MAX 1000 /* names whose newest value is kept; more are in the history only */

struct th_property { /* the newest value of one property */
    struct th_property *next;
    int64_t time;
    struct th_str name;  /* in the same block */
    struct th_str value; /* JSON */
    size_t room;         /* bytes there are for it */
    bool changed;        /* since the last batch was written */
};

struct th_device {
    struct th_device *hash_next;
    struct th_list lru; /* most recently used first */
    struct th_store *store;
    unsigned refs;
    bool cached, loading, absent;
    bool stale;    /* to be read again once nothing of it is uncommitted */
    bool renewing; /* its product was forgotten and is being read */
    uint64_t loaded_us;
    struct th_list waiting;     /* struct th_device_wait while loading */
    struct th_list uncommitted; /* messages handled and not yet committed */
    char *key;
    int64_t id;
    char *about; /* JSON object: name, tags, attributes, parameters; NULL: no script could ask for it */
    bool enabled;
    struct th_product *product;
    struct th_keys keys;
    int64_t rev;
    int64_t desired_version;
    int64_t canary_version; /* the canary that it is one of the devices of; 0: none */
    int64_t canary_asked;   /* the canary, by its activation, of which that is known */
    struct th_presence presence;
    struct th_property *reported;
    unsigned nreported;
    struct th_kv kv;
    struct th_pending pending;
    struct th_alarms alarms;
    struct th_touch *touch; /* its changes in the batch being filled */
    int64_t marked_hour;    /* hours since 1970: the running hour is marked for its rollup */
    struct th_rate rate;
    unsigned nuncommitted;
    unsigned char recent[TH_RECENT_KEYS][TH_DIGEST_LEN]; /* ring of committed keys */
    uint8_t recent_next;
    uint8_t nonce_next;
    uint64_t nonces[TH_NONCES]; /* ring: marks of the passwords used last, hook/auth_nonce.h */
};

struct th_devices {
    struct th_device **slots;
    size_t nslots; /* power of two */
    size_t count;
    struct th_list lru;
};

void th_devices_init(struct th_devices *t);
void th_devices_free(struct th_store *s);

/* What the version of the script that it runs declares. */
const struct th_manifest *th_device_manifest(const struct th_device *d);

/* Calls wait->ready at once when the device is known, else when it has been read. */
void th_device_get(struct th_store *s, struct th_str key, struct th_device_wait *wait);
struct th_device *th_device_ref(struct th_device *d);
void th_device_unref(struct th_device *d);
void th_device_forget(struct th_store *s, struct th_device *d);
void th_device_forget_key(struct th_store *s, struct th_str key); /* empty: all */

bool th_device_saw(const struct th_device *d, const unsigned char digest[TH_DIGEST_LEN]);
void th_device_remember(struct th_device *d, const unsigned char digest[TH_DIGEST_LEN]);

const struct th_property *th_device_property(const struct th_device *d, struct th_str name);
/* Takes the value when it is as new as the one known, or newer, unless the name is one too many; returns
 * whether it did. */
bool th_device_report(struct th_device *d, struct th_str name, struct th_str value, int64_t time);

#endif
