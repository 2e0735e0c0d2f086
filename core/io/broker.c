/* SPDX-License-Identifier: Apache-2.0 */
#include "io/broker.h"

#include "base/log.h"
#include "io/broker_call.h"
#include "io/broker_nodes.h"

#define TH_BROKER_UNDER_WAY 32 /* per node */

struct th_broker_node {
    int number;
    const char *url;
    struct th_list waiting;
    struct th_list under_way; /* at the node, or its answer being read in parts */
    int under_way_n;
};

struct th_broker {
    struct th_worker *w;
    struct th_arena arena;
    const char *authorization; /* header, or NULL */
    int waiting_n;
    bool draining, stopping;
    int nodes_n;
    struct th_broker_node nodes[];
};

/* ---- one call ---- */

static void free_call(struct th_broker_call *c)
{
    th_buf_free(&c->path);
    th_buf_free(&c->body);
    th_buf_free(&c->topic);
    th_buf_free(&c->list);
    th_free(c);
}

static int code_of_status(int status)
{
    if (status >= 200 && status < 300)
        return 0;
    switch (status) {
    case 401:
    case 403:
        return -TH_EAUTH;
    case 404:
        return -TH_ENOTFOUND;
    case 413:
        return -TH_ETOOBIG;
    case 429:
        return -TH_EBUSY;
    default:
        return status >= 400 && status < 500 ? -TH_EINVAL : -TH_EUNAVAIL;
    }
}

static void on_answer(void *arg, const struct th_http_answer *a);

static int send_call(struct th_broker_call *c)
{
    struct th_broker *b = c->broker;
    struct th_buf url = {0};
    th_buf_puts(&url, c->node->url);
    th_buf_str(&url, th_buf_view(&c->path));
    const char *headers[] = {"Content-Type: application/json", b->authorization, NULL};
    struct th_http_request r = {
        .method = c->method,
        .url = th_buf_cstr(&url),
        .headers = headers,
        .body = th_buf_view(&c->body),
        .timeout_ms = b->w->rt->conf->broker_timeout,
        .max_answer = c->max_answer,
        .trusted = true,
    };
    int code = th_http_fetch(b->w, &r, on_answer, c, &c->http);
    th_buf_free(&url);
    if (code != 0)
        return code;
    th_list_push(&c->node->under_way, &c->link);
    c->node->under_way_n++;
    return 0;
}

/* Out of its list; true when the call is over. */
static void finish(struct th_broker_call *c, int code, const struct th_http_answer *a)
{
    if (!c->finish(c, code, a))
        free_call(c);
}

static void pump(struct th_broker_node *node, struct th_broker *b)
{
    while (!th_list_empty(&node->waiting) && node->under_way_n < TH_BROKER_UNDER_WAY) {
        struct th_broker_call *c = th_list_item(node->waiting.next, struct th_broker_call, link);
        th_list_remove(&c->link);
        b->waiting_n--;
        int code = c->deadline < uv_now(&b->w->loop) ? -TH_ETIMEOUT : send_call(c);
        if (code != 0)
            finish(c, code, NULL);
    }
}

static bool quiet(const struct th_broker *b)
{
    int n = b->waiting_n;
    for (int i = 0; i < b->nodes_n; i++)
        n += b->nodes[i].under_way_n;
    return n == 0;
}

static void free_broker(struct th_broker *b)
{
    th_arena_free(&b->arena);
    th_free(b);
}

/* A call has left its node. */
static void went(struct th_broker *b, struct th_broker_node *node)
{
    if (!b->stopping)
        pump(node, b);
    if (!quiet(b))
        return;
    if (b->stopping)
        free_broker(b);
    else if (b->draining)
        th_worker_drained(b->w);
}

static void leave(struct th_broker_call *c)
{
    th_list_remove(&c->link);
    c->node->under_way_n--;
}

void th__broker_call_end(struct th_broker_call *c)
{
    struct th_broker *b = c->broker;
    struct th_broker_node *node = c->node;
    leave(c);
    free_call(c);
    went(b, node);
}

static bool ask_next(struct th_broker_call *c)
{
    struct th_broker *b = c->broker;
    if (!c->ask_all || b->stopping || ++c->nodes_tried >= b->nodes_n)
        return false;
    c->node = &b->nodes[(c->node - b->nodes + 1) % b->nodes_n];
    return send_call(c) == 0;
}

