/* SPDX-License-Identifier: Apache-2.0
 *
 * The product's on_auth. It is asked last, and can only deny, unless the product's setting auth = script
 * leaves the password to it: then it must say true, and only devices that are known, enabled and the
 * product's own come this far. An error, a kill, a script that cannot be loaded and a function that is gone
 * all deny. */
#ifndef TH_AUTH_SCRIPT_H
#define TH_AUTH_SCRIPT_H

#include "hook/auth.h"

/* ALLOW, SCRIPT (with a->why) or, without an on_auth, ALLOW unless decides. d: may be one that has no row yet
 * (known false) and only key and product. decides: nothing has been checked but who the client says it is.
 * keys: those the script may ask about. */
enum th_auth_verdict th_auth_by_script(
    struct th_auth *a, const struct th_device *d, bool known, bool decides, const struct th_keys *keys);

#endif
