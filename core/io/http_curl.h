/* SPDX-License-Identifier: Apache-2.0
 *
 * A libcurl multi handle in a uv loop: curl says which sockets and which moment it waits for, uv waits. */
#ifndef TH_HTTP_CURL_H
#define TH_HTTP_CURL_H

#include <curl/curl.h>
#include <uv.h>

struct th_http_curl {
    CURLM *multi;
    uv_loop_t *loop;
    uv_timer_t timer;
    /* A transfer has ended; easy is out of the multi handle. New ones may be added inside. */
    void (*on_done)(CURL *easy, CURLcode code);
    void (*on_closed)(struct th_http_curl *c);
};

void th_http_curl_open(struct th_http_curl *c, uv_loop_t *loop, int host_connections,
    void (*on_done)(CURL *easy, CURLcode code));
/* All easy handles must have been removed. on_closed when the memory may go. */
void th_http_curl_close(struct th_http_curl *c, void (*on_closed)(struct th_http_curl *c));

#endif
