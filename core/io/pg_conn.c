/* SPDX-License-Identifier: Apache-2.0 */
#include "io/pg_conn.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define TH_PG_PAUSE_MIN_MS 100
#define TH_PG_PAUSE_MAX_MS 5000

/* A handle cannot be given another socket, and libpq may take a new one at each step of connecting; so each
 * has its own memory and frees itself. */
struct th_pg_poll {
    uv_poll_t handle;
    struct th_pg_conn *conn;
    int events;
};

struct th_pg_lookup {
    uv_getaddrinfo_t req;
    struct th_pg_conn *conn; /* NULL when the attempt was given up */
};

static void begin(struct th_pg_conn *c);
static void on_poll(uv_poll_t *handle, int status, int events);

/* ---- socket ---- */

static void on_poll_closed(uv_handle_t *handle)
{
    th_free(handle->data);
}

static void unwatch(struct th_pg_conn *c)
{
    if (c->poll == NULL)
        return;
    uv_close((uv_handle_t *)&c->poll->handle, on_poll_closed);
    c->poll = NULL;
}

static void watch(struct th_pg_conn *c, int events)
{
    if (c->poll == NULL) {
        c->poll = th_calloc(1, sizeof(*c->poll));
        c->poll->conn = c;
        uv_poll_init(&c->w->loop, &c->poll->handle, PQsocket(c->pg));
        c->poll->handle.data = c->poll;
    }
    if (c->poll->events != events)
        uv_poll_start(&c->poll->handle, events, on_poll);
    c->poll->events = events;
}

bool th_pg_conn_flush(struct th_pg_conn *c)
{
    int left = PQflush(c->pg);
    if (left < 0 || PQsocket(c->pg) < 0) {
        th_pg_conn_reset_later(c, PQerrorMessage(c->pg));
        return false;
    }
    watch(c, left > 0 ? UV_READABLE | UV_WRITABLE : UV_READABLE);
    return left == 0;
}

static void on_unread(struct th_worker *w, struct th_later *l)
{
    struct th_pg_conn *c = th_container_of(l, struct th_pg_conn, unread);
    if (c->state == TH_PG_UP)
        c->hooks->readable(c);
}

void th_pg_conn_sent(struct th_pg_conn *c)
{
    th_pg_conn_flush(c);
    if (!PQisBusy(c->pg) && th_list_empty(&c->unread.link))
        th_worker_later(c->w, &c->unread);
}

/* ---- ending and beginning again ---- */

static void on_pause_over(uv_timer_t *timer)
{
    begin(timer->data);
}

static void on_deadline(uv_timer_t *timer)
{
    th_pg_conn_reset(timer->data, "no connection in time");
}

/* 100-200 ms, then twice that, up to 2.5-5 s. */
static uint64_t next_pause(struct th_pg_conn *c)
{
    uint32_t most = c->attempts < 6 ? 2 * TH_PG_PAUSE_MIN_MS << c->attempts : TH_PG_PAUSE_MAX_MS;
    if (most > TH_PG_PAUSE_MAX_MS)
        most = TH_PG_PAUSE_MAX_MS;
    c->attempts++;
    return most / 2 + arc4random_uniform(most / 2 + 1);
}

static void let_go(struct th_pg_conn *c)
{
    unwatch(c);
    if (c->pg != NULL)
        PQfinish(c->pg);
    c->pg = NULL;
    if (c->lookup != NULL) {
        c->lookup->conn = NULL;
        uv_cancel((uv_req_t *)&c->lookup->req);
        c->lookup = NULL;
    }
    th_list_remove(&c->failing.link);
    th_list_remove(&c->unread.link);
}

/* libpq's messages end in a newline and may have several lines; the first says what happened. */
static void copy_line(char *out, size_t size, const char *text)
{
    size_t n = strcspn(text, "\n");
    if (n >= size)
        n = size - 1;
    memcpy(out, text, n);
    out[n] = '\0';
}

void th_pg_conn_reset(struct th_pg_conn *c, const char *why)
{
    if (c->state == TH_PG_CLOSED || (c->state == TH_PG_WAITING && c->lookup == NULL))
        return;
    char line[sizeof(c->failing_why)];
    copy_line(line, sizeof(line), why);
    bool was_up = c->state == TH_PG_UP;
    let_go(c);
    c->state = TH_PG_WAITING;
    uint64_t pause = next_pause(c);
    uv_timer_start(&c->timer, on_pause_over, pause, 0);
    th_warn(was_up ? "pg.lost" : "pg.connect_failed", "kind=%s retry_ms=%d reason=\"%s\"", c->kind,
        (int)pause, line);
    if (was_up)
        c->hooks->down(c, line);
}

