/* SPDX-License-Identifier: Apache-2.0
 *
 * Time limits. h2o has one timer from the end of the last answer to the end of the next request, and none for
 * a client that does not read; here a timer looks at every connection a few times within the shortest limit.
 */
#include "http/private.h"

#include <sys/ioctl.h>
#include "base/log.h"

#define TH_SWEEP_MIN_MS 10
#define TH_SWEEP_MAX_MS 1000
#define TH_SWEEP_DRAIN_MS 20

struct sweep {
    struct th_server *s;
    uint64_t now;
    size_t buffered;  /* by requests not yet complete */
    size_t receiving; /* how many these are */
};

/* Said on the socket itself: h2o is waiting for input, so nothing else is being sent. */
static void say_and_cut(struct th_conn *c, const char *status)
{
    char text[160];
    int n =
        snprintf(text, sizeof(text), "HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", status);
    if (send(c->fd, text, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        th_debug("http.cut_unheard", "status=\"%s\"", status);
    th_conn_cut(c);
}

static bool is_over(const struct sweep *sw, uint64_t since, int64_t limit)
{
    return sw->now - since >= (uint64_t)limit;
}

/* True when the connection has something to send. */
static bool check_sending(struct sweep *sw, struct th_conn *c)
{
    size_t unsent = uv_stream_get_write_queue_size((uv_stream_t *)&c->tcp);
    if (unsent == 0 || unsent != c->unsent) {
        c->unsent = unsent;
        c->unsent_since = sw->now;
    } else if (is_over(sw, c->unsent_since, sw->s->listener->opts.idle_timeout)) {
        th_count(&sw->s->counters, cut_stalled);
        th_conn_cut(c);
    }
    return unsent > 0;
}

static void check_quiet(struct sweep *sw, struct th_conn *c)
{
    const struct th_listener_opts *o = &sw->s->listener->opts;
    int waiting = 0;
    /* What is there but not yet read is a request; it is answered first. */
    if (sw->s->draining && ioctl(c->fd, FIONREAD, &waiting) == 0 && waiting == 0) {
        th_conn_cut(c);
    } else if (!c->used && is_over(sw, c->quiet_since, o->header_timeout)) {
        th_count(&sw->s->counters, cut_header);
        th_conn_cut(c);
    } else if (c->used && is_over(sw, c->quiet_since, o->idle_timeout)) {
        th_count(&sw->s->counters, cut_idle);
        th_conn_cut(c);
    }
}

static void check_receiving(struct sweep *sw, struct th_conn *c, const h2o_req_t *req)
{
    const struct th_listener_opts *o = &sw->s->listener->opts;
    bool in_body = req->timestamps.request_body_begin_at.tv_sec != 0;
    if (c->begun == 0)
        c->begun = sw->now;
    if (!in_body && is_over(sw, c->begun, o->header_timeout)) {
        th_count(&sw->s->counters, cut_header);
        say_and_cut(c, "408 Request Timeout");
    } else if (is_over(sw, c->begun, o->request_timeout)) {
        th_count(&sw->s->counters, cut_request);
        say_and_cut(c, "408 Request Timeout");
    } else if (c->sock->input != NULL) {
        sw->buffered += c->sock->input->size;
        sw->receiving++;
    }
}

static bool is_receiving(const struct th_conn *c, const h2o_req_t *req)
{
    return c->req == NULL && !c->cut && req->processed_at.at.tv_sec == 0;
}

static int check_conn(h2o_req_t *req, void *arg)
{
    struct sweep *sw = arg;
    struct th_conn *c = th_conn_of(req);
    if (c->cut || check_sending(sw, c) || !is_receiving(c, req))
        return 0;
    if (req->timestamps.request_begin_at.tv_sec == 0)
        check_quiet(sw, c);
    else
        check_receiving(sw, c, req);
    return 0;
}

/* Ends those that hold more than their share until the rest fits. */
static int shed(h2o_req_t *req, void *arg)
{
    struct sweep *sw = arg;
    struct th_conn *c = th_conn_of(req);
    if (!is_receiving(c, req) || c->sock->input->size < sw->buffered / sw->receiving)
        return 0;
    th_count(&sw->s->counters, cut_buffered);
    sw->buffered -= c->sock->input->size;
    sw->receiving--;
    say_and_cut(c, "503 Service Unavailable");
    return sw->buffered <= sw->s->listener->opts.max_buffered || sw->receiving == 0;
}

static void each_request(struct th_server *s, int (*cb)(h2o_req_t *req, void *arg), void *arg)
{
    s->listener->conf.http1.callbacks.foreach_request(&s->ctx, cb, arg);
}

static void on_sweep(uv_timer_t *t)
{
    struct th_server *s = th_container_of(t, struct th_server, sweep);
    struct sweep sw = {.s = s, .now = uv_now(&s->worker->loop)};
    each_request(s, check_conn, &sw);
    if (sw.buffered > s->listener->opts.max_buffered)
        each_request(s, shed, &sw);
    th_sses_tick(s, sw.now);
    th_server_check_drained(s);
}

static void start(struct th_server *s, uint64_t period)
{
    uv_timer_start(&s->sweep, on_sweep, period, period);
}

void th_sweep_start(struct th_server *s)
{
    const struct th_listener_opts *o = &s->listener->opts;
    int64_t least = o->header_timeout;
    if (o->idle_timeout < least)
        least = o->idle_timeout;
    if (o->request_timeout < least)
        least = o->request_timeout;
    uint64_t period = (uint64_t)least / 4;
    if (period < TH_SWEEP_MIN_MS)
        period = TH_SWEEP_MIN_MS;
    start(s, period > TH_SWEEP_MAX_MS ? TH_SWEEP_MAX_MS : period);
}

void th_sweep_hurry(struct th_server *s)
{
    on_sweep(&s->sweep);
    start(s, TH_SWEEP_DRAIN_MS);
}
