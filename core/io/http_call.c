/* SPDX-License-Identifier: Apache-2.0 */
#include "io/http_call.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

#define TH_HTTP_HEADER_BYTES_MAX (64 << 10)

/* ---- copying and checking ---- */

static bool is_token(const char *z)
{
    return *z != '\0' && z[strspn(z, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-")] == '\0';
}

static bool is_web_url(const char *url)
{
    return strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0;
}

static void copy_headers(struct th_http_call *c, const char *const *headers)
{
    int n = 0;
    while (headers != NULL && headers[n] != NULL)
        n++;
    c->headers = th_arena_zalloc(&c->arena, ((size_t)n + 1) * sizeof(*c->headers));
    for (int i = 0; i < n; i++)
        c->headers[i] = th_arena_dup(&c->arena, headers[i], strlen(headers[i]));
}

struct th_http_call *th_http_call_new(const struct th_http_request *r)
{
    bool sane = is_token(r->method) && is_web_url(r->url) && !(r->trusted && r->redirects > 0);
    for (const char *const *h = r->headers; sane && h != NULL && *h != NULL; h++)
        sane = strpbrk(*h, "\r\n") == NULL && strchr(*h, ':') != NULL;
    if (!sane)
        return NULL;
    struct th_http_call *c = th_calloc(1, sizeof(*c));
    th_list_init(&c->link);
    th_arena_init(&c->arena);
    c->method = th_arena_dup(&c->arena, r->method, strlen(r->method));
    c->url = th_arena_dup(&c->arena, r->url, strlen(r->url));
    c->body = (struct th_str){th_arena_dup(&c->arena, r->body.p, r->body.n), r->body.n};
    copy_headers(c, r->headers);
    c->max_answer = r->max_answer;
    c->redirects = r->redirects;
    c->trusted = r->trusted;
    c->keep_headers = r->keep_headers;
    c->allowed = r->allowed;
    c->allowed_arg = r->allowed_arg;
    return c;
}

void th_http_call_free(struct th_http_call *c)
{
    curl_slist_free_all(c->sent_headers);
    th_buf_free(&c->answer);
    th_buf_free(&c->heads);
    th_arena_free(&c->arena);
    th_free(c);
}

/* ---- curl's callbacks ---- */

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
    struct th_http_call *c = arg;
    if (c->answer.n + size * n > c->max_answer) {
        c->too_big = true;
        return 0;
    }
    th_buf_put(&c->answer, p, size * n);
    return size * n;
}

static size_t on_header(char *p, size_t size, size_t n, void *arg)
{
    struct th_http_call *c = arg;
    c->header_bytes += size * n;
    if (c->header_bytes > TH_HTTP_HEADER_BYTES_MAX) {
        c->too_big = true;
        return 0;
    }
    if (c->keep_headers && size * n > 5 && memcmp(p, "HTTP/", 5) == 0)
        th_buf_reset(&c->heads); /* what came before belongs to an interim answer */
    else if (c->keep_headers)
        th_buf_put(&c->heads, p, size * n);
    return size * n;
}

static bool permitted(const struct th_http_call *c, const struct sockaddr *address)
{
    CURLU *u = curl_url();
    char *host = NULL;
    bool known = curl_url_set(u, CURLUPART_URL, c->url, 0) == CURLUE_OK &&
                 curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK;
    bool yes = known && th_outbound_permits(c->outbound, th_str(host), address);
    curl_free(host);
    curl_url_cleanup(u);
    return yes;
}

static curl_socket_t on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
    struct th_http_call *c = arg;
    if (!c->trusted && !permitted(c, &a->addr)) {
        c->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

/* ---- options ---- */

static bool named(const char *header, const char *name)
{
    size_t n = strlen(name);
    return strncasecmp(header, name, n) == 0 && header[n] == ':';
}

/* curl takes "Name:" as an order to send none, and "Name;" for one without a value. */
static const char *in_curls_form(struct th_http_call *c, const char *header)
{
    size_t n = strcspn(header, ":");
    bool empty = header[n + 1 + strspn(header + n + 1, " \t")] == '\0';
    return empty ? th_arena_printf(&c->arena, "%.*s;", (int)n, header) : header;
}

static void set_headers(struct th_http_call *c)
{
    bool typed = false;
    struct curl_slist *list = curl_slist_append(NULL, "Expect:"); /* no waiting for 100 Continue */
    for (const char **h = c->headers; *h != NULL; h++) {
        typed = typed || named(*h, "Content-Type");
        list = curl_slist_append(list, in_curls_form(c, *h));
    }
    if (!typed)
        list = curl_slist_append(list, "Content-Type:"); /* not curl's guess */
    curl_slist_free_all(c->sent_headers);
    c->sent_headers = list;
    curl_easy_setopt(c->easy, CURLOPT_HTTPHEADER, list);
}

static void set_method(struct th_http_call *c)
{
    bool post = strcmp(c->method, "POST") == 0;
    if (strcmp(c->method, "HEAD") == 0) {
        curl_easy_setopt(c->easy, CURLOPT_NOBODY, 1L);
        return;
    }
    if (post || c->body.n > 0) {
        curl_easy_setopt(c->easy, CURLOPT_POST, 1L);
        curl_easy_setopt(c->easy, CURLOPT_POSTFIELDS, c->body.p);
        curl_easy_setopt(c->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)c->body.n);
    }
    if (!post)
        curl_easy_setopt(c->easy, CURLOPT_CUSTOMREQUEST, c->method);
}

void th_http_call_prepare(struct th_http_call *c, uint64_t now)
{
    long left = c->deadline > now ? (long)(c->deadline - now) : 1;
    CURL *e = c->easy;
    curl_easy_setopt(e, CURLOPT_URL, c->url);
    curl_easy_setopt(e, CURLOPT_PRIVATE, c);
    curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(e, CURLOPT_PROXY, "");
    curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L); /* never wait for a name lookup to end */
    curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(e, CURLOPT_USERAGENT, "thingd");
    curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, left);
    curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, left);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, c);
    curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(e, CURLOPT_WRITEDATA, c);
    curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(e, CURLOPT_HEADERDATA, c);
    curl_easy_setopt(e, CURLOPT_ERRORBUFFER, c->error);
    set_headers(c);
    set_method(c);
}

