/* SPDX-License-Identifier: Apache-2.0 */
#include "http/sse.c"

#include "door.h"

#define PIECE 1000

/* What one export does; written by its worker, read by the test once `ended` tells. */
struct csv {
    struct th_stream *stream;
    struct th_req *r;
    int left;
    char piece[PIECE];
};

static _Atomic int ready, gone, drained, refused, ended, most_kept;

static void put_all(struct csv *e)
{
    while (e->left > 0) {
        int code = th_stream_put(e->stream, (struct th_str){e->piece, PIECE});
        if (code == -TH_EBUSY) {
            refused++;
            return;
        }
        if ((int)th_stream_kept(e->stream) > most_kept)
            most_kept = (int)th_stream_kept(e->stream);
        e->left--;
    }
    ended++;
    th_stream_end(e->stream);
}

static void on_ready(void *arg)
{
    ready++;
    put_all(arg);
}

static void on_export_gone(void *arg)
{
    gone++;
}

static void on_drain(void *arg)
{
    struct csv *e = arg;
    drained++;
    TH_EQ_INT(th_stream_put(e->stream, TH_STR("last words")), 0);
    th_stream_end(e->stream);
}

static void export(struct th_req *r, int pieces)
{
    static const struct th_stream_opts opts = {
        .cap = 20 * PIECE, .on_ready = on_ready, .on_gone = on_export_gone};
    struct csv *e = th_arena_zalloc(&r->arena, sizeof(*e));
    struct th_stream_opts mine = opts;
    mine.arg = e;
    memset(e->piece, 'p', PIECE);
    e->left = pieces;
    e->r = r;
    e->stream = th_stream_begin(r, 200, "text/csv", &mine);
    TH_CHECK(e->stream != NULL);
    TH_CHECK(th_stream_begin(r, 200, "text/csv", &mine) == NULL);
    put_all(e);
}

static void begin_waiting(struct th_req *r, void (*drain)(void *arg))
{
    struct csv *e = th_arena_zalloc(&r->arena, sizeof(*e));
    struct th_stream_opts opts = {.arg = e, .on_gone = on_export_gone, .on_drain = drain};
    e->stream = th_stream_begin(r, 200, "text/plain", &opts);
    TH_EQ_INT(th_stream_put(e->stream, TH_STR("waiting")), 0);
}

static void break_off(struct th_req *r)
{
    struct th_stream_opts opts = {.on_gone = on_export_gone};
    struct th_stream *s = th_stream_begin(r, 200, "text/plain", &opts);
    TH_EQ_INT(th_stream_put(s, TH_STR("half")), 0);
    th_stream_abort(s);
}

static struct th_sse *live;
static _Atomic int sse_open, sse_gone;

static void on_sse_gone(void *arg)
{
    sse_gone++;
}

static void open_sse(struct th_req *r)
{
    struct th_str last = th_sse_last_id(r);
    live = th_sse_open(r, 4096, on_sse_gone, NULL);
    if (live == NULL)
        return;
    if (last.n > 0)
        th_sse_send(live, TH_STR(""), TH_STR("resumed"), last);
    sse_open++;
}

static void on_request(struct th_req *r)
{
    if (th_str_eq(r->path, TH_STR("/small")))
        export(r, 3);
    else if (th_str_eq(r->path, TH_STR("/large")))
        export(r, 20000);
    else if (th_str_eq(r->path, TH_STR("/wait")))
        begin_waiting(r, NULL);
    else if (th_str_eq(r->path, TH_STR("/wait-drain")))
        begin_waiting(r, on_drain);
    else if (th_str_eq(r->path, TH_STR("/broken")))
        break_off(r);
    else
        open_sse(r);
}

static void reset(void)
{
    ready = gone = drained = refused = ended = most_kept = sse_open = sse_gone = 0;
    door_open(&door_wide, on_request);
}

/* Adds up the chunks of a chunked body; -1 when it does not end as it should. */
static long chunked_length(void)
{
    const char *p = strstr(client_got, "\r\n\r\n"), *end = client_got + client_n;
    long sum = 0, n;
    char *after;
    for (p += 4; p < end; p = after + 2 + n + 2) {
        n = strtol(p, &after, 16);
        if (after == p || strncmp(after, "\r\n", 2) != 0)
            return -1;
        if (n == 0)
            return after + 4 == end ? sum : -1;
        sum += n;
    }
    return -1;
}

