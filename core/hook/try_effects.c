/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"
#include "hook/try_private.h"

static void put_command(struct th_buf *out, const struct th_effect *e)
{
    th_buf_puts(out, "{\"name\":");
    th_json_put_str(out, e->command.name);
    th_buf_puts(out, ",\"params\":");
    th_buf_str(out, e->command.params);
    th_buf_putc(out, '}');
}

static void put_row(struct th_buf *out, const struct th_effect *e)
{
    th_buf_putc(out, '{');
    if (e->kind == TH_EFFECT_EVENT) {
        th_buf_puts(out, "\"type\":");
        th_json_put_str(out, e->row.type);
        th_buf_putc(out, ',');
    }
    th_buf_printf(out, "\"time\":%lld,\"params\":", (long long)e->row.time);
    th_buf_str(out, e->row.params);
    th_buf_putc(out, '}');
}

/* Bytes as they are, and as what they can be read as. */
static void put_message(struct th_buf *out, struct th_str topic, struct th_str payload)
{
    struct th_arena arena;
    struct th_json j;
    th_buf_puts(out, "{\"topic\":");
    th_json_put_str(out, topic);
    th_buf_puts(out, ",\"hex\":\"");
    th_hex_put(out, payload.p, payload.n);
    th_buf_putc(out, '"');
    if (th_str_is_utf8(payload) && (payload.n == 0 || memchr(payload.p, 0, payload.n) == NULL)) {
        th_buf_puts(out, ",\"text\":");
        th_json_put_str(out, payload);
    }
    th_arena_init(&arena);
    if (th_json_read(&j, &arena, payload, NULL) == 0) {
        th_buf_puts(out, ",\"payload\":");
        th_buf_str(out, payload);
    }
    th_arena_free(&arena);
    th_buf_putc(out, '}');
}

void th_trial_put_sent(struct th_buf *out, struct th_str topic, struct th_str payload)
{
    th_buf_puts(out, "\"sent\":[");
    put_message(out, topic, payload);
    th_buf_putc(out, ']');
}

static void put_sent_one(struct th_buf *out, const struct th_effect *e)
{
    struct th_str topic = e->reply.topic, part;
    th_str_split(&topic, '/', &part);
    th_str_split(&topic, '/', &part);
    put_message(out, topic, e->reply.payload);
}

/* Goes on with the members of a function that runs after the commit. */
static void put_function(struct th_buf *out, struct th_str name, struct th_str args, int64_t delay_ms)
{
    th_buf_puts(out, "\"name\":");
    th_json_put_str(out, name);
    th_buf_puts(out, ",\"args\":");
    th_buf_str(out, args);
    th_buf_printf(out, ",\"delay\":%g", (double)delay_ms / 1000);
}

static void put_later(struct th_buf *out, const struct th_effect *e)
{
    bool cancel = e->later.name.p == NULL;
    th_buf_putc(out, '{');
    if (!cancel)
        put_function(out, e->later.name, e->later.args, e->later.delay_ms);
    if (e->later.key.p != NULL) {
        th_buf_puts(out, cancel ? "\"cancel\":" : ",\"key\":");
        th_json_put_str(out, e->later.key);
    }
    th_buf_putc(out, '}');
}

static void put_forward(struct th_buf *out, const struct th_effect *e)
{
    th_buf_puts(out, "{\"device\":");
    th_json_put_str(out, e->forward.device);
    th_buf_putc(out, ',');
    put_function(out, e->forward.name, e->forward.args, e->forward.delay_ms);
    th_buf_putc(out, '}');
}

static void put_alarm(struct th_buf *out, const struct th_effect *e)
{
    const struct th_alarm_call *a = &e->alarm;
    th_buf_puts(out, a->clear ? "{\"clear\":" : "{\"raise\":");
    th_json_put_str(out, a->key);
    if (!a->clear)
        th_buf_printf(out, ",\"severity\":\"%s\"", th_severity_name(a->severity));
    if (a->message.p != NULL) {
        th_buf_puts(out, ",\"message\":");
        th_json_put_str(out, a->message);
    }
    if (a->details.p != NULL) {
        th_buf_puts(out, ",\"details\":");
        th_buf_str(out, a->details);
    }
    th_buf_putc(out, '}');
}

