/* SPDX-License-Identifier: Apache-2.0
 *
 * The body of a web hook, read into a message: its kind, who sent it, and for a publish the decoded payload,
 * the topic and whether both are the sender's own. What can never be accepted leaves the message marked dead.
 */
#ifndef TH_ENVELOPE_H
#define TH_ENVELOPE_H

#include "base/conf.h"
#include "store/message.h"

struct th_door { /* what the token says about the caller */
    int node;    /* 0: any */
    bool mtls;
};

/* m->body and m->arena are set. Everything else of the message is made here, lying in its arena. */
void th_envelope_read(struct th_message *m, const struct th_door *door);

#endif
