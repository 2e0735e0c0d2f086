/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "bind/call.h"
#include "bind/scripts.h"
#include "hook/handler.h"
#include "store/dead_letter.h"

static __thread uint64_t serial; /* of calls on this worker */

/* Dead, and the device is told when it asked to be and can be. */
static void refuse(struct th_message *m, const char *reason, int code, const char *detail)
{
    th_message_dead(m, reason, "%s", detail);
    if (m->parsed.ack && m->parsed.has_id)
        th_call_reply(m, code, (struct th_str){NULL, 0});
}

/* A shape that fails before `ack` was reached still tells what could be read. */
static void read_ack(struct th_payload *p)
{
    const struct th_json_node *ack = th_json_get(&p->json, 0, TH_STR("ack"));
    int64_t n;
    if (ack != NULL && th_json_int(ack, &n))
        p->ack = n == 1;
}

static int read_code(struct th_payload *p, struct th_error *err)
{
    const struct th_json_node *code = th_json_get(&p->json, 0, TH_STR("code"));
    if (code == NULL || !th_json_int(code, &p->code))
        return th_fail(err, TH_EINVAL, "code is missing or not a whole number");
    return 0;
}

void th_handler_read(struct th_message *m, const struct th_conf *conf)
{
    struct th_payload_limits limits = {m->time_ms, conf->ingest_clock_ahead, conf->ingest_clock_behind};
    struct th_error err = {0};
    int rc;
    switch (m->topic.kind) {
    case TH_TOPIC_PROPERTY_POST:
    case TH_TOPIC_EVENT_POST:
        rc = th_payload_read(&m->parsed, &m->arena, m->payload, &err);
        if (rc == 0)
            rc = m->topic.kind == TH_TOPIC_PROPERTY_POST
                     ? th_payload_samples(&m->parsed, &m->arena, &limits, &err)
                     : th_payload_event(&m->parsed, &m->arena, &limits, &err);
        if (rc != 0) {
            read_ack(&m->parsed);
            refuse(m, TH_DEAD_PAYLOAD, 400, err.msg);
        }
        break;
    case TH_TOPIC_SET_REPLY:
    case TH_TOPIC_SERVICE_REPLY:
        rc = th_payload_read(&m->parsed, &m->arena, m->payload, &err);
        if (rc == 0)
            rc = read_code(&m->parsed, &err);
        if (rc != 0)
            th_message_dead(m, TH_DEAD_PAYLOAD, "%s", err.msg);
        break;
    default:
        th_message_dead(m, TH_DEAD_NO_HANDLER, "nothing takes %.*s", TH_STR_FMT(m->topic.rest));
    }
}

static void note_kill(struct th_store *s, const struct th_message *m, const struct th_report *report)
{
    bool killed = report->run != TH_RUN_ERROR;
    if (killed && th_suspect_note(&s->w->scripts->broken, m->device_key, 3))
        th_warn("breaker_open", "device=%.*s", TH_STR_FMT(m->device_key));
}

static void script_failed(struct th_store *s, struct th_message *m, const struct th_report *report)
{
    char detail[800];
    th_count(s->metrics, script_errors);
    note_kill(s, m, report);
    snprintf(detail, sizeof detail, "%s %s:%d: %s: %s", report->script, report->where, report->line,
        th_run_name(report->run), report->message);
    th_warn("script_failed", "device=%s %s", m->device->key, detail);
    m->effects = NULL;
    m->effects_tail = &m->effects;
    refuse(m, TH_DEAD_SCRIPT, 500, detail);
}

static void no_script(struct th_report *report, const struct th_product *p, const char *why)
{
    *report = (struct th_report){.run = TH_RUN_ERROR, .version = p->script_version};
    snprintf(report->script, sizeof report->script, "%s", p->key);
    snprintf(report->message, sizeof report->message, "the script could not be loaded: %s", why);
}

/* The version that ran is in *version. */
static bool run(struct th_store *s, struct th_call_context *c, const char *function, enum th_phase phase,
    th_push_cb push, th_take_cb take, int64_t *version, struct th_report *report)
{
    struct th_scripts *scripts = s->w->scripts;
    const struct th_product *p = c->device->product;
    const char *why = "";
    struct th_gen *gen = th_scripts_of(scripts, p, version, &why);
    if (gen == NULL) {
        no_script(report, p, why);
        return false;
    }
    struct th_call call = {.function = function, .phase = phase, .ctx = c, .push = push, .take = take};
    c->serial = ++serial;
    enum th_run run = th_task_start(gen, &call, report);
    th_scripts_note(scripts, p, function, *version, report);
    return run == TH_RUN_OK || run == TH_RUN_NO_FUNCTION;
}

