/* SPDX-License-Identifier: Apache-2.0 */
#include "io/redis.h"

#include <string.h>

#include "base/log.h"
#include "io/redis_conn.h"

#define RESET_AFTER 20 /* times redis.timeout without an answer: the connection is given up */

struct command {
    struct th_list link;
    struct th_redis *redis; /* NULL: stopped meanwhile */
    th_redis_cb cb;         /* NULL: told, or nobody waits */
    void *arg;
    uint64_t sent_at; /* uv_now() milliseconds */
};

struct th_redis {
    struct th_worker *w;
    struct th_redis_url url;
    struct th_redis_conn commands, listener;
    struct th_list open; /* struct command, oldest first: answers come in this order */
    unsigned open_n;
    uv_timer_t tick; /* runs while commands are open */
    bool listens;
    char *channel;
    void (*on_message)(void *arg, struct th_str payload);
    void (*on_new)(void *arg);
    void *arg;
    int closing;
    struct th_redis_counts counts;
};

#define count(redis, name) atomic_fetch_add_explicit(&(redis)->counts.name, 1, memory_order_relaxed)

int th_redis_check(const struct th_conf *conf, struct th_error *err)
{
    struct th_redis_url url;
    if (conf->redis_url[0] == '\0')
        return 0;
    int rc = th_redis_url_read(&url, conf->redis_url, err);
    if (rc == 0 && !conf->redis_allow_remote && !th_redis_url_is_local(&url))
        rc = th_fail(err, TH_EINVAL,
            "redis.url: %s is not this machine, and what is sent there is not encrypted; "
            "redis.allow_remote = true says that the network is private",
            url.host);
    return rc;
}

/* ---- commands ---- */

static void tell(struct command *c, int code, const redisReply *reply)
{
    th_redis_cb cb = c->cb;
    c->cb = NULL;
    if (cb != NULL)
        cb(c->arg, code, reply);
}

static void on_reply(redisAsyncContext *ac, void *answer, void *arg)
{
    struct command *c = arg;
    struct th_redis *r = c->redis;
    const redisReply *reply = answer;
    if (r != NULL) {
        th_list_remove(&c->link);
        r->open_n--;
        if (reply == NULL || reply->type == REDIS_REPLY_ERROR)
            count(r, failures);
        if (reply != NULL && reply->type == REDIS_REPLY_ERROR)
            th_warn("redis_error", "error=\"%s\"", reply->str);
        tell(c, reply != NULL ? 0 : -TH_EUNAVAIL, reply);
    }
    th_free(c);
}

static uint64_t age_of(const struct th_redis *r, const struct command *c)
{
    return uv_now(&r->w->loop) - c->sent_at;
}

static void on_tick(uv_timer_t *timer)
{
    struct th_redis *r = timer->data;
    uint64_t limit = (uint64_t)r->w->rt->conf->redis_timeout;
    if (th_list_empty(&r->open)) {
        uv_timer_stop(timer);
        return;
    }
    const struct command *oldest = th_list_item(r->open.next, struct command, link);
    if (age_of(r, oldest) > limit * RESET_AFTER) {
        th_redis_conn_reset(&r->commands, "no answer in time");
        return;
    }
    TH_LIST_EACH (it, next, &r->open) {
        struct command *c = th_list_item(it, struct command, link);
        if (age_of(r, c) <= limit)
            break;
        if (c->cb != NULL)
            count(r, timeouts);
        tell(c, -TH_ETIMEOUT, NULL);
    }
}

bool th_redis_ready(const struct th_worker *w)
{
    const struct th_redis *r = w->redis;
    if (r == NULL || !r->commands.up)
        return false;
    return th_list_empty(&r->open) || age_of(r, th_list_item(r->open.next, struct command, link)) <=
                                          (uint64_t)w->rt->conf->redis_timeout;
}

int th_redis_command(struct th_worker *w, int argc, const struct th_str *argv, th_redis_cb cb, void *arg)
{
    struct th_redis *r = w->redis;
    const char *texts[TH_REDIS_ARGS_MAX];
    size_t lengths[TH_REDIS_ARGS_MAX];
    if (!th_redis_ready(w))
        return -TH_EUNAVAIL;
    if (r->open_n >= TH_REDIS_COMMANDS_MAX)
        return -TH_EBUSY;
    for (int i = 0; i < argc; i++) {
        texts[i] = argv[i].p;
        lengths[i] = argv[i].n;
    }
    struct command *c = th_calloc(1, sizeof *c);
    *c = (struct command){.redis = r, .cb = cb, .arg = arg, .sent_at = uv_now(&w->loop)};
    th_list_init(&c->link);
    if (redisAsyncCommandArgv(r->commands.ac, on_reply, c, argc, texts, lengths) != REDIS_OK) {
        th_free(c);
        return -TH_EUNAVAIL;
    }
    th_list_push(&r->open, &c->link);
    r->open_n++;
    count(r, commands);
    if (!uv_is_active((uv_handle_t *)&r->tick)) {
        uint64_t every = (uint64_t)w->rt->conf->redis_timeout / 4 + 1;
        uv_timer_start(&r->tick, on_tick, every, every);
    }
    return 0;
}

