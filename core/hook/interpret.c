/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/conf.h"
#include "bind/call.h"
#include "hook/interpret.h"
#include "store/dead_letter.h"

void th_refuse(struct th_message *m, const char *reason, int code, const char *detail)
{
    th_message_dead(m, reason, "%s", detail);
    if (m->parsed.ack && m->parsed.has_id)
        th_call_reply(m, code, (struct th_str){NULL, 0});
}

static void no_handler(struct th_message *m)
{
    th_message_dead(m, TH_DEAD_NO_HANDLER, "nothing takes %.*s", TH_STR_FMT(m->topic.rest));
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

static int read_report(struct th_message *m, const struct th_payload_limits *limits, struct th_error *err)
{
    int rc = th_payload_read(&m->parsed, &m->arena, m->payload, err);
    if (rc == 0)
        rc = m->topic.kind == TH_TOPIC_PROPERTY_POST ? th_payload_samples(&m->parsed, &m->arena, limits, err)
                                                     : th_payload_event(&m->parsed, &m->arena, limits, err);
    if (rc != 0)
        read_ack(&m->parsed);
    return rc;
}

void th_interpret_read(struct th_message *m, const struct th_conf *conf)
{
    struct th_payload_limits limits = {m->time_ms, conf->ingest_clock_ahead, conf->ingest_clock_behind};
    struct th_error err = {0};
    int rc = 0;
    switch (m->topic.kind) {
    case TH_TOPIC_PROPERTY_POST:
    case TH_TOPIC_EVENT_POST:
        rc = read_report(m, &limits, &err);
        break;
    case TH_TOPIC_SET_REPLY:
    case TH_TOPIC_SERVICE_REPLY:
        rc = th_payload_read(&m->parsed, &m->arena, m->payload, &err);
        if (rc == 0)
            rc = read_code(&m->parsed, &err);
        break;
    case TH_TOPIC_OWN:
        break;
    default:
        no_handler(m);
    }
    if (rc != 0)
        m->unreadable = th_arena_dup(&m->arena, err.msg, strlen(err.msg));
}

static void rejected(struct th_message *m, const struct th_call_context *c)
{
    m->effects = NULL;
    m->effects_tail = &m->effects;
    const char *why = c->rejection.n > 0 ? c->rejection.p : "rejected by the product's script";
    th_refuse(m, TH_DEAD_REJECTED, 422, why);
}

static struct th_str event_type(const struct th_message *m)
{
    return m->topic.kind == TH_TOPIC_EVENT_POST ? m->topic.name : (struct th_str){NULL, 0};
}

static void row_as_it_came(struct th_call_context *c, struct th_str type, uint8_t flags)
{
    const struct th_json *j = &c->message->parsed.json;
    flags |= c->sample->clock_replaced ? TH_ROW_CLOCK : 0;
    th_call_row(c, type, c->sample->time, j->nodes[c->sample->node].raw, j, c->sample->node, flags);
}

/* type: of an event; p NULL: a report. False, and a report: what the script returned cannot be stored. */
static bool keep_row(struct th_call_context *c, struct th_str type, struct th_report *report)
{
    struct th_message *m = c->message;
    struct th_error err;
    if (c->replaced.p == NULL) {
        row_as_it_came(c, type, 0);
        return true;
    }
    struct th_json *j = th_arena_alloc(&m->arena, sizeof *j);
    if (th_json_read(j, &m->arena, c->replaced, &err) != 0) {
        report->run = TH_RUN_ERROR;
        report->where[0] = 0;
        report->line = 0;
        snprintf(report->message, sizeof report->message, "its result cannot be stored: %.400s", err.msg);
        return false;
    }
    th_call_row(c, type, c->sample->time, c->replaced, j, 0, c->sample->clock_replaced ? TH_ROW_CLOCK : 0);
    return true;
}

static void answer_stored(struct th_message *m)
{
    if (m->parsed.ack && m->parsed.has_id)
        th_call_reply(m, 200, (struct th_str){NULL, 0});
}

void th_interpret_raw(struct th_message *m)
{
    struct th_call_context c = {.arena = &m->arena, .device = m->device, .message = m};
    m->effects = NULL;
    m->effects_tail = &m->effects;
    for (unsigned i = 0; i < m->parsed.nsamples; i++) {
        c.sample = &m->parsed.samples[i];
        row_as_it_came(&c, event_type(m), TH_ROW_RAW);
    }
    answer_stored(m);
}

static void handle_rows(struct th_runner *r, struct th_message *m)
{
    bool event = m->topic.kind == TH_TOPIC_EVENT_POST;
    struct th_call_context c = {.arena = &m->arena, .device = m->device, .message = m};
    struct th_report report;
    for (unsigned i = 0; i < m->parsed.nsamples; i++) {
        c.sample = &m->parsed.samples[i];
        c.replaced = (struct th_str){NULL, 0};
        if (!r->run(r, &c, event ? "on_event" : "on_property", event ? TH_PHASE_EVENT : TH_PHASE_PROPERTY,
                th_call_push_message, th_call_take_params, &report)) {
            r->failed(r, m, &report);
            return;
        }
        if (c.rejected) {
            rejected(m, &c);
            return;
        }
        if (!keep_row(&c, event_type(m), &report)) {
            r->failed(r, m, &report);
            return;
        }
    }
    if (!c.replied)
        answer_stored(m);
}

static void handle_reply(struct th_runner *r, struct th_message *m)
{
    struct th_call_context c = {.arena = &m->arena, .device = m->device, .message = m};
    struct th_report report;
    if (!r->run(r, &c, "on_reply", TH_PHASE_REPLY, th_call_push_message, NULL, &report))
        r->failed(r, m, &report);
}

/* The payload as it came. Of a version that has no on_message the message must not look as if it was taken.
 */
static void handle_bytes(struct th_runner *r, struct th_message *m)
{
    struct th_sample sample = {.time = m->time_ms};
    struct th_call_context c = {.arena = &m->arena, .device = m->device, .message = m};
    struct th_report report;
    m->parsed.ack = m->parsed.has_id = false; /* it is not of the protocol, whatever it looks like */
    if (!r->run(r, &c, "on_message", TH_PHASE_MESSAGE, th_call_push_bytes, th_call_take_report, &report)) {
        r->failed(r, m, &report);
    } else if (report.run == TH_RUN_NO_FUNCTION) {
        no_handler(m);
    } else if (c.rejected) {
        rejected(m, &c);
    } else if (c.replaced.p != NULL) {
        c.sample = &sample;
        if (!keep_row(&c, (struct th_str){NULL, 0}, &report))
            r->failed(r, m, &report);
    }
}

static void handle_connection(struct th_runner *r, struct th_message *m)
{
    struct th_call_context c = {.arena = &m->arena, .device = m->device, .message = m};
    struct th_report report;
    bool connected = m->kind == TH_HOOK_CONNECTED;
    if (!th_manifest_has(
            th_device_manifest(m->device), connected ? TH_FUNCTION_CONNECT : TH_FUNCTION_DISCONNECT))
        return;
    if (!r->run(r, &c, connected ? "on_connect" : "on_disconnect", TH_PHASE_CONNECT, th_call_push_connection,
            NULL, &report))
        r->failed(r, m, &report);
}

static bool is_reply(const struct th_message *m)
{
    return m->topic.kind == TH_TOPIC_SET_REPLY || m->topic.kind == TH_TOPIC_SERVICE_REPLY;
}

static void handle_publish(struct th_runner *r, struct th_message *m)
{
    const struct th_manifest *manifest = th_device_manifest(m->device);
    bool own = m->topic.kind == TH_TOPIC_OWN;
    if (own ? th_manifest_takes(manifest, m->topic.rest) : th_manifest_is_raw(manifest, m->topic.rest))
        handle_bytes(r, m);
    else if (own)
        no_handler(m);
    else if (m->unreadable != NULL && is_reply(m))
        th_message_dead(m, TH_DEAD_PAYLOAD, "%s", m->unreadable);
    else if (m->unreadable != NULL)
        th_refuse(m, TH_DEAD_PAYLOAD, 400, m->unreadable);
    else if (is_reply(m))
        handle_reply(r, m);
    else
        handle_rows(r, m);
}

void th_interpret(struct th_runner *r, struct th_message *m)
{
    if (m->kind == TH_HOOK_PUBLISH)
        handle_publish(r, m);
    else
        handle_connection(r, m);
}
