/* SPDX-License-Identifier: Apache-2.0 */
#include "io/redis_conn.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>

#include <hiredis/adapters/libuv.h>

#include "base/log.h"

#define OPEN_MS 3000
#define PAUSE_MIN_MS 100
#define PAUSE_MAX_MS 5000

/* A lookup cannot be taken back from its thread: it outlives an attempt that was given up. */
struct th_redis_lookup {
    uv_getaddrinfo_t req;
    struct th_redis_conn *conn; /* NULL: given up */
};

static void begin(struct th_redis_conn *c);

static void on_timer(uv_timer_t *timer)
{
    struct th_redis_conn *c = timer->data;
    if (c->ac != NULL || c->lookup != NULL)
        th_redis_conn_reset(c, "no connection in time");
    else
        begin(c);
}

/* 50-100 ms, then twice that, up to 2.5-5 s. */
static void pause_then_begin(struct th_redis_conn *c)
{
    uint32_t most = c->attempts < 6 ? PAUSE_MIN_MS << c->attempts : PAUSE_MAX_MS;
    most = most < PAUSE_MAX_MS ? most : PAUSE_MAX_MS;
    c->attempts++;
    uv_timer_start(&c->timer, on_timer, most / 2 + arc4random_uniform(most / 2 + 1), 0);
}

/* The context is gone, or about to go. */
static void lost(struct th_redis_conn *c, const char *why)
{
    bool was_up = c->up;
    c->ac = NULL;
    c->up = false;
    if (c->stopping)
        return;
    if (was_up || c->attempts == 0)
        th_warn("redis_down", "worker=%d error=\"%s\"", c->w->index, why);
    pause_then_begin(c);
    if (was_up)
        c->on_down(c);
}

static void on_disconnected(const redisAsyncContext *ac, int status)
{
    struct th_redis_conn *c = ac->data;
    if (c != NULL && c->ac == ac)
        lost(c, ac->errstr != NULL && ac->errstr[0] != '\0' ? ac->errstr : "closed");
}

/* The one answer that says the connection can be used. */
static void on_selected(redisAsyncContext *ac, void *answer, void *arg)
{
    struct th_redis_conn *c = ac->data;
    const redisReply *r = answer;
    if (c == NULL || c->ac != ac || r == NULL)
        return;
    if (r->type == REDIS_REPLY_ERROR) {
        th_redis_conn_reset(c, r->str);
        return;
    }
    uv_timer_stop(&c->timer);
    c->up = true;
    c->attempts = 0;
    th_info("redis_up", "worker=%d", c->w->index);
    c->on_up(c);
}

static void on_signed_in(redisAsyncContext *ac, void *answer, void *arg)
{
    struct th_redis_conn *c = ac->data;
    const redisReply *r = answer;
    if (c != NULL && c->ac == ac && r != NULL && r->type == REDIS_REPLY_ERROR)
        th_redis_conn_reset(c, r->str);
}

static void on_connected(const redisAsyncContext *ac, int status)
{
    struct th_redis_conn *c = ac->data;
    if (c == NULL || c->ac != ac)
        return;
    if (status != REDIS_OK) {
        lost(c, ac->errstr); /* hiredis frees the context itself */
        return;
    }
    const struct th_redis_url *url = c->url;
    if (url->password[0] != '\0' && url->user[0] != '\0')
        redisAsyncCommand(c->ac, on_signed_in, NULL, "AUTH %s %s", url->user, url->password);
    else if (url->password[0] != '\0')
        redisAsyncCommand(c->ac, on_signed_in, NULL, "AUTH %s", url->password);
    redisAsyncCommand(c->ac, on_selected, NULL, "SELECT %d", url->database);
}

static void use(struct th_redis_conn *c, redisAsyncContext *ac)
{
    if (ac == NULL || ac->err != 0 || redisLibuvAttach(ac, &c->w->loop) != REDIS_OK) {
        if (c->attempts == 0)
            th_warn("redis_down", "worker=%d error=\"%s\"", c->w->index,
                ac != NULL && ac->err != 0 ? ac->errstr : "cannot open a socket");
        if (ac != NULL)
            redisAsyncFree(ac);
        pause_then_begin(c);
        return;
    }
    c->ac = ac;
    ac->data = c;
    if (c->url->host[0] != '\0')
        redisEnableKeepAlive(&ac->c); /* a subscriber says nothing for hours */
    redisAsyncSetConnectCallback(ac, on_connected);
    redisAsyncSetDisconnectCallback(ac, on_disconnected);
}

static void on_found(uv_getaddrinfo_t *req, int status, struct addrinfo *found)
{
    struct th_redis_lookup *lookup = req->data;
    struct th_redis_conn *c = lookup->conn;
    char address[NI_MAXHOST];
    th_free(lookup);
    if (c != NULL) {
        c->lookup = NULL;
        if (status == 0 && getnameinfo(found->ai_addr, found->ai_addrlen, address, sizeof address, NULL, 0,
                               NI_NUMERICHOST) == 0)
            use(c, redisAsyncConnect(address, atoi(c->url->port)));
        else
            use(c, NULL);
    }
    uv_freeaddrinfo(found);
}

static void begin(struct th_redis_conn *c)
{
    uv_timer_start(&c->timer, on_timer, OPEN_MS, 0);
    if (c->url->host[0] == '\0') {
        use(c, redisAsyncConnectUnix(c->url->path));
        return;
    }
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    c->lookup = th_calloc(1, sizeof *c->lookup);
    c->lookup->conn = c;
    c->lookup->req.data = c->lookup;
    if (uv_getaddrinfo(&c->w->loop, &c->lookup->req, on_found, c->url->host, c->url->port, &hints) != 0) {
        th_free(c->lookup);
        c->lookup = NULL;
        use(c, NULL);
    }
}

/* What is under way no longer finds us. Returns the context that is to be freed. */
static redisAsyncContext *let_go(struct th_redis_conn *c)
{
    redisAsyncContext *ac = c->ac;
    if (c->lookup != NULL)
        c->lookup->conn = NULL;
    c->lookup = NULL;
    c->ac = NULL;
    return ac;
}

void th_redis_conn_open(struct th_redis_conn *c, struct th_worker *w, const struct th_redis_url *url)
{
    c->w = w;
    c->url = url;
    uv_timer_init(&w->loop, &c->timer);
    c->timer.data = c;
    begin(c);
}

void th_redis_conn_reset(struct th_redis_conn *c, const char *why)
{
    redisAsyncContext *ac = let_go(c);
    lost(c, why);
    if (ac != NULL)
        redisAsyncFree(ac);
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct th_redis_conn *c = handle->data;
    c->on_closed(c);
}

void th_redis_conn_close(struct th_redis_conn *c)
{
    redisAsyncContext *ac = let_go(c);
    c->stopping = true;
    c->up = false;
    if (ac != NULL)
        redisAsyncFree(ac);
    uv_close((uv_handle_t *)&c->timer, on_timer_closed);
}
