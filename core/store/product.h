/* SPDX-License-Identifier: Apache-2.0
 *
 * Products as one worker knows them: read on first use, forgotten when a change is notified. Owned by the
 * worker's store; a product stays valid while someone holds a reference. */
#ifndef TH_PRODUCT_H
#define TH_PRODUCT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/list.h"
#include "base/log.h"
#include "base/rate.h"
#include "base/str.h"
#include "store/manifest.h"

struct th_store;

enum th_auth_mode { TH_AUTH_DEVICE_KEY, TH_AUTH_PRODUCT_KEY, TH_AUTH_SCRIPT_DECIDES };
enum th_command_format { TH_COMMAND_PLAIN, TH_COMMAND_IDS };

struct th_keys { /* unsealed secrets; wiped when freed */
    struct th_str *list;
    unsigned count;
};

struct th_product {
    struct th_product *hash_next;
    unsigned refs;
    bool cached; /* false: forgotten, lives only by its references */
    bool loading;
    bool absent; /* no such product; believed for TH_ABSENT_MS */
    uint64_t loaded_us;
    struct th_list waiting; /* struct th_product_wait while loading */
    char *key;
    int64_t id;
    bool enabled;
    enum th_auth_mode auth;
    int64_t auth_window_ms; /* 0: the configuration's */
    bool auth_once;         /* a password is taken once */
    bool provision;
    char *provision_prefix; /* devices whose key begins so may provision themselves; "" any */
    int64_t payload_limit;  /* bytes */
    double device_rate,
        product_rate; /* messages per second, 0: no limit; the product's is shared out to the workers */
    struct th_rate rate;
    enum th_command_format command_format;
    struct th_product_version {
        int64_t version;    /* 0: none */
        int64_t activation; /* since which it is in force: no two of a product's are the same */
        char *source;
        char *modules;               /* what it requires (bind/modules.h); NULL: nothing */
        struct th_manifest manifest; /* what it declares */
    } script, canary;                /* in force; in force for devices that say so (device.h) */
    int64_t canary_size;             /* how many devices it was for when it began, at most 1000 */
    bool scripts_off;                /* switched off, for this product or for all */
    bool store_raw;                  /* on_script_error: keep reports and events as they came */
    int64_t scripts_stamp;           /* when any of this was changed last */
    enum th_log_level log_level;     /* least of its scripts' lines that are kept */
    int64_t debug_until_ms;          /* all are until then; 0: not */
    struct {
        bool on;
        int64_t devices, window_ms;
        double percent;
    } fallback; /* when a version counts as failing; see bind/script_health.h */
    struct th_keys keys;
    char *http_hosts; /* JSON array: whom its script may ask (io/http_hosts.h); NULL: nobody */
};

#define TH_ABSENT_MS 2000
#define TH_PAYLOAD_LIMIT 262144

struct th_product_wait {
    struct th_list link;
    void (*ready)(
        struct th_product_wait *wait, struct th_product *p, int code); /* p may be absent; NULL with code */
};

/* Calls ready at once when the product is known. */
void th_product_get(struct th_store *s, struct th_str key, struct th_product_wait *wait);
struct th_product *th_product_ref(struct th_product *p);
void th_product_unref(struct th_product *p);
void th_product_forget(struct th_store *s, struct th_str key); /* empty key: all */
/* True when the product is known here from before that change of its scripts. */
bool th_product_behind(struct th_store *s, struct th_str key, int64_t scripts_stamp);

/* What its devices may publish and hear: one that the canary is for, or stops being for, keeps its session.
 */
static inline bool th_product_takes(const struct th_product *p, struct th_str rest)
{
    return th_manifest_takes(&p->script.manifest, rest) || th_manifest_takes(&p->canary.manifest, rest);
}
static inline bool th_product_may_hear(const struct th_product *p, struct th_str filter)
{
    return th_manifest_may_hear(&p->script.manifest, filter) ||
           th_manifest_may_hear(&p->canary.manifest, filter);
}

/* Unseals a column of the form [{"id": n, "sealed": hex}, ...] written by the queries of product.c and
 * device.c; kind is the table, which is part of the associated data. A key that does not open is left out,
 * with a line in the log. */
struct th_keys th_keys_read(struct th_store *s, const char *kind, const char *json);
void th_keys_free(struct th_keys *keys);

#endif