/* A device whose calls were killed three times in a minute is not run for a minute: its messages become dead
 * letters that can be replayed. The others of its product go on. */
static bool breaker_open(struct th_store *s, struct th_message *m)
{
    if (m->replay || !th_suspect_is(&s->w->scripts->broken, m->device_key))
        return false;
    refuse(m, TH_DEAD_SCRIPT, 500, "not run: three calls of this device were killed within a minute");
    return true;
}

static void rejected(struct th_message *m, const struct th_call_context *c)
{
    m->effects = NULL;
    m->effects_tail = &m->effects;
    const char *why = c->rejection.n > 0 ? c->rejection.p : "rejected by the product's script";
    refuse(m, TH_DEAD_REJECTED, 422, why);
}

static bool keep_row(struct th_store *s, struct th_call_context *c)
{
    struct th_message *m = c->message;
    struct th_str type = m->topic.kind == TH_TOPIC_EVENT_POST ? m->topic.name : (struct th_str){NULL, 0};
    uint8_t flags = c->sample->clock_replaced ? TH_ROW_CLOCK : 0;
    if (c->replaced.p == NULL) {
        th_call_row(c, type, c->sample->time, m->parsed.json.nodes[c->sample->node].raw, &m->parsed.json,
            c->sample->node, flags);
        return true;
    }
    struct th_json *j = th_arena_alloc(&m->arena, sizeof *j);
    struct th_error err;
    if (th_json_read(j, &m->arena, c->replaced, &err) != 0) {
        refuse(m, TH_DEAD_SCRIPT, 500, err.msg);
        return false;
    }
    th_call_row(c, type, c->sample->time, c->replaced, j, 0, flags);
    return true;
}

static void handle_rows(struct th_store *s, struct th_message *m)
{
    bool event = m->topic.kind == TH_TOPIC_EVENT_POST;
    struct th_call_context c = {.arena = &m->arena, .device = m->device, .message = m};
    struct th_report report;
    for (unsigned i = 0; i < m->parsed.nsamples; i++) {
        c.sample = &m->parsed.samples[i];
        c.replaced = (struct th_str){NULL, 0};
        if (!run(s, &c, event ? "on_event" : "on_property", event ? TH_PHASE_EVENT : TH_PHASE_PROPERTY,
                th_call_push_message, th_call_take_params, &m->script_version, &report)) {
            script_failed(s, m, &report);
            return;
        }
        if (c.rejected) {
            rejected(m, &c);
            return;
        }
        if (!keep_row(s, &c))
            return;
    }
    if (m->parsed.ack && m->parsed.has_id && !c.replied)
        th_call_reply(m, 200, (struct th_str){NULL, 0});
}

static void handle_reply(struct th_store *s, struct th_message *m)
{
    struct th_call_context c = {.arena = &m->arena, .device = m->device, .message = m};
    struct th_report report;
    if (!run(s, &c, "on_reply", TH_PHASE_REPLY, th_call_push_message, NULL, &m->script_version, &report))
        script_failed(s, m, &report);
}

static bool too_large(struct th_message *m)
{
    char detail[80];
    if ((int64_t)m->payload.n <= m->device->product->payload_limit)
        return false;
    snprintf(detail, sizeof detail, "%zu bytes, the product takes %lld", m->payload.n,
        (long long)m->device->product->payload_limit);
    refuse(m, TH_DEAD_TOO_LARGE, 413, detail);
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
        refuse(m, TH_DEAD_RATE, 429, "over the device's rate");
    else if (product)
        refuse(m, TH_DEAD_RATE, 429, "over the product's rate");
    return device || product;
}

static void handle(struct th_store *s, struct th_message *m)
{
    if (too_large(m) || too_fast(m) || breaker_open(s, m))
        return;
    if (m->topic.kind == TH_TOPIC_SET_REPLY || m->topic.kind == TH_TOPIC_SERVICE_REPLY)
        handle_reply(s, m);
    else
        handle_rows(s, m);
}

static bool compose(struct th_store *s, struct th_device *d, const struct th_outgoing *cmds, unsigned n,
    struct th_str message_id, struct th_arena *arena, struct th_str *topic, struct th_str *payload)
{
    struct th_call_context c = {
        .arena = arena, .device = d, .commands = cmds, .ncommands = n, .message_id = message_id};
    struct th_report report;
    int64_t version;
    if (!run(s, &c, "on_command", TH_PHASE_COMMAND, th_call_push_commands, th_call_take_command, &version,
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
