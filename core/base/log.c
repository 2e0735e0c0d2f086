/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/logfmt.h"

#define WINDOW_S 10
#define PER_WINDOW 20

static enum th_log_level least = TH_LOG_INFO;
static bool as_json;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of the sites' counts */
static __thread int worker = -1;
static __thread char request[64];

static const char *const names[] = {"debug", "info", "warn", "error"};

void th_log_init(enum th_log_level level, bool json)
{
    least = level;
    as_json = json;
}

bool th_log_on(enum th_log_level level)
{
    return level >= least;
}

void th_log_set_worker(int index)
{
    worker = index;
}

void th_log_set_request(const char *id)
{
    size_t n = 0;
    for (; id != NULL && id[n] != 0 && n < sizeof request - 1; n++)
        request[n] = id[n] > ' ' && id[n] < 0x7f && id[n] != '"' && id[n] != '=' ? id[n] : '?';
    request[n] = 0;
}

/* True when the line may be written; *missed is how many were not, in the window before. */
static bool admit(struct th_log_site *site, unsigned *missed)
{
    long window = (long)(th_clock_mono_us() / 1000000 / WINDOW_S) + 1;
    pthread_mutex_lock(&lock);
    *missed = 0;
    if (site->window != window) {
        *missed = site->count > PER_WINDOW ? site->count - PER_WINDOW : 0;
        site->window = window;
        site->count = 0;
    }
    bool ok = ++site->count <= PER_WINDOW;
    pthread_mutex_unlock(&lock);
    return ok;
}

static void line_json(struct th_buf *b, const char *time, enum th_log_level level, const char *event,
    struct th_str fields, unsigned missed)
{
    th_buf_printf(b, "{\"time\":\"%s\",\"level\":\"%s\",\"event\":\"%s\"", time, names[level], event);
    if (worker >= 0)
        th_buf_printf(b, ",\"worker\":%d", worker);
    if (request[0] != 0) {
        th_buf_puts(b, ",\"request\":");
        th_json_put_str(b, th_str(request));
    }
    th_logfmt_to_json(b, fields);
    if (missed > 0)
        th_buf_printf(b, ",\"missed\":%u", missed);
    th_buf_putc(b, '}');
}

static void line_text(struct th_buf *b, const char *time, enum th_log_level level, const char *event,
    struct th_str fields, unsigned missed)
{
    th_buf_printf(b, "time=%s level=%s event=%s", time, names[level], event);
    if (worker >= 0)
        th_buf_printf(b, " worker=%d", worker);
    if (request[0] != 0)
        th_buf_printf(b, " request=%s", request);
    if (fields.n > 0)
        th_buf_putc(b, ' ');
    th_buf_str(b, fields);
    if (missed > 0)
        th_buf_printf(b, " missed=%u", missed);
}

void th_log_at(struct th_log_site *site, enum th_log_level level, const char *event, const char *fmt, ...)
{
    int error = errno;
    unsigned missed;
    if (!admit(site, &missed))
        return;
    char time[TH_RFC3339_LEN];
    struct th_buf fields = {0}, line = {0};
    va_list ap;
    va_start(ap, fmt);
    errno = error;
    th_logfmt_put(&fields, fmt, ap);
    va_end(ap);
    th_clock_rfc3339(th_clock_ms(), time);
    (as_json ? line_json : line_text)(&line, time, level, event, th_buf_view(&fields), missed);
    th_buf_putc(&line, '\n');
    /* One write, so that lines of several threads do not mix. What standard error does not take is lost. */
    ssize_t written = write(STDERR_FILENO, line.p, line.n);
    (void)written;
    th_buf_free(&fields);
    th_buf_free(&line);
    errno = error;
}