static void on_failing(struct th_worker *w, struct th_later *l)
{
    struct th_pg_conn *c = th_container_of(l, struct th_pg_conn, failing);
    char why[sizeof(c->failing_why)];
    memcpy(why, c->failing_why, sizeof(why));
    th_pg_conn_reset(c, why);
}

void th_pg_conn_reset_later(struct th_pg_conn *c, const char *why)
{
    if (c->state == TH_PG_CLOSED || !th_list_empty(&c->failing.link))
        return;
    if (PQsocket(c->pg) < 0)
        unwatch(c); /* libpq has closed it; its number may be given to another at any time */
    copy_line(c->failing_why, sizeof(c->failing_why), why);
    th_worker_later(c->w, &c->failing);
}

/* ---- connecting ---- */

static void on_notice(void *arg, const PGresult *res)
{
    th_debug("pg.notice", "text=\"%s\"", PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY));
}

static void start(struct th_pg_conn *c, const struct th_pg_conninfo *info)
{
    c->state = TH_PG_CONNECTING;
    c->pg = PQconnectStartParams(info->keys, info->values, 0);
    if (c->pg == NULL || PQstatus(c->pg) == CONNECTION_BAD) {
        th_pg_conn_reset(c, c->pg != NULL ? PQerrorMessage(c->pg) : "out of memory");
        return;
    }
    PQsetNoticeReceiver(c->pg, on_notice, NULL);
    watch(c, UV_WRITABLE);
}

static void on_looked_up(uv_getaddrinfo_t *req, int status, struct addrinfo *found)
{
    struct th_pg_lookup *lookup = req->data;
    struct th_pg_conn *c = lookup->conn;
    th_free(lookup);
    if (c != NULL) {
        c->lookup = NULL;
        c->state = TH_PG_CONNECTING;
        if (status != 0) {
            th_pg_conn_reset(c, uv_strerror(status));
        } else {
            struct th_arena arena;
            struct th_pg_conninfo info;
            th_arena_init(&arena);
            th_pg_conninfo_resolved(&c->info, found, &arena, &info);
            start(c, &info);
            th_arena_free(&arena);
        }
    }
    uv_freeaddrinfo(found);
}

static void begin(struct th_pg_conn *c)
{
    uv_timer_start(&c->timer, on_deadline, TH_PG_CONNECT_MS, 0);
    const char *name = th_pg_conninfo_name(&c->info);
    if (name == NULL) {
        start(c, &c->info);
        return;
    }
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    c->lookup = th_calloc(1, sizeof(*c->lookup));
    c->lookup->conn = c;
    c->lookup->req.data = c->lookup;
    int rc = uv_getaddrinfo(&c->w->loop, &c->lookup->req, on_looked_up, name, NULL, &hints);
    if (rc == 0)
        return;
    th_free(c->lookup);
    c->lookup = NULL;
    c->state = TH_PG_CONNECTING;
    th_pg_conn_reset(c, uv_strerror(rc));
}

static void up(struct th_pg_conn *c)
{
    c->state = TH_PG_UP;
    c->attempts = 0;
    uv_timer_stop(&c->timer);
    th_info("pg.up", "kind=%s backend=%d", c->kind, PQbackendPID(c->pg));
    c->hooks->up(c);
}

static void next_setup(struct th_pg_conn *c)
{
    const char *sql = c->setup[c->setup_at];
    if (sql == NULL) {
        up(c);
        return;
    }
    c->setup_at++;
    if (PQsendQuery(c->pg, sql) == 0)
        th_pg_conn_reset(c, PQerrorMessage(c->pg));
    else
        th_pg_conn_flush(c);
}

static void on_setup_readable(struct th_pg_conn *c)
{
    while (c->state == TH_PG_SETUP && !PQisBusy(c->pg)) {
        PGresult *res = PQgetResult(c->pg);
        if (res == NULL) {
            next_setup(c);
            continue;
        }
        if (PQresultStatus(res) == PGRES_FATAL_ERROR)
            th_pg_conn_reset(c, PQresultErrorMessage(res));
        PQclear(res);
    }
}

