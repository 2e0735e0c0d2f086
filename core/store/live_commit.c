/* SPDX-License-Identifier: Apache-2.0
 *
 * Live events of what a batch has just committed. */
#include "base/clock.h"
#include "store/device.h"
#include "store/live.h"
#include "store/store.h"

static void put_member(struct th_buf *out, const char *name, struct th_str text)
{
    th_buf_printf(out, ",\"%s\":", name);
    th_json_put_str(out, text);
}

static void put_time(struct th_buf *out, int64_t ms)
{
    char text[TH_RFC3339_LEN];
    th_clock_rfc3339(ms, text);
    th_buf_printf(out, ",\"time\":\"%s\"", text);
}

static void begin(struct th_buf *out, const struct th_device *d)
{
    th_buf_reset(out);
    th_buf_puts(out, "{\"device\":");
    th_json_put_str(out, th_str(d->key));
    put_member(out, "product", th_str(d->product->key));
}

static void publish(struct th_store *s, const struct th_device *d, enum th_live_kind kind,
    enum th_live_reach reach, struct th_buf *out)
{
    th_buf_putc(out, '}');
    th_live_publish(s->w, kind, reach, d->product->id, th_str(d->key), th_buf_view(out));
}

static void row(struct th_store *s, const struct th_message *m, const struct th_effect *e, struct th_buf *out)
{
    bool event = e->kind == TH_EFFECT_EVENT;
    enum th_live_kind kind = event ? TH_LIVE_EVENT : TH_LIVE_LATEST;
    enum th_live_reach reach = th_live_wanted(s->w, kind, m->device_key);
    if (reach == TH_LIVE_NOBODY)
        return;
    begin(out, m->device);
    put_time(out, e->row.time);
    if (event)
        put_member(out, "type", e->row.type);
    th_buf_puts(out, ",\"params\":");
    th_buf_str(out, e->row.params);
    publish(s, m->device, kind, reach, out);
}

static void result(
    struct th_store *s, const struct th_message *m, const struct th_effect *e, struct th_buf *out)
{
    enum th_live_reach reach = th_live_wanted(s->w, TH_LIVE_COMMAND, m->device_key);
    if (reach == TH_LIVE_NOBODY)
        return;
    begin(out, m->device);
    bool good = e->result.code >= 200 && e->result.code < 300;
    th_buf_printf(
        out, ",\"state\":\"%s\",\"code\":%lld", good ? "succeeded" : "failed", (long long)e->result.code);
    publish(s, m->device, TH_LIVE_COMMAND, reach, out);
}

static void presence(struct th_store *s, const struct th_message *m, struct th_buf *out)
{
    enum th_live_reach reach = th_live_wanted(s->w, TH_LIVE_PRESENCE, m->device_key);
    if (reach == TH_LIVE_NOBODY)
        return;
    begin(out, m->device);
    put_time(out, m->time_ms);
    th_buf_printf(out, ",\"online\":%s,\"node\":%d", m->device->presence.online ? "true" : "false", m->node);
    publish(s, m->device, TH_LIVE_PRESENCE, reach, out);
}

/* What is only counted is not told: a script may raise an alarm at every message. */
static void transition(
    struct th_store *s, const struct th_message *m, const struct th_alarm_call *a, struct th_buf *out)
{
    if (a->event == TH_ALARM_NOTHING || a->event == TH_ALARM_COUNTED)
        return;
    enum th_live_reach reach = th_live_wanted(s->w, TH_LIVE_ALARM, m->device_key);
    if (reach == TH_LIVE_NOBODY)
        return;
    begin(out, m->device);
    put_time(out, a->time);
    put_member(out, "key", a->key);
    th_buf_printf(out, ",\"event\":\"%s\",\"severity\":\"%s\"", th_alarm_event_name(a->event),
        th_severity_name(a->severity));
    put_member(out, "message", a->message.p != NULL ? a->message : TH_STR(""));
    publish(s, m->device, TH_LIVE_ALARM, reach, out);
}

void th_live_committed(struct th_store *s, const struct th_message *m)
{
    struct th_buf out = {0};
    if (m->device == NULL || m->device->product == NULL || m->dead_reason != NULL)
        return;
    if (th_message_is_connection(m))
        presence(s, m, &out);
    for (const struct th_effect *e = m->effects; e != NULL; e = e->next) {
        if (e->kind == TH_EFFECT_STORE || e->kind == TH_EFFECT_EVENT)
            row(s, m, e, &out);
        else if (e->kind == TH_EFFECT_RESULT)
            result(s, m, e, &out);
        else if (e->kind == TH_EFFECT_ALARM)
            transition(s, m, &e->alarm, &out);
    }
    th_buf_free(&out);
}

void th_live_sent(struct th_store *s, const struct th_device *d, struct th_str ids)
{
    struct th_buf out = {0};
    if (d->product == NULL || ids.n < 2)
        return;
    enum th_live_reach reach = th_live_wanted(s->w, TH_LIVE_COMMAND, th_str(d->key));
    if (reach == TH_LIVE_NOBODY)
        return;
    begin(&out, d);
    th_buf_printf(&out, ",\"state\":\"sent\",\"ids\":[%.*s]", (int)(ids.n - 2), ids.p + 1);
    publish(s, d, TH_LIVE_COMMAND, reach, &out);
    th_buf_free(&out);
}
