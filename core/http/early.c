/* SPDX-License-Identifier: Apache-2.0
 *
 * Answers that h2o gives by itself, before there is a request of ours: body over the limit, broken chunks, an
 * expectation it does not know. They get the form of all other errors here, and since the client may still be
 * sending, their connection is closed late (linger.c). */
#include "http/private.h"

#include "http/reply.h"

struct other_body {
    h2o_ostream_t super;
    h2o_iovec_t body;
};

static void send_other(h2o_ostream_t *o, h2o_req_t *h, h2o_iovec_t *bufs, size_t n, h2o_send_state_t state)
{
    struct other_body *other = (struct other_body *)o;
    h2o_ostream_send_next(o, h, &other->body, n > 0 ? 1 : 0, state);
}

static h2o_iovec_t problem_body(h2o_req_t *h)
{
    struct th_buf b = {0};
    th_problem_put(&b, &(struct th_problem){.status = h->res.status}, NULL);
    h2o_iovec_t body = h2o_strdup(&h->pool, b.p, b.n);
    th_buf_free(&b);
    return body;
}

static void on_setup_ostream(h2o_filter_t *self, h2o_req_t *h, h2o_ostream_t **slot)
{
    struct th_conn *c = th_conn_of(h);
    if (c->req == NULL && h->res.status >= 400) {
        struct other_body *other = (struct other_body *)h2o_add_ostream(h, sizeof(*other), slot);
        other->super.do_send = send_other;
        other->body = problem_body(h);
        h->res.reason = th_status_reason(h->res.status);
        h->res.content_length = other->body.len;
        h2o_set_header(
            &h->pool, &h->res.headers, H2O_TOKEN_CONTENT_TYPE, H2O_STRLIT("application/problem+json"), 1);
        slot = &other->super.next;
        th_linger_prepare(c);
    }
    h2o_setup_next_ostream(h, slot);
}

void th_early_register(h2o_pathconf_t *path)
{
    h2o_create_filter(path, sizeof(h2o_filter_t))->on_setup_ostream = on_setup_ostream;
}