static void on_answer(void *arg, const struct th_http_answer *a)
{
    struct th_broker_call *c = arg;
    struct th_broker *b = c->broker;
    struct th_broker_node *node = c->node;
    int code = a->code != 0 ? a->code : code_of_status(a->status);
    c->http = NULL;
    if (code != 0 && code != -TH_ENOTFOUND && code != -TH_ECANCELED)
        th_warn("broker.call_failed", "node=%d call=\"%s %s\" code=%s status=%d reason=\"%s\"", node->number,
            c->method, th_buf_cstr(&c->path), th_err_name(code), a->status, a->message);
    if (b->stopping)
        code = -TH_ECANCELED;
    if (code == -TH_ENOTFOUND) {
        leave(c);
        if (ask_next(c)) {
            went(b, node);
            return;
        }
        finish(c, code, a);
        went(b, node);
        return;
    }
    if (c->finish(c, code, a))
        return; /* goes on, still under way */
    th__broker_call_end(c);
}

/* ---- submitting ---- */

static struct th_broker_node *find_node(struct th_broker *b, int number)
{
    for (int i = 0; i < b->nodes_n; i++) {
        if (b->nodes[i].number == number)
            return &b->nodes[i];
    }
    if (number != 0)
        th_warn("broker.unknown_node", "node=%d used=%d", number, b->nodes[0].number);
    return &b->nodes[0];
}

static int admit(struct th_broker *b, int number, struct th_broker_call *c)
{
    if (b == NULL || b->draining)
        return -TH_ECANCELED;
    c->broker = b;
    c->node = find_node(b, number);
    if (c->node->under_way_n < TH_BROKER_UNDER_WAY && th_list_empty(&c->node->waiting))
        return send_call(c);
    if (b->waiting_n >= b->w->rt->conf->broker_queue)
        return -TH_EBUSY;
    c->deadline = uv_now(&b->w->loop) + (uint64_t)b->w->rt->conf->broker_timeout;
    th_list_push(&c->node->waiting, &c->link);
    b->waiting_n++;
    return 0;
}

/* Takes c over; frees it when refused. */
int th__broker_submit(struct th_worker *w, int node, struct th_broker_call *c)
{
    int code = admit(w->broker, node, c);
    if (code != 0)
        free_call(c);
    return code;
}

/* ---- life ---- */

int th_broker_start(struct th_worker *w, struct th_error *err)
{
    struct th_arena arena;
    struct th_broker_addresses addresses;
    th_arena_init(&arena);
    int code = th_broker_nodes_read(&addresses, &arena, w->rt->conf->broker_nodes, err);
    if (code != 0) {
        th_arena_free(&arena);
        return code;
    }
    struct th_broker *b = th_calloc(1, sizeof(*b) + (size_t)addresses.n * sizeof(b->nodes[0]));
    b->w = w;
    b->arena = arena;
    const char *token = w->rt->conf->broker_api_token;
    if (token[0] != '\0')
        b->authorization = th_arena_printf(&b->arena, "Authorization: Bearer %s", token);
    b->nodes_n = addresses.n;
    for (int i = 0; i < addresses.n; i++) {
        b->nodes[i].number = addresses.nodes[i].number;
        b->nodes[i].url = addresses.nodes[i].url;
        th_list_init(&b->nodes[i].waiting);
        th_list_init(&b->nodes[i].under_way);
    }
    w->broker = b;
    return 0;
}

void th_broker_drain(struct th_worker *w)
{
    w->broker->draining = true;
    if (quiet(w->broker))
        th_worker_drained(w);
}

static void stop_node(struct th_broker *b, struct th_broker_node *node)
{
    while (!th_list_empty(&node->waiting)) {
        struct th_broker_call *c = th_list_item(node->waiting.next, struct th_broker_call, link);
        th_list_remove(&c->link);
        b->waiting_n--;
        finish(c, -TH_ECANCELED, NULL);
    }
    TH_LIST_EACH (it, tmp, &node->under_way) {
        struct th_broker_call *c = th_list_item(it, struct th_broker_call, link);
        if (c->http != NULL) {
            th_http_cancel(c->http);
            continue;
        }
        leave(c);
        finish(c, -TH_ECANCELED, NULL);
    }
}

void th_broker_stop(struct th_worker *w)
{
    struct th_broker *b = w->broker;
    w->broker = NULL;
    b->draining = b->stopping = true;
    for (int i = 0; i < b->nodes_n; i++)
        stop_node(b, &b->nodes[i]);
    /* Those canceled come back when the HTTP client stops, the last one frees b. */
    if (quiet(b))
        free_broker(b);
}
