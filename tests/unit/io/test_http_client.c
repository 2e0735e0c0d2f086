/* SPDX-License-Identifier: Apache-2.0 */
#include "io/worker.c"

/* 127.0.0.1 plays a public address, 127.0.0.2 one that is not; the tables have their own test. */
#define th_address_is_public play_is_public
#define th_address_is_own play_is_own
#include "io/outbound.c"
#undef th_address_is_public
#undef th_address_is_own
#include "io/http_call.c"
#include "io/http_client.c"

#include "../test.h"
#include "loop.h"
#include "web.h"

static bool play_public = true;

bool play_is_public(const struct sockaddr *a)
{
    return play_public && ((const struct sockaddr_in *)a)->sin_addr.s_addr == htonl(0x7f000001);
}

bool play_is_own(const struct sockaddr *a)
{
    return false;
}

static struct th_worker *w;
static struct web_request seen;
static char seen_body[65536];
static struct th_buf big;

static const char *answer(const struct web_request *r)
{
    static char text[512];
    seen = *r;
    snprintf(seen_body, sizeof(seen_body), "%.*s", (int)r->body_n, r->body);
    const char *path = strchr(r->head, ' ') + 1;
    if (strncmp(path, "/ok", 3) == 0)
        return "HTTP/1.1 201 Made\r\nContent-Type: text/x-test\r\nContent-Length: 5\r\n\r\nhello";
    if (strncmp(path, "/chunked", 8) == 0)
        return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    if (strncmp(path, "/big", 4) == 0)
        return th_buf_cstr(&big);
    if (strncmp(path, "/heads", 6) == 0)
        return th_buf_cstr(&big) + 1;
    if (strncmp(path, "/hang", 5) == 0)
        return NULL;
    if (strncmp(path, "/cut", 4) == 0)
        return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 50\r\n\r\nhalf";
    if (strncmp(path, "/junk", 5) == 0)
        return "nonsense\r\n\r\nConnection: close";
    int status, host;
    char to[64];
    if (sscanf(path, "/go/%d/%d%63s", &status, &host, to) == 3) {
        snprintf(text, sizeof(text),
            "HTTP/1.1 %d Go\r\nLocation: http://127.0.0.%d:%d%s\r\nContent-Length: 6\r\n\r\nunused", status,
            host, web_port, to);
        return text;
    }
    if (strncmp(path, "/ftp", 4) == 0)
        return "HTTP/1.1 302 Go\r\nLocation: ftp://127.0.0.1/x\r\nContent-Length: 0\r\n\r\n";
    return "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n";
}

static void open_client(void)
{
    struct th_error err;
    w = loop_open();
    web_open(&w->loop, answer);
    TH_EQ_INT(th_http_client_start(w, &err), 0);
    play_public = true;
}

static void close_client(void)
{
    th_http_client_stop(w);
    web_close();
    TH_CHECK(loop_close());
}

struct got {
    int times, code, status;
    char body[256], type[64], message[256], headers[512];
};

static void on_got(void *arg, const struct th_http_answer *a)
{
    struct got *g = arg;
    snprintf(g->headers, sizeof(g->headers), "%.*s", TH_STR_FMT(a->headers));
    g->times++;
    g->code = a->code;
    g->status = a->status;
    snprintf(g->body, sizeof(g->body), "%.*s", TH_STR_FMT(a->body));
    snprintf(g->type, sizeof(g->type), "%s", a->content_type != NULL ? a->content_type : "");
    snprintf(g->message, sizeof(g->message), "%s", a->message);
    TH_CHECK((a->message[0] != '\0') == (a->code != 0));
}

static struct th_http_request request(const char *method, int host, const char *path)
{
    static char url[256];
    snprintf(url, sizeof(url), "http://127.0.0.%d:%d%s", host, web_port, path);
    return (struct th_http_request){.method = method, .url = url, .timeout_ms = 5000, .max_answer = 1000};
}

