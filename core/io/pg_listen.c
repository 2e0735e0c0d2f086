/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"
#include "io/pg.h"
#include "io/pg_conn.h"

struct th_pg_listen {
    struct th_pg_conn conn;
    void (*on_note)(void *arg, struct th_str payload);
    void (*on_new)(void *arg);
    void *arg;
};

static void on_up(struct th_pg_conn *c)
{
    struct th_pg_listen *l = th_container_of(c, struct th_pg_listen, conn);
    l->on_new(l->arg);
}

static void on_down(struct th_pg_conn *c, const char *why)
{
}

static void on_readable(struct th_pg_conn *c)
{
    struct th_pg_listen *l = th_container_of(c, struct th_pg_listen, conn);
    PGconn *pg = c->pg;
    PGnotify *note;
    while (c->pg == pg && (note = PQnotifies(pg)) != NULL) {
        l->on_note(l->arg, th_str(note->extra));
        PQfreemem(note);
    }
}

static const struct th_pg_conn_hooks listen_hooks = {.up = on_up, .down = on_down, .readable = on_readable};

int th_pg_listen_open(struct th_worker *w, const char *channel,
    void (*on_note)(void *arg, struct th_str payload), void (*on_new)(void *arg), void *arg,
    struct th_pg_listen **out, struct th_error *err)
{
    struct th_buf sql = {0};
    th_buf_puts(&sql, "listen \"");
    for (const char *p = channel; *p != '\0'; p++) {
        if (*p == '"')
            th_buf_putc(&sql, '"');
        th_buf_putc(&sql, *p);
    }
    th_buf_putc(&sql, '"');
    const char *const setup[] = {th_buf_cstr(&sql), NULL};
    struct th_pg_listen *l = th_calloc(1, sizeof(*l));
    l->on_note = on_note;
    l->on_new = on_new;
    l->arg = arg;
    int code = th_pg_conn_open(&l->conn, w, "listen", 0, setup, &listen_hooks, err);
    th_buf_free(&sql);
    if (code != 0) {
        th_free(l);
        return code;
    }
    *out = l;
    return 0;
}

static void on_closed(struct th_pg_conn *c)
{
    th_free(th_container_of(c, struct th_pg_listen, conn));
}

void th_pg_listen_close(struct th_pg_listen *l)
{
    th_pg_conn_close(&l->conn, on_closed);
}
