/* SPDX-License-Identifier: Apache-2.0
 *
 * Alarms of a device. The active ones lie in memory with the device, each key once, as its owner knows them:
 * read with it and kept up by the batches. What one message asks for is tried on a view of its own first,
 * which lies in the message's arena, and is applied to the device together with its other effects. */
#ifndef TH_ALARM_H
#define TH_ALARM_H

#include <stdbool.h>
#include <stdint.h>
#include "base/alloc.h"
#include "base/err.h"
#include "base/str.h"

#define TH_ALARMS_MAX 64 /* active ones of one device */
#define TH_ALARM_KEY_MAX 128
#define TH_ALARM_MESSAGE_MAX 1000
#define TH_ALARM_DETAILS_MAX 16384

enum th_severity { TH_SEVERITY_INFO, TH_SEVERITY_WARNING, TH_SEVERITY_CRITICAL };

enum th_alarm_event {
    TH_ALARM_NOTHING, /* a clear of one that is not active */
    TH_ALARM_COUNTED, /* a raise of one that is active, of the same severity */
    TH_ALARM_RAISED,
    TH_ALARM_CHANGED, /* raised with another severity */
    TH_ALARM_CLEARED,
};

/* A raise or a clear. */
struct th_alarm_call {
    struct th_str key;
    struct th_str message, details; /* p NULL: not said; details: JSON */
    enum th_severity severity;      /* of a raise; of what was cleared once it is applied */
    bool clear;
    int64_t time;
    enum th_alarm_event event; /* what it came to, once it is applied */
};

struct th_alarm { /* of a device: one block */
    struct th_alarm *next;
    struct th_str key, message;
    enum th_severity severity;
    int64_t since, last; /* first and newest raise, ms */
    int64_t count;       /* of raises */
    bool acknowledged;   /* at the severity it has, or a higher one */
};

struct th_alarms {
    struct th_alarm *first;
    unsigned count;
};

struct th_alarm_seen { /* an alarm as a message has made it */
    struct th_alarm_seen *next;
    struct th_alarm alarm;
    bool active;
};

struct th_alarm_view {
    struct th_alarm_seen *first; /* each key once */
    int more;                    /* active ones than the device has; may be negative */
};

const char *th_severity_name(enum th_severity severity);
bool th_severity_of(struct th_str name, enum th_severity *out);
const char *th_alarm_event_name(enum th_alarm_event event);

/* From a JSON object by key: {"severity"?, "message"?, "since"?, "last"?, "count"?, "acknowledged"?}. */
void th_alarms_read(struct th_alarms *a, struct th_str json);
void th_alarms_free(struct th_alarms *a);
const struct th_alarm *th_alarms_find(const struct th_alarms *a, struct th_str key);
/* Carries the call out and fills in its event. *rose: the severity has risen above the one that was
 * acknowledged. */
void th_alarms_apply(struct th_alarms *a, struct th_alarm_call *call, bool *rose);

/* The active alarm as the message sees it, or NULL. */
const struct th_alarm *th_alarm_see(
    const struct th_alarms *a, const struct th_alarm_view *view, struct th_str key);
/* Carries the call out on the view; its texts lie in the arena. TH_ETOOBIG when the device would have too
 * many; then nothing is changed. */
int th_alarm_try(const struct th_alarms *a, struct th_alarm_view *view, struct th_arena *arena,
    const struct th_alarm_call *call, struct th_error *err) TH_MUST_CHECK;

#endif
