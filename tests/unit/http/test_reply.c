/* SPDX-License-Identifier: Apache-2.0 */
#include "door.h"

#include <zlib.h>
#include "base/json.h"

static char long_json[5000];

static void on_request(struct th_req *r)
{
    if (th_str_eq(r->path, TH_STR("/long")))
        th_reply_json(r, 200, th_str(long_json));
    else if (th_str_eq(r->path, TH_STR("/created")))
        th_reply_json(r, 201, th_str(long_json));
    else if (th_str_eq(r->path, TH_STR("/short")))
        th_reply_json(r, 200, TH_STR("{}"));
    else if (th_str_eq(r->path, TH_STR("/busy")))
        th_reply_error(r, -TH_EBUSY, "queue of 4096 is full");
    else if (th_str_eq(r->path, TH_STR("/missing")))
        th_reply_error(r, TH_ENOTFOUND, "no product \"x\"");
    else if (th_str_eq(r->path, TH_STR("/client")))
        th_req_reply_static(r, 200, "text/plain", th_str(th_req_client(r)));
    else if (th_str_eq(r->path, TH_STR("/local")))
        th_req_reply_static(r, 200, "text/plain", th_req_is_local(r) ? TH_STR("yes") : TH_STR("no"));
    else if (th_str_eq(r->path, TH_STR("/https")))
        th_req_reply_static(r, 200, "text/plain", th_req_is_https(r) ? TH_STR("yes") : TH_STR("no"));
    else
        th_reply_problem(r, &(struct th_problem){.status = 422,
                                .detail = "two are wrong",
                                .errors = TH_STR("[{\"path\":\"/a\"},{\"path\":\"/b\"}]")});
}

/* The answer to one request; the body is what follows the head. */
static struct th_str ask(const char *path, const char *headers)
{
    char text[512];
    snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n%s\r\n", path, headers);
    client_once(text);
    const char *end = memmem(client_got, client_n, "\r\n\r\n", 4);
    if (!TH_CHECK(end != NULL))
        return TH_STR("");
    return (struct th_str){end + 4, client_n - (size_t)(end + 4 - client_got)};
}

static void expect_member(const struct th_json *j, const char *name, const char *want)
{
    const struct th_json_node *n = th_json_get(j, 0, th_str(name));
    TH_ROW("%s", name);
    if (TH_CHECK(n != NULL))
        TH_EQ_SLICE(n->type == TH_JSON_STRING ? n->text : n->raw, want);
}

static void test_problem(void)
{
    struct th_arena arena;
    struct th_json j;
    struct th_error err;
    th_arena_init(&arena);
    struct th_str body = ask("/", "X-Request-Id: r-1\r\n");
    TH_EQ_INT(client_status(), 422);
    TH_CHECK(client_has("content-type: application/problem+json\r\n"));
    TH_CHECK(client_has("x-request-id: r-1\r\n"));
    TH_CHECK(client_has("cache-control: no-store\r\n"));
    TH_EQ_INT(th_json_read(&j, &arena, body, &err), 0);
    expect_member(&j, "type", "/errors/unprocessable");
    expect_member(&j, "title", "Unprocessable Content");
    expect_member(&j, "status", "422");
    expect_member(&j, "code", "unprocessable");
    expect_member(&j, "detail", "two are wrong");
    expect_member(&j, "request_id", "r-1");
    expect_member(&j, "errors", "[{\"path\":\"/a\"},{\"path\":\"/b\"}]");
    th_arena_free(&arena);
}

static void test_errors(void)
{
    ask("/missing", "");
    TH_EQ_INT(client_status(), 404);
    TH_CHECK(client_has("\"code\":\"not_found\"") && client_has("no product \\\"x\\\""));
    ask("/busy", "");
    TH_EQ_INT(client_status(), 503);
    TH_CHECK(client_has("\"code\":\"busy\"") && client_has("retry-after: 1\r\n"));
    TH_CHECK(!client_has("4096"));
}

