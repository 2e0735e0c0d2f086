/* SPDX-License-Identifier: Apache-2.0 */
#include "store/alarm.h"

#include "base/json.h"

static const char *const severities[] = {
    [TH_SEVERITY_INFO] = "info",
    [TH_SEVERITY_WARNING] = "warning",
    [TH_SEVERITY_CRITICAL] = "critical",
};

static const char *const events[] = {
    [TH_ALARM_NOTHING] = "",
    [TH_ALARM_COUNTED] = "",
    [TH_ALARM_RAISED] = "raised",
    [TH_ALARM_CHANGED] = "changed",
    [TH_ALARM_CLEARED] = "cleared",
};

const char *th_severity_name(enum th_severity severity)
{
    return severities[severity];
}

bool th_severity_of(struct th_str name, enum th_severity *out)
{
    for (int i = 0; i <= TH_SEVERITY_CRITICAL; i++) {
        if (th_str_eq(name, th_str(severities[i]))) {
            *out = (enum th_severity)i;
            return true;
        }
    }
    return false;
}

const char *th_alarm_event_name(enum th_alarm_event event)
{
    return events[event];
}

/* ---- of a device ---- */

static struct th_alarm **at(const struct th_alarms *a, struct th_str key)
{
    struct th_alarm **e = (struct th_alarm **)&a->first;
    while (*e != NULL && !th_str_eq((*e)->key, key))
        e = &(*e)->next;
    return e;
}

const struct th_alarm *th_alarms_find(const struct th_alarms *a, struct th_str key)
{
    return *at(a, key);
}

static void drop(struct th_alarms *a, struct th_alarm **e)
{
    struct th_alarm *gone = *e;
    *e = gone->next;
    a->count--;
    th_free(gone);
}

/* A block of its own, in place of what is there. */
static void put(struct th_alarms *a, struct th_alarm **e, const struct th_alarm *from)
{
    struct th_alarm *made = th_alloc(sizeof *made + from->key.n + from->message.n), *old = *e;
    char *text = (char *)(made + 1);
    *made = *from;
    memcpy(text, from->key.p, from->key.n);
    if (from->message.n > 0)
        memcpy(text + from->key.n, from->message.p, from->message.n);
    made->key.p = text;
    made->message.p = text + from->key.n;
    made->next = old != NULL ? old->next : NULL;
    *e = made;
    a->count += old == NULL;
    th_free(old);
}

static struct th_str text_of(const struct th_json *j, uint32_t node, struct th_str name)
{
    const struct th_json_node *n = th_json_get(j, node, name);
    return n != NULL && n->type == TH_JSON_STRING ? n->text : TH_STR("");
}

static int64_t int_of(const struct th_json *j, uint32_t node, struct th_str name, int64_t otherwise)
{
    const struct th_json_node *n = th_json_get(j, node, name);
    int64_t v;
    return n != NULL && n->type == TH_JSON_NUMBER && th_json_int(n, &v) ? v : otherwise;
}

void th_alarms_read(struct th_alarms *a, struct th_str json)
{
    struct th_arena arena;
    struct th_json j;
    *a = (struct th_alarms){0};
    th_arena_init(&arena);
    if (th_json_read(&j, &arena, json, NULL) == 0 && j.nodes[0].type == TH_JSON_OBJECT) {
        TH_JSON_EACH (&j, 0, i) {
            if (j.nodes[i].type != TH_JSON_OBJECT)
                continue;
            const struct th_json_node *acknowledged = th_json_get(&j, i, TH_STR("acknowledged"));
            struct th_alarm one = {.key = j.nodes[i].key,
                .message = text_of(&j, i, TH_STR("message")),
                .severity = TH_SEVERITY_WARNING,
                .since = int_of(&j, i, TH_STR("since"), 0),
                .count = int_of(&j, i, TH_STR("count"), 1),
                .acknowledged =
                    acknowledged != NULL && acknowledged->type == TH_JSON_BOOL && acknowledged->truth};
            one.last = int_of(&j, i, TH_STR("last"), one.since);
            th_severity_of(text_of(&j, i, TH_STR("severity")), &one.severity);
            put(a, at(a, one.key), &one);
        }
    }
    th_arena_free(&arena);
}

