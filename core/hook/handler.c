/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "bind/call.h"
#include "bind/scripts.h"
#include "hook/handler.h"
#include "hook/interpret.h"
#include "store/dead_letter.h"

static __thread uint64_t serial; /* of calls on this worker */

/* The runner of messages that count. */
struct live {
    struct th_runner runner;
    struct th_store *store;
};

static void note_kill(struct th_store *s, const struct th_message *m, const struct th_report *report)
{
    bool killed = report->run != TH_RUN_ERROR;
    if (killed && th_suspect_note(&s->w->scripts->broken, m->device_key, 3))
        th_warn("breaker_open", "device=%.*s", TH_STR_FMT(m->device_key));
}

static void failed(struct th_runner *r, struct th_message *m, const struct th_report *report)
{
    struct th_store *s = th_container_of(r, struct live, runner)->store;
    char detail[800];
    th_count(s->metrics, script_errors);
    note_kill(s, m, report);
    snprintf(detail, sizeof detail, "%s %s:%d: %s: %s", report->script, report->where, report->line,
        th_run_name(report->run), report->message);
    th_warn("script_failed", "device=%s %s", m->device->key, detail);
    m->effects = NULL;
    m->effects_tail = &m->effects;
    th_refuse(m, TH_DEAD_SCRIPT, 500, detail);
}

static void no_script(struct th_report *report, const struct th_product *p, const char *why)
{
    *report = (struct th_report){.run = TH_RUN_ERROR, .version = p->script_version};
    snprintf(report->script, sizeof report->script, "%s", p->key);
    snprintf(report->message, sizeof report->message, "the script could not be loaded: %s", why);
}

static bool run(struct th_runner *r, struct th_call_context *c, const char *function, enum th_phase phase,
    th_push_cb push, th_take_cb take, struct th_report *report)
{
    struct th_scripts *scripts = th_container_of(r, struct live, runner)->store->w->scripts;
    int64_t version;
    const struct th_product *p = c->device->product;
    const char *why = "";
    struct th_gen *gen = th_scripts_of(scripts, p, &version, &why);
    if (c->message != NULL)
        c->message->script_version = version;
    if (gen == NULL) {
        no_script(report, p, why);
        return false;
    }
    struct th_call call = {.function = function, .phase = phase, .ctx = c, .push = push, .take = take};
    c->serial = ++serial;
    enum th_run run = th_task_start(gen, &call, report);
    th_scripts_note(scripts, p, function, version, report);
    return run == TH_RUN_OK || run == TH_RUN_NO_FUNCTION;
}

/* A device whose calls were killed three times in a minute is not run for a minute: its messages become dead
 * letters that can be replayed. The others of its product go on. */
static bool breaker_open(struct th_store *s, struct th_message *m)
{
    if (m->replay || !th_suspect_is(&s->w->scripts->broken, m->device_key))
        return false;
    th_refuse(m, TH_DEAD_SCRIPT, 500, "not run: three calls of this device were killed within a minute");
    return true;
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

static void handle(struct th_store *s, struct th_message *m)
{
    if (too_large(m) || too_fast(m) || breaker_open(s, m))
        return;
    struct live live = {{run, failed}, s};
    th_interpret(&live.runner, m);
}

static bool compose(struct th_store *s, struct th_device *d, const struct th_outgoing *cmds, unsigned n,
    struct th_str message_id, struct th_arena *arena, struct th_str *topic, struct th_str *payload)
{
    struct th_call_context c = {
        .arena = arena, .device = d, .commands = cmds, .ncommands = n, .message_id = message_id};
    struct live live = {{run, failed}, s};
    struct th_report report;
    if (!run(&live.runner, &c, "on_command", TH_PHASE_COMMAND, th_call_push_commands, th_call_take_command,
            &report) ||
        c.rest.p == NULL) {
        th_count(s->metrics, script_errors);
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
    return 0;
}

void th_handler_stop(struct th_worker *w)
{
    th_scripts_stop(w);
}