/* ---- what came back ---- */

static int code_of(const struct th_http_call *c, CURLcode code)
{
    if (code == CURLE_OK)
        return 0;
    if (c->too_big)
        return -TH_ETOOBIG;
    if (code == CURLE_OPERATION_TIMEDOUT)
        return -TH_ETIMEOUT;
    return c->refused ? -TH_EFORBIDDEN : -TH_EUNAVAIL;
}

struct th_http_answer th_http_call_answer(const struct th_http_call *c, CURLcode code)
{
    struct th_http_answer a = {.code = code_of(c, code), .message = ""};
    if (a.code != 0) {
        a.message = c->error[0] != '\0' ? c->error : curl_easy_strerror(code);
        if (a.code == -TH_ETOOBIG)
            a.message = "the answer is too large";
        if (a.code == -TH_EFORBIDDEN)
            a.message = "the address is not a public one, nor listed in outbound.allow";
        return a;
    }
    long status = 0;
    char *type = NULL;
    curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(c->easy, CURLINFO_CONTENT_TYPE, &type);
    a.status = (int)status;
    a.content_type = type;
    a.body = th_buf_view(&c->answer);
    a.headers = th_buf_view(&c->heads);
    return a;
}

/* ---- redirects ---- */

static bool same_part(CURLU *a, CURLU *b, CURLUPart part)
{
    char *x = NULL, *y = NULL;
    curl_url_get(a, part, &x, CURLU_DEFAULT_PORT);
    curl_url_get(b, part, &y, CURLU_DEFAULT_PORT);
    bool same = x != NULL && y != NULL && strcasecmp(x, y) == 0;
    curl_free(x);
    curl_free(y);
    return same;
}

bool th_http_same_origin(const char *from, const char *to)
{
    CURLU *a = curl_url(), *b = curl_url();
    bool same = curl_url_set(a, CURLUPART_URL, from, 0) == CURLUE_OK &&
                curl_url_set(b, CURLUPART_URL, to, 0) == CURLUE_OK && same_part(a, b, CURLUPART_SCHEME) &&
                same_part(a, b, CURLUPART_HOST) && same_part(a, b, CURLUPART_PORT);
    curl_url_cleanup(a);
    curl_url_cleanup(b);
    return same;
}

/* 303 asks for GET; 301 and 302 do so after POST by long custom. */
static void change_method(struct th_http_call *c, long status)
{
    bool post = strcmp(c->method, "POST") == 0;
    bool plain = strcmp(c->method, "GET") == 0 || strcmp(c->method, "HEAD") == 0;
    if ((status == 303 && !plain) || ((status == 301 || status == 302) && post)) {
        c->method = "GET";
        c->body = TH_STR("");
    }
}

static void drop_headers(struct th_http_call *c)
{
    const char **keep = c->headers;
    for (const char **h = c->headers; *h != NULL; h++) {
        if (named(*h, "Accept") || named(*h, "Content-Type"))
            *keep++ = *h;
    }
    *keep = NULL;
}

int th_http_call_redirect(struct th_http_call *c)
{
    long status = 0;
    char *to = NULL;
    curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(c->easy, CURLINFO_REDIRECT_URL, &to);
    if (to == NULL || c->redirects <= 0)
        return 0;
    bool downgrade = strncasecmp(c->url, "https:", 6) == 0 && strncasecmp(to, "https:", 6) != 0;
    if (!is_web_url(to) || downgrade) {
        snprintf(c->error, sizeof(c->error), "redirect to a scheme that is not allowed");
        return -TH_EFORBIDDEN;
    }
    if (c->allowed != NULL && !c->allowed(c->allowed_arg, to)) {
        snprintf(c->error, sizeof(c->error), "redirect to a host that is not allowed");
        return -TH_EFORBIDDEN;
    }
    c->redirects--;
    if (!th_http_same_origin(c->url, to))
        drop_headers(c);
    change_method(c, status);
    c->url = th_arena_dup(&c->arena, to, strlen(to));
    c->header_bytes = 0;
    c->refused = false;
    th_buf_reset(&c->answer);
    return 1;
}
