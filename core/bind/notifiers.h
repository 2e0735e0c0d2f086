/* SPDX-License-Identifier: Apache-2.0
 *
 * The notifiers of one worker: plugins/notify/NAME/init.lua below home, read when the process starts, each in
 * a sandboxed state of its own. A notifier returns
 *
 *   { api = 1, name = NAME, version = TEXT, title = TEXT,
 *     schema = JSON Schema of a channel's config, an object; members with writeOnly = true are secrets,
 *     hosts = { HOST, ... } or function(conf) -> { HOST, ... },   -- where thing.http may go
 *     send = function(conf, notification, ctx) -> true | nil, error, retry_after_seconds }
 *
 * send runs in phase notify as a coroutine that may wait. conf has the channel's secrets in it. notification:
 * id (the same in every attempt), channel, product, device (both nil in a test), time (ms), test (boolean),
 * title, text, severity, data, and json: the last four as the text they were kept as. ctx: attempt (from 1).
 * What it raises or answers as an error is shown to people, with every secret masked. A notifier that does
 * not load is told of in the log and is not there. */
#ifndef TH_NOTIFIERS_H
#define TH_NOTIFIERS_H

#include "script/gen.h"
#include "store/notice.h"
#include "store/store.h"

struct th_notifier {
    char name[65];
    char *text;  /* its source */
    char *about; /* JSON: {"name", "version", "title", "schema"} */
    size_t n;
    struct th_gen *gen; /* NULL: the last was spent; the next call builds one */
};

struct th_notifiers {
    struct th_worker *w;
    struct th_notifier *list;
    size_t count;
    struct th_list sending; /* struct th_notice */
    uv_timer_t timer;       /* runs while something is sent */
    uint64_t hurried_us;    /* since when those that are sent should end; 0: no need */
};

/* After th_scripts_start(). Gives the store what it sends with. */
int th_notifiers_start(struct th_worker *w, struct th_error *err) TH_MUST_CHECK;
void th_notifiers_stop(struct th_worker *w); /* before th_scripts_stop() */

/* On the worker's thread; the end goes to n->home. */
void th_notifiers_send(struct th_worker *w, struct th_notice *n);
/* The hosts of a channel with this config (JSON, secrets included) as a JSON array. -TH_ENOTFOUND: no such
 * notifier; -TH_ESCRIPT: it raised an error. */
int th_notifiers_hosts(struct th_worker *w, struct th_str notifier, struct th_str config, struct th_buf *out,
    struct th_error *err) TH_MUST_CHECK;
/* What there is: a JSON array of what they say of themselves. */
void th_notifiers_about(const struct th_worker *w, struct th_buf *out);

/* ---- between the files of it ---- */

/* Builds its state when there is none; the error says why it cannot be. */
struct th_gen *th_notifier_gen(struct th_notifiers *s, struct th_notifier *notifier, struct th_error *err);
struct th_notifier *th_notifier_find(const struct th_notifiers *s, struct th_str name);
/* notifier_read.c: what it says of itself, as JSON; and the hosts of the channel whose config's JSON is
 * given. */
int th_notifier_about(
    struct th_gen *gen, const char *name, struct th_buf *out, struct th_error *err) TH_MUST_CHECK;
int th_notifier_hosts(
    struct th_gen *gen, struct th_str config, struct th_buf *out, struct th_error *err) TH_MUST_CHECK;

/* notifier_send.c: what the store is given; and the end of all that is sent. */
void th_notifiers_take(struct th_store *store, struct th_notice *n);
void th_notifiers_hurry(struct th_store *store);
void th_notifiers_cancel(struct th_notifiers *own);
void th_notifier_log(
    struct th_gen *gen, void *ctx, enum th_log_level level, struct th_str text, const char *where, int line);

extern const struct th_binding th_bind_notifier[];      /* thing.http */
extern const struct th_binding th_bind_notifier_mail[]; /* thing.mail: for the notifier mail alone */

#endif
