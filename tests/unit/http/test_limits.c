/* SPDX-License-Identifier: Apache-2.0
 *
 * What a client may not do, each limit on a listener where all others are wide. */
#include "door.h"

#include <sys/resource.h>

static char big[1 << 20];

static void on_request(struct th_req *r)
{
    if (th_str_eq(r->path, TH_STR("/big")))
        th_req_reply_static(r, 200, "text/plain", (struct th_str){big, sizeof(big)});
    else
        th_req_reply(r, 200, "text/plain", th_req_body(r));
}

static struct th_listener_opts wide(void)
{
    return door_wide;
}

static void test_body_limit(void)
{
    struct th_listener_opts o = wide();
    o.max_body = 10;
    door_open(&o, on_request);
    TH_EQ_INT(client_once(
                  "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 10\r\n\r\n0123456789"),
        200);
    TH_EQ_INT(client_once("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n0123456789a"), 413);
    TH_EQ_INT(client_once("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\n"), 413);
    TH_EQ_INT(
        client_once("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n"), 400);
    TH_EQ_INT(
        client_once("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 12\r\n\r\n"), 413);
    static const char chunked[] =
        "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
    char text[256];
    snprintf(text, sizeof(text), "%sa\r\n0123456789\r\n0\r\n\r\n", chunked);
    TH_EQ_INT(client_once(text), 200);
    snprintf(text, sizeof(text), "%sb\r\n0123456789a\r\n0\r\n\r\n", chunked);
    TH_EQ_INT(client_once(text), 413);
    snprintf(text, sizeof(text), "%s8\r\n01234567\r\n8\r\n01234567\r\n", chunked);
    TH_EQ_INT(client_once(text), 413);
    door_close(PATIENCE_MS);
}

