/* SPDX-License-Identifier: Apache-2.0
 *
 * What the functions share that add effects to a message or read its device. */
#ifndef TH_BIND_EFFECT_H
#define TH_BIND_EFFECT_H

#include "bind/bind.h"
#include "bind/call.h"

/* Phases in which a message, or a function that was put off, has a device to act on. */
#define TH_PHASES_DEVICE                                                                                     \
    (TH_PHASE_PROPERTY | TH_PHASE_EVENT | TH_PHASE_MESSAGE | TH_PHASE_CONNECT | TH_PHASE_REPLY |             \
        TH_PHASE_TIMER)

/* Phases in which a call may wait for something outside. */
#define TH_PHASES_WAIT (TH_PHASE_NOTIFY | TH_PHASE_TIMER | TH_PHASE_API)

#define TH_EFFECTS_MAX 1000
#define TH_EFFECT_BYTES_MAX (1u << 20)

/* The context, for one effect more. Raises in other phases and over the quota. */
struct th_call_context *th_effect_context(lua_State *L, unsigned phases, const char *function);
/* The context, for reading. */
struct th_call_context *th_effect_reader(lua_State *L, unsigned phases, const char *function);
/* Arguments, copied into the message's arena and counted. */
struct th_str th_effect_json(lua_State *L, struct th_call_context *c, int arg);
struct th_str th_effect_name(lua_State *L, struct th_call_context *c, int arg);
struct th_str th_effect_key(lua_State *L, struct th_call_context *c, int arg); /* text of a script's choice */

/* Pushes a value that was kept as JSON. */
void th_effect_push_json(lua_State *L, struct th_str json);

int th_bind_open_alarm(lua_State *L);
int th_bind_open_device(lua_State *L);
int th_bind_open_http(lua_State *L);
int th_bind_open_kv(lua_State *L);
int th_bind_open_later(lua_State *L);
int th_bind_open_notify(lua_State *L);

#endif
