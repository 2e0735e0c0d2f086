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
#include "base/list.h"
#include "io/worker.h"
#include "store/effect.h"
#include "store/payload.h"
#include "store/topic.h"

enum th_hook_kind {
    TH_HOOK_PUBLISH,
    TH_HOOK_CONNECTED,
    TH_HOOK_DISCONNECTED,
    TH_HOOK_SUBSCRIBE,
    TH_HOOK_TIMER, /* no hook: a function that was put off */
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
struct th_outbox_row;

/* Someone who waits for a device to be read from the database. */
struct th_device_wait {
    struct th_list link;
    /* code 0 and the device (absent ones included: see device.h), or -TH_Exxx and NULL. */
    void (*ready)(struct th_device_wait *wait, struct th_device *d, int code);
};

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
    struct th_str spool_key;      /* the device key it is filed under there */
    int64_t time_ms;              /* the broker's: ts, connected_at or disconnected_at; when it was due */
    struct th_outbox_row *outbox; /* TIMER: the row; payload has the arguments */

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
    const char *unreadable; /* why it is not of the protocol's form; dead unless it is taken as bytes */
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
    bool waiting;           /* TIMER: its function waits for something outside */
    int64_t script_version; /* that handled it */
};

/* Of a device that came or went. */
static inline bool th_message_is_connection(const struct th_message *m)
{
    return m->kind == TH_HOOK_CONNECTED || m->kind == TH_HOOK_DISCONNECTED;
}

struct th_effect *th_message_effect(struct th_message *m, enum th_effect_kind kind);
/* Refuse for good: keeps the first reason given. detail is copied. */
void th_message_dead(struct th_message *m, const char *reason, const char *detail_fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
