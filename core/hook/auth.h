/* SPDX-License-Identifier: Apache-2.0
 *
 * The broker's question whether a client may connect. The answer is always an explicit allow or deny with
 * status 200 (anything else means "ignore" to the broker, which may let the client in); allow carries the
 * whole ACL, so that no publish costs a request, and the session's end. */
#ifndef TH_AUTH_H
#define TH_AUTH_H

#include "base/alloc.h"
#include "hook/envelope.h"
#include "io/worker.h"
#include "store/device.h"

enum th_auth_verdict {
    TH_AUTH_ALLOW,
    TH_AUTH_MALFORMED,
    TH_AUTH_UNKNOWN, /* device or product */
    TH_AUTH_DISABLED,
    TH_AUTH_WRONG_PRODUCT, /* the client id belongs to another product */
    TH_AUTH_CLOCK,
    TH_AUTH_MISMATCH,
    TH_AUTH_REPLAY,  /* the password was used before */
    TH_AUTH_LIMIT,   /* too many devices provisioned themselves */
    TH_AUTH_SCRIPT,  /* the product's on_auth said no, or failed */
    TH_AUTH_BACKEND, /* could not be decided: denied */
};

struct th_auth {
    struct th_mail mail;
    struct th_worker *home;
    void (*done)(struct th_auth *a); /* on home's thread; owns and frees it */
    void *request;                   /* home's */
    struct th_arena arena;
    struct th_door door;
    struct th_str product, device, password, address, protocol;
    enum th_auth_verdict verdict;
    int64_t skew_s;    /* with CLOCK */
    const char *why;   /* with SCRIPT; NULL: not said */
    struct th_str own; /* with ALLOW: the ACL's rules for what the product's script declares */
    struct th_device_wait wait;
    struct th_product_wait product_wait;
    struct th_store *store; /* the owner's */
    void (*on_nonce)(struct th_auth *a, bool fresh);
};

/* body: {client_id, username, password, ...}, in a's arena. Calls done() later, exactly once. */
void th_auth_ask(struct th_auth *a, struct th_str body);

/* The answer's JSON; only an allow says more than deny. */
void th_auth_answer(const struct th_auth *a, int64_t session_ms, struct th_buf *out);

#endif
