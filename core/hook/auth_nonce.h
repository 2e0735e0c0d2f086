/* SPDX-License-Identifier: Apache-2.0
 *
 * A password is good for the whole of its time window, so who overhears a CONNECT could use it again. With a
 * product's setting auth_once each is taken once: remembered with the device while this process has it in
 * memory (its last TH_NONCES logins), and in Redis, where one is configured, for all instances and restarts.
 * Redis away or slow leaves the memory. */
#ifndef TH_AUTH_NONCE_H
#define TH_AUTH_NONCE_H

#include "hook/auth.h"

/* a->password is right. Calls done once, at once or later: fresh says whether it was not used before. */
void th_auth_nonce_take(
    struct th_auth *a, struct th_device *d, int64_t window_ms, void (*done)(struct th_auth *a, bool fresh));

#endif
