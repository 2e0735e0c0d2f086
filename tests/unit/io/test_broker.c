/* SPDX-License-Identifier: Apache-2.0 */
#include "io/worker.c"
#include "io/broker_call.c"
#include "io/broker.c"

#include "../test.h"
#include "loop.h"
#include "web.h"

static struct th_worker *w;
static struct web_request seen;
static char seen_body[4096];
static int asked_at[2];
static struct th_buf reply; /* what any path without a fixed answer gets */
static bool hang;

static const char *answer(const struct web_request *r)
{
    seen = *r;
    snprintf(seen_body, sizeof(seen_body), "%.*s", (int)r->body_n, r->body);
    asked_at[r->listener]++;
    const char *path = strchr(r->head, ' ') + 1;
    if (hang)
        return NULL;
    if (strncmp(path, "/api/v1/clients/only-2", 22) == 0)
        return r->listener == 1 ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
                                : "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    if (strstr(path, "nobody") != NULL)
        return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    return th_buf_cstr(&reply);
}

static void reply_with(int status, const char *body)
{
    th_buf_reset(&reply);
    th_buf_printf(&reply, "HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
        status, strlen(body));
    th_buf_puts(&reply, body);
}

static void open_broker(void)
{
    static char nodes[128];
    struct th_error err;
    w = loop_open();
    web_open(&w->loop, answer);
    snprintf(nodes, sizeof(nodes), "1=http://127.0.0.1:%d,2=http://127.0.0.2:%d/", web_port, web_port);
    loop_conf->broker_nodes = nodes;
    loop_conf->broker_api_token = "s3cret";
    hang = false;
    asked_at[0] = asked_at[1] = 0;
    TH_EQ_INT(th_http_client_start(w, &err), 0);
    TH_EQ_INT(th_broker_start(w, &err), 0);
}

static void close_broker(void)
{
    th_broker_stop(w);
    th_http_client_stop(w);
    web_close();
    TH_CHECK(loop_close());
    th_buf_free(&reply);
}

struct got {
    int times, code;
    bool yes;
};

static void on_done(void *arg, int code)
{
    struct got *g = arg;
    g->times++;
    g->code = code;
}

static void on_online(void *arg, int code, bool yes)
{
    struct got *g = arg;
    on_done(arg, code);
    g->yes = yes;
}

static bool all_called(const struct got *g, int n)
{
    for (int i = 0; i < n; i++)
        if (g[i].times == 0)
            return false;
    return true;
}

static struct got *publish(int node, const char *payload, size_t n)
{
    static struct got g;
    struct th_publish p = {.node = node, .topic = TH_STR("a/\"b\""), .payload = {payload, n}, .qos = 1};
    g = (struct got){0};
    TH_EQ_INT(th_broker_publish(w, &p, on_done, &g), 0);
    TH_EQ_INT(g.times, 0);
    LOOP_UNTIL(g.times > 0);
    return &g;
}

static void test_publish(void)
{
    open_broker();
    reply_with(200, "ok");
    TH_EQ_INT(publish(1, "{\"x\":\"é\"}", 10)->code, 0);
    TH_CHECK(strncmp(seen.head, "POST /api/v1/mqtt/publish HTTP/1.1\r\n", 36) == 0);
    TH_CHECK(strstr(seen.head, "\r\nAuthorization: Bearer s3cret\r\n") != NULL);
    TH_CHECK(strstr(seen.head, "\r\nContent-Type: application/json\r\n") != NULL);
    TH_EQ_STR(seen_body,
        "{\"topic\":\"a/\\\"b\\\"\",\"payload\":\"{\\\"x\\\":\\\"é\\\"}\",\"encoding\":\"plain\",\"qos\":1,"
        "\"retain\":false,\"clientid\":\"thingd\"}");
    TH_EQ_INT(publish(2, "\xff\x00", 2)->code, 0);
    TH_CHECK(strstr(seen_body, "\"payload\":\"/wA=\",\"encoding\":\"base64\"") != NULL);
    TH_EQ_INT(publish(0, "", 0)->code, 0);
    TH_CHECK(strstr(seen_body, "\"payload\":\"\",\"encoding\":\"plain\"") != NULL);
    TH_EQ_INT(publish(77, "x", 1)->code, 0); /* not configured: like 0 */
    TH_CHECK(asked_at[0] == 3 && asked_at[1] == 1);
    close_broker();
}

static void test_codes(void)
{
    static const struct {
        int status, code;
    } all[] = {{200, 0}, {204, 0}, {400, -TH_EINVAL}, {401, -TH_EAUTH}, {403, -TH_EAUTH},
        {404, -TH_ENOTFOUND}, {413, -TH_ETOOBIG}, {429, -TH_EBUSY}, {500, -TH_EUNAVAIL}, {503, -TH_EUNAVAIL},
        {302, -TH_EUNAVAIL}};
    open_broker();
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        reply_with(all[i].status, "");
        TH_EQ_INT(publish(1, "x", 1)->code, all[i].code);
    }
    hang = true;
    loop_conf->broker_timeout = 100;
    TH_EQ_INT(publish(1, "x", 1)->code, -TH_ETIMEOUT);
    close_broker();
}

