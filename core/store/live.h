/* SPDX-License-Identifier: Apache-2.0
 *
 * What just happened, for those who watch: presence, reports, events, commands, jobs, lines of scripts. An
 * event is made only when somebody in the process wants it, by the worker where it happened, and goes to
 * every worker, which keeps the last few so that a listener who lost its connection can go on where it was.
 * Listeners without a device of their own get reports sampled (TH_LIVE_BUDGET a second and worker); nothing
 * else is left out. Every function is for the worker's own thread unless it says otherwise. */
#ifndef TH_LIVE_H
#define TH_LIVE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/list.h"
#include "base/str.h"
#include "io/worker.h"

/* name as callers say it */
#define TH_LIVE_KINDS(X)                                                                                     \
    X(LATEST, "latest")                                                                                      \
    X(EVENT, "event")                                                                                        \
    X(PRESENCE, "presence")                                                                                  \
    X(COMMAND, "command")                                                                                    \
    X(ALARM, "alarm")                                                                                        \
    X(JOB, "job")                                                                                            \
    X(SCRIPT_LOG, "script_log")

enum th_live_kind {
#define X(id, name) TH_LIVE_##id,
    TH_LIVE_KINDS(X)
#undef X
        TH_LIVE_KIND_COUNT
};

#define TH_LIVE_BUDGET 100   /* reports a second and worker for listeners without a device */
#define TH_LIVE_SAMPLED 2500 /* and what they add up to when all these listeners are counted */
#define TH_LIVE_OTHERS 2000  /* anything else, likewise: a net against floods */
#define TH_LIVE_RESUME_S 60  /* how long after its last sign of life a listener can go on where it was */
#define TH_LIVE_ID_MAX 1024

struct th_live;

/* Who gets an event: reports are many, so that listeners without a device get only some of them. */
enum th_live_reach { TH_LIVE_NOBODY, TH_LIVE_NAMED, TH_LIVE_ALL };

/* One event; shared by all workers, never changed. */
struct th_live_event {
    _Atomic int refs;
    enum th_live_kind kind;
    int64_t product_id; /* 0: of the platform */
    unsigned origin;    /* worker */
    bool elsewhere;     /* came from another instance */
    enum th_live_reach reach;
    uint64_t seq;               /* counts up per origin */
    struct th_str device, data; /* device: of a job whose it is instead (`owner`); data: JSON object */
};

/* What a listener wants, and may see: of each kind all products, or those listed (sorted). */
struct th_live_filter {
    unsigned kinds; /* bits */
    struct {
        bool all;
        unsigned n;
        int64_t *products;
    } scope[TH_LIVE_KIND_COUNT];
    int64_t product_id; /* 0: any */
    char device[129];   /* "": any */
    char owner[80];     /* jobs of this one are seen, whatever the scope says; "": none */
};

/* The arrays of a filter. */
void th_live_filter_free(struct th_live_filter *f);
bool th_live_filter_match(const struct th_live_filter *f, const struct th_live_event *e);

/* A listener; embedded by its owner. */
struct th_live_sub {
    struct th_list link;
    struct th_live_filter
        filter; /* the owner's, set before th_live_join; may be replaced later with the same wants */
    /* id: where the listener is after this event. */
    void (*put)(struct th_live_sub *sub, struct th_str id, const struct th_live_event *e);
    /* Something was missed: the listener must look for itself. */
    void (*missed)(struct th_live_sub *sub, struct th_str id);
};

extern const struct th_worker_part th_live_part;

/* last_id: "" for a new listener. False: what was missed is no longer known, so the listener must look for
 * itself; true: what was missed has been put already. */
bool th_live_join(struct th_worker *w, struct th_live_sub *sub, struct th_str last_id);
void th_live_leave(struct th_worker *w, struct th_live_sub *sub);
/* Where a listener of this worker is now, in out (TH_LIVE_ID_MAX bytes). */
struct th_str th_live_id(struct th_worker *w, char *out);

/* Called before an event is put together; takes from the budget when it says so. */
enum th_live_reach th_live_wanted(struct th_worker *w, enum th_live_kind kind, struct th_str device_key);
void th_live_publish(struct th_worker *w, enum th_live_kind kind, enum th_live_reach reach,
    int64_t product_id, struct th_str device_key, struct th_str data);

struct th_store;
struct th_message;
/* Of a message whose effects were just committed. */
void th_live_committed(struct th_store *s, const struct th_message *m);
struct th_device;
/* Commands were handed to the broker; ids: an array of PostgreSQL, {1,2}. */
void th_live_sent(struct th_store *s, const struct th_device *d, struct th_str ids);

/* Rights have changed: every listener asks again, here and on the other instances. From any thread. */
void th_live_recheck(struct th_runtime *rt);
void th_live_on_recheck(struct th_worker *w, void (*cb)(void *arg), void *arg);

/* For live_peers.c, on the first worker: what another instance wants (by 1 or -1), what it sent, that some of
 * it was missed, that rights have changed there; and what this process wants. */
void th_live_want_elsewhere(struct th_worker *w, unsigned kinds, const char *device, int by);
void th_live_receive(struct th_worker *w, enum th_live_kind kind, enum th_live_reach reach,
    int64_t product_id, struct th_str device_key, struct th_str data);
void th_live_resync(struct th_runtime *rt);
void th_live_recheck_here(struct th_runtime *rt);
const struct th_live_interest *th_live_interest_of(const struct th_worker *w);
/* On any worker: some other instance wants the event. */
bool th_live_wanted_elsewhere(const struct th_worker *w, const struct th_live_event *e);

const char *th_live_kind_name(enum th_live_kind kind);
bool th_live_kind_of(struct th_str name, enum th_live_kind *out);

#endif
