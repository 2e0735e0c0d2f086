/* SPDX-License-Identifier: Apache-2.0
 *
 * What a device may publish and subscribe to: the protocol's topics (store/topic.h) and those that its
 * product's script declares (store/manifest.h), below its own two levels. The rules travel in the answer of
 * auth; the separate endpoint of stock configurations answers the same. */
#ifndef TH_ACL_H
#define TH_ACL_H

#include "hook/envelope.h"
#include "io/worker.h"
#include "store/product.h"

/* Rules of auth-http, each with a comma behind it: the protocol's, and those of the manifest. */
void th_acl_put(struct th_buf *out, struct th_str product, struct th_str device);
void th_acl_put_own(
    struct th_buf *out, struct th_str product, struct th_str device, const struct th_manifest *m);

/* A question to the ACL endpoint: {access "1" (subscribe) or "2" (publish), username, client_id, topic}. */
struct th_acl {
    struct th_worker *home;
    void (*done)(struct th_acl *a); /* on home's thread; owns and frees it */
    void *request;                  /* home's */
    struct th_arena arena;
    bool allow;
    bool publish;
    struct th_str rest; /* of the topic or filter, below {product}/{device}/ */
    struct th_product_wait wait;
};

/* body lies in a's arena. Calls done() exactly once, at once when the protocol's rules decide it. */
void th_acl_ask(struct th_acl *a, struct th_str body, const struct th_door *door);

#endif
