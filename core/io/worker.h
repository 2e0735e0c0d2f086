/* SPDX-License-Identifier: Apache-2.0
 *
 * A worker is one thread with one uv loop; all mutable state hangs off it. Other threads reach it only by
 * mail. The signals that main handles (INT, TERM, HUP, QUIT, USR1, USR2) are blocked in workers; main ignores
 * SIGPIPE. */
#ifndef TH_WORKER_H
#define TH_WORKER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>
#include "base/conf.h"
#include "base/err.h"
#include "base/list.h"
#include "base/str.h"

struct th_worker;
struct th_runtime;

/* Embedded in the sender's own struct; run() is called once on the receiving worker's thread and may free it.
 * Mail that comes after the receiver's parts were stopped is dropped: what it was about is gone. */
struct th_mail {
    struct th_mail *next;
    void (*run)(struct th_worker *to, struct th_mail *m);
};

/* Work that a worker leaves for its own next loop turn, embedded in the owner's struct (th_list_init the link
 * first). This is how callbacks are kept out of the calls that caused them. */
struct th_later {
    struct th_list link;
    void (*run)(struct th_worker *w, struct th_later *l); /* may free it */
};

struct th_worker {
    struct th_runtime *rt;
    int index; /* 0 to rt->worker_count - 1 */
    uv_thread_t thread;
    uv_loop_t loop;
    uv_async_t wake;
    uv_mutex_t mail_lock;
    struct th_mail *mail_first, **mail_last; /* under mail_lock */
    bool mail_closed;                        /* under mail_lock */
    struct th_mail *inbox;                   /* taken out of the mailbox, not yet run */
    uv_idle_t later_idle;                    /* active while `later` holds something */
    struct th_list later;                    /* struct th_later */
    struct th_list crons;                    /* io/cron.h */
    int offloads;                            /* io/offload.h: under way */
    bool draining;
    bool drain_awaited; /* under rt->lock: th_worker_drained is still to come */
    int parts_started;
    struct th_error failure; /* of the part that did not start */
    struct th_mail drain_mail, stop_mail;
    struct th_pg_pool *pg;       /* io/pg_pool.h */
    struct th_http_client *curl; /* io/http_client.h */
    struct th_broker *broker;    /* io/broker.h */
    struct th_redis *redis;      /* io/redis.h; NULL: none configured */
    struct th_smtp *smtp;        /* io/smtp.h; NULL: no mail is configured */
    /* Slots of the layers above; each is made and freed by its own layer. */
    struct th_store *store;
    struct th_live *live;
    struct th_scripts *scripts;
    struct th_notifiers *notifiers;
    struct th_hooks *hooks;
    struct th_web *web;
    struct th_api *api;
};

/* What a layer adds to each worker. start runs on the worker's thread before its loop; drain is called once
 * on it when the process is to end: refuse new work, finish what is under way, then call th_worker_drained()
 * once; stop runs on it after all parts have drained: close every handle; the loop runs until none is left.
 * Any may be NULL (a part without drain counts as drained). Parts start in list order, drain and stop in the
 * reverse; a part's drain is called when the part after it has drained on every worker, so what is under way
 * can still use the lower ones. stop may come without drain: when a later part did not start, or the deadline
 * passed. */
struct th_worker_part {
    const char *name;
    int (*start)(struct th_worker *w, struct th_error *err);
    void (*drain)(struct th_worker *w);
    void (*stop)(struct th_worker *w);
};

struct th_runtime {
    const struct th_conf *conf;
    struct th_worker *workers;
    int worker_count;
    const struct th_worker_part *const *parts; /* NULL-terminated, handed over by main */
    struct th_shared *shared;                  /* process-wide state of the layers above, made by main */
    _Atomic bool stopping;
    uv_mutex_t lock;
    uv_cond_t changed;
    int phase;   /* under lock */
    int awaited; /* under lock: workers that have not yet reached what main waits for */
    const struct th_worker_part *draining; /* written by main before the mail that reads it */
};

/* Starts all threads; returns when every part of every worker has started, or with the first error after
 * undoing. No mail is run before all have started. conf->workers 0 means one per core. */
int th_runtime_start(struct th_runtime *rt, const struct th_conf *conf,
    const struct th_worker_part *const *parts, struct th_shared *shared, struct th_error *err) TH_MUST_CHECK;
/* Drains all parts on all workers (at most deadline_ms), stops and joins them. Called from the main thread.
 */
void th_runtime_stop(struct th_runtime *rt, int64_t deadline_ms);

/* From any thread. Order between two threads is kept. */
void th_worker_post(struct th_worker *to, struct th_mail *m);
void th_worker_drained(struct th_worker *w);
/* On the worker's own thread. In the order given; l must not be waiting already. To take it back:
 * th_list_remove(&l->link). What is left when the worker ends is dropped. */
void th_worker_later(struct th_worker *w, struct th_later *l);
/* The worker whose thread this is, or NULL. */
struct th_worker *th_worker_self(void);
/* The one worker that handles everything of this device. */
struct th_worker *th_worker_of_device(struct th_runtime *rt, struct th_str device_key);

#endif
