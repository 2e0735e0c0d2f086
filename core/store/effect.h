/* SPDX-License-Identifier: Apache-2.0
 *
 * What a handler asks for, beside its message: checked when it is asked for, applied to the cached device and
 * performed together with the message, or not at all. */
#ifndef TH_EFFECT_H
#define TH_EFFECT_H

#include <stdint.h>
#include "base/json.h"
#include "store/alarm.h"
#include "store/kv.h"

/* All memory lies in the message's arena. */
enum th_effect_kind {
    TH_EFFECT_STORE,
    TH_EFFECT_EVENT,
    TH_EFFECT_REPLY,
    TH_EFFECT_SEND, /* bytes on a topic of the device's own */
    TH_EFFECT_RESULT,
    TH_EFFECT_COMMAND,
    TH_EFFECT_KV,      /* at most one */
    TH_EFFECT_LATER,   /* a function put off, or one that was is canceled */
    TH_EFFECT_FORWARD, /* a function put off for another device of the product */
    TH_EFFECT_ALARM,   /* of the device: raised or cleared */
    TH_EFFECT_NOTIFY,
};

struct th_effect {
    struct th_effect *next;
    enum th_effect_kind kind;
    union {
        struct {
            int64_t time;               /* report time, ms */
            struct th_str params;       /* JSON object */
            const struct th_json *json; /* tape that params is node `node` of */
            uint32_t node;
            uint16_t index;     /* of the sample in its report: part of the message key */
            uint8_t flags;      /* TH_ROW_* */
            struct th_str type; /* of an event */
        } row;                  /* STORE, EVENT */
        struct {
            struct th_str topic, payload;
        } reply; /* REPLY, SEND: published after the commit */
        struct {
            struct th_str message_id; /* matched first; empty: none */
            const int64_t *ids;       /* else commands by their numbers */
            unsigned nids;
            int64_t code;
            struct th_str data; /* JSON */
        } result;               /* a command's outcome */
        struct {
            struct th_str name, params;
            int64_t ttl_ms;
        } command;
        struct th_kv_changes kv;
        struct {
            struct th_str key;  /* p NULL: none */
            struct th_str name; /* of the function; p NULL: cancel the one with the key */
            struct th_str args;
            int64_t delay_ms;
        } later;
        struct {
            struct th_str device; /* its key */
            struct th_str name, args;
            int64_t delay_ms;
        } forward;
        struct th_alarm_call alarm;
        struct {
            struct th_str channel;
            struct th_str key;  /* p NULL: none */
            struct th_str body; /* {"title", "text", "severity", "data"} */
        } notify;
    };
};

#define TH_ROW_CLOCK 1 /* the device's time was replaced by the broker's */
#define TH_ROW_RAW 2   /* stored as it came, since the script failed or is off */

#endif
