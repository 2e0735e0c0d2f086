/* SPDX-License-Identifier: Apache-2.0 */
#include "http/private.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/log.h"
#include "http/proxies.h"

#define TH_BACKLOG 4096
/* A turn of the loop accepts at most this many, so that requests get their share. */
#define TH_ACCEPTS_PER_TURN 64
/* How long accepting rests when the process has no file descriptor left; who waits stays in the kernel's
 * queue. */
#define TH_ACCEPT_PAUSE_MS 100
#define TH_BUFFERED_DEFAULT (64u << 20)

static int split_address(const char *address, char host[128], const char **port)
{
    const char *colon = strrchr(address, ':');
    if (colon == NULL || colon[1] == '\0')
        return -TH_EINVAL;
    *port = colon + 1;
    const char *from = address, *to = colon;
    if (*from == '[' && to > from && to[-1] == ']') {
        from++;
        to--;
    }
    size_t n = (size_t)(to - from);
    if (n == 0 || n >= 128)
        return -TH_EINVAL;
    memcpy(host, from, n);
    host[n] = '\0';
    return 0;
}

static int bind_to(struct th_listener *l, const struct addrinfo *ai, struct th_error *err)
{
    const int on = 1;
    l->fd = socket(ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (l->fd < 0)
        return th_fail(err, TH_EIO, "%s %s: %s", l->name, l->address, strerror(errno));
    setsockopt(l->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(l->fd, ai->ai_addr, ai->ai_addrlen) == 0 && listen(l->fd, TH_BACKLOG) == 0)
        return 0;
    if (errno == EADDRINUSE)
        return th_fail(err, TH_ECONFLICT, "%s %s: address already in use", l->name, l->address);
    return th_fail(err, TH_EIO, "%s %s: %s", l->name, l->address, strerror(errno));
}

static int open_socket(struct th_listener *l, struct th_error *err)
{
    char host[128];
    const char *port;
    if (split_address(l->address, host, &port) != 0)
        return th_fail(
            err, TH_EINVAL, "%s %s: not an address, HOST:PORT or [HOST]:PORT is wanted", l->name, l->address);
    const struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    int rc = getaddrinfo(host, port, &hints, &found);
    if (rc != 0)
        return th_fail(err, TH_EINVAL, "%s %s: %s", l->name, l->address, gai_strerror(rc));
    int code = bind_to(l, found, err);
    freeaddrinfo(found);
    if (code != 0)
        return code;
    struct sockaddr_storage bound;
    socklen_t len = sizeof(bound);
    getsockname(l->fd, (struct sockaddr *)&bound, &len);
    l->port = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                                : ((struct sockaddr_in *)&bound)->sin_port);
    return 0;
}

int th_listener_open(const char *name, const char *address, const struct th_listener_opts *opts,
    struct th_listener **out, struct th_error *err)
{
    struct th_listener *l = th_calloc(1, sizeof(*l));
    l->name = name;
    l->opts = *opts;
    l->fd = -1;
    if (l->opts.max_buffered == 0)
        l->opts.max_buffered = TH_BUFFERED_DEFAULT;
    if (l->opts.max_buffered < 4 * l->opts.max_body)
        l->opts.max_buffered = 4 * l->opts.max_body;
    uv_mutex_init(&l->lock);
    th_list_init(&l->mailed);
    th_server_configure(l);
    int code = 0;
    if (strlen(address) >= sizeof(l->address))
        code = th_fail(err, TH_EINVAL, "%s %.100s...: not an address", name, address);
    snprintf(l->address, sizeof(l->address), "%s", address);
    if (code == 0)
        code = th_proxies_parse(opts->proxies, &l->proxies, err);
    if (code == 0)
        code = open_socket(l, err);
    if (code != 0) {
        th_listener_close(l);
        return code;
    }
    *out = l;
    return 0;
}

void th_listener_close(struct th_listener *l)
{
    if (l == NULL)
        return;
    TH_LIST_EACH (it, tmp, &l->mailed) {
        struct th_conn *c = th_list_item(it, struct th_conn, link);
        close(c->fd);
        th_free(c);
    }
    if (l->fd >= 0)
        close(l->fd);
    h2o_config_dispose(&l->conf);
    th_proxies_free(l->proxies);
    uv_mutex_destroy(&l->lock);
    th_free(l);
}

int th_listener_port(const struct th_listener *l)
{
    return l->port;
}

const char *th_listener_name(const struct th_listener *l)
{
    return l->name;
}

/* ---- accepting, on worker 0 ---- */

