/* SPDX-License-Identifier: Apache-2.0 */
#include "io/broker_call.h"

#include "base/hex.h"
#include "base/json.h"
#include "io/json_items.h"
#include "io/topic_match.h"

#define TH_BROKER_ANSWER_MAX (1 << 20)
#define TH_BROKER_LIST_MAX (64 << 20) /* 10,000 clients with their wills */
#define TH_BROKER_LIST_TURN 200       /* clients read before the loop gets its turn */

static struct th_broker_call *new_call(const char *method, void *arg,
    bool (*finish)(struct th_broker_call *c, int code, const struct th_http_answer *a))
{
    struct th_broker_call *c = th_calloc(1, sizeof(*c));
    th_list_init(&c->link);
    th_list_init(&c->turn.link);
    c->method = method;
    c->max_answer = TH_BROKER_ANSWER_MAX;
    c->finish = finish;
    c->arg = arg;
    return c;
}

static void put_segment(struct th_buf *b, struct th_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        bool plain = (ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') ||
                     ch == '-' || ch == '_';
        if (plain)
            th_buf_putc(b, ch);
        else
            th_buf_printf(b, "%%%02X", (unsigned char)ch);
    }
}

/* ---- publish, kick ---- */

static bool finish_plain(struct th_broker_call *c, int code, const struct th_http_answer *a)
{
    c->cb.done(c->arg, code);
    return false;
}

static void put_message(struct th_buf *b, const struct th_publish *p)
{
    th_buf_puts(b, "{\"topic\":");
    th_json_put_str(b, p->topic);
    th_buf_puts(b, ",\"payload\":");
    bool plain = th_str_is_utf8(p->payload);
    if (plain) {
        th_json_put_str(b, p->payload);
    } else {
        th_buf_putc(b, '"');
        th_base64_put(b, p->payload.p, p->payload.n);
        th_buf_putc(b, '"');
    }
    th_buf_printf(b, ",\"encoding\":\"%s\",\"qos\":%d,\"retain\":%s,\"clientid\":\"thingd\"}",
        plain ? "plain" : "base64", p->qos, p->retain ? "true" : "false");
}

int th_broker_publish(struct th_worker *w, const struct th_publish *p, th_broker_cb cb, void *arg)
{
    struct th_broker_call *c = new_call("POST", arg, finish_plain);
    c->cb.done = cb;
    th_buf_puts(&c->path, "/api/v1/mqtt/publish");
    put_message(&c->body, p);
    return th__broker_submit(w, p->node, c);
}

int th_broker_kick(struct th_worker *w, int node, struct th_str client_id, th_broker_cb cb, void *arg)
{
    struct th_broker_call *c = new_call("DELETE", arg, finish_plain);
    c->cb.done = cb;
    c->ask_all = true;
    th_buf_puts(&c->path, "/api/v1/clients/");
    put_segment(&c->path, client_id);
    return th__broker_submit(w, node, c);
}

/* ---- online, subscribed ---- */

static bool finish_online(struct th_broker_call *c, int code, const struct th_http_answer *a)
{
    struct th_str text = code == 0 ? th_str_trim(a->body) : TH_STR("");
    bool online = th_str_eq(text, TH_STR("true"));
    if (code == 0 && !online && !th_str_eq(text, TH_STR("false")))
        code = -TH_EIO;
    c->cb.online(c->arg, code, online);
    return false;
}

int th_broker_online(
    struct th_worker *w, int node, struct th_str client_id, th_broker_online_cb cb, void *arg)
{
    struct th_broker_call *c = new_call("GET", arg, finish_online);
    c->cb.online = cb;
    th_buf_puts(&c->path, "/api/v1/clients/");
    put_segment(&c->path, client_id);
    th_buf_puts(&c->path, "/online");
    return th__broker_submit(w, node, c);
}

static int find_match(struct th_str answer, struct th_str topic, bool *found)
{
    struct th_arena arena;
    struct th_json j;
    th_arena_init(&arena);
    int code = th_json_read(&j, &arena, answer, NULL);
    if (code == 0 && j.nodes[0].type != TH_JSON_ARRAY)
        code = -TH_EIO;
    for (uint32_t i = 1; code == 0 && !*found && i < j.nodes[0].next; i = j.nodes[i].next) {
        const struct th_json_node *filter = th_json_get(&j, i, TH_STR("topic"));
        *found = filter != NULL && filter->type == TH_JSON_STRING && th_topic_match(filter->text, topic);
    }
    th_arena_free(&arena);
    return code == 0 ? 0 : -TH_EIO;
}

