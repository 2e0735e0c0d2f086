/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "bind/call.h"
#include "bind/notifiers.h"
#include "bind/scripts.h"
#include "hook/handler.h"
#include "hook/interpret.h"
#include "hook/timer.h"
#include "store/dead_letter.h"

static __thread uint64_t serial; /* of calls on this worker */

/* The runner of messages that count. */
struct live {
    struct th_runner runner;
    struct th_store *store;
};

/* The breaker is the device's under one version: the next one has its chance. */
static struct th_str breaker_key(const struct th_message *m, int64_t version, char *text, size_t room)
{
    int n = snprintf(text, room, "%lld %.*s", (long long)version, TH_STR_FMT(m->device_key));
    return (struct th_str){text, (size_t)n < room ? (size_t)n : room - 1};
}

static void note_kill(struct th_store *s, const struct th_message *m, const struct th_report *report)
{
    char text[160];
    struct th_str key = breaker_key(m, m->script_version, text, sizeof text);
    if (report->run != TH_RUN_ERROR && th_suspect_note(&s->w->scripts->broken, key, 3))
        th_warn("breaker_open", "device=%.*s version=%lld", TH_STR_FMT(m->device_key),
            (long long)m->script_version);
}

/* The product's script cannot have it: it is kept as the product's on_script_error says. What is not of the
 * protocol's form cannot be stored as it came; that a device came or went is true whatever the script makes
 * of it. */
static void keep_unhandled(struct th_message *m, const char *reason, const char *detail)
{
    enum th_topic_kind kind = m->topic.kind;
    bool report = m->kind == TH_HOOK_PUBLISH && m->unreadable == NULL && m->parsed.nsamples > 0 &&
                  (kind == TH_TOPIC_PROPERTY_POST || kind == TH_TOPIC_EVENT_POST);
    if (m->device->product->store_raw && report) {
        th_interpret_raw(m);
        return;
    }
    m->effects = NULL;
    m->effects_tail = &m->effects;
    if (!th_message_is_connection(m))
        th_refuse(m, reason, 500, detail);
}

void th_handler_failed(struct th_store *s, struct th_message *m, const struct th_report *report)
{
    char detail[800];
    th_count(s->metrics, script_errors);
    note_kill(s, m, report);
    th_scripts_failed(s->w->scripts, m->device, m, m->script_version, report);
    snprintf(detail, sizeof detail, "%s %s:%d: %s: %s", report->script, report->where, report->line,
        th_run_name(report->run), report->message);
    th_warn("script_failed", "device=%s %s", m->device->key, detail);
    keep_unhandled(m, TH_DEAD_SCRIPT, detail);
}

static void failed(struct th_runner *r, struct th_message *m, const struct th_report *report)
{
    th_handler_failed(th_container_of(r, struct live, runner)->store, m, report);
}

static void no_script(struct th_report *report, const struct th_device *d, const char *why)
{
    *report = (struct th_report){.run = TH_RUN_ERROR, .version = th_scripts_version(d)};
    snprintf(report->script, sizeof report->script, "%s", d->product->key);
    snprintf(report->message, sizeof report->message, "the script could not be loaded: %s", why);
}

static bool run(struct th_runner *r, struct th_call_context *c, const char *function, enum th_phase phase,
    th_push_cb push, th_take_cb take, struct th_report *report)
{
    struct th_scripts *scripts = th_container_of(r, struct live, runner)->store->w->scripts;
    int64_t version;
    const char *why = "";
    struct th_gen *gen = th_scripts_of(scripts, c->device, &version, &why);
    if (c->message != NULL)
        c->message->script_version = version;
    if (gen == NULL) {
        no_script(report, c->device, why);
        return false;
    }
    struct th_call call = {.function = function, .phase = phase, .ctx = c, .push = push, .take = take};
    c->serial = ++serial;
    enum th_run run = th_task_start(gen, &call, report);
    th_scripts_note(scripts, c->device, function, version, report);
    return run == TH_RUN_OK || run == TH_RUN_NO_FUNCTION;
}

/* A product without a script has nothing that could be switched off. */
static bool scripts_off(const struct th_device *d)
{
    return d->product->scripts_off && th_scripts_version(d) != 0;
}

