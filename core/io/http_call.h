/* SPDX-License-Identifier: Apache-2.0
 *
 * One outward request: its copy, its curl options, what came back, where it is redirected to. No loop in
 * here. */
#ifndef TH_HTTP_CALL_H
#define TH_HTTP_CALL_H

#include <curl/curl.h>
#include "io/http_client.h"
#include "io/http_curl.h"
#include "io/outbound.h"

struct th_http_call {
    struct th_list link; /* in client->calls or client->canceled */
    struct th_http_client *client;
    struct th_http_curl *curl;
    const struct th_outbound *outbound;
    th_http_cb cb;
    void *arg;
    struct th_arena arena; /* of what follows */
    const char *method, *url;
    const char **headers; /* NULL-terminated */
    struct th_str body;
    uint64_t deadline; /* in uv_now() milliseconds */
    size_t max_answer;
    int redirects;
    bool trusted, keep_headers;
    bool (*allowed)(void *arg, const char *url);
    void *allowed_arg;

    CURL *easy;
    struct curl_slist *sent_headers;
    struct th_buf answer, heads; /* heads: header lines, with keep_headers */
    size_t header_bytes;
    bool too_big, refused; /* refused: an address that it may not connect to */
    char error[CURL_ERROR_SIZE];
};

/* NULL when the request is not a sane one: URL neither http nor https, line ends in a header. */
struct th_http_call *th_http_call_new(const struct th_http_request *r);
void th_http_call_free(struct th_http_call *c); /* not c->easy */
/* Sets all options of c->easy, which is fresh or has been reset. */
void th_http_call_prepare(struct th_http_call *c, uint64_t now);
struct th_http_answer th_http_call_answer(const struct th_http_call *c, CURLcode code);
/* After an answer: 1 when there is a redirect to follow (c now asks for that), 0 when the answer is final, or
 * -TH_EFORBIDDEN with the reason in c->error. */
int th_http_call_redirect(struct th_http_call *c);

#endif