static struct got *fetch(struct th_http_request r)
{
    static struct got g;
    g = (struct got){0};
    TH_EQ_INT(th_http_fetch(w, &r, on_got, &g, NULL), 0);
    TH_EQ_INT(g.times, 0);
    LOOP_UNTIL(g.times > 0);
    TH_EQ_INT(g.times, 1);
    return &g;
}

static void test_get_and_post(void)
{
    static const char *const headers[] = {"X-One: 1", "Content-Type: application/json", NULL};
    open_client();
    struct got *g = fetch(request("GET", 1, "/ok?a=b"));
    TH_CHECK(g->code == 0 && g->status == 201);
    TH_EQ_STR(g->body, "hello");
    TH_EQ_STR(g->type, "text/x-test");
    TH_CHECK(strncmp(seen.head, "GET /ok?a=b HTTP/1.1\r\n", 22) == 0);
    struct th_http_request r = request("POST", 1, "/chunked");
    r.headers = headers;
    r.body = TH_STR("{\"a\":1}");
    g = fetch(r);
    TH_CHECK(g->code == 0 && g->status == 200);
    TH_EQ_STR(g->body, "abcde");
    TH_EQ_STR(seen_body, "{\"a\":1}");
    TH_CHECK(
        strstr(seen.head, "\r\nX-One: 1\r\n") && strstr(seen.head, "\r\nContent-Type: application/json\r\n"));
    TH_CHECK(strcasestr(seen.head, "\r\nExpect:") == NULL);
    TH_EQ_INT(fetch(request("DELETE", 1, "/nothing"))->status, 404);
    TH_CHECK(strncmp(seen.head, "DELETE /nothing ", 16) == 0);
    r = request("PUT", 1, "/ok");
    r.body = TH_STR("xyz");
    TH_EQ_INT(fetch(r)->status, 201);
    TH_CHECK(strncmp(seen.head, "PUT /ok ", 8) == 0 && strcasestr(seen.head, "\r\nContent-Type:") == NULL);
    static const char *const empty[] = {"X-Empty:", "X-Blank: ", NULL};
    r = request("POST", 1, "/ok"); /* an empty one, with empty headers */
    r.headers = empty;
    TH_EQ_INT(fetch(r)->status, 201);
    TH_CHECK(strstr(seen.head, "\r\nX-Empty:\r\n") && strstr(seen.head, "\r\nX-Blank:\r\n"));
    /* One connection served them all. */
    TH_EQ_INT(web_connections, 1);
    close_client();
}

static void test_proxies_of_the_environment_are_not_used(void)
{
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    open_client();
    TH_EQ_INT(fetch(request("GET", 1, "/ok"))->status, 201);
    close_client();
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
}

static void test_requests_that_make_no_sense(void)
{
    static const char *const split[] = {"A: b\r\nC: d", NULL};
    static const char *const nameless[] = {"nothing", NULL};
    open_client();
    struct got g = {0};
    struct th_http_request r = request("GET", 1, "/ok");
    static const char *const urls[] = {
        "ftp://127.0.0.1/", "file:///etc/passwd", "gopher://x", "127.0.0.1", ""};
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        r.url = urls[i];
        TH_EQ_INT(th_http_fetch(w, &r, on_got, &g, NULL), -TH_EINVAL);
    }
    r = request("GET /x HTTP/1.1\r\nHost:", 1, "/ok");
    TH_EQ_INT(th_http_fetch(w, &r, on_got, &g, NULL), -TH_EINVAL);
    r = request("GET", 1, "/ok");
    r.headers = split;
    TH_EQ_INT(th_http_fetch(w, &r, on_got, &g, NULL), -TH_EINVAL);
    r.headers = nameless;
    TH_EQ_INT(th_http_fetch(w, &r, on_got, &g, NULL), -TH_EINVAL);
    r.headers = NULL;
    r.trusted = true;
    r.redirects = 1;
    TH_EQ_INT(th_http_fetch(w, &r, on_got, &g, NULL), -TH_EINVAL);
    TH_EQ_INT(g.times, 0);
    close_client();
}

