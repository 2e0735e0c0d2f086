/* SPDX-License-Identifier: Apache-2.0
 *
 * What a device's message means: read by the protocol, handled by the product's Lua, turned into effects. The
 * same for a message that counts (handler.h) and for one that is only tried (try.h): they differ in who runs
 * the function. */
#ifndef TH_INTERPRET_H
#define TH_INTERPRET_H

#include "bind/call.h"
#include "script/task.h"

struct th_runner {
    /* Runs the product's function; false and a report when it failed. Sets the message's script_version. */
    bool (*run)(struct th_runner *r, struct th_call_context *c, const char *function, enum th_phase phase,
        th_push_cb push, th_take_cb take, struct th_report *report);
    /* A call failed: marks the message dead, or has it kept in another way. */
    void (*failed)(struct th_runner *r, struct th_message *m, const struct th_report *report);
};

/* Reads the payload of a publish by its topic's rules. What is not of that form is noted as unreadable:
 * whether the product takes it as bytes is known only by the device's owner. */
void th_interpret_read(struct th_message *m, const struct th_conf *conf);
/* m->device is set and the payload was read. */
void th_interpret(struct th_runner *r, struct th_message *m);
/* In place of all effects, the rows of a report or an event as they came, marked so, and the answer that they
 * are stored. */
void th_interpret_raw(struct th_message *m);
/* Dead, and the device is told when it asked to be and can be. */
void th_refuse(struct th_message *m, const char *reason, int code, const char *detail);

#endif