static void put_notice(struct th_buf *out, const struct th_effect *e)
{
    th_buf_puts(out, "{\"channel\":");
    th_json_put_str(out, e->notify.channel);
    if (e->notify.key.p != NULL) {
        th_buf_puts(out, ",\"key\":");
        th_json_put_str(out, e->notify.key);
    }
    th_buf_putc(out, ',');
    th_buf_put(out, e->notify.body.p + 1, e->notify.body.n - 1); /* goes on as the object that it is */
}

/* What the message changes of the device's state; null: deleted. */
static void put_kv(struct th_buf *out, const struct th_message *m)
{
    const struct th_kv_entry *first = NULL;
    for (const struct th_effect *e = m->effects; e != NULL; e = e->next)
        if (e->kind == TH_EFFECT_KV)
            first = e->kv.first;
    th_buf_puts(out, ",\"kv\":{");
    for (const struct th_kv_entry *e = first; e != NULL; e = e->next) {
        if (e != first)
            th_buf_putc(out, ',');
        th_json_put_str(out, e->key);
        th_buf_putc(out, ':');
        th_buf_str(out, e->value.p != NULL ? e->value : TH_STR("null"));
    }
    th_buf_putc(out, '}');
}

static void put_list(struct th_buf *out, const struct th_message *m, enum th_effect_kind kind,
    const char *name, void (*put)(struct th_buf *out, const struct th_effect *e))
{
    bool first = true;
    th_buf_printf(out, "\"%s\":[", name);
    for (const struct th_effect *e = m->effects; e != NULL; e = e->next) {
        if (e->kind != kind)
            continue;
        if (!first)
            th_buf_putc(out, ',');
        first = false;
        put(out, e);
    }
    th_buf_putc(out, ']');
}

void th_trial_put_effects(struct th_buf *out, const struct th_message *m)
{
    static const struct {
        enum th_effect_kind kind;
        const char *name;
        void (*put)(struct th_buf *out, const struct th_effect *e);
    } lists[] = {
        {TH_EFFECT_STORE, "store", put_row},
        {TH_EFFECT_EVENT, "events", put_row},
        {TH_EFFECT_COMMAND, "commands", put_command},
        {TH_EFFECT_SEND, "sent", put_sent_one},
        {TH_EFFECT_LATER, "later", put_later},
        {TH_EFFECT_FORWARD, "forwarded", put_forward},
        {TH_EFFECT_ALARM, "alarms", put_alarm},
        {TH_EFFECT_NOTIFY, "notify", put_notice},
    };
    th_buf_putc(out, '{');
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (i > 0)
            th_buf_putc(out, ',');
        put_list(out, m, lists[i].kind, lists[i].name, lists[i].put);
    }
    put_kv(out, m);
    for (const struct th_effect *e = m->effects; e != NULL; e = e->next) {
        if (e->kind == TH_EFFECT_REPLY) {
            th_buf_puts(out, ",\"reply\":");
            th_buf_str(out, e->reply.payload);
        } else if (e->kind == TH_EFFECT_RESULT) {
            th_buf_puts(out, ",\"result\":{\"id\":");
            th_json_put_str(out, e->result.message_id);
            th_buf_printf(out, ",\"code\":%lld,\"data\":", (long long)e->result.code);
            th_buf_str(out, e->result.data);
            th_buf_putc(out, '}');
        }
    }
    if (m->dead_reason != NULL) {
        th_buf_printf(out, ",\"dead\":{\"reason\":\"%s\",\"detail\":", m->dead_reason);
        th_json_put_str(out, th_str(m->dead_detail));
        th_buf_putc(out, '}');
    }
}
