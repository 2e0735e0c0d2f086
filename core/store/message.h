/* SPDX-License-Identifier: Apache-2.0
 *
 * A hook on its way through the process. The worker that took it in (home) makes it with all it needs in its
 * own arena, since the HTTP request may go away; the worker that owns the device handles it; the verdict
 * travels home, where done() answers and frees. It is never touched by two threads at a time. */
#ifndef TH_MESSAGE_H
#define TH_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/alloc.h"
#include "base/json.h"
#include "base/list.h"
#include "io/worker.h"
#include "store/payload.h"
#include "store/topic.h"

enum th_hook_kind {
    TH_HOOK_PUBLISH,
    TH_HOOK_CONNECTED,
    TH_HOOK_DISCONNECTED,
    TH_HOOK_SUBSCRIBE,
    TH_HOOK_OTHER
};

enum th_verdict {
    TH_VERDICT_NONE,
    TH_VERDICT_STORED,    /* effects committed */
    TH_VERDICT_DUPLICATE, /* they already were */
    TH_VERDICT_DEAD,      /* recorded as a dead letter */
    TH_VERDICT_REFUSED,   /* as DEAD, but only counted */
    TH_VERDICT_IGNORED,   /* nothing to do */
    TH_VERDICT_SPOOLED,   /* in the fsynced spool; handled when PostgreSQL is back */
    TH_VERDICT_RETRY,     /* not durable: 503 */
};

#define TH_DIGEST_LEN 16

struct th_message;
struct th_device;

/* Someone who waits for a device to be read from the database. */
struct th_device_wait {
    struct th_list link;
    /* code 0 and the device (absent ones included: see device.h), or -TH_Exxx and NULL. */
    void (*ready)(struct th_device_wait *wait, struct th_device *d, int code);
};

/* What a handler asks for. All memory lies in the message's arena. */
enum th_effect_kind {
    TH_EFFECT_STORE,
    TH_EFFECT_EVENT,
    TH_EFFECT_REPLY,
    TH_EFFECT_RESULT,
    TH_EFFECT_COMMAND
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
        } reply; /* published after the commit */
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
    };
};

#define TH_ROW_CLOCK 1 /* the device's time was replaced by the broker's */

struct th_message {
    struct th_mail mail;
    struct th_worker *home;
    void (*done)(struct th_message *m); /* on home's thread; owns and frees the message */
    void *request;                      /* home's */
    struct th_arena arena;
    uint64_t arrived_us; /* monotonic */
    size_t bytes;        /* of its body: what it adds to a batch */
    size_t held;         /* bytes of memory that it counts for in the caps */

    enum th_hook_kind kind;
    struct th_str body;   /* the hook as it came */
    struct th_str action; /* its name, for dead letters */
    struct th_str product_key, device_key, address;
    int node;
    bool mtls;       /* came through an mTLS node's token */
    bool from_spool; /* is on its way out of the spool */
    bool replay;     /* a dead letter tried again: counted apart, leaves no second one, replies to nobody */
    struct th_str spool_key; /* the device key it is filed under there */
    int64_t time_ms;         /* the broker's: ts, connected_at or disconnected_at */

    /* connected, disconnected */
    struct th_str reason;
    int protocol;
    /* publish, subscribe */
    struct th_str topic_text;
    struct th_topic topic;
    struct th_str payload;
    int qos;
    int64_t packet_id; /* -1: null */
    bool dup;
    struct th_payload parsed;
    unsigned char digest[TH_DIGEST_LEN];

    /* Set on the way; dead_reason is a constant word, see dead_letter.h */
    enum th_verdict verdict;
    const char *dead_reason;
    const char *dead_detail;

    /* The owner's. */
    int owner; /* index of the worker that handles it */
    struct th_device_wait wait;
    struct th_device *device;
    int64_t device_id; /* known since it was handled first; with key_ms and digest it finds the row it made */
    int64_t key_ms;
    struct th_list link;          /* in a batch or the redo list */
    struct th_list on_device;     /* in the device's list of uncommitted messages */
    struct th_message *followers; /* the same hook come again meanwhile: they share this one's fate */
    struct th_effect *effects, **effects_tail;
    unsigned attempts;
    bool dup_checked;
    int64_t script_version; /* that handled it */
};

struct th_effect *th_message_effect(struct th_message *m, enum th_effect_kind kind);
/* Refuse for good: keeps the first reason given. detail is copied. */
void th_message_dead(struct th_message *m, const char *reason, const char *detail_fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