static void test_addresses_that_are_not_public(void)
{
    open_client();
    struct got *g = fetch(request("GET", 2, "/ok"));
    TH_EQ_INT(g->code, -TH_EFORBIDDEN);
    TH_EQ_INT(web_connections, 0);
    /* A trusted request goes there, and leaves an open connection behind, which is not for others. */
    struct th_http_request r = request("GET", 2, "/ok");
    r.trusted = true;
    TH_EQ_INT(fetch(r)->status, 201);
    TH_EQ_INT(fetch(request("GET", 2, "/ok"))->code, -TH_EFORBIDDEN);
    r = request("GET", 2, "/ok");
    r.trusted = true;
    TH_EQ_INT(fetch(r)->status, 201);
    TH_EQ_INT(web_connections, 1);
    /* By a name and in other spellings of the address. */
    play_public = false;
    static const char *const hosts[] = {
        "localhost", "0x7f000001", "2130706433", "127.1", "[::ffff:127.0.0.1]"};
    char url[128];
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        snprintf(url, sizeof(url), "http://%s:%d/ok", hosts[i], web_port);
        r = request("GET", 1, "");
        r.url = url;
        TH_EQ_INT(fetch(r)->code, -TH_EFORBIDDEN);
    }
    close_client();
}

static void test_addresses_that_are_listed(void)
{
    struct th_error err;
    char list[64];
    w = loop_open();
    web_open(&w->loop, answer);
    snprintf(list, sizeof(list), "127.0.0.2:%d, localhost", web_port);
    loop_conf->outbound_allow = list;
    TH_EQ_INT(th_http_client_start(w, &err), 0);
    play_public = false;
    TH_EQ_INT(fetch(request("GET", 2, "/ok"))->status, 201);
    TH_EQ_INT(fetch(request("GET", 1, "/ok"))->code, -TH_EFORBIDDEN);
    /* By the name alone; and a redirect is held against the list like the first request. */
    char url[128];
    struct th_http_request r = request("GET", 1, "");
    snprintf(url, sizeof(url), "http://LOCALHOST:%d/ok", web_port);
    r.url = url;
    TH_EQ_INT(fetch(r)->status, 201);
    snprintf(url, sizeof(url), "http://localhost:%d/go/302/1/ok", web_port);
    r.redirects = 3;
    TH_EQ_INT(fetch(r)->code, -TH_EFORBIDDEN);
    snprintf(url, sizeof(url), "http://localhost:%d/go/302/2/ok", web_port);
    TH_EQ_INT(fetch(r)->status, 201);
    close_client();
}

static void test_a_list_that_makes_no_sense(void)
{
    struct th_error err;
    w = loop_open();
    loop_conf->outbound_allow = "10.0.0.0/33";
    TH_EQ_INT(th_http_client_start(w, &err), -TH_EINVAL);
    TH_CHECK(strstr(err.msg, "outbound.allow: 10.0.0.0/33") != NULL && w->curl == NULL);
    TH_CHECK(loop_close());
}

