/* SPDX-License-Identifier: Apache-2.0
 *
 * A client of the admin API: one request after the other, each waiting for its answer. Redirects are not
 * followed and no proxy is taken from the environment: the token goes to the server that was named and to no
 * other. One thread. */
#ifndef TH_CLI_CLIENT_H
#define TH_CLI_CLIENT_H

#include "base/alloc.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"

struct th_client { /* the texts are the caller's and outlive it */
    void *curl;
    const char *server;     /* "http://127.0.0.1:8080" */
    const char *token;      /* NULL: none is sent */
    const char *ca_file;    /* whom https trusts; NULL: the system's authorities */
    bool (*stopping)(void); /* true ends a request that is under way; NULL: never */
};

struct th_client_request {
    const char *method;
    const char *path; /* with its query, percent-encoded */
    struct th_str body;
    bool has_body;              /* also an empty one is sent */
    const char *const *headers; /* "Name: value", further ones */
    unsigned nheaders;
    long timeout_ms; /* 0: no end as long as something comes at least every 45 s */
    /* Given the body of a 2xx answer as it comes, instead of its being kept; false ends the request, which
     * then is no error. */
    bool (*on_chunk)(void *arg, struct th_str chunk);
    void *arg;
};

struct th_client_header {
    struct th_str name, value; /* name in lower case */
};

struct th_client_answer {
    int status;
    struct th_arena arena; /* owns headers and nodes */
    struct th_client_header *headers;
    unsigned nheaders;
    struct th_buf text;
    struct th_json json; /* of th_client_call(): count 0 when the answer has no JSON body */
};

#define TH_CLIENT_ANSWER_MAX (64u << 20)

int th_client_open(struct th_client *c, struct th_error *err) TH_MUST_CHECK;
void th_client_close(struct th_client *c);
/* Any HTTP status is an answer; an error is one only when none came (TH_EUNAVAIL, TH_ETIMEOUT; TH_ECRYPTO:
 * the server is not trusted), when it is over TH_CLIENT_ANSWER_MAX (TH_ETOOBIG), or for a server that is no
 * URL of http or https (TH_EINVAL). Free the answer in both cases. */
int th_client_perform(struct th_client *c, const struct th_client_request *r, struct th_client_answer *answer,
    struct th_error *err) TH_MUST_CHECK;
void th_client_answer_free(struct th_client_answer *answer);

/* JSON in and out; body NULL: none. 401 and 403 are errors as well: there is nothing to be done about them.
 */
int th_client_call(struct th_client *c, const char *method, const char *path, const char *body,
    struct th_client_answer *answer, struct th_error *err) TH_MUST_CHECK;
/* Writes "POST /path answered 422: detail" into err. */
int th_client_refused(const struct th_client_answer *answer, const char *method, const char *path,
    struct th_error *err) TH_MUST_CHECK;

#endif