static void connect_step(struct th_pg_conn *c)
{
    /* libpq may close the socket inside, so nothing may watch it meanwhile. */
    unwatch(c);
    switch (PQconnectPoll(c->pg)) {
    case PGRES_POLLING_READING:
        watch(c, UV_READABLE);
        break;
    case PGRES_POLLING_WRITING:
        watch(c, UV_WRITABLE);
        break;
    case PGRES_POLLING_OK:
        PQsetnonblocking(c->pg, 1);
        c->state = TH_PG_SETUP;
        c->setup_at = 0;
        on_setup_readable(c);
        break;
    default:
        th_pg_conn_reset(c, PQerrorMessage(c->pg));
        break;
    }
}

/* ---- connected ---- */

static void on_poll(uv_poll_t *handle, int status, int events)
{
    struct th_pg_conn *c = ((struct th_pg_poll *)handle->data)->conn;
    if (c->state == TH_PG_CONNECTING) {
        connect_step(c);
        return;
    }
    PGconn *pg = c->pg;
    /* Both ways at each event: libpq flushes when it reads, and reads when it cannot flush. */
    bool alive = PQconsumeInput(pg) == 1 && status == 0;
    if (!alive)
        unwatch(c);
    if (c->state == TH_PG_SETUP)
        on_setup_readable(c);
    else
        c->hooks->readable(c);
    if (c->pg != pg)
        return;
    if (!alive || PQstatus(pg) == CONNECTION_BAD) {
        th_pg_conn_reset(c, *PQerrorMessage(pg) != '\0' ? PQerrorMessage(pg) : "connection lost");
        return;
    }
    bool pending = c->poll != NULL && (c->poll->events & UV_WRITABLE);
    bool flushed = th_pg_conn_flush(c);
    if (flushed && pending && c->state == TH_PG_UP && c->hooks->flushed != NULL)
        c->hooks->flushed(c);
}

/* ---- life ---- */

static char **copy_setup(int64_t timeout_ms, const char *const *setup)
{
    int n = 0;
    while (setup != NULL && setup[n] != NULL)
        n++;
    char **copy = th_calloc((size_t)n + 2, sizeof(*copy));
    struct th_buf sql = {0};
    /* The server is to notice soon, too, when we are gone: what it still does for us holds locks. */
    th_buf_puts(&sql, "set client_min_messages = warning; set timezone = 'UTC'; set datestyle = 'ISO, YMD';"
                      " set client_connection_check_interval = 1000; set tcp_keepalives_idle = 30;"
                      " set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3");
    if (timeout_ms > 0)
        th_buf_printf(&sql, "; set statement_timeout = %lld; set idle_in_transaction_session_timeout = %lld",
            (long long)timeout_ms, (long long)timeout_ms);
    copy[0] = th_strdup(th_buf_cstr(&sql));
    th_buf_free(&sql);
    for (int i = 0; i < n; i++)
        copy[i + 1] = th_strdup(setup[i]);
    return copy;
}

int th_pg_conn_open(struct th_pg_conn *c, struct th_worker *w, const char *kind, int64_t timeout_ms,
    const char *const *setup, const struct th_pg_conn_hooks *hooks, struct th_error *err)
{
    char application[64];
    snprintf(application, sizeof(application), "thingd %s %d", kind, w->index);
    *c = (struct th_pg_conn){.state = TH_PG_WAITING, .w = w, .kind = kind, .hooks = hooks};
    int code = th_pg_conninfo_read(&c->info, w->rt->conf->database_url, application, err);
    if (code != 0)
        return code;
    c->setup = copy_setup(timeout_ms, setup);
    c->failing.run = on_failing;
    th_list_init(&c->failing.link);
    c->unread.run = on_unread;
    th_list_init(&c->unread.link);
    uv_timer_init(&w->loop, &c->timer);
    c->timer.data = c;
    uv_timer_start(&c->timer, on_pause_over, 0, 0);
    return 0;
}

static void on_timer_closed(uv_handle_t *timer)
{
    struct th_pg_conn *c = timer->data;
    for (char **s = c->setup; *s != NULL; s++)
        th_free(*s);
    th_free(c->setup);
    th_pg_conninfo_free(&c->info);
    c->on_closed(c);
}

void th_pg_conn_close(struct th_pg_conn *c, void (*on_closed)(struct th_pg_conn *c))
{
    c->state = TH_PG_CLOSED;
    c->on_closed = on_closed;
    let_go(c);
    uv_close((uv_handle_t *)&c->timer, on_timer_closed);
}