static void test_kick_asks_the_others(void)
{
    open_broker();
    struct got g = {0};
    TH_EQ_INT(th_broker_kick(w, 1, TH_STR("only-2"), on_done, &g), 0);
    LOOP_UNTIL(g.times > 0);
    TH_EQ_INT(g.code, 0);
    TH_CHECK(strncmp(seen.head, "DELETE /api/v1/clients/only-2 ", 30) == 0);
    TH_CHECK(asked_at[0] == 1 && asked_at[1] == 1);
    g = (struct got){0};
    TH_EQ_INT(th_broker_kick(w, 2, TH_STR("nobody/#?"), on_done, &g), 0);
    LOOP_UNTIL(g.times > 0);
    TH_EQ_INT(g.code, -TH_ENOTFOUND);
    TH_CHECK(strncmp(seen.head, "DELETE /api/v1/clients/nobody%2F%23%3F ", 39) == 0);
    TH_CHECK(asked_at[0] == 2 && asked_at[1] == 2);
    close_broker();
}

static struct got *ask(struct th_str client, const char *topic)
{
    static struct got g;
    g = (struct got){0};
    if (topic == NULL)
        TH_EQ_INT(th_broker_online(w, 1, client, on_online, &g), 0);
    else
        TH_EQ_INT(th_broker_subscribed(w, 1, client, th_str(topic), on_online, &g), 0);
    LOOP_UNTIL(g.times > 0);
    return &g;
}

static void test_online(void)
{
    open_broker();
    reply_with(200, "true");
    TH_CHECK(ask(TH_STR("c1"), NULL)->yes);
    TH_CHECK(strncmp(seen.head, "GET /api/v1/clients/c1/online ", 30) == 0);
    reply_with(200, " false\n");
    TH_CHECK(ask(TH_STR("c1"), NULL)->code == 0 && !ask(TH_STR("c1"), NULL)->yes);
    reply_with(200, "<html>");
    TH_EQ_INT(ask(TH_STR("c1"), NULL)->code, -TH_EIO);
    close_broker();
}

static void test_subscribed(void)
{
    open_broker();
    reply_with(200, "[{\"node_id\":1,\"clientid\":\"c\",\"topic\":\"x/y\",\"opts\":{\"qos\":1}},"
                    "{\"node_id\":1,\"clientid\":\"c\",\"topic\":\"+/c/thing/service/property/set\"}]");
    TH_CHECK(ask(TH_STR("c"), "p/c/thing/service/property/set")->yes);
    TH_CHECK(ask(TH_STR("c"), "x/y")->yes);
    TH_CHECK(!ask(TH_STR("c"), "p/c/thing/service/property/other")->yes);
    reply_with(200, "[]");
    TH_CHECK(ask(TH_STR("c"), "x")->code == 0 && !ask(TH_STR("c"), "x")->yes);
    TH_CHECK(ask(TH_STR("nobody"), "x")->code == 0 && !ask(TH_STR("nobody"), "x")->yes);
    reply_with(200, "{}");
    TH_EQ_INT(ask(TH_STR("c"), "x")->code, -TH_EIO);
    reply_with(200, "[1");
    TH_EQ_INT(ask(TH_STR("c"), "x")->code, -TH_EIO);
    close_broker();
}

/* ---- clients ---- */

struct listed {
    struct got got;
    int n, connected, wrong;
};

static void on_client(void *arg, const struct th_broker_client *c)
{
    struct listed *l = arg;
    char id[32];
    snprintf(id, sizeof(id), "dev%d", l->n);
    l->wrong += !th_str_eq(c->client_id, th_str(id)) || !th_str_eq(c->username, TH_STR("p1")) || c->node != 3;
    l->wrong += c->connected_at != 0;
    l->n++;
    l->connected += c->connected;
}

static void list(struct listed *l)
{
    *l = (struct listed){0};
    TH_EQ_INT(th_broker_clients(w, 1, on_client, on_done, &l->got), 0);
    LOOP_UNTIL(l->got.times > 0);
    TH_EQ_INT(l->wrong, 0);
}

