/* SPDX-License-Identifier: Apache-2.0
 *
 * Products as one worker knows them: read on first use, forgotten when a change is notified. Owned by the
 * worker's store; a product stays valid while someone holds a reference. */
#ifndef TH_PRODUCT_H
#define TH_PRODUCT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/list.h"
#include "base/rate.h"
#include "base/str.h"

struct th_store;

enum th_auth_mode { TH_AUTH_DEVICE_KEY, TH_AUTH_PRODUCT_KEY };
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
    bool provision;
    char *provision_prefix; /* devices whose key begins so may provision themselves; "" any */
    int64_t payload_limit;  /* bytes */
    double device_rate,
        product_rate; /* messages per second, 0: no limit; the product's is shared out to the workers */
    struct th_rate rate;
    enum th_command_format command_format;
    int64_t script_version; /* active; 0: it has no script */
    char *script;           /* its source; NULL: none */
    struct th_keys keys;
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

/* Unseals a column of the form [{"id": n, "sealed": hex}, ...] written by the queries of product.c and
 * device.c; kind is the table, which is part of the associated data. A key that does not open is left out,
 * with a line in the log. */
struct th_keys th_keys_read(struct th_store *s, const char *kind, const char *json);
void th_keys_free(struct th_keys *keys);

#endif
