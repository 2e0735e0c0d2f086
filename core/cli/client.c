/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/client.h"

#include <ctype.h>
#include <curl/curl.h>
#include <string.h>

#define CONNECT_MS 10000L
#define CALL_MS 15000L
#define SILENCE_S 45L

int th_client_open(struct th_client *c, struct th_error *err)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        return th_fail(err, TH_EINTERNAL, "libcurl does not start");
    c->curl = curl_easy_init();
    return 0;
}

void th_client_close(struct th_client *c)
{
    curl_easy_cleanup(c->curl);
    curl_global_cleanup();
}

/* ---- one request ---- */

struct transfer {
    struct th_client *c;
    const struct th_client_request *r;
    struct th_client_answer *answer;
    unsigned cap;                  /* of answer->headers */
    bool enough;                   /* on_chunk ended it */
    char problem[CURL_ERROR_SIZE]; /* in libcurl's words */
};

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
    struct transfer *t = arg;
    long status = 0;

    curl_easy_getinfo(t->c->curl, CURLINFO_RESPONSE_CODE, &status);
    if (t->r->on_chunk != NULL && status >= 200 && status < 300) {
        t->enough = !t->r->on_chunk(t->r->arg, (struct th_str){p, size * n});
        return t->enough ? 0 : size * n;
    }
    if (t->answer->text.n + size * n > TH_CLIENT_ANSWER_MAX)
        return 0;
    th_buf_put(&t->answer->text, p, size * n);
    return size * n;
}

static size_t on_header(char *p, size_t size, size_t n, void *arg)
{
    struct transfer *t = arg;
    struct th_client_answer *a = t->answer;
    size_t length = size * n;
    const char *colon = memchr(p, ':', length);

    if (length > 5 && memcmp(p, "HTTP/", 5) == 0)
        a->nheaders = 0; /* another answer than "100 Continue" before it */
    if (colon == NULL)
        return length;
    if (a->nheaders == t->cap) {
        struct th_client_header *more = th_arena_alloc(&a->arena, (2 * t->cap + 16) * sizeof *more);

        if (a->nheaders > 0)
            memcpy(more, a->headers, a->nheaders * sizeof *more);
        a->headers = more;
        t->cap = 2 * t->cap + 16;
    }
    struct th_client_header *h = &a->headers[a->nheaders++];
    char *name = th_arena_dup(&a->arena, p, (size_t)(colon - p));
    for (char *q = name; *q != '\0'; q++)
        *q = (char)tolower((unsigned char)*q);
    h->name = th_str(name);
    h->value = th_str_trim((struct th_str){colon + 1, length - (size_t)(colon + 1 - p)});
    h->value.p = th_arena_dup(&a->arena, h->value.p, h->value.n);
    return length;
}

static int on_progress(void *arg, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
    const struct th_client *c = arg;
    return c->stopping != NULL && c->stopping(); /* not 0 ends the transfer */
}

static struct curl_slist *headers_of(const struct th_client *c, const struct th_client_request *r)
{
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");

    if (c->token != NULL) {
        struct th_buf auth = {0};

        th_buf_printf(&auth, "Authorization: Bearer %s", c->token);
        list = curl_slist_append(list, th_buf_cstr(&auth));
        th_buf_free(&auth);
    }
    for (unsigned i = 0; i < r->nheaders; i++)
        list = curl_slist_append(list, r->headers[i]);
    return list;
}

static void set_up(struct transfer *t, const char *url, struct curl_slist *headers)
{
    const struct th_client_request *r = t->r;
    CURL *curl = t->c->curl;

    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, r->method);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "thingd");
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, r->timeout_ms);
    if (r->timeout_ms == 0) {
        curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
        curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, SILENCE_S);
    }
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, t->c);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, t->problem);
    if (t->c->ca_file != NULL)
        curl_easy_setopt(curl, CURLOPT_CAINFO, t->c->ca_file);
    if (r->has_body) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.n);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, r->body.n > 0 ? r->body.p : "");
    }
}

static int outcome(const struct transfer *t, CURLcode rc, struct th_error *err)
{
    bool begun = t->answer->status > 0;
    const char *why = t->problem[0] != '\0' ? t->problem : curl_easy_strerror(rc);

    switch (rc) {
    case CURLE_OK:
        return 0;
    case CURLE_WRITE_ERROR:
        if (t->enough)
            return 0;
        return th_fail(err, TH_ETOOBIG, "the answer has more than %u MiB", TH_CLIENT_ANSWER_MAX >> 20);
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return th_fail(err, TH_EINVAL, "\"%s\" is no address like https://HOST:PORT", t->c->server);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CONNECT_ERROR:
        return th_fail(err, TH_ECRYPTO, "%s does not prove who it is: %s", t->c->server, why);
    case CURLE_OPERATION_TIMEDOUT:
        return th_fail(err, TH_ETIMEOUT, "%s does not answer in time: %s", t->c->server, why);
    default:
        return th_fail(err, TH_EUNAVAIL,
            begun ? "the answer of %s broke off: %s" : "no API answers at %s: %s", t->c->server, why);
    }
}

int th_client_perform(struct th_client *c, const struct th_client_request *r, struct th_client_answer *answer,
    struct th_error *err)
{
    struct transfer t = {.c = c, .r = r, .answer = answer};
    struct curl_slist *headers = headers_of(c, r);
    struct th_buf url = {0};
    long status = 0;

    *answer = (struct th_client_answer){0};
    th_arena_init(&answer->arena);
    th_buf_printf(&url, "%s%s", c->server, r->path);
    set_up(&t, th_buf_cstr(&url), headers);
    CURLcode rc = curl_easy_perform(c->curl);
    curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &status);
    answer->status = (int)status;
    th_buf_free(&url);
    curl_slist_free_all(headers);
    return outcome(&t, rc, err);
}

void th_client_answer_free(struct th_client_answer *answer)
{
    th_buf_free(&answer->text);
    th_arena_free(&answer->arena);
}

/* ---- JSON ---- */

int th_client_call(struct th_client *c, const char *method, const char *path, const char *body,
    struct th_client_answer *answer, struct th_error *err)
{
    static const char *const headers[] = {"Content-Type: application/json"};
    struct th_client_request r = {.method = method,
        .path = path,
        .headers = headers,
        .nheaders = 1,
        .timeout_ms = CALL_MS,
        .body = th_str(body != NULL ? body : ""),
        .has_body = body != NULL};
    int rc = th_client_perform(c, &r, answer, err);

    if (rc != 0)
        return rc;
    if (th_json_read(&answer->json, &answer->arena, th_buf_view(&answer->text), NULL) != 0)
        answer->json.count = 0;
    if (answer->status == 401)
        return th_fail(err, TH_EAUTH, "the API at %s does not take the token", c->server);
    if (answer->status == 403)
        return th_fail(err, TH_EFORBIDDEN, "the token may not do %s %s", method, path);
    return 0;
}

int th_client_refused(
    const struct th_client_answer *answer, const char *method, const char *path, struct th_error *err)
{
    const struct th_json_node *detail = NULL;

    if (answer->json.count > 0 && answer->json.nodes[0].type == TH_JSON_OBJECT) {
        detail = th_json_get(&answer->json, 0, TH_STR("detail"));
        if (detail == NULL)
            detail = th_json_get(&answer->json, 0, TH_STR("title"));
    }
    if (detail == NULL || detail->type != TH_JSON_STRING)
        return th_fail(err, TH_EIO, "%s %s answered %d", method, path, answer->status);
    return th_fail(
        err, TH_EIO, "%s %s answered %d: %.*s", method, path, answer->status, TH_STR_FMT(detail->text));
}
