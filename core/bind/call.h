/* SPDX-License-Identifier: Apache-2.0
 *
 * What a handler's call is about: the context (th_task_ctx) behind `msg` and the effect functions. It lives
 * on the caller's stack for the length of the call; all it points to lies in the arena. */
#ifndef TH_CALL_H
#define TH_CALL_H

#include "script/gen.h"
#include "store/store.h"

/* A client that asks to connect, and what on_auth says. */
struct th_client {
    struct th_str address, protocol;
    struct th_str password; /* p NULL: the script is not shown it */
    bool known;             /* false: a device that provisions itself */
    bool mtls;
    const struct th_keys *keys; /* that would do for this device; none over mTLS */
    enum { TH_CLIENT_UNDECIDED, TH_CLIENT_ACCEPTED, TH_CLIENT_DENIED } answer;
    struct th_str why; /* in the arena */
};

/* A notifier's call, which knows no device: from where it goes out, and to which hosts. */
struct th_reach {
    struct th_worker *w;
    const char *hosts; /* JSON array, as http_hosts of a product */
};

struct th_call_context {
    struct th_arena *arena;
    const struct th_device *device; /* NULL for a notifier, which has reach instead */
    const struct th_reach *reach;
    uint64_t serial; /* tells a msg that a script kept from an earlier call */

    /* A message is handled: */
    struct th_message *message;
    const struct th_sample *sample; /* the one report or event it is called for; NULL for replies */
    struct th_task *task;           /* of a function that was put off: it may wait */
    struct th_kv_changes *kv;       /* an effect of the message; NULL before the first */
    struct th_alarm_view alarms;    /* as the message has made them */
    uint16_t rows;                  /* stored or emitted so far: the next one's index in the message key */
    uint16_t sends;                 /* of bytes to the device */
    bool replied;                   /* the script has answered the device by itself */
    bool rejected;
    struct th_str rejection; /* why */
    struct th_str replaced;  /* JSON that on_property or on_event returned; p NULL: as it came */

    struct th_client *client; /* or on_auth is asked */

    /* Or a command is composed: */
    const struct th_outgoing *commands;
    unsigned ncommands;
    struct th_str message_id;
    struct th_str rest, payload; /* topic below {product}/{device}/, and what is sent */
};

/* Effects and what they act on: thing.store, event, reply, command, result, send, later, cancel, notify,
 * alarm, device, http, kv, auth; see lua/thing/reference.lua. */
extern const struct th_binding th_bind_effects[];

/* Arguments of the handlers, pushed; they answer how many. */
int th_call_push_message(lua_State *L, void *context);
int th_call_push_bytes(lua_State *L, void *context);      /* on_message: topic below the device's, payload */
int th_call_push_connection(lua_State *L, void *context); /* on_connect, on_disconnect */
int th_call_push_commands(lua_State *L, void *context);
int th_call_push_timer(lua_State *L, void *context);  /* of a function that was put off: args, device */
int th_call_push_client(lua_State *L, void *context); /* on_auth */
/* Results of on_property and on_event, of on_message, and of on_command. */
void th_call_take_params(lua_State *L, int count, void *context);
void th_call_take_report(lua_State *L, int count, void *context);
void th_call_take_command(lua_State *L, int count, void *context);
void th_call_take_answer(lua_State *L, int count, void *context); /* of on_auth */

/* Adds the reply {"id", "code", "data"} to the message's effects; data: JSON, p NULL for null. */
void th_call_reply(struct th_message *m, int code, struct th_str data);
/* Adds a row: a report (type.p NULL) or an event. */
void th_call_row(struct th_call_context *c, struct th_str type, int64_t time, struct th_str params,
    const struct th_json *json, uint32_t node, uint8_t flags);

#endif
