/* SPDX-License-Identifier: Apache-2.0 */
#include "io/http_curl.h"

#include "base/alloc.h"

#define TH_HTTP_CONNECTIONS_MAX 256L /* open at a time */
#define TH_HTTP_CONNECTIONS_KEPT 64L /* open and idle */

struct watch {
    uv_poll_t handle;
    struct th_http_curl *curl;
    curl_socket_t fd;
};

static void tell_done(struct th_http_curl *c)
{
    int left;
    CURLMsg *m;
    while ((m = curl_multi_info_read(c->multi, &left)) != NULL) {
        if (m->msg != CURLMSG_DONE)
            continue;
        CURL *easy = m->easy_handle;
        CURLcode code = m->data.result;
        curl_multi_remove_handle(c->multi, easy);
        c->on_done(easy, code);
    }
}

static void on_socket(uv_poll_t *handle, int status, int events)
{
    struct watch *watch = handle->data;
    struct th_http_curl *c = watch->curl;
    int flags = status < 0 ? CURL_CSELECT_ERR : 0;
    flags |= events & UV_READABLE ? CURL_CSELECT_IN : 0;
    flags |= events & UV_WRITABLE ? CURL_CSELECT_OUT : 0;
    int running;
    curl_multi_socket_action(c->multi, watch->fd, flags, &running);
    tell_done(c);
}

static void on_timer(uv_timer_t *timer)
{
    struct th_http_curl *c = timer->data;
    int running;
    curl_multi_socket_action(c->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    tell_done(c);
}

static int want_timer(CURLM *multi, long ms, void *arg)
{
    struct th_http_curl *c = arg;
    if (ms < 0)
        uv_timer_stop(&c->timer);
    else
        uv_timer_start(&c->timer, on_timer, (uint64_t)ms, 0);
    return 0;
}

static void on_watch_closed(uv_handle_t *handle)
{
    th_free(handle->data);
}

static int want_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *socket_arg)
{
    struct th_http_curl *c = arg;
    struct watch *watch = socket_arg;
    if (what == CURL_POLL_REMOVE) {
        if (watch != NULL)
            uv_close((uv_handle_t *)&watch->handle, on_watch_closed);
        curl_multi_assign(c->multi, fd, NULL);
        return 0;
    }
    if (watch == NULL) {
        watch = th_calloc(1, sizeof(*watch));
        watch->curl = c;
        watch->fd = fd;
        uv_poll_init_socket(c->loop, &watch->handle, fd);
        watch->handle.data = watch;
        curl_multi_assign(c->multi, fd, watch);
    }
    int events = what & CURL_POLL_IN ? UV_READABLE : 0;
    events |= what & CURL_POLL_OUT ? UV_WRITABLE : 0;
    uv_poll_start(&watch->handle, events, on_socket);
    return 0;
}

void th_http_curl_open(
    struct th_http_curl *c, uv_loop_t *loop, int host_connections, void (*on_done)(CURL *easy, CURLcode code))
{
    c->loop = loop;
    c->on_done = on_done;
    uv_timer_init(loop, &c->timer);
    c->timer.data = c;
    c->multi = curl_multi_init();
    curl_multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION, want_socket);
    curl_multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
    curl_multi_setopt(c->multi, CURLMOPT_TIMERFUNCTION, want_timer);
    curl_multi_setopt(c->multi, CURLMOPT_TIMERDATA, c);
    curl_multi_setopt(c->multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
    curl_multi_setopt(c->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)host_connections);
    curl_multi_setopt(c->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, TH_HTTP_CONNECTIONS_MAX);
    curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, TH_HTTP_CONNECTIONS_KEPT);
}

static void on_timer_closed(uv_handle_t *timer)
{
    struct th_http_curl *c = timer->data;
    c->on_closed(c);
}

void th_http_curl_close(struct th_http_curl *c, void (*on_closed)(struct th_http_curl *c))
{
    c->on_closed = on_closed;
    curl_multi_cleanup(c->multi); /* takes back its sockets through want_socket */
    c->multi = NULL;
    uv_close((uv_handle_t *)&c->timer, on_timer_closed);
}
