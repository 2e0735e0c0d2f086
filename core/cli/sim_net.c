/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sim_net.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/clock.h"
#include "sec/password.h"
#include "sec/rand.h"

#define KEEPALIVE_SECONDS 60
#define PROBE_MS 5000

static volatile sig_atomic_t stop_seen;

static void on_signal(int number)
{
    stop_seen = 1;
}

void th_sim_stop_on_signals(void)
{
    struct sigaction act = {.sa_handler = on_signal};

    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
    signal(SIGPIPE, SIG_IGN);
}

bool th_sim_stopping(void)
{
    return stop_seen != 0;
}

/* 0 or an errno. */
static int try_address(const struct addrinfo *a)
{
    struct pollfd p = {.events = POLLOUT};
    socklen_t n = sizeof(int);
    int error = 0;

    p.fd = socket(a->ai_family, a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, a->ai_protocol);
    if (p.fd < 0)
        return errno;
    if (connect(p.fd, a->ai_addr, a->ai_addrlen) != 0) {
        error = errno;
        if (error == EINPROGRESS) {
            error = ETIMEDOUT;
            if (poll(&p, 1, PROBE_MS) == 1)
                getsockopt(p.fd, SOL_SOCKET, SO_ERROR, &error, &n);
        }
    }
    close(p.fd);
    return error;
}

/* libmosquitto waits for TCP as long as the kernel does and names no reason, so we look first. */
static int probe(const char *host, int port, struct th_error *err)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list;
    char service[8];
    int error;

    snprintf(service, sizeof(service), "%d", port);
    error = getaddrinfo(host, service, &hints, &list);
    if (error != 0)
        return th_fail(err, TH_EUNAVAIL, "cannot find the broker's host %s: %s", host, gai_strerror(error));
    error = EADDRNOTAVAIL;
    for (const struct addrinfo *a = list; a != NULL && error != 0; a = a->ai_next)
        error = try_address(a);
    freeaddrinfo(list);
    if (error != 0)
        return th_fail(err, TH_EUNAVAIL, "no broker answers at %s:%d: %s", host, port, strerror(error));
    return 0;
}

int th_sim_net_open(struct th_sim_net *net, const char *host, int port, struct th_error *err)
{
    struct rlimit files;
    int code = probe(host, port, err);

    if (code != 0)
        return code;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    mosquitto_lib_init();
    *net = (struct th_sim_net){.host = host, .port = port, .epoll_fd = epoll_create1(EPOLL_CLOEXEC)};
    if (net->epoll_fd < 0)
        return th_fail(err, TH_EIO, "epoll_create1: %m");
    return 0;
}

void th_sim_net_close(struct th_sim_net *net)
{
    while (net->first != NULL) {
        struct th_sim_conn *c = net->first;

        net->first = c->next;
        mosquitto_destroy(c->m);
        th_free(c->username);
        th_free(c->client_id);
        th_free(c->key);
        th_free(c);
    }
    close(net->epoll_fd);
    mosquitto_lib_cleanup();
}

/* Brings the epoll set in line with what the library wants now. A socket that it closed has left the set by
 * itself. */
static void watch(struct th_sim_conn *c)
{
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    int fd = mosquitto_socket(c->m);
    bool writing = fd >= 0 && mosquitto_want_write(c->m);

    if (fd < 0) {
        c->open = c->writing = false;
        return;
    }
    if (c->open && writing == c->writing)
        return;
    if (writing)
        e.events |= EPOLLOUT;
    epoll_ctl(c->net->epoll_fd, c->open ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &e);
    c->open = true;
    c->writing = writing;
}

static void on_connect(struct mosquitto *m, void *obj, int connack)
{
    struct th_sim_conn *c = obj;

    c->refusal = connack;
    if (connack != 0)
        return; /* on_disconnect follows */
    c->up = true;
    c->events->on_up(c->arg);
}

static void on_disconnect(struct mosquitto *m, void *obj, int rc)
{
    struct th_sim_conn *c = obj;
    bool refused = c->refusal != 0;
    const char *why = refused   ? mosquitto_connack_string(c->refusal)
                      : rc == 0 ? "disconnected"
                                : mosquitto_strerror(rc);

    c->up = c->open = c->writing = false;
    c->refusal = 0;
    c->events->on_down(c->arg, refused, why);
}