static void test_small(void)
{
    reset();
    int fd = client_open();
    client_ask(fd, "GET", "/small");
    TH_CHECK(client_read(fd, "\r\n0\r\n\r\n"));
    TH_CHECK(client_has("transfer-encoding: chunked\r\n") && client_has("Connection: keep-alive\r\n"));
    TH_EQ_INT(chunked_length(), 3 * PIECE);
    /* The connection goes on, and HEAD has no body. */
    client_ask(fd, "HEAD", "/small");
    client_ask(fd, "GET", "/small");
    TH_CHECK(client_read(fd, "\r\n0\r\n\r\n"));
    TH_EQ_INT(ended, 3);
    TH_EQ_INT(gone, 0);
    close(fd);
    TH_EQ_INT(client_once("GET /small HTTP/1.0\r\n\r\n"), 200);
    TH_CHECK(!client_has("chunked"));
    TH_EQ_INT(client_n - (size_t)(strstr(client_got, "\r\n\r\n") + 4 - client_got), 3 * PIECE);
    door_close(PATIENCE_MS);
}

static void test_flow_control(void)
{
    reset();
    int fd = client_open();
    size_t total = 0;
    char part[4096];
    client_ask(fd, "GET", "/large");
    DOOR_UNTIL(refused > 0);
    while (ended == 0 || total < 20000 * PIECE) {
        ssize_t n = recv(fd, part, sizeof(part), 0);
        if (n <= 0)
            break;
        total += (size_t)n;
    }
    TH_CHECK(total >= 20000 * PIECE);
    TH_EQ_INT(ended, 1);
    TH_CHECK(ready > 0 && most_kept <= 20 * PIECE);
    close(fd);
    door_close(PATIENCE_MS);
}

static void test_client_leaves(void)
{
    reset();
    int fd = client_open();
    client_ask(fd, "GET", "/large");
    DOOR_UNTIL(refused > 0);
    close(fd);
    DOOR_UNTIL(gone == 1);
    TH_EQ_INT(ended, 0);
    DOOR_UNTIL(door_totals().connections == 0);
    door_close(PATIENCE_MS);
}

static void test_abort_shows(void)
{
    reset();
    int fd = client_open();
    client_ask(fd, "GET", "/broken");
    client_read(fd, NULL);
    if (client_n > 0)
        TH_EQ_INT(chunked_length(), -1);
    close(fd);
    TH_EQ_INT(gone, 0);
    door_close(PATIENCE_MS);
}

static void test_drain_ends_streams(void)
{
    reset();
    int plain = client_open(), told = client_open(), sse = client_open();
    client_ask(plain, "GET", "/wait");
    client_ask(told, "GET", "/wait-drain");
    client_ask(sse, "GET", "/sse");
    TH_CHECK(client_read(plain, "waiting") && client_read(told, "waiting") && client_read(sse, ": open"));
    door_close(PATIENCE_MS);
    TH_CHECK(client_read(plain, NULL));
    TH_EQ_STR(client_got, "0\r\n\r\n");
    TH_CHECK(client_read(told, NULL) && client_has("last words") && client_has("\r\n0\r\n\r\n"));
    TH_CHECK(client_read(sse, NULL) && client_has("0\r\n\r\n"));
    TH_EQ_INT(gone, 1);
    TH_EQ_INT(drained, 1);
    TH_EQ_INT(sse_gone, 1);
    close(plain);
    close(told);
    close(sse);
}

static void test_stop_ends_streams(void)
{
    reset();
    int fd = client_open(), sse = client_open();
    client_ask(fd, "GET", "/large");
    client_ask(sse, "GET", "/sse");
    DOOR_UNTIL(refused > 0 && sse_open == 1);
    door_close(0);
    TH_EQ_INT(gone, 1);
    TH_EQ_INT(sse_gone, 1);
    close(fd);
    close(sse);
}