/* The worker with the fewest connections; among equals they take turns. */
static int choose_worker(struct th_listener *l, int count)
{
    int best = l->next % count;
    for (int i = 1; i < count; i++) {
        int at = (l->next + i) % count;
        if (atomic_load(&l->load[at]) < atomic_load(&l->load[best]))
            best = at;
    }
    l->next = (best + 1) % count;
    return best;
}

static void on_handed_over(struct th_worker *to, struct th_mail *m)
{
    struct th_conn *c = th_container_of(m, struct th_conn, mail);
    struct th_listener *l = c->listener;
    uv_mutex_lock(&l->lock);
    th_list_remove(&c->link);
    uv_mutex_unlock(&l->lock);
    c->server = l->servers[to->index];
    th_conn_begin(c);
}

static void hand_over(struct th_listener *l, struct th_server *self, int fd, const struct sockaddr *peer)
{
    struct th_runtime *rt = self->worker->rt;
    int to = choose_worker(l, rt->worker_count);
    struct th_conn *c = th_calloc(1, sizeof(*c));
    th_list_init(&c->link);
    c->listener = l;
    c->fd = fd;
    c->late_fd = -1;
    memcpy(&c->peer, peer, sizeof(c->peer));
    atomic_fetch_add(&l->load[to], 1);
    atomic_fetch_add(&l->open, 1);
    if (to == self->worker->index) {
        c->server = self;
        th_conn_begin(c);
        return;
    }
    c->mail.run = on_handed_over;
    uv_mutex_lock(&l->lock);
    th_list_push(&l->mailed, &c->link);
    uv_mutex_unlock(&l->lock);
    th_worker_post(&rt->workers[to], &c->mail);
}

void th_listener_left(struct th_listener *l, int worker)
{
    atomic_fetch_sub(&l->load[worker], 1);
    atomic_fetch_sub(&l->open, 1);
}

static void on_connection(uv_poll_t *poll, int status, int events);

static void on_pause_over(uv_timer_t *t)
{
    struct th_listener *l = t->data;
    uv_poll_start(&l->poll, UV_READABLE, on_connection);
}

static void pause_accepting(struct th_listener *l, struct th_server *s, int error)
{
    th_count(&s->counters, accept_paused);
    th_warn("http.accept_paused", "listener=%s error=\"%s\"", l->name, strerror(error));
    uv_poll_stop(&l->poll);
    uv_timer_start(&l->pause, on_pause_over, TH_ACCEPT_PAUSE_MS, 0);
}

/* False when nothing waits any more, or accepting had to pause. */
static bool accept_one(struct th_listener *l, struct th_server *s)
{
    struct sockaddr_storage peer;
    socklen_t len = sizeof(peer);
    int fd = accept4(l->fd, (struct sockaddr *)&peer, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            pause_accepting(l, s, errno);
        return errno == ECONNABORTED || errno == EINTR;
    }
    if (atomic_load(&l->open) >= l->opts.max_connections) {
        th_count(&s->counters, refused);
        close(fd);
        return true;
    }
    th_count(&s->counters, accepted);
    hand_over(l, s, fd, (const struct sockaddr *)&peer);
    return true;
}

static void on_connection(uv_poll_t *poll, int status, int events)
{
    struct th_listener *l = poll->data;
    for (int i = 0; i < TH_ACCEPTS_PER_TURN && accept_one(l, l->servers[0]); i++)
        ;
}

int th_listener_attach(struct th_listener *l, struct th_server *s, struct th_error *err)
{
    struct th_worker *w = s->worker;
    l->servers[w->index] = s;
    if (w->index != 0)
        return 0;
    int rc = uv_poll_init(&w->loop, &l->poll, l->fd);
    if (rc != 0)
        return th_fail(err, TH_EIO, "%s %s: %s", l->name, l->address, uv_strerror(rc));
    uv_timer_init(&w->loop, &l->pause);
    l->poll.data = l->pause.data = l;
    uv_poll_start(&l->poll, UV_READABLE, on_connection);
    l->accepting = true;
    return 0;
}

void th_listener_detach(struct th_listener *l, struct th_server *s)
{
    if (s->worker->index != 0 || !l->accepting)
        return;
    /* Whoever has connected already is not sent away; closing the socket would reset them. */
    for (int i = 0; i < TH_BACKLOG && !s->stopping && accept_one(l, s); i++)
        ;
    l->accepting = false;
    uv_close((uv_handle_t *)&l->poll, NULL);
    uv_close((uv_handle_t *)&l->pause, NULL);
    close(l->fd);
    l->fd = -1;
}