static void test_security_headers(void)
{
    ask("/short", "");
    TH_CHECK(client_has("content-security-policy: default-src 'none'; frame-ancestors 'none'"));
    TH_CHECK(client_has("x-content-type-options: nosniff\r\n"));
    TH_CHECK(client_has("referrer-policy: no-referrer\r\n"));
    TH_CHECK(client_has("x-frame-options: DENY\r\n"));
}

static bool unpacks_to(struct th_str packed, const char *want)
{
    static char out[sizeof(long_json) + 1];
    z_stream z = {.next_in = (Bytef *)(uintptr_t)packed.p,
        .avail_in = (uInt)packed.n,
        .next_out = (Bytef *)out,
        .avail_out = sizeof(out)};
    if (inflateInit2(&z, 15 + 16) != Z_OK)
        return false;
    bool whole = inflate(&z, Z_FINISH) == Z_STREAM_END;
    inflateEnd(&z);
    return whole && z.total_out == strlen(want) && memcmp(out, want, z.total_out) == 0;
}

static void test_gzip(void)
{
    for (int i = 0; i < 3; i++) { /* the packer is used again */
        struct th_str packed = ask("/long", "Accept-Encoding: br, GZIP;q=0.5\r\n");
        TH_CHECK(client_has("content-encoding: gzip\r\n") && client_has("vary: accept-encoding\r\n"));
        TH_CHECK(packed.n < 1000 && unpacks_to(packed, long_json));
    }
    static const char *const plain[] = {"", "Accept-Encoding: br\r\n", "Accept-Encoding: gzip;q=0\r\n",
        "Accept-Encoding: gzip; q=0.00\r\n", "Accept-Encoding: xgzip\r\n"};
    for (size_t i = 0; i < TH_COUNT(plain); i++) {
        TH_ROW("%s", plain[i]);
        TH_EQ_SLICE(ask("/long", plain[i]), long_json);
        TH_CHECK(!client_has("content-encoding"));
    }
    ask("/short", "Accept-Encoding: gzip\r\n");
    TH_CHECK(!client_has("content-encoding"));
    TH_EQ_SLICE(ask("/created", "Accept-Encoding: gzip\r\n"), long_json);
}

static void test_untrusted_forwarding(void)
{
    TH_EQ_SLICE(ask("/client", "X-Forwarded-For: 203.0.113.9\r\n"), "127.0.0.1");
    TH_EQ_SLICE(ask("/https", "X-Forwarded-Proto: https\r\n"), "no");
}

static void test_local(void)
{
    TH_EQ_SLICE(ask("/local", ""), "yes");
    TH_EQ_SLICE(ask("/local", "X-Forwarded-For: 127.0.0.1\r\n"), "no");
    TH_EQ_SLICE(ask("/local", "Forwarded: for=127.0.0.1\r\n"), "no");
    TH_EQ_SLICE(ask("/local", "Via: 1.1 proxy\r\n"), "no");
}

static void test_trusted_forwarding(void)
{
    TH_EQ_SLICE(ask("/client", "X-Forwarded-For: 203.0.113.9\r\n"), "203.0.113.9");
    TH_EQ_SLICE(
        ask("/client", "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 203.0.113.9\r\n"), "203.0.113.9");
    TH_EQ_SLICE(ask("/client", ""), "127.0.0.1");
    TH_EQ_SLICE(ask("/https", "X-Forwarded-Proto: https\r\n"), "yes");
    TH_EQ_SLICE(ask("/https", ""), "no");
}

int main(void)
{
    long_json[0] = '[';
    for (size_t i = 1; i < sizeof(long_json) - 2; i += 2)
        memcpy(long_json + i, "1,", 2);
    strcpy(long_json + sizeof(long_json) - 3, "1]");
    door_open(&door_wide, on_request);
    TH_RUN(test_problem);
    TH_RUN(test_errors);
    TH_RUN(test_security_headers);
    TH_RUN(test_gzip);
    TH_RUN(test_untrusted_forwarding);
    TH_RUN(test_local);
    door_close(PATIENCE_MS);
    struct th_listener_opts behind_proxy = door_wide;
    behind_proxy.proxies = "127.0.0.0/8";
    door_open(&behind_proxy, on_request);
    TH_RUN(test_trusted_forwarding);
    door_close(PATIENCE_MS);
    return TH_END();
}
