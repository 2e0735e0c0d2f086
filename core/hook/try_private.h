/* SPDX-License-Identifier: Apache-2.0
 *
 * Shared by the parts of trying a script only: try.c (the script and its runs), try_input.c (what is tried),
 * try_effects.c (what came of it), try_tests.c (the script's own tests). */
#ifndef TH_TRY_PRIVATE_H
#define TH_TRY_PRIVATE_H

#include "bind/try.h"
#include "hook/interpret.h"
#include "store/store.h"

struct trial {
    struct th_runner runner;
    struct th_try *t;
    struct th_gen *gen;
    struct th_product product;
    struct th_device device;
    struct th_store store; /* only conf is looked at */
    uint64_t serial, cpu_us;
    size_t memory;
    int64_t received_ms; /* of what is tried */
    struct th_buf log;   /* lines, JSON objects with commas between */
};

/* One thing that is tried: a message (topic below the device's, payload), a function that was put off
 * (payload: its arguments), or what stands in json. */
struct th_trial_input {
    struct th_str topic, payload;
    const char *function;
    struct th_str kv;           /* the device's state before, a JSON object; p NULL: empty */
    struct th_str alarms;       /* its active alarms before, as th_alarms_read() takes them; p NULL: none */
    int64_t received_ms;        /* when the broker had it; 0: now */
    const struct th_json *json; /* NULL: one of the first two */
    uint32_t node;
};

#define TH_TRIAL_INPUT                                                                                       \
    "input is { topic, payload | bytes | hex | base64 }, { timer = { name, args } }, "                       \
    "{ event = \"connect\" | \"disconnect\" | \"auth\", ... } or { commands = { { name, params } } }; "      \
    "kv, alarms and received beside"

/* input: {"topic"?, "payload" | "hex" | "base64"}, {"timer": {"name", "args"?}}, {"event": ...} or
 * {"commands":
 * [...]}, each with "kv"?, "alarms"? and "received"?; false: none of them. */
bool th_trial_read(struct th_trial_input *in, struct th_arena *arena, const struct th_json *j, uint32_t node);
/* Writes the effects to out as JSON; false when it failed in the script. */
bool th_trial_run(struct trial *trial, const struct th_trial_input *in, struct th_buf *out);

/* The effects of a message, as an object without its end. */
void th_trial_put_effects(struct th_buf *out, const struct th_message *m);
/* ,"sent":[{"topic","hex","text"?,"payload"?}] of one message to the device. */
void th_trial_put_sent(struct th_buf *out, struct th_str topic, struct th_str payload);

/* Writes ,"tests":[...]; false unless all pass. */
bool th_trial_tests(struct trial *trial);

#endif