static void on_publish(struct mosquitto *m, void *obj, int mid)
{
    struct th_sim_conn *c = obj;

    if (c->events->on_acked != NULL)
        c->events->on_acked(c->arg, mid);
}

static void on_message(struct mosquitto *m, void *obj, const struct mosquitto_message *msg)
{
    struct th_sim_conn *c = obj;

    if (c->events->on_message != NULL)
        c->events->on_message(
            c->arg, th_str(msg->topic), (struct th_str){msg->payload, (size_t)msg->payloadlen});
}

struct th_sim_conn *th_sim_conn_new(struct th_sim_net *net, const char *product, const char *device,
    const char *key, int window, const struct th_sim_events *events, void *arg)
{
    struct th_sim_conn *c = th_calloc(1, sizeof(*c));

    c->net = net;
    c->events = events;
    c->arg = arg;
    c->username = th_strdup(product);
    c->client_id = th_strdup(device);
    c->key = th_strdup(key);
    c->m = mosquitto_new(device, true, c);
    if (c->m == NULL)
        abort(); /* out of memory: the name was checked before */
    mosquitto_max_inflight_messages_set(c->m, (unsigned)window);
    mosquitto_connect_callback_set(c->m, on_connect);
    mosquitto_disconnect_callback_set(c->m, on_disconnect);
    mosquitto_publish_callback_set(c->m, on_publish);
    mosquitto_message_callback_set(c->m, on_message);
    c->next = net->first;
    net->first = c;
    return c;
}

static void sign(struct th_sim_conn *c)
{
    struct th_buf password = {0};
    char nonce[7];

    th_rand_text(nonce, 6);
    th_password_make(
        &password, th_str(c->client_id), (struct th_str){nonce, 6}, th_clock_ms() / 1000, th_str(c->key));
    mosquitto_username_pw_set(c->m, c->username, th_buf_cstr(&password));
    th_buf_free(&password);
}

int th_sim_conn_start(struct th_sim_conn *c, struct th_error *err)
{
    int rc;

    sign(c);
    c->refusal = 0;
    rc = mosquitto_connect(c->m, c->net->host, c->net->port, KEEPALIVE_SECONDS);
    if (rc != MOSQ_ERR_SUCCESS)
        return th_fail(err, TH_EUNAVAIL, "%s:%d: %s", c->net->host, c->net->port,
            rc == MOSQ_ERR_ERRNO ? strerror(errno) : mosquitto_strerror(rc));
    watch(c);
    return 0;
}

void th_sim_conn_stop(struct th_sim_conn *c)
{
    mosquitto_disconnect(c->m);
    watch(c);
}

void th_sim_conn_cut(struct th_sim_conn *c)
{
    if (mosquitto_socket(c->m) >= 0)
        shutdown(mosquitto_socket(c->m), SHUT_RDWR);
}

bool th_sim_conn_publish(struct th_sim_conn *c, const char *topic, struct th_str payload, int qos, int *mid)
{
    int rc = mosquitto_publish(c->m, mid, topic, (int)payload.n, payload.p, qos, false);

    watch(c);
    return rc == MOSQ_ERR_SUCCESS;
}

static void handle(struct th_sim_conn *c, uint32_t events)
{
    int rc = MOSQ_ERR_SUCCESS;

    if (events & (EPOLLIN | EPOLLERR | EPOLLHUP))
        rc = mosquitto_loop_read(c->m, 1);
    if (rc == MOSQ_ERR_SUCCESS && mosquitto_socket(c->m) >= 0 && mosquitto_want_write(c->m))
        mosquitto_loop_write(c->m, 1);
    watch(c);
}

void th_sim_net_turn(struct th_sim_net *net, int timeout_ms)
{
    struct epoll_event events[256];
    int n = epoll_wait(net->epoll_fd, events, 256, timeout_ms);
    int64_t now = th_clock_ms();

    for (int i = 0; i < n; i++)
        handle(events[i].data.ptr, events[i].events);
    if (now < net->misc_at)
        return;
    net->misc_at = now + 1000;
    for (struct th_sim_conn *c = net->first; c != NULL; c = c->next) {
        if (c->open) {
            mosquitto_loop_misc(c->m);
            watch(c);
        }
    }
}
