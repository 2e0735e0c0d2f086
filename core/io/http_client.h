/* SPDX-License-Identifier: Apache-2.0
 *
 * Outward HTTP/1.1 on libcurl's multi interface in the worker's loop. Every outward connection of the process
 * goes through here. The open-socket callback looks at the address that is really connected to: loopback,
 * private, link-local, multicast, mapped addresses and those of this machine are refused unless
 * outbound.allow lists them (io/outbound.h) or the request was made by the core for an address that stands in
 * the configuration (trusted). Kept-alive connections of the two kinds are kept apart, so that nobody is
 * handed a connection that he could not have opened. No proxy from the environment; http and https only. */
#ifndef TH_HTTP_CLIENT_H
#define TH_HTTP_CLIENT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/str.h"
#include "io/worker.h"

struct th_http_request {
    const char *method; /* "GET", "POST", ... */
    const char *url;
    const char *const *headers; /* "Name: value", NULL-terminated; NULL for none */
    struct th_str body;
    int64_t timeout_ms;
    size_t max_answer; /* bytes of body taken before the transfer is ended with TH_ETOOBIG */
    int redirects;     /* followed at most, each checked like the first; to another host without the caller's
                        * headers, never from https to http */
    bool trusted;      /* follows no redirects */
    bool keep_headers; /* of the answer */
    /* Asked before a redirect is followed; NULL: all are. arg lives until the callback. */
    bool (*allowed)(void *arg, const char *url);
    void *allowed_arg;
};

struct th_http_answer {
    int code;              /* 0, or -TH_EUNAVAIL, -TH_ETIMEOUT, -TH_ETOOBIG, -TH_EFORBIDDEN, -TH_ECANCELED */
    int status;            /* HTTP status when code is 0 */
    struct th_str body;    /* during the callback */
    struct th_str headers; /* with keep_headers: the last answer's lines, during the callback */
    const char *content_type;
    const char *message; /* with an error, for the log */
};

typedef void (*th_http_cb)(void *arg, const struct th_http_answer *a);
struct th_http_call;

int th_http_client_start(struct th_worker *w, struct th_error *err) TH_MUST_CHECK;
/* Calls under way are called back with -TH_ECANCELED. */
void th_http_client_stop(struct th_worker *w);
/* All of *r is copied. Never calls back inside; refused with -TH_EBUSY over 1,000 transfers under way
 * (trusted ones, whose callers have caps of their own, are always taken), -TH_EINVAL for what is no http or
 * https URL. *out (may be NULL) is valid until the callback. */
int th_http_fetch(struct th_worker *w, const struct th_http_request *r, th_http_cb cb, void *arg,
    struct th_http_call **out) TH_MUST_CHECK;
/* Whether two URLs have scheme, host and port in common. */
bool th_http_same_origin(const char *a, const char *b);
/* The callback comes with -TH_ECANCELED, later. */
void th_http_cancel(struct th_http_call *c);

#endif
