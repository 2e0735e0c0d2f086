/* SPDX-License-Identifier: Apache-2.0 */
#include "http/private.h"

#include <unistd.h>

void th_conn_free(struct th_conn *c)
{
    struct th_server *s = c->server;
    th_list_remove(&c->link);
    th_listener_left(c->listener, s->worker->index);
    th_free(c);
    th_server_check_drained(s);
}

static void on_closed(uv_handle_t *h)
{
    struct th_conn *c = th_container_of(h, struct th_conn, tcp);
    if (c->late_fd >= 0)
        th_linger_begin(c);
    else
        th_conn_free(c);
}

void th_conn_begin(struct th_conn *c)
{
    struct th_server *s = c->server;
    uv_loop_t *loop = &s->worker->loop;
    th_list_push(&s->conns, &c->link);
    c->quiet_since = uv_now(loop);
    uv_tcp_init(loop, &c->tcp);
    if (uv_tcp_open(&c->tcp, c->fd) != 0) {
        close(c->fd);
        uv_close((uv_handle_t *)&c->tcp, on_closed);
        return;
    }
    uv_tcp_nodelay(&c->tcp, 1);
    c->sock = h2o_uv_socket_create((uv_stream_t *)&c->tcp, on_closed);
    c->sock->on_close.data = c;
    h2o_accept(&s->accept, c->sock);
}

void th_conn_cut(struct th_conn *c)
{
    c->cut = true;
    /* Once it is closing, its number may be another's. */
    if (!uv_is_closing((uv_handle_t *)&c->tcp))
        shutdown(c->fd, SHUT_RDWR);
    else if (c->late_fd >= 0)
        shutdown(c->late_fd, SHUT_RDWR);
}

struct th_conn *th_conn_of(h2o_req_t *req)
{
    return req->conn->callbacks->get_socket(req->conn)->on_close.data;
}
