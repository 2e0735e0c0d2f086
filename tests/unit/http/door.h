/* SPDX-License-Identifier: Apache-2.0
 *
 * A runtime of two workers that serves one listener, and a client of raw sockets that talks to it from the
 * test's thread. Everything the client waits for has a deadline far above what it takes. */
#ifndef TH_TEST_DOOR_H
#define TH_TEST_DOOR_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>
#include "../test.h"
#include "base/clock.h"
#include "base/log.h"
#include "http/reply.h"
#include "http/server.h"

#define PATIENCE_MS 20000

/* h2o keeps a few freed blocks per thread, which are lost when a worker's thread ends. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:h2o_mem_alloc_recycle\nleak:h2o_buffer_reserve\n";
}

static struct th_listener *door_listener;
static struct th_runtime door_rt;
static struct th_conf *door_conf;
static struct th_server *door_servers[8];
static th_request_cb door_handler;
static void (*door_on_drain)(struct th_worker *w);

/* Limits that no test reaches by accident. */
static const struct th_listener_opts door_wide = {
    .max_connections = 1000,
    .max_body = 1 << 20,
    .header_timeout = 60000,
    .request_timeout = 60000,
    .idle_timeout = 60000,
};

static int door_start_part(struct th_worker *w, struct th_error *err)
{
    return th_server_start(w, door_listener, door_handler, &door_rt, &door_servers[w->index], err);
}

static void door_drain_part(struct th_worker *w)
{
    if (door_on_drain != NULL)
        door_on_drain(w);
    th_server_drain(door_servers[w->index], th_worker_drained);
}

static void door_stop_part(struct th_worker *w)
{
    th_server_stop(door_servers[w->index]);
}

static const struct th_worker_part door_part = {"door", door_start_part, door_drain_part, door_stop_part};
static const struct th_worker_part *const door_parts[] = {&door_part, NULL};

static inline void door_open(const struct th_listener_opts *opts, th_request_cb handler)
{
    struct th_error err = {0};
    signal(SIGPIPE, SIG_IGN);
    th_log_init(TH_LOG_ERROR, false);
    door_handler = handler;
    if (th_listener_open("test", "127.0.0.1:0", opts, &door_listener, &err) != 0 ||
        th_conf_load(&door_conf, NULL, &err) != 0) {
        fprintf(stderr, "%s\n", err.msg);
        exit(1);
    }
    door_conf->workers = 2;
    if (th_runtime_start(&door_rt, door_conf, door_parts, NULL, &err) != 0) {
        fprintf(stderr, "%s\n", err.msg);
        exit(1);
    }
}

static inline void door_close(int64_t deadline_ms)
{
    th_runtime_stop(&door_rt, deadline_ms);
    th_listener_close(door_listener);
    th_conf_free(door_conf);
    door_on_drain = NULL;
}

static inline struct th_server_totals door_totals(void)
{
    struct th_server_totals t;
    th_server_totals(door_listener, &t);
    return t;
}

/* Waits, yielding the processor, until cond holds; fails when it never does. */
#define DOOR_UNTIL(cond)                                                                                     \
    do {                                                                                                     \
        int64_t end_ = th_clock_ms() + PATIENCE_MS;                                                          \
        while (!(cond) && th_clock_ms() < end_)                                                              \
            poll(NULL, 0, 1);                                                                                \
        TH_CHECK(cond);                                                                                      \
    } while (0)

/* ---- the client ---- */

static inline int client_open(void)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)th_listener_port(door_listener))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static inline void client_send(int fd, const char *text)
{
    size_t n = strlen(text);
    TH_EQ_INT(send(fd, text, n, MSG_NOSIGNAL), n);
}

static inline void client_ask(int fd, const char *method, const char *path)
{
    char text[512];
    snprintf(text, sizeof(text), "%s %s HTTP/1.1\r\nHost: test\r\n\r\n", method, path);
    client_send(fd, text);
}

/* What came, NUL-terminated; lives until the next call. */
static char client_got[1 << 21];
static size_t client_n;

/* Reads on until need is in what came, or until the end when need is NULL. False when the connection ended or
 * the deadline passed first. */
static inline bool client_more(int fd, const char *need)
{
    int64_t end = th_clock_ms() + PATIENCE_MS;
    for (;;) {
        client_got[client_n] = '\0';
        if (need != NULL && memmem(client_got, client_n, need, strlen(need)) != NULL)
            return true;
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int64_t left = end - th_clock_ms();
        if (left <= 0 || poll(&p, 1, (int)left) <= 0) {
            TH_CHECK(!"the server answers in time");
            return false;
        }
        ssize_t got = recv(fd, client_got + client_n, sizeof(client_got) - 1 - client_n, 0);
        if (got <= 0)
            return need == NULL;
        client_n += (size_t)got;
    }
}

static inline bool client_read(int fd, const char *need)
{
    client_n = 0;
    return client_more(fd, need);
}

/* The connection is closed by the server without a word. */
static inline void client_expect_end(int fd)
{
    TH_CHECK(client_read(fd, NULL));
    TH_EQ_INT(client_n, 0);
}

static inline int client_status(void)
{
    int status = 0;
    return sscanf(client_got, "HTTP/1.1 %d", &status) == 1 ? status : -1;
}

/* One request on a connection of its own, closed by the server; the status. */
static inline int client_once(const char *request)
{
    int fd = client_open();
    client_send(fd, request);
    client_read(fd, NULL);
    close(fd);
    return client_status();
}

static inline bool client_has(const char *text)
{
    return strstr(client_got, text) != NULL;
}

#endif