static void test_redirects(void)
{
    static const char *const headers[] = {"Authorization: Bearer x", "X-Key: y", "Accept: a/b", NULL};
    open_client();
    struct th_http_request r = request("GET", 1, "/go/302/1/ok");
    TH_EQ_INT(fetch(r)->status, 302); /* none wanted, none followed */
    r.redirects = 1;
    TH_EQ_INT(fetch(r)->status, 201);
    r = request("GET", 1, "/go/302/1/go/302/1/ok");
    r.redirects = 1;
    TH_EQ_INT(fetch(r)->status, 302);
    r.redirects = 2;
    TH_EQ_INT(fetch(r)->status, 201);
    /* To where it may not go: checked like the first. */
    r = request("GET", 1, "/go/302/2/ok");
    r.redirects = 3;
    TH_EQ_INT(fetch(r)->code, -TH_EFORBIDDEN);
    TH_EQ_INT(fetch((r = request("GET", 1, "/ftp"), r.redirects = 3, r))->code, -TH_EFORBIDDEN);
    /* Methods and bodies. */
    r = request("POST", 1, "/go/303/1/ok");
    r.redirects = 1;
    r.body = TH_STR("body");
    TH_EQ_INT(fetch(r)->status, 201);
    TH_CHECK(strncmp(seen.head, "GET /ok ", 8) == 0 && seen_body[0] == '\0');
    r = request("POST", 1, "/go/307/1/ok");
    r.redirects = 1;
    r.body = TH_STR("body");
    r.headers = headers;
    TH_EQ_INT(fetch(r)->status, 201);
    TH_CHECK(strncmp(seen.head, "POST /ok ", 9) == 0);
    TH_EQ_STR(seen_body, "body");
    TH_CHECK(strstr(seen.head, "X-Key: y") != NULL && strstr(seen.head, "Bearer x") != NULL);
    close_client();
}

static bool not_ok(void *arg, const char *url)
{
    ++*(int *)arg;
    return strstr(url, "/go/") != NULL || strstr(url, "/ok") == NULL;
}

static void test_redirects_that_the_caller_judges(void)
{
    open_client();
    int asked = 0;
    struct th_http_request r = request("GET", 1, "/go/302/1/go/302/1/ok");
    r.redirects = 3;
    r.allowed = not_ok;
    r.allowed_arg = &asked;
    TH_EQ_INT(fetch(r)->code, -TH_EFORBIDDEN);
    TH_EQ_INT(asked, 2);
    TH_CHECK(strncmp(seen.head, "GET /go/302/1/ok ", 17) == 0);
    r = request("GET", 1, "/go/302/1/chunked");
    r.redirects = 1;
    r.allowed = not_ok;
    r.allowed_arg = &asked;
    r.keep_headers = true;
    struct got *g = fetch(r);
    TH_EQ_INT(g->status, 200);
    TH_EQ_STR(g->headers, "Transfer-Encoding: chunked\r\n\r\n"); /* of the last answer alone */
    close_client();
}

static void test_headers_stay_with_their_host(void)
{
    struct th_http_request r = {.method = "POST", .url = "https://one.example/a"};
    static const char *const headers[] = {"Authorization: Bearer x", "X-Key: y", "Accept: a/b", NULL};
    r.headers = headers;
    TH_CHECK(th_http_same_origin("http://a.example/x", "http://A.example:80/y"));
    TH_CHECK(!th_http_same_origin("http://a.example/x", "http://a.example:8080/y"));
    TH_CHECK(!th_http_same_origin("http://a.example/x", "https://a.example/y"));
    TH_CHECK(!th_http_same_origin("http://a.example/x", "http://b.example/x"));
    struct th_http_call *c = th_http_call_new(&r);
    drop_headers(c);
    TH_EQ_STR(c->headers[0], "Accept: a/b");
    TH_CHECK(c->headers[1] == NULL);
    th_http_call_free(c);
}

