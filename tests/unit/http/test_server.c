/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests and answers, in the order in which a client could meet them. Limits are in test_limits.c. */
#include "door.h"

struct hop {
    struct th_mail mail;
    struct th_req *r;
};

/* The request that /hold keeps; touched by the worker that has it, set before `held` tells the test. */
static struct th_req *kept;
static _Atomic int held, released, gone;

static void on_back(struct th_worker *w, struct th_mail *m)
{
    struct th_req *r = th_container_of(m, struct hop, mail)->r;
    th_req_reply_static(r, 200, "text/plain", TH_STR("hopped"));
    th_req_unref(r);
}

static void on_there(struct th_worker *w, struct th_mail *m)
{
    struct hop *hop = th_container_of(m, struct hop, mail);
    m->run = on_back;
    th_worker_post(hop->r->worker, m);
}

static void hop(struct th_req *r)
{
    struct hop *h = th_arena_alloc(&r->arena, sizeof(*h));
    h->r = r;
    h->mail.run = on_there;
    th_req_ref(r);
    th_worker_post(&door_rt.workers[1 - r->worker->index], &h->mail);
}

static void on_hold_gone(struct th_req *r)
{
    gone++;
}

static void hold(struct th_req *r)
{
    th_req_ref(r);
    r->on_gone = on_hold_gone;
    kept = r;
    held++;
}

static void on_release(struct th_worker *w, struct th_mail *m)
{
    th_req_reply(kept, 200, "text/plain", TH_STR("late"));
    th_req_unref(kept);
    released++;
}

static void release_held(void)
{
    static struct th_mail mail;
    mail.run = on_release;
    th_worker_post(kept->worker, &mail);
}

static void twice(struct th_req *r)
{
    th_req_reply(r, 202, "text/plain", TH_STR("first"));
    th_req_set_header(r, "x-late", TH_STR("1"));
    th_req_reply(r, 500, "text/plain", TH_STR("second"));
}

static void tell(struct th_req *r)
{
    struct th_str name = {0};
    bool found = th_req_query(r, "name", &name);
    struct th_str host = th_req_header(r, "host"), x = th_req_header(r, "x-thing");
    th_req_set_header(r, "x-worker", r->worker->index == 0 ? TH_STR("0") : TH_STR("1"));
    th_req_set_header(r, "x-evil", TH_STR("a\r\nset-cookie: b"));
    th_req_set_header(r, "x-evil: c\r\nset-cookie", TH_STR("b"));
    th_req_set_header(r, "x-id", th_str(r->id));
    const char *text =
        th_arena_printf(&r->arena, "%s %.*s host=%.*s x=%.*s name=%s client=%s local=%d arg=%d",
            th_method_name(r->method), TH_STR_FMT(r->path), TH_STR_FMT(host), TH_STR_FMT(x),
            found ? name.p : "-", th_req_client(r), th_req_is_local(r), th_req_arg(r) == &door_rt);
    th_req_reply_static(r, 200, "text/plain", th_str(text));
}

static void on_request(struct th_req *r)
{
    struct th_str body = th_req_take_body(r, &r->arena);
    if (th_str_eq(r->path, TH_STR("/tell")))
        tell(r);
    else if (th_str_eq(r->path, TH_STR("/echo")))
        th_req_reply_static(r, 200, "text/plain", body);
    else if (th_str_eq(r->path, TH_STR("/hop")))
        hop(r);
    else if (th_str_eq(r->path, TH_STR("/hold")))
        hold(r);
    else if (th_str_eq(r->path, TH_STR("/twice")))
        twice(r);
    else if (th_str_eq(r->path, TH_STR("/nothing")))
        th_req_reply_static(r, 204, NULL, TH_STR(""));
    else if (!th_str_eq(r->path, TH_STR("/forget")))
        th_reply_problem(r, &(struct th_problem){.status = 404});
}

static void test_plain_answer(void)
{
    int fd = client_open();
    client_send(fd, "GET /tell?a=1&name=b%20c+d HTTP/1.1\r\nHost: there:80\r\nX-Thing: 7\r\n\r\n");
    TH_CHECK(client_read(fd, "arg=1"));
    TH_EQ_INT(client_status(), 200);
    TH_CHECK(client_has("GET /tell host=there:80 x=7 name=b c d client=127.0.0.1 local=1 arg=1"));
    TH_CHECK(client_has("content-type: text/plain\r\n"));
    TH_CHECK(client_has("Connection: keep-alive\r\n"));
    TH_CHECK(!client_has("erver:"));
    TH_CHECK(!client_has("set-cookie") && !client_has("x-evil"));
    close(fd);
}

static void test_request_ids(void)
{
    int fd = client_open();
    client_send(fd, "GET /tell HTTP/1.1\r\nHost: a\r\nX-Request-Id: abc-1.2_3\r\n\r\n");
    TH_CHECK(client_read(fd, "arg=1") && client_has("x-id: abc-1.2_3\r\n"));
    client_send(fd, "GET /tell HTTP/1.1\r\nHost: a\r\nX-Request-Id: a\"b\r\n\r\n");
    TH_CHECK(client_read(fd, "arg=1") && !client_has("a\"b"));
    const char *id = strstr(client_got, "x-id: ");
    TH_CHECK(id != NULL && strspn(id + 6, "0123456789abcdef") == 16);
    close(fd);
}

