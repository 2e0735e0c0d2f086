/* SPDX-License-Identifier: Apache-2.0
 *
 * A webhook that does nothing: answers every POST with 200 and counts the messages, so that the broker's own
 * limit can be seen. null_hook PORT; prints its total as a line whenever it gets SIGUSR1. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_FD 4096
#define BUFFER 65536
static const char answer[] = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

static struct line {
    char *p;
    size_t n;
} lines[MAX_FD];
static volatile sig_atomic_t asked;
static long total;

static void on_ask(int number)
{
    asked = 1;
}

/* Bytes of the first whole request in the buffer, 0: not all there. */
static size_t request_size(const struct line *l)
{
    char *end = memmem(l->p, l->n, "\r\n\r\n", 4), *length;

    if (end == NULL)
        return 0;
    *end = '\0';
    length = strcasestr(l->p, "content-length:");
    *end = '\r';
    size_t size = (size_t)(end - l->p) + 4 + (length != NULL ? strtoul(length + 15, NULL, 10) : 0);
    return l->n >= size ? size : 0;
}

static void serve(int fd)
{
    struct line *l = &lines[fd];
    ssize_t got = read(fd, l->p + l->n, BUFFER - l->n - 1);

    if (got <= 0) {
        if (got < 0 && errno == EAGAIN)
            return;
        close(fd);
        l->n = 0;
        return;
    }
    l->n += (size_t)got;
    for (size_t size; (size = request_size(l)) > 0;) {
        total += memmem(l->p, size, "\"message_publish\"", 17) != NULL;
        memmove(l->p, l->p + size, l->n - size);
        l->n -= size;
        if (write(fd, answer, sizeof(answer) - 1) < 0)
            return;
    }
}

static void take(int poll, int listener)
{
    int one = 1, fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    struct epoll_event e = {.events = EPOLLIN, .data.fd = fd};

    if (fd < 0 || fd >= MAX_FD) {
        close(fd);
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    if (lines[fd].p == NULL)
        lines[fd].p = malloc(BUFFER);
    lines[fd].n = 0;
    epoll_ctl(poll, EPOLL_CTL_ADD, fd, &e);
}

int main(int argc, char **argv)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event events[256], e = {.events = EPOLLIN};
    int poll = epoll_create1(0), listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;

    at.sin_port = htons((unsigned short)(argc > 1 ? atoi(argv[1]) : 0));
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (bind(listener, (struct sockaddr *)&at, sizeof(at)) != 0 || listen(listener, 1024) != 0) {
        perror("null_hook");
        return 1;
    }
    e.data.fd = listener;
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &e);
    signal(SIGUSR1, on_ask);
    signal(SIGPIPE, SIG_IGN);
    for (;;) {
        int n = epoll_wait(poll, events, 256, 100); /* a signal may come between two waits */

        for (int i = 0; i < n; i++) {
            if (events[i].data.fd == listener)
                take(poll, listener);
            else
                serve(events[i].data.fd);
        }
        if (asked) {
            asked = 0;
            printf("%ld\n", total);
            fflush(stdout);
        }
    }
}
