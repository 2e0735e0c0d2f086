/* SPDX-License-Identifier: Apache-2.0 */
#include "io/http_client.h"

#include "io/http_call.h"

#define TH_HTTP_CALLS_MAX 1000
#define TH_HTTP_EASY_KEPT 32
#define TH_HTTP_HOST_CONNECTIONS 32

struct th_http_client {
    struct th_worker *w;
    struct th_outbound *outbound;
    struct th_http_curl curls[2]; /* [trusted]: curl reuses a connection without asking whose it is */
    struct th_list calls;
    struct th_list canceled; /* to be told in turn */
    struct th_later turn;
    int calls_n;
    CURL *kept[TH_HTTP_EASY_KEPT];
    int kept_n;
    int open_n;
};

/* ---- easy handles ---- */

static CURL *take_easy(struct th_http_client *client)
{
    return client->kept_n > 0 ? client->kept[--client->kept_n] : curl_easy_init();
}

static void give_easy(struct th_http_client *client, CURL *easy)
{
    if (client->kept_n == TH_HTTP_EASY_KEPT) {
        curl_easy_cleanup(easy);
        return;
    }
    curl_easy_reset(easy);
    client->kept[client->kept_n++] = easy;
}

/* ---- calls ---- */

static void end(struct th_http_call *c, struct th_http_answer a)
{
    struct th_http_client *client = c->client;
    th_list_remove(&c->link);
    client->calls_n--;
    c->cb(c->arg, &a);
    give_easy(client, c->easy);
    th_http_call_free(c);
}

static void begin(struct th_http_call *c)
{
    th_http_call_prepare(c, uv_now(&c->client->w->loop));
    curl_multi_add_handle(c->curl->multi, c->easy);
}

static void on_done(CURL *easy, CURLcode code)
{
    struct th_http_call *c = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&c);
    int redirect = code == CURLE_OK ? th_http_call_redirect(c) : 0;
    if (redirect > 0) {
        curl_easy_reset(c->easy);
        begin(c);
    } else if (redirect < 0) {
        end(c, (struct th_http_answer){.code = redirect, .message = c->error});
    } else {
        end(c, th_http_call_answer(c, code));
    }
}

int th_http_fetch(
    struct th_worker *w, const struct th_http_request *r, th_http_cb cb, void *arg, struct th_http_call **out)
{
    struct th_http_client *client = w->curl;
    if (client == NULL)
        return -TH_ECANCELED;
    if (!r->trusted && client->calls_n >= TH_HTTP_CALLS_MAX)
        return -TH_EBUSY;
    struct th_http_call *c = th_http_call_new(r);
    if (c == NULL)
        return -TH_EINVAL;
    c->client = client;
    c->curl = &client->curls[r->trusted];
    c->outbound = client->outbound;
    c->cb = cb;
    c->arg = arg;
    c->deadline = uv_now(&w->loop) + (uint64_t)r->timeout_ms;
    c->easy = take_easy(client);
    th_list_push(&client->calls, &c->link);
    client->calls_n++;
    begin(c);
    if (out != NULL)
        *out = c;
    return 0;
}

void th_http_cancel(struct th_http_call *c)
{
    struct th_http_client *client = c->client;
    curl_multi_remove_handle(c->curl->multi, c->easy);
    th_list_remove(&c->link);
    th_list_push(&client->canceled, &c->link);
    if (th_list_empty(&client->turn.link))
        th_worker_later(client->w, &client->turn);
}

static void cancel_all(struct th_list *calls)
{
    while (!th_list_empty(calls))
        end(th_list_item(calls->next, struct th_http_call, link),
            (struct th_http_answer){.code = -TH_ECANCELED, .message = "canceled"});
}

static void on_turn(struct th_worker *w, struct th_later *l)
{
    cancel_all(&th_container_of(l, struct th_http_client, turn)->canceled);
}

/* ---- life ---- */

static void init_curl(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

int th_http_client_start(struct th_worker *w, struct th_error *err)
{
    static uv_once_t once = UV_ONCE_INIT;
    struct th_outbound *outbound;
    int rc = th_outbound_parse(w->rt->conf->outbound_allow, &outbound, err);
    if (rc != 0)
        return rc;
    uv_once(&once, init_curl);
    struct th_http_client *client = th_calloc(1, sizeof(*client));
    client->w = w;
    client->outbound = outbound;
    th_list_init(&client->calls);
    th_list_init(&client->canceled);
    th_list_init(&client->turn.link);
    client->turn.run = on_turn;
    for (int i = 0; i < 2; i++)
        th_http_curl_open(&client->curls[i], &w->loop, TH_HTTP_HOST_CONNECTIONS, on_done);
    client->open_n = 2;
    w->curl = client;
    return 0;
}

static void closed_one(struct th_http_client *client)
{
    if (--client->open_n > 0)
        return;
    th_outbound_free(client->outbound);
    th_free(client);
}

static void on_curl0_closed(struct th_http_curl *c)
{
    closed_one(th_container_of(c, struct th_http_client, curls[0]));
}

static void on_curl1_closed(struct th_http_curl *c)
{
    closed_one(th_container_of(c, struct th_http_client, curls[1]));
}

void th_http_client_stop(struct th_worker *w)
{
    struct th_http_client *client = w->curl;
    w->curl = NULL;
    while (!th_list_empty(&client->calls))
        th_http_cancel(th_list_item(client->calls.next, struct th_http_call, link));
    cancel_all(&client->canceled);
    th_list_remove(&client->turn.link);
    while (client->kept_n > 0)
        curl_easy_cleanup(client->kept[--client->kept_n]);
    th_http_curl_close(&client->curls[0], on_curl0_closed);
    th_http_curl_close(&client->curls[1], on_curl1_closed);
}
