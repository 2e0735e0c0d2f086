/* SPDX-License-Identifier: Apache-2.0
 *
 * What a handler's call is about: the context (th_task_ctx) behind `msg` and the effect functions. It lives
 * on the caller's stack for the length of the call; all it points to lies in the arena. */
#ifndef TH_CALL_H
#define TH_CALL_H

#include "script/gen.h"
#include "store/store.h"

struct th_call_context {
    struct th_arena *arena;
    const struct th_device *device;
    uint64_t serial; /* tells a msg that a script kept from an earlier call */

    /* A message is handled: */
    struct th_message *message;
    const struct th_sample *sample; /* the one report or event it is called for; NULL for replies */
    uint16_t rows;                  /* stored or emitted so far: the next one's index in the message key */
    bool replied;                   /* the script has answered the device by itself */
    bool rejected;
    struct th_str rejection; /* why */
    struct th_str replaced;  /* JSON that on_property or on_event returned; p NULL: as it came */

    /* Or a command is composed: */
    const struct th_outgoing *commands;
    unsigned ncommands;
    struct th_str message_id;
    struct th_str rest, payload; /* topic below {product}/{device}/, and what is sent */
};

/* thing.reply, store, event, command, result: see lua/thing/reference.lua. Merged into thing. */
extern const struct th_binding th_bind_effects[];

/* Arguments of the handlers, pushed; they answer how many. */
int th_call_push_message(lua_State *L, void *context);
int th_call_push_commands(lua_State *L, void *context);
/* Results of on_property and on_event, and of on_command. */
void th_call_take_params(lua_State *L, int count, void *context);
void th_call_take_command(lua_State *L, int count, void *context);

/* Adds the reply {"id", "code", "data"} to the message's effects; data: JSON, p NULL for null. */
void th_call_reply(struct th_message *m, int code, struct th_str data);
/* Adds a row: a report (type.p NULL) or an event. */
void th_call_row(struct th_call_context *c, struct th_str type, int64_t time, struct th_str params,
    const struct th_json *json, uint32_t node, uint8_t flags);

#endif