static bool finish_subscribed(struct th_broker_call *c, int code, const struct th_http_answer *a)
{
    bool found = false;
    if (code == -TH_ENOTFOUND)
        code = 0; /* a client the broker does not know has no subscriptions */
    else if (code == 0)
        code = find_match(a->body, th_buf_view(&c->topic), &found);
    c->cb.online(c->arg, code, found);
    return false;
}

int th_broker_subscribed(struct th_worker *w, int node, struct th_str client_id, struct th_str topic,
    th_broker_online_cb cb, void *arg)
{
    struct th_broker_call *c = new_call("GET", arg, finish_subscribed);
    c->cb.online = cb;
    c->ask_all = true;
    th_buf_str(&c->topic, topic);
    th_buf_puts(&c->path, "/api/v1/subscriptions/");
    put_segment(&c->path, client_id);
    return th__broker_submit(w, node, c);
}

/* ---- clients ---- */

static struct th_str text_of(const struct th_json *j, const char *key)
{
    const struct th_json_node *n = th_json_get(j, 0, th_str(key));
    return n != NULL && n->type == TH_JSON_STRING ? n->text : TH_STR("");
}

static int64_t number_of(const struct th_json *j, const char *key)
{
    const struct th_json_node *n = th_json_get(j, 0, th_str(key));
    int64_t v;
    return n != NULL && th_json_int(n, &v) ? v : 0;
}

/* The list has it in two members, the hooks as ip:port or [ip]:port. */
static struct th_str address_of(const struct th_json *j, struct th_arena *arena)
{
    struct th_str ip = text_of(j, "ip_address");
    int64_t port = number_of(j, "port");
    if (ip.n == 0 || port <= 0)
        return TH_STR("");
    bool v6 = memchr(ip.p, ':', ip.n) != NULL;
    return th_str(th_arena_printf(arena, v6 ? "[%.*s]:%lld" : "%.*s:%lld", TH_STR_FMT(ip), (long long)port));
}

static bool read_client(struct th_broker_call *c, struct th_str item)
{
    struct th_arena arena;
    struct th_json j;
    th_arena_init(&arena);
    bool ok = th_json_read(&j, &arena, item, NULL) == 0 && j.nodes[0].type == TH_JSON_OBJECT;
    if (ok) {
        const struct th_json_node *connected = th_json_get(&j, 0, TH_STR("connected"));
        /* rmqtt writes connected_at as local time without a zone, which is as good as nothing. */
        struct th_broker_client client = {
            .client_id = text_of(&j, "clientid"),
            .username = text_of(&j, "username"),
            .address = address_of(&j, &arena),
            .connected = connected != NULL && connected->type == TH_JSON_BOOL && connected->truth,
            .connected_at = number_of(&j, "connected_at"),
            .node = (int)number_of(&j, "node_id"),
        };
        c->each(c->arg, &client);
    }
    th_arena_free(&arena);
    return ok;
}

static void on_turn(struct th_worker *w, struct th_later *l)
{
    struct th_broker_call *c = th_container_of(l, struct th_broker_call, turn);
    struct th_str item;
    for (int n = 0; n < TH_BROKER_LIST_TURN; n++) {
        if (th_json_items_next(&c->list_rest, &item) && read_client(c, item))
            continue;
        bool whole = th_str_eq(c->list_rest, TH_STR("]"));
        c->cb.done(c->arg, whole ? 0 : -TH_EIO);
        th__broker_call_end(c);
        return;
    }
    th_worker_later(w, l);
}

static bool finish_clients(struct th_broker_call *c, int code, const struct th_http_answer *a)
{
    if (code == 0) {
        th_buf_str(&c->list, a->body);
        code = th_json_items_begin(th_buf_view(&c->list), &c->list_rest) ? 0 : -TH_EIO;
    }
    if (code != 0) {
        th_list_remove(&c->turn.link);
        c->cb.done(c->arg, code);
        return false;
    }
    c->turn.run = on_turn;
    th_worker_later(th_worker_self(), &c->turn);
    return true;
}

int th_broker_clients(struct th_worker *w, int node,
    void (*each)(void *arg, const struct th_broker_client *client), th_broker_cb done, void *arg)
{
    struct th_broker_call *c = new_call("GET", arg, finish_clients);
    c->each = each;
    c->cb.done = done;
    c->max_answer = TH_BROKER_LIST_MAX;
    th_buf_puts(&c->path, "/api/v1/clients");
    return th__broker_submit(w, node, c);
}