void th_alarms_free(struct th_alarms *a)
{
    while (a->first != NULL)
        drop(a, &a->first);
}

/* ---- what calls make of an alarm ---- */

static struct th_alarm fresh(const struct th_alarm_call *call)
{
    return (struct th_alarm){.key = call->key,
        .message = call->message.p != NULL ? call->message : TH_STR(""),
        .severity = call->severity,
        .since = call->time,
        .last = call->time,
        .count = 1};
}

/* Times may go back a little between messages, an alarm's do not. */
static struct th_alarm raised_again(const struct th_alarm *old, const struct th_alarm_call *call)
{
    struct th_alarm a = *old;
    a.count++;
    if (call->time > a.last)
        a.last = call->time;
    if (call->message.p != NULL)
        a.message = call->message;
    if (call->severity > a.severity)
        a.acknowledged = false;
    a.severity = call->severity;
    return a;
}

void th_alarms_apply(struct th_alarms *a, struct th_alarm_call *call, bool *rose)
{
    struct th_alarm **e = at(a, call->key), *old = *e;
    *rose = false;
    if (call->clear) {
        call->event = old != NULL ? TH_ALARM_CLEARED : TH_ALARM_NOTHING;
        if (old == NULL)
            return;
        call->severity = old->severity;
        if (call->time < old->last)
            call->time = old->last;
        drop(a, e);
        return;
    }
    struct th_alarm now = old != NULL ? raised_again(old, call) : fresh(call);
    call->event = old == NULL                       ? TH_ALARM_RAISED
                  : old->severity != call->severity ? TH_ALARM_CHANGED
                                                    : TH_ALARM_COUNTED;
    *rose = old != NULL && old->acknowledged && !now.acknowledged;
    put(a, e, &now);
}

/* ---- as a message sees them ---- */

static struct th_alarm_seen *seen(const struct th_alarm_view *view, struct th_str key)
{
    struct th_alarm_seen *s = view->first;
    while (s != NULL && !th_str_eq(s->alarm.key, key))
        s = s->next;
    return s;
}

const struct th_alarm *th_alarm_see(
    const struct th_alarms *a, const struct th_alarm_view *view, struct th_str key)
{
    const struct th_alarm_seen *s = seen(view, key);
    if (s == NULL)
        return th_alarms_find(a, key);
    return s->active ? &s->alarm : NULL;
}

int th_alarm_try(const struct th_alarms *a, struct th_alarm_view *view, struct th_arena *arena,
    const struct th_alarm_call *call, struct th_error *err)
{
    const struct th_alarm *old = th_alarm_see(a, view, call->key);
    if (!call->clear && old == NULL && (int)a->count + view->more >= TH_ALARMS_MAX)
        return th_fail(err, TH_ETOOBIG, "more than %d active alarms of one device", TH_ALARMS_MAX);
    if (call->clear && old == NULL)
        return 0;
    struct th_alarm now = call->clear   ? (struct th_alarm){0}
                          : old != NULL ? raised_again(old, call)
                                        : fresh(call);
    if (now.message.n > 0 && call->message.p == NULL) /* the device may change while a function waits */
        now.message.p = th_arena_dup(arena, now.message.p, now.message.n);
    struct th_alarm_seen *s = seen(view, call->key);
    view->more += call->clear ? -1 : old == NULL;
    if (s == NULL) {
        s = th_arena_zalloc(arena, sizeof *s);
        s->next = view->first;
        view->first = s;
    }
    now.key = call->key;
    s->alarm = now;
    s->active = !call->clear;
    return 0;
}