static void test_sse_format(void)
{
    struct th_buf b = {0};
    th_sse_format(&b, TH_STR("1\n7"), TH_STR("sa\rmple"), TH_STR("{\"a\":1}"));
    TH_EQ_STR(th_buf_cstr(&b), "id: 17\nevent: sample\ndata: {\"a\":1}\n\n");
    th_buf_reset(&b);
    th_sse_format(&b, TH_STR(""), TH_STR(""), TH_STR("a\nb\r\nc\rd\n"));
    TH_EQ_STR(th_buf_cstr(&b), "data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n");
    th_buf_reset(&b);
    th_sse_format(&b, TH_STR(""), TH_STR("ping"), TH_STR(""));
    TH_EQ_STR(th_buf_cstr(&b), "event: ping\ndata: \n\n");
    th_buf_free(&b);
}

struct order {
    struct th_mail mail;
    void (*run)(void);
};

static _Atomic int orders;

static void on_order(struct th_worker *w, struct th_mail *m)
{
    th_container_of(m, struct order, mail)->run();
    orders++;
}

/* Runs on the worker that has the live stream. */
static void order(void (*run)(void))
{
    static struct order o;
    int before = orders;
    o = (struct order){.mail.run = on_order, .run = run};
    th_worker_post(live->r->worker, &o.mail);
    DOOR_UNTIL(orders == before + 1);
}

static void say_hello(void)
{
    TH_EQ_INT(th_sse_send(live, TH_STR("42"), TH_STR("greeting"), TH_STR("hello")), 0);
}

static void be_quiet(void)
{
    th_sses_tick(live->r->server, live->said_at + TH_SSE_QUIET_MS - 1);
}

static void be_quiet_for_long(void)
{
    th_sses_tick(live->r->server, live->said_at + TH_SSE_QUIET_MS);
}

static void hang_up(void)
{
    th_sse_close(live);
}

static void test_sse(void)
{
    reset();
    int fd = client_open();
    client_send(fd, "GET /sse HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 41\r\n\r\n");
    TH_CHECK(client_read(fd, "event: resumed\ndata: 41\n\n"));
    TH_CHECK(client_has("content-type: text/event-stream\r\n") && client_has(": open\n\n"));
    DOOR_UNTIL(sse_open == 1);
    order(say_hello);
    TH_CHECK(client_read(fd, "id: 42\nevent: greeting\ndata: hello\n\n"));
    order(be_quiet);
    order(be_quiet_for_long);
    order(hang_up);
    TH_CHECK(client_read(fd, "0\r\n\r\n"));
    TH_EQ_STR(client_got, "3\r\n:\n\n\r\n0\r\n\r\n");
    TH_EQ_INT(sse_gone, 0);
    client_ask(fd, "HEAD", "/sse");
    TH_CHECK(client_read(fd, "\r\n\r\n"));
    close(fd);
    door_close(PATIENCE_MS);
}

/* Until the socket's buffers and the cap are full. */
static void flood(void)
{
    static char text[2000];
    memset(text, 'x', sizeof(text));
    int code = 0;
    for (int i = 0; i < 3 && code == 0; i++)
        code = th_sse_send(live, TH_STR(""), TH_STR(""), (struct th_str){text, sizeof(text)});
    if (code == -TH_EBUSY)
        TH_EQ_INT(th_sse_send(live, TH_STR(""), TH_STR(""), TH_STR("more")), -TH_ECANCELED);
}

static void test_sse_slow_client(void)
{
    reset();
    int fd = client_open();
    client_ask(fd, "GET", "/sse");
    TH_CHECK(client_read(fd, ": open"));
    DOOR_UNTIL(sse_open == 1);
    order(flood);
    DOOR_UNTIL(sse_gone == 1);
    TH_CHECK(client_read(fd, NULL));
    TH_CHECK(!client_has("\r\n0\r\n\r\n"));
    DOOR_UNTIL(door_totals().connections == 0);
    close(fd);
    door_close(PATIENCE_MS);
}

int main(void)
{
    TH_RUN(test_small);
    TH_RUN(test_flow_control);
    TH_RUN(test_client_leaves);
    TH_RUN(test_abort_shows);
    TH_RUN(test_drain_ends_streams);
    TH_RUN(test_stop_ends_streams);
    TH_RUN(test_sse_format);
    TH_RUN(test_sse);
    TH_RUN(test_sse_slow_client);
    return TH_END();
}
