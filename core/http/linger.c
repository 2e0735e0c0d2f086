/* SPDX-License-Identifier: Apache-2.0
 *
 * A connection that is closed while its client still sends is reset, and the client may never see the answer.
 * A second descriptor keeps such a socket open after h2o has closed its own; what still comes is thrown away
 * until the client has seen the end, or for so long. The connection counts as open meanwhile. */
#include "http/private.h"

#include <errno.h>
#include <unistd.h>

#define TH_LINGER_MS 2000
#define TH_LINGER_READS 64 /* in one turn of the loop */

struct th_linger {
    uv_poll_t poll;
    uv_timer_t timer;
    struct th_conn *conn;
    int open; /* handles */
};

void th_linger_prepare(struct th_conn *c)
{
    if (c->late_fd < 0)
        c->late_fd = dup(c->fd);
}

static void on_closed(uv_handle_t *h)
{
    struct th_linger *l = h->data;
    if (--l->open > 0)
        return;
    struct th_conn *c = l->conn;
    close(c->late_fd);
    th_free(l);
    th_conn_free(c);
}

static void finish(struct th_linger *l)
{
    if (uv_is_closing((uv_handle_t *)&l->poll))
        return;
    uv_close((uv_handle_t *)&l->poll, on_closed);
    uv_close((uv_handle_t *)&l->timer, on_closed);
}

static void on_time(uv_timer_t *t)
{
    finish(t->data);
}

static void on_input(uv_poll_t *poll, int status, int events)
{
    struct th_linger *l = poll->data;
    char nowhere[16384];
    ssize_t n = 1;
    for (int i = 0; i < TH_LINGER_READS && n > 0; i++)
        n = recv(l->conn->late_fd, nowhere, sizeof(nowhere), MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR) || l->conn->server->stopping)
        finish(l);
}

void th_linger_begin(struct th_conn *c)
{
    uv_loop_t *loop = &c->server->worker->loop;
    struct th_linger *l = th_calloc(1, sizeof(*l));
    l->conn = c;
    l->open = 2;
    l->poll.data = l->timer.data = l;
    shutdown(c->late_fd, c->server->stopping ? SHUT_RDWR : SHUT_WR);
    uv_timer_init(loop, &l->timer);
    uv_timer_start(&l->timer, on_time, TH_LINGER_MS, 0);
    if (uv_poll_init(loop, &l->poll, c->late_fd) != 0) {
        l->open = 1;
        uv_close((uv_handle_t *)&l->timer, on_closed);
        return;
    }
    uv_poll_start(&l->poll, UV_READABLE, on_input);
}