static void test_clients(void)
{
    struct listed l;
    struct th_buf body = {0};
    open_broker();
    th_buf_putc(&body, '[');
    for (int i = 0; i < 10000; i++)
        th_buf_printf(&body,
            "%s{\"node_id\":3,\"clientid\":\"dev%d\",\"username\":\"p1\",\"connected\":%s,"
            "\"connected_at\":\"2026-01-02 "
            "03:04:05\",\"last_will\":{\"a\":[1,2,{\"b\":null}]},\"x\":[1,2,3,4,5,6]}",
            i > 0 ? "," : "", i, i % 2 ? "true" : "false");
    th_buf_putc(&body, ']');
    reply_with(200, th_buf_cstr(&body));
    list(&l);
    TH_EQ_INT(l.got.code, 0);
    TH_CHECK(l.n == 10000 && l.connected == 5000);
    body.p[body.n - 100] = '\0'; /* cut off */
    reply_with(200, body.p);
    list(&l);
    TH_EQ_INT(l.got.code, -TH_EIO);
    reply_with(200, "[]");
    list(&l);
    TH_CHECK(l.got.code == 0 && l.n == 0);
    reply_with(500, "");
    list(&l);
    TH_EQ_INT(l.got.code, -TH_EUNAVAIL);
    th_buf_free(&body);
    close_broker();
}

/* ---- queue ---- */

static void test_caps_drain_and_stop(void)
{
    static struct got all[64];
    struct got more = {0};
    struct th_publish p = {.node = 1, .topic = TH_STR("t"), .payload = TH_STR("x")};
    open_broker();
    loop_conf->broker_queue = 16;
    hang = true;
    reply_with(200, "ok");
    for (int i = 0; i < TH_BROKER_UNDER_WAY + 16; i++)
        TH_EQ_INT(th_broker_publish(w, &p, on_done, &all[i]), 0);
    TH_EQ_INT(th_broker_publish(w, &p, on_done, &more), -TH_EBUSY);
    LOOP_UNTIL(web_requests == TH_BROKER_UNDER_WAY);
    w->drain_awaited = true;
    loop_rt.awaited = 1;
    th_broker_drain(w);
    TH_EQ_INT(th_broker_publish(w, &p, on_done, &more), -TH_ECANCELED);
    TH_EQ_INT(loop_rt.awaited, 1);
    th_broker_stop(w);
    TH_EQ_INT(all[TH_BROKER_UNDER_WAY].times, 1);
    th_http_client_stop(w);
    for (int i = 0; i < TH_BROKER_UNDER_WAY + 16; i++)
        TH_CHECK(all[i].times == 1 && all[i].code == -TH_ECANCELED);
    TH_EQ_INT(more.times, 0);
    web_close();
    TH_CHECK(loop_close());
    th_buf_free(&reply);
}

static void test_drain_sends_what_waits(void)
{
    static struct got all[200];
    struct th_publish p = {.node = 1, .topic = TH_STR("t"), .payload = TH_STR("x")};
    open_broker();
    reply_with(200, "ok");
    for (int i = 0; i < 200; i++)
        TH_EQ_INT(th_broker_publish(w, &p, on_done, &all[i]), 0);
    w->drain_awaited = true;
    loop_rt.awaited = 1;
    th_broker_drain(w);
    LOOP_UNTIL(loop_rt.awaited == 0);
    for (int i = 0; i < 200; i++)
        TH_CHECK(all[i].times == 1 && all[i].code == 0);
    close_broker();
}

static void test_waiting_has_a_deadline(void)
{
    static struct got all[TH_BROKER_UNDER_WAY + 1];
    struct th_publish p = {.node = 1, .topic = TH_STR("t"), .payload = TH_STR("x")};
    open_broker();
    hang = true;
    loop_conf->broker_timeout = 100;
    for (int i = 0; i < TH_BROKER_UNDER_WAY + 1; i++)
        TH_EQ_INT(th_broker_publish(w, &p, on_done, &all[i]), 0);
    LOOP_UNTIL(all_called(all, TH_BROKER_UNDER_WAY + 1));
    for (int i = 0; i < TH_BROKER_UNDER_WAY + 1; i++)
        TH_CHECK(all[i].times == 1 && all[i].code == -TH_ETIMEOUT);
    TH_CHECK(web_requests <= TH_BROKER_UNDER_WAY + 1);
    close_broker();
}

static void test_a_bad_list_of_nodes_fails_the_start(void)
{
    struct th_error err;
    w = loop_open();
    loop_conf->broker_nodes = "1=nonsense";
    TH_EQ_INT(th_broker_start(w, &err), -TH_EINVAL);
    TH_CHECK(w->broker == NULL);
    TH_CHECK(loop_close());
}

int main(void)
{
    TH_RUN(test_publish);
    TH_RUN(test_codes);
    TH_RUN(test_kick_asks_the_others);
    TH_RUN(test_online);
    TH_RUN(test_subscribed);
    TH_RUN(test_clients);
    TH_RUN(test_caps_drain_and_stop);
    TH_RUN(test_drain_sends_what_waits);
    TH_RUN(test_waiting_has_a_deadline);
    TH_RUN(test_a_bad_list_of_nodes_fails_the_start);
    return TH_END();
}