static void test_answers_too_large(void)
{
    open_client();
    th_buf_puts(&big, "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n");
    for (int i = 0; i < 1001; i++)
        th_buf_putc(&big, 'x');
    TH_EQ_INT(fetch(request("GET", 1, "/big"))->code, -TH_ETOOBIG);
    struct th_http_request r = request("GET", 1, "/big");
    r.max_answer = 1001;
    TH_EQ_INT(fetch(r)->status, 200);
    big.n = 0;
    th_buf_puts(&big, "\nHTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 2000; i++)
        th_buf_printf(&big, "X-%d: %050d\r\n", i, 0);
    th_buf_puts(&big, "Content-Length: 0\r\n\r\n");
    TH_EQ_INT(fetch(request("GET", 1, "/heads"))->code, -TH_ETOOBIG);
    th_buf_free(&big);
    close_client();
}

static void test_servers_that_fail(void)
{
    open_client();
    TH_EQ_INT(fetch(request("GET", 1, "/cut"))->code, -TH_EUNAVAIL);
    TH_EQ_INT(fetch(request("GET", 1, "/junk"))->code, -TH_EUNAVAIL);
    struct th_http_request r = request("GET", 1, "/hang");
    r.timeout_ms = 100;
    TH_EQ_INT(fetch(r)->code, -TH_ETIMEOUT);
    r = request("GET", 1, "/ok");
    r.url = "http://127.0.0.1:1/";
    TH_EQ_INT(fetch(r)->code, -TH_EUNAVAIL);
    r.url = "http://no-such-host.invalid/";
    TH_EQ_INT(fetch(r)->code, -TH_EUNAVAIL);
    close_client();
}

static void test_cancel_and_caps(void)
{
    open_client();
    static struct got all[TH_HTTP_CALLS_MAX];
    struct got one = {0}, more = {0};
    struct th_http_call *c;
    struct th_http_request r = request("GET", 1, "/hang");
    TH_EQ_INT(th_http_fetch(w, &r, on_got, &one, &c), 0);
    LOOP_UNTIL(web_requests == 1);
    th_http_cancel(c);
    TH_EQ_INT(one.times, 0);
    LOOP_UNTIL(one.times == 1);
    TH_EQ_INT(one.code, -TH_ECANCELED);
    for (int i = 0; i < TH_HTTP_CALLS_MAX; i++)
        TH_EQ_INT(th_http_fetch(w, &r, on_got, &all[i], NULL), 0);
    TH_EQ_INT(th_http_fetch(w, &r, on_got, &more, NULL), -TH_EBUSY);
    LOOP_UNTIL(web_connections >= TH_HTTP_HOST_CONNECTIONS);
    th_http_client_stop(w);
    for (int i = 0; i < TH_HTTP_CALLS_MAX; i++)
        TH_CHECK(all[i].times == 1 && all[i].code == -TH_ECANCELED);
    TH_EQ_INT(more.times, 0);
    TH_EQ_INT(th_http_fetch(w, &r, on_got, &more, NULL), -TH_ECANCELED);
    web_close();
    TH_CHECK(loop_close());
}

/* Each answer asks for the next, on kept-alive connections. */
static int chain_left, chain_wrong;

static void on_chain(void *arg, const struct th_http_answer *a)
{
    chain_wrong += a->code != 0 || a->status != 201;
    struct th_http_request r = request("POST", 1, "/ok");
    r.body = TH_STR("x");
    if (--chain_left > 0)
        TH_EQ_INT(th_http_fetch(w, &r, on_chain, arg, NULL), 0);
}

static void test_many_one_after_the_other(void)
{
    open_client();
    chain_left = 2000;
    struct th_http_answer first = {.status = 201};
    for (int i = 0; i < 16; i++)
        on_chain(NULL, &first);
    LOOP_UNTIL(chain_left <= 0 && th_list_empty(&w->curl->calls));
    TH_EQ_INT(chain_wrong, 0);
    TH_CHECK(web_connections <= 16);
    close_client();
}

int main(void)
{
    TH_RUN(test_get_and_post);
    TH_RUN(test_proxies_of_the_environment_are_not_used);
    TH_RUN(test_requests_that_make_no_sense);
    TH_RUN(test_addresses_that_are_not_public);
    TH_RUN(test_addresses_that_are_listed);
    TH_RUN(test_a_list_that_makes_no_sense);
    TH_RUN(test_redirects);
    TH_RUN(test_redirects_that_the_caller_judges);
    TH_RUN(test_headers_stay_with_their_host);
    TH_RUN(test_answers_too_large);
    TH_RUN(test_servers_that_fail);
    TH_RUN(test_cancel_and_caps);
    TH_RUN(test_many_one_after_the_other);
    return TH_END();
}