static void test_bodies(void)
{
    int fd = client_open();
    client_send(fd, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    TH_CHECK(client_read(fd, "\r\n\r\nhello"));
    client_send(fd, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    client_send(fd, "A;x=y\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n");
    TH_CHECK(client_read(fd, "\r\n\r\nabc0123456789"));
    client_send(fd, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
    TH_CHECK(client_read(fd, "Content-Length: 0\r\n"));
    client_send(fd, "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    TH_CHECK(client_read(fd, "100 Continue\r\n\r\n"));
    client_send(fd, "ok");
    TH_CHECK(client_read(fd, "\r\n\r\nok"));
    close(fd);
}

static void test_head_and_empty(void)
{
    int fd = client_open();
    client_send(fd, "HEAD /tell HTTP/1.1\r\nHost: a\r\n\r\nGET /nothing HTTP/1.1\r\nHost: a\r\n\r\n");
    TH_CHECK(client_read(fd, "204 No Content"));
    TH_EQ_INT(client_status(), 200);
    const char *end = strstr(client_got, "\r\n\r\n");
    TH_CHECK(end != NULL && strncmp(end + 4, "HTTP/1.1 204", 12) == 0);
    TH_CHECK(strstr(client_got, "Content-Length: 0") == NULL);
    close(fd);
}

static void test_http10(void)
{
    TH_EQ_INT(client_once("GET /tell HTTP/1.0\r\n\r\n"), 200);
    TH_CHECK(client_has("Connection: close\r\n") && client_has("arg=1"));
}

static void test_pipelined(void)
{
    static char text[200 * 64];
    size_t n = 0;
    for (int i = 0; i < 200; i++)
        n += (size_t)snprintf(
            text + n, sizeof(text) - n, "GET /%s HTTP/1.1\r\nHost: a\r\n\r\n", i % 2 ? "hop" : "echo");
    int fd = client_open();
    client_send(fd, text);
    client_send(fd, "GET /tell HTTP/1.1\r\nHost: a\r\n\r\n");
    TH_CHECK(client_read(fd, "arg=1"));
    int answers = 0;
    for (const char *p = client_got; (p = strstr(p, "HTTP/1.1 200")) != NULL; p++)
        answers++;
    TH_EQ_INT(answers, 201);
    close(fd);
}

static void test_spread(void)
{
    enum { CLIENTS = 40 };
    int fds[CLIENTS], of_worker[2] = {0};
    for (int i = 0; i < CLIENTS; i++) {
        fds[i] = client_open();
        client_ask(fds[i], "GET", "/tell");
        TH_CHECK(client_read(fds[i], "arg=1"));
        of_worker[client_has("x-worker: 1")]++;
    }
    for (int i = 0; i < CLIENTS; i++)
        close(fds[i]);
    TH_EQ_INT(of_worker[0], CLIENTS / 2);
    TH_EQ_INT(of_worker[1], CLIENTS / 2);
}

static void test_half_closed(void)
{
    int fd = client_open();
    client_ask(fd, "GET", "/hop");
    shutdown(fd, SHUT_WR);
    TH_CHECK(client_read(fd, NULL));
    TH_EQ_INT(client_status(), 200);
    TH_CHECK(client_has("hopped"));
    close(fd);
}

static void test_client_gone_before_answer(void)
{
    int before = released;
    int fd = client_open();
    client_ask(fd, "GET", "/hold");
    DOOR_UNTIL(held == 1);
    struct linger now = {.l_onoff = 1};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    close(fd);
    release_held();
    DOOR_UNTIL(released == before + 1);
    DOOR_UNTIL(door_totals().connections == 0);
    held = 0;
}

static void test_one_answer(void)
{
    int fd = client_open();
    client_ask(fd, "GET", "/twice");
    client_ask(fd, "GET", "/tell");
    TH_CHECK(client_read(fd, "arg=1"));
    TH_EQ_INT(client_status(), 202);
    TH_CHECK(client_has("first") && !client_has("second") && !client_has("x-late"));
    close(fd);
}

static void test_forgotten_request(void)
{
    int fd = client_open();
    client_ask(fd, "GET", "/forget");
    TH_CHECK(client_read(fd, "\"code\":\"internal\""));
    TH_EQ_INT(client_status(), 500);
    TH_CHECK(!client_has("dropped"));
    close(fd);
}

static void test_malformed(void)
{
    static const struct {
        const char *request;
        int status;
    } rows[] = {
        {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab", 400},
        {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 9\r\n\r\nab", 400},
        {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400},
        {"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n", 400},
        {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400},
        {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1x\r\n\r\n", 400},
        {"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
        {"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 400},
        {"GET /tell HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n", 400},
        {"GET /tell HTTP/1.1\r\n\r\n", 400},
        {"GET /tell HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        {"GET http://a/tell HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET  HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"BREW /tell HTTP/1.1\r\nHost: a\r\n\r\n", 405},
        {"get /tell HTTP/1.1\r\nHost: a\r\n\r\n", 405},
        {"GET /tell HTTP/2.0\r\nHost: a\r\n\r\n", 400},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
        {"GET /tell HTTP/1.1\r\nHost: a\r\nBad Name: 1\r\n\r\n", 400},
        {"GET /tell HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n", 400},
        {"\x16\x03\x01\x02\x01\x01\xfc\x03\x03", 400},
    };
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        TH_ROW("%s", rows[i].request);
        TH_EQ_INT(client_once(rows[i].request), rows[i].status);
        TH_CHECK(client_has("onnection: close"));
        TH_CHECK(!client_has("arg=1"));
    }
}

static void test_no_upgrade(void)
{
    int fd = client_open();
    client_send(fd, "GET /tell HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                    "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n");
    TH_CHECK(client_read(fd, "arg=1"));
    TH_EQ_INT(client_status(), 200);
    close(fd);
}

static void test_counters(void)
{
    DOOR_UNTIL(door_totals().connections == 0);
    struct th_server_totals t = door_totals();
    TH_CHECK(t.requests > 240 && t.accepted > 60 && t.bad_requests > 10);
    TH_EQ_INT(t.requests, t.replies_2xx + t.replies_4xx + t.replies_5xx);
    TH_EQ_INT(t.refused + t.cut_header + t.cut_request + t.cut_idle + t.cut_stalled + t.cut_buffered, 0);
}

static void test_taken_port(void)
{
    char address[64], want[128];
    struct th_error err = {0};
    struct th_listener *l;
    snprintf(address, sizeof(address), "127.0.0.1:%d", th_listener_port(door_listener));
    snprintf(want, sizeof(want), "http.listen %s: address already in use", address);
    TH_EQ_INT(th_listener_open("http.listen", address, &door_wide, &l, &err), -TH_ECONFLICT);
    TH_EQ_STR(err.msg, want);
    static const char *const bad[] = {
        "", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:http", "1.2.3.4.5:80", ":80"};
    for (size_t i = 0; i < TH_COUNT(bad); i++) {
        TH_ROW("%s", bad[i]);
        TH_EQ_INT(th_listener_open("http.listen", bad[i], &door_wide, &l, &err), -TH_EINVAL);
    }
}

static void stop_runtime(void *arg)
{
    th_runtime_stop(&door_rt, PATIENCE_MS);
}

/* What is under way is answered, what is idle is closed, who comes later is not let in. */
static void test_drain(void)
{
    int idle = client_open(), busy = client_open(), half = client_open();
    client_ask(idle, "GET", "/tell");
    TH_CHECK(client_read(idle, "arg=1"));
    client_ask(busy, "GET", "/hold");
    client_send(half, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nha");
    DOOR_UNTIL(held == 1);
    uv_thread_t stopper;
    uv_thread_create(&stopper, stop_runtime, NULL);
    client_expect_end(idle);
    client_send(half, "lf");
    TH_CHECK(client_read(half, NULL));
    TH_CHECK(client_has("half") && client_has("Connection: close\r\n"));
    DOOR_UNTIL(client_open() < 0);
    release_held();
    TH_CHECK(client_read(busy, NULL));
    TH_CHECK(client_has("late") && client_has("Connection: close\r\n"));
    uv_thread_join(&stopper);
    close(idle);
    close(busy);
    close(half);
    held = 0;
}

static void close_door(void)
{
    th_listener_close(door_listener);
    th_conf_free(door_conf);
}

/* No time to drain: the client of a request under way is told so, and the answer that comes later has no one.
 */
static void test_stop_at_once(void)
{
    door_open(&door_wide, on_request);
    int fd = client_open(), silent = client_open();
    int gone_before = gone;
    client_ask(fd, "GET", "/hold");
    DOOR_UNTIL(held == 1);
    th_runtime_stop(&door_rt, 0);
    TH_EQ_INT(gone, gone_before + 1);
    on_release(NULL, NULL);
    TH_CHECK(client_read(fd, NULL));
    TH_CHECK(client_n == 0 || client_status() == 503);
    client_expect_end(silent);
    close(fd);
    close(silent);
    close_door();
}

int main(void)
{
    door_open(&door_wide, on_request);
    TH_RUN(test_plain_answer);
    TH_RUN(test_request_ids);
    TH_RUN(test_bodies);
    TH_RUN(test_head_and_empty);
    TH_RUN(test_http10);
    TH_RUN(test_pipelined);
    TH_RUN(test_spread);
    TH_RUN(test_half_closed);
    TH_RUN(test_client_gone_before_answer);
    TH_RUN(test_one_answer);
    TH_RUN(test_forgotten_request);
    TH_RUN(test_malformed);
    TH_RUN(test_no_upgrade);
    TH_RUN(test_counters);
    TH_RUN(test_taken_port);
    TH_RUN(test_drain);
    close_door();
    TH_RUN(test_stop_at_once);
    return TH_END();
}
