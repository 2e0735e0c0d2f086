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
    /* A call failed: marks the message dead. */
    void (*failed)(struct th_runner *r, struct th_message *m, const struct th_report *report);
};

/* Reads the payload of a publish by its topic's rules; marks the message dead, with a reply to the device
 * where the protocol has one. */
void th_interpret_read(struct th_message *m, const struct th_conf *conf);
/* m->device is set and the payload was read. */
void th_interpret(struct th_runner *r, struct th_message *m);
/* Dead, and the device is told when it asked to be and can be. */
void th_refuse(struct th_message *m, const char *reason, int code, const char *detail);

#endif