static bool switched_off(struct th_message *m)
{
    if (!scripts_off(m->device))
        return false;
    keep_unhandled(m, TH_DEAD_SCRIPTS_OFF, "not run: scripts are switched off");
    return true;
}

static bool is_broken(struct th_store *s, const struct th_message *m)
{
    char text[160];
    struct th_str key = breaker_key(m, th_scripts_version(m->device), text, sizeof text);
    return th_suspect_is(&s->w->scripts->broken, key);
}

/* A device whose calls were killed three times in a minute is not run for a minute: its messages are kept as
 * on_script_error says. The others of its product go on. */
static bool breaker_open(struct th_store *s, struct th_message *m)
{
    if (m->replay || !is_broken(s, m))
        return false;
    keep_unhandled(m, TH_DEAD_SCRIPT, "not run: three calls of this device were killed within a minute");
    return true;
}

bool th_handler_barred(struct th_store *s, struct th_message *m)
{
    return switched_off(m) || breaker_open(s, m);
}

static bool too_large(struct th_message *m)
{
    char detail[80];
    if ((int64_t)m->payload.n <= m->device->product->payload_limit)
        return false;
    snprintf(detail, sizeof detail, "%zu bytes, the product takes %lld", m->payload.n,
        (long long)m->device->product->payload_limit);
    th_refuse(m, TH_DEAD_TOO_LARGE, 413, detail);
    return true;
}

/* What is tried again was let through before. */
static bool too_fast(struct th_message *m)
{
    struct th_device *d = m->device;
    struct th_product *p = d->product;
    uint64_t now = th_clock_mono_us();
    if (m->attempts > 0 || m->replay)
        return false;
    bool device = p->device_rate > 0 && !th_rate_take(&d->rate, p->device_rate, now);
    bool product = !device && p->product_rate > 0 && !th_rate_take(&p->rate, p->product_rate, now);
    if (device)
        th_refuse(m, TH_DEAD_RATE, 429, "over the device's rate");
    else if (product)
        th_refuse(m, TH_DEAD_RATE, 429, "over the product's rate");
    return device || product;
}

/* Whether the product is told of a device that came or went. */
static bool connection_counts(struct th_store *s, const struct th_message *m)
{
    return m->device->enabled && m->device->product->enabled && !scripts_off(m->device) && !is_broken(s, m);
}

static void handle(struct th_store *s, struct th_message *m)
{
    m->script_version = 0;
    struct live live = {{run, failed}, s};
    bool goes = th_message_is_connection(m) ? connection_counts(s, m)
                                            : !too_large(m) && !too_fast(m) && !th_handler_barred(s, m);
    if (goes)
        th_interpret(&live.runner, m);
}

static bool compose(struct th_store *s, struct th_device *d, const struct th_outgoing *cmds, unsigned n,
    struct th_str message_id, struct th_arena *arena, struct th_str *topic, struct th_str *payload)
{
    struct th_call_context c = {
        .arena = arena, .device = d, .commands = cmds, .ncommands = n, .message_id = message_id};
    struct live live = {{run, failed}, s};
    struct th_report report;
    if (scripts_off(d))
        return false; /* what the script would have made of it is not known: it waits */
    if (!run(&live.runner, &c, "on_command", TH_PHASE_COMMAND, th_call_push_commands, th_call_take_command,
            &report) ||
        c.rest.p == NULL) {
        th_count(s->metrics, script_errors);
        th_scripts_failed(s->w->scripts, d, NULL, report.version, &report);
        th_warn("command_not_composed", "device=%s at=%s:%d error=\"%s\"", d->key, report.where, report.line,
            report.message);
        return false;
    }
    *topic = th_str(th_arena_printf(arena, "%s/%s/%.*s", d->product->key, d->key, TH_STR_FMT(c.rest)));
    *payload = c.payload;
    return true;
}

int th_handler_start(struct th_worker *w, struct th_error *err)
{
    int rc = th_scripts_start(w, err);
    if (rc != 0)
        return rc;
    w->store->handle = handle;
    w->store->compose = compose;
    th_timer_start(w->store);
    return th_notifiers_start(w, err);
}

void th_handler_stop(struct th_worker *w)
{
    th_notifiers_stop(w);
    th_scripts_stop(w);
}