/* A client that sends all before it reads still sees why it was refused. */
static void test_refusal_is_heard(void)
{
    struct th_listener_opts o = wide();
    o.max_body = 1000;
    door_open(&o, on_request);
    int fd = client_open();
    client_send(fd, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5242880\r\n\r\n");
    for (int i = 0; i < 5; i++)
        TH_EQ_INT(send(fd, big, sizeof(big), MSG_NOSIGNAL), sizeof(big));
    TH_CHECK(client_read(fd, "}"));
    TH_EQ_INT(client_status(), 413);
    TH_CHECK(client_has("content-type: application/problem+json\r\n"));
    TH_CHECK(client_has("{\"type\":\"/errors/too_large\",\"status\":413,"));
    TH_EQ_INT(recv(fd, client_got, 1, 0), 0);
    TH_EQ_INT(door_totals().connections, 1);
    close(fd);
    DOOR_UNTIL(door_totals().connections == 0);
    fd = client_open();
    client_send(fd, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5242880\r\n\r\n");
    TH_CHECK(client_read(fd, "}"));
    door_close(0);
    close(fd);
}

/* A head that comes byte by byte is cut although every byte is in time. */
static void test_slow_head(void)
{
    struct th_listener_opts o = wide();
    o.header_timeout = 200;
    door_open(&o, on_request);
    int fd = client_open();
    struct pollfd p = {.fd = fd, .events = POLLIN};
    int64_t end = th_clock_ms() + PATIENCE_MS;
    client_send(fd, "GET / HTTP/1.1\r\nX: ");
    while (poll(&p, 1, 20) == 0 && th_clock_ms() < end)
        client_send(fd, "x");
    TH_CHECK(client_read(fd, NULL) || errno == ECONNRESET);
    TH_EQ_INT(client_status(), 408);
    close(fd);
    int silent = client_open();
    client_expect_end(silent);
    close(silent);
    TH_EQ_INT(door_totals().cut_header, 2);
    door_close(PATIENCE_MS);
}

static void test_slow_body(void)
{
    struct th_listener_opts o = wide();
    o.request_timeout = 200;
    door_open(&o, on_request);
    TH_EQ_INT(client_once("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc"), 408);
    TH_EQ_INT(client_once("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc"), 408);
    TH_EQ_INT(door_totals().cut_request, 2);
    door_close(PATIENCE_MS);
}

static void test_idle(void)
{
    struct th_listener_opts o = wide();
    o.idle_timeout = 200;
    door_open(&o, on_request);
    int fd = client_open();
    client_send(fd, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok");
    TH_CHECK(client_read(fd, "\r\n\r\nok"));
    client_expect_end(fd);
    close(fd);
    TH_EQ_INT(door_totals().cut_idle, 1);
    door_close(PATIENCE_MS);
}

/* A client that asks and does not read: its socket's buffers fill, then it is cut. */
static void test_stalled_reader(void)
{
    struct th_listener_opts o = wide();
    o.idle_timeout = 300;
    door_open(&o, on_request);
    int fd = client_open(), small = 4096;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    for (int i = 0; i < 8; i++)
        client_ask(fd, "GET", "/big");
    DOOR_UNTIL(door_totals().cut_stalled == 1);
    DOOR_UNTIL(door_totals().connections == 0);
    close(fd);
    door_close(PATIENCE_MS);
}

static void test_connection_cap(void)
{
    enum { CAP = 5 };
    struct th_listener_opts o = wide();
    o.max_connections = CAP;
    door_open(&o, on_request);
    int fds[CAP];
    for (int i = 0; i < CAP; i++) {
        fds[i] = client_open();
        client_ask(fds[i], "GET", "/");
        TH_CHECK(client_read(fds[i], "\r\n\r\n"));
    }
    int over = client_open();
    client_expect_end(over);
    close(over);
    TH_EQ_INT(door_totals().refused, 1);
    close(fds[0]);
    DOOR_UNTIL(door_totals().connections == CAP - 1);
    fds[0] = client_open();
    client_ask(fds[0], "GET", "/");
    TH_CHECK(client_read(fds[0], "\r\n\r\n"));
    for (int i = 0; i < CAP; i++)
        close(fds[i]);
    door_close(PATIENCE_MS);
}

/* Without descriptors accepting rests; who waits is served when there are some again. */
static void test_no_descriptors(void)
{
    struct th_listener_opts o = wide();
    struct rlimit before, none;
    door_open(&o, on_request);
    int fd = client_open(), late = socket(AF_INET, SOCK_STREAM, 0);
    client_ask(fd, "GET", "/");
    TH_CHECK(client_read(fd, "\r\n\r\n"));
    getrlimit(RLIMIT_NOFILE, &before);
    none = before;
    none.rlim_cur = 3;
    setrlimit(RLIMIT_NOFILE, &none);
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)th_listener_port(door_listener))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    TH_EQ_INT(connect(late, (struct sockaddr *)&to, sizeof(to)), 0);
    client_ask(late, "GET", "/");
    DOOR_UNTIL(door_totals().accept_paused >= 2);
    TH_CHECK(door_totals().accept_paused < 50);
    setrlimit(RLIMIT_NOFILE, &before);
    TH_CHECK(client_read(late, "\r\n\r\n"));
    TH_EQ_INT(client_status(), 200);
    close(fd);
    close(late);
    door_close(PATIENCE_MS);
}

/* Many bodies that never end hold only so much memory, and small requests go on meanwhile. */
static void test_buffered_bytes(void)
{
    enum { CLIENTS = 24, PART = 64 << 10 };
    struct th_listener_opts o = wide();
    o.max_body = 128 << 10;
    o.max_buffered = 512 << 10;
    o.header_timeout = 200; /* so that the limits are looked at often */
    door_open(&o, on_request);
    int fds[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
        fds[i] = client_open();
        client_send(fds[i], "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
        TH_EQ_INT(send(fds[i], big, PART, MSG_NOSIGNAL), PART);
    }
    DOOR_UNTIL(door_totals().accepted == CLIENTS);
    /* Two workers with 512 KiB each leave room for 16 of them at most. */
    DOOR_UNTIL(door_totals().connections <= 16);
    int cut = (int)door_totals().cut_buffered;
    TH_CHECK(cut >= CLIENTS - 16 && cut < CLIENTS);
    TH_EQ_INT(client_once("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), 200);
    int told = 0;
    for (int i = 0; i < CLIENTS; i++) {
        char status[32] = "";
        if (recv(fds[i], status, sizeof(status) - 1, MSG_DONTWAIT) > 0)
            told += strstr(status, " 503 ") != NULL;
        close(fds[i]);
    }
    TH_CHECK(told > 0);
    door_close(PATIENCE_MS);
}

/* The parser's own bounds: 100 headers, 400 KiB of them. */
static void test_huge_heads(void)
{
    static char text[512 << 10];
    struct th_listener_opts o = wide();
    door_open(&o, on_request);
    size_t n = (size_t)sprintf(text, "GET / HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 100; i++)
        n += (size_t)sprintf(text + n, "X-%d: y\r\n", i);
    strcpy(text + n, "\r\n");
    TH_EQ_INT(client_once(text), 400);
    memset(text, 'x', sizeof(text) - 1);
    memcpy(text, "GET /", 5);
    int fd = client_open();
    send(fd, text, sizeof(text) - 1, MSG_NOSIGNAL);
    client_n = 0;
    client_more(fd, "HTTP/1.1 400");
    close(fd);
    door_close(PATIENCE_MS);
}

int main(void)
{
    memset(big, 'b', sizeof(big));
    TH_RUN(test_body_limit);
    TH_RUN(test_refusal_is_heard);
    TH_RUN(test_slow_head);
    TH_RUN(test_slow_body);
    TH_RUN(test_idle);
    TH_RUN(test_stalled_reader);
    TH_RUN(test_connection_cap);
    TH_RUN(test_no_descriptors);
    TH_RUN(test_buffered_bytes);
    TH_RUN(test_huge_heads);
    return TH_END();
}
