/* SPDX-License-Identifier: Apache-2.0
 *
 * Who a client is, from the username that the broker passes on. On a plain node the username is the product's
 * key; on an mTLS node, and only there, it is the certificate's subject or CN with CN =
 * {productId}/{deviceId}. A plain client may send any username, so one that looks like a certificate's is
 * nobody there. */
#ifndef TH_IDENTITY_H
#define TH_IDENTITY_H

#include <stdbool.h>
#include "base/str.h"

struct th_identity {
    struct th_str product, device; /* slices of the arguments */
    struct th_str serial;          /* certificate's serial when the subject names it; else empty */
};

/* False: nobody. */
bool th_identity_read(struct th_str username, struct th_str client_id, bool mtls, struct th_identity *who);

/* Names that no device may have: the platform publishes under them. */
bool th_identity_reserved(struct th_str device_key);

#endif
