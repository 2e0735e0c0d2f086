/* SPDX-License-Identifier: Apache-2.0
 *
 * The door for brokers: /hook/TOKEN, /auth/TOKEN, /acl/TOKEN on a listener that serves nothing else, and the
 * addresses that a stock RMQTT Things broker configuration calls, with ?token=. A hook is answered 2xx when
 * its message is durable or finally refused, 503 when the broker is to send it again; auth always 200 with an
 * explicit verdict. */
#ifndef TH_HOOKS_H
#define TH_HOOKS_H

#include "base/err.h"
#include "io/worker.h"

struct th_hook_door;

/* Before the workers start: binds the listener, reads the tokens. */
int th_hook_door_open(
    struct th_hook_door **out, const struct th_conf *conf, struct th_error *err) TH_MUST_CHECK;
void th_hook_door_close(struct th_hook_door *door);

/* A message that was kept as the hook's body (m->body, home, mtls are set) becomes what it was. Any thread.
 */
struct th_message;
void th_hooks_revive(struct th_message *m);

extern const struct th_worker_part th_hooks_part;

#endif
