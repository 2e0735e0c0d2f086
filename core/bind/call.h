/* SPDX-License-Identifier: Apache-2.0
 *
 * What a handler's call is about: the context (th_task_ctx) behind `msg` and the effect functions. It lives on the
 * caller's stack for the length of the call. */
#ifndef TH_CALL_H
#define TH_CALL_H

#include "store/store.h"

struct th_call_context {
    struct th_store *store;
    struct th_message *message;       /* effects go to it; NULL when a command is composed */
    const struct th_sample *sample;   /* the one report or event it is called for */
    unsigned index;                   /* of the sample in its message */
    uint64_t serial;                  /* tells a msg that a script kept from an earlier call */
    bool replied;                     /* the script has answered by itself */
    /* results of on_property and on_event */
    bool rejected;
    struct th_str rejection;
    struct th_str replaced;           /* JSON in the message's arena; p NULL: as it came */
    /* results of on_command */
    const struct th_outgoing *commands;
    unsigned ncommands;
    struct th_str message_id;
    bool ids_format;
    struct th_str rest, payload;      /* topic after {product}/{device}/, and JSON; in arena */
    struct th_arena *arena;
};

#endif
