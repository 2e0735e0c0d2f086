/* SPDX-License-Identifier: Apache-2.0
 *
 * A web server in the test's own loop, on loopback addresses, that answers what the test tells it to. Include
 * loop.h before. */
#ifndef TH_TEST_WEB_H
#define TH_TEST_WEB_H

#include <arpa/inet.h>
#include <strings.h>

struct web_request {
    int listener; /* index of the address it came to */
    char head[8192];
    const char *body;
    size_t body_n;
};

/* Returns the raw answer, or NULL for none. An answer with "Connection: close" closes. */
typedef const char *(*web_answer_cb)(const struct web_request *r);

#define WEB_LISTENERS 2
static uv_tcp_t web_listeners[WEB_LISTENERS];
static int web_port;
static web_answer_cb web_answer;
static int web_connections, web_requests; /* accepted, answered, since web_open */
static struct web_client *web_clients;

struct web_client {
    uv_tcp_t tcp;
    uv_write_t write;
    bool closing;
    int listener;
    struct th_buf in;
    struct web_client *next;
};

static inline void on_web_closed(uv_handle_t *h)
{
    struct web_client *c = h->data, **at = &web_clients;
    while (*at != c)
        at = &(*at)->next;
    *at = c->next;
    th_buf_free(&c->in);
    th_free(c);
}

static inline void web_hang_up(struct web_client *c)
{
    if (!uv_is_closing((uv_handle_t *)&c->tcp))
        uv_close((uv_handle_t *)&c->tcp, on_web_closed);
}

static inline void on_web_alloc(uv_handle_t *h, size_t suggested, uv_buf_t *buf)
{
    *buf = uv_buf_init(th_alloc(65536), 65536);
}

static inline void on_web_written(uv_write_t *req, int status)
{
    struct web_client *c = req->data;
    if (c->closing || status != 0)
        web_hang_up(c);
}

/* Bytes of the first whole request in the buffer, 0 when there is none. */
static inline size_t web_parse(struct web_client *c, struct web_request *r)
{
    const char *end = c->in.n > 0 ? strstr(th_buf_cstr(&c->in), "\r\n\r\n") : NULL;
    if (end == NULL)
        return 0;
    size_t head_n = (size_t)(end + 4 - c->in.p);
    snprintf(r->head, sizeof(r->head), "%.*s", (int)head_n, c->in.p);
    const char *length = strcasestr(r->head, "\r\nContent-Length:");
    r->body_n = length != NULL ? strtoul(length + 17, NULL, 10) : 0;
    r->body = c->in.p + head_n;
    r->listener = c->listener;
    return c->in.n >= head_n + r->body_n ? head_n + r->body_n : 0;
}

static inline void on_web_read(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
    struct web_client *c = s->data;
    struct web_request r;
    if (n > 0)
        th_buf_put(&c->in, buf->base, (size_t)n);
    th_free(buf->base);
    if (n < 0) {
        web_hang_up(c);
        return;
    }
    size_t used = web_parse(c, &r);
    if (used == 0)
        return;
    web_requests++;
    const char *answer = web_answer(&r);
    c->in.n -= used;
    memmove(c->in.p, c->in.p + used, c->in.n);
    if (answer == NULL)
        return;
    c->closing = strcasestr(answer, "Connection: close") != NULL;
    uv_buf_t out = uv_buf_init((char *)answer, (unsigned)strlen(answer));
    c->write.data = c;
    uv_write(&c->write, s, &out, 1, on_web_written);
}

static inline void on_web_connection(uv_stream_t *listener, int status)
{
    struct web_client *c = th_calloc(1, sizeof(*c));
    uv_tcp_init(listener->loop, &c->tcp);
    c->tcp.data = c;
    c->listener = (int)((uv_tcp_t *)listener - web_listeners);
    c->next = web_clients;
    web_clients = c;
    web_connections++;
    uv_accept(listener, (uv_stream_t *)&c->tcp);
    uv_read_start((uv_stream_t *)&c->tcp, on_web_alloc, on_web_read);
}

static inline bool web_listen(uv_loop_t *loop, int i, int port)
{
    struct sockaddr_in a;
    char address[32];
    snprintf(address, sizeof(address), "127.0.0.%d", i + 1);
    uv_ip4_addr(address, port, &a);
    uv_tcp_init(loop, &web_listeners[i]);
    uv_tcp_bind(&web_listeners[i], (struct sockaddr *)&a, 0);
    return uv_listen((uv_stream_t *)&web_listeners[i], 128, on_web_connection) == 0;
}

/* Listens on 127.0.0.1 and 127.0.0.2, the same port on both. The answers must outlive their sending. */
static inline void web_open(uv_loop_t *loop, web_answer_cb answer)
{
    web_answer = answer;
    web_connections = web_requests = 0;
    for (web_port = 20000 + getpid() % 10000;; web_port++) {
        bool first = web_listen(loop, 0, web_port);
        bool both = web_listen(loop, 1, web_port) && first;
        if (both)
            return;
        for (int i = 0; i < WEB_LISTENERS; i++)
            uv_close((uv_handle_t *)&web_listeners[i], NULL);
        uv_run(loop, UV_RUN_NOWAIT);
    }
}

static inline void web_close(void)
{
    for (int i = 0; i < WEB_LISTENERS; i++)
        uv_close((uv_handle_t *)&web_listeners[i], NULL);
    for (struct web_client *c = web_clients; c != NULL; c = c->next)
        web_hang_up(c);
}

#endif
