/* SPDX-License-Identifier: Apache-2.0
 *
 * The storage of one worker: devices it owns, the batch being filled and the one on its way. The layer above
 * gives the handler; other threads use only the functions at the end. */
#ifndef TH_STORE_H
#define TH_STORE_H

#include <stdatomic.h>
#include "io/pg.h"
#include "io/worker.h"
#include "store/device.h"
#include "store/metrics.h"
#include "store/spool_holds.h"

struct th_keyring;
struct th_try;
struct th_outgoing;
struct th_notice;

/* State of the process that the workers share; made by main before they start. */
struct th_shared {
    struct th_keyring *keyring; /* opens sealed secrets */
    struct th_spool *spool;     /* NULL: none */
    /* Turns a hook's body that was kept (m->body, home and mtls are set) back into a message. Any thread. */
    void (*revive)(struct th_message *m);
    /* Tries a script without consequences (bind/try.h). Not on a worker's thread. */
    void (*try_script)(struct th_try *t);
    struct th_metrics *metrics; /* one block per worker */
    struct th_script_log *script_log;
    _Atomic int64_t inflight, inflight_bytes; /* hooks taken in and not yet answered */
    int64_t started_ms;
    char instance[17];                /* tells this process from others with the same database */
    const char *home;                 /* folder with lua/, plugins/, api/, ... */
    struct th_hook_door *hook_door;   /* hook/hooks.h */
    struct th_admin_door *admin_door; /* http/admin.h */
};

struct th_store {
    struct th_worker *w;
    const struct th_conf *conf;
    struct th_metrics *metrics;
    struct th_devices devices;
    struct th_product **products;
    size_t nproducts;
    struct th_ingest *ingest;
    struct th_commands *commands;
    struct th_outbox *outbox;
    struct th_dead_letters *dead;
    struct th_pg_listen *listen;
    struct th_spool *spool;          /* NULL: none */
    struct th_spool_holds holds;     /* its devices with messages in the spool */
    int64_t looked_us, switch_stamp; /* changes.c */
    bool draining;
    int64_t odd_by; /* the first worker's: what accounting differed by, and how often in a row */
    unsigned odd_times;
    /* Runs the product's handler: reads m, adds effects, or marks it dead. Set by the layer above before
     * traffic. */
    void (*handle)(struct th_store *s, struct th_message *m);
    /* A function that was put off: the same, or sets m->waiting and calls th_ingest_resume later. */
    void (*run_timer)(struct th_store *s, struct th_message *m);
    void (*cancel_timers)(struct th_store *s); /* those that wait; each comes back by th_ingest_resume */
    struct th_list timers;                     /* the layer above's */
    /* Has the channel's notifier send it; the end comes by mail. hurry: those that are being sent have a few
     * seconds left. */
    void (*send_notice)(struct th_store *s, struct th_notice *n);
    void (*hurry_notices)(struct th_store *s);
    /* Turns a claimed command into what the device gets. Returns false when the product's script failed. */
    bool (*compose)(struct th_store *s, struct th_device *d, const struct th_outgoing *cmds, unsigned n,
        struct th_str message_id, struct th_arena *arena, struct th_str *topic, struct th_str *payload);
};

/* A command as it leaves; see command.h. */
struct th_outgoing {
    int64_t id;
    struct th_str name, params;
};

extern const struct th_worker_part th_store_part;
/* Tells the worker once nothing is under way any more; called by the parts of the store as they finish work.
 */
void th_store_maybe_drained(struct th_store *s);

/* For how long PostgreSQL has been away (or too slow) for this worker, in ms; 0: it is there. */
int64_t th_store_away_ms(const struct th_store *s);

/* From any thread: drops what the owners have cached, after a change that was committed. */
void th_store_forget_device(struct th_runtime *rt, struct th_str device_key);
void th_store_forget_product(struct th_runtime *rt, struct th_str product_key); /* empty key: all */

#endif