static void on_commands_up(struct th_redis_conn *conn)
{
    count(th_container_of(conn, struct th_redis, commands), up);
}

static void on_commands_down(struct th_redis_conn *conn)
{
    struct th_redis *r = th_container_of(conn, struct th_redis, commands);
    atomic_fetch_sub_explicit(&r->counts.up, 1, memory_order_relaxed);
}

/* ---- listening ---- */

static void on_published(redisAsyncContext *ac, void *answer, void *arg)
{
    struct th_redis *r = arg;
    const redisReply *reply = answer;
    if (reply == NULL || r->listener.ac != ac || !r->listens)
        return;
    if (reply->type == REDIS_REPLY_ERROR) {
        th_redis_conn_reset(&r->listener, reply->str);
        return;
    }
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 3 ||
        reply->element[0]->type != REDIS_REPLY_STRING)
        return;
    const redisReply *payload = reply->element[2];
    if (strcmp(reply->element[0]->str, "subscribe") == 0)
        r->on_new(r->arg);
    else if (strcmp(reply->element[0]->str, "message") == 0 && payload->type == REDIS_REPLY_STRING)
        r->on_message(r->arg, (struct th_str){payload->str, payload->len});
}

static void on_listener_up(struct th_redis_conn *conn)
{
    struct th_redis *r = th_container_of(conn, struct th_redis, listener);
    redisAsyncCommand(conn->ac, on_published, r, "SUBSCRIBE %s", r->channel);
}

static void on_listener_down(struct th_redis_conn *conn)
{
}

/* ---- life ---- */

static void closed_one(struct th_redis *r)
{
    if (--r->closing > 0)
        return;
    th_free(r->channel);
    th_free(r);
}

static void on_commands_closed(struct th_redis_conn *conn)
{
    closed_one(th_container_of(conn, struct th_redis, commands));
}

static void on_listener_closed(struct th_redis_conn *conn)
{
    closed_one(th_container_of(conn, struct th_redis, listener));
}

static void on_tick_closed(uv_handle_t *handle)
{
    closed_one(handle->data);
}

void th_redis_key(const struct th_worker *w, const char *name, struct th_buf *out)
{
    th_buf_printf(out, "%s:%s", w->rt->conf->redis_prefix, name);
}

void th_redis_listen(struct th_worker *w, const char *channel,
    void (*on_message)(void *arg, struct th_str payload), void (*on_new)(void *arg), void *arg)
{
    struct th_redis *r = w->redis;
    if (r == NULL)
        return;
    struct th_buf name = {0};
    th_redis_key(w, channel, &name);
    r->channel = name.p;
    r->on_message = on_message;
    r->on_new = on_new;
    r->arg = arg;
    r->listens = true;
    r->listener.on_up = on_listener_up;
    r->listener.on_down = on_listener_down;
    r->listener.on_closed = on_listener_closed;
    th_redis_conn_open(&r->listener, w, &r->url);
}

void th_redis_unlisten(struct th_worker *w)
{
    if (w->redis != NULL)
        w->redis->listens = false;
}

int th_redis_start(struct th_worker *w, struct th_error *err)
{
    if (w->rt->conf->redis_url[0] == '\0')
        return 0;
    struct th_redis *r = th_calloc(1, sizeof *r);
    int rc = th_redis_url_read(&r->url, w->rt->conf->redis_url, err);
    if (rc != 0) {
        th_free(r);
        return rc;
    }
    r->w = w;
    th_list_init(&r->open);
    uv_timer_init(&w->loop, &r->tick);
    uv_unref((uv_handle_t *)&r->tick);
    r->tick.data = r;
    r->commands.on_up = on_commands_up;
    r->commands.on_down = on_commands_down;
    r->commands.on_closed = on_commands_closed;
    w->redis = r;
    th_redis_conn_open(&r->commands, w, &r->url);
    return 0;
}

void th_redis_stop(struct th_worker *w)
{
    struct th_redis *r = w->redis;
    w->redis = NULL;
    if (r == NULL)
        return;
    TH_LIST_EACH (it, next, &r->open) {
        struct command *c = th_list_item(it, struct command, link);
        th_list_remove(it);
        c->redis = NULL;
        tell(c, -TH_ECANCELED, NULL);
    }
    bool listener = r->channel != NULL;
    r->closing = 2 + listener;
    uv_close((uv_handle_t *)&r->tick, on_tick_closed);
    th_redis_conn_close(&r->commands);
    if (listener)
        th_redis_conn_close(&r->listener);
}

const struct th_redis_counts *th_redis_counts_of(const struct th_worker *w)
{
    return w->redis != NULL ? &w->redis->counts : NULL;
}
