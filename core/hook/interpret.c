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

void th_interpret_read(struct th_message *m, const struct th_conf *conf)
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
            th_refuse(m, TH_DEAD_PAYLOAD, 400, err.msg);
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

static void rejected(struct th_message *m, const struct th_call_context *c)
{
    m->effects = NULL;
    m->effects_tail = &m->effects;
    const char *why = c->rejection.n > 0 ? c->rejection.p : "rejected by the product's script";
    th_refuse(m, TH_DEAD_REJECTED, 422, why);
}

static bool keep_row(struct th_call_context *c)
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
        th_refuse(m, TH_DEAD_SCRIPT, 500, err.msg);
        return false;
    }
    th_call_row(c, type, c->sample->time, c->replaced, j, 0, flags);
    return true;
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
        if (!keep_row(&c))
            return;
    }
    if (m->parsed.ack && m->parsed.has_id && !c.replied)
        th_call_reply(m, 200, (struct th_str){NULL, 0});
}

static void handle_reply(struct th_runner *r, struct th_message *m)
{
    struct th_call_context c = {.arena = &m->arena, .device = m->device, .message = m};
    struct th_report report;
    if (!r->run(r, &c, "on_reply", TH_PHASE_REPLY, th_call_push_message, NULL, &report))
        r->failed(r, m, &report);
}

void th_interpret(struct th_runner *r, struct th_message *m)
{
    if (m->topic.kind == TH_TOPIC_SET_REPLY || m->topic.kind == TH_TOPIC_SERVICE_REPLY)
        handle_reply(r, m);
    else
        handle_rows(r, m);
}
