/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"

#define WINDOW_S 10
#define PER_WINDOW 20
#define LINE_MAX_BYTES 4096

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
    snprintf(request, sizeof request, "%s", id != NULL ? id : "");
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

/* Control bytes would let a device write lines of its own into the log. */
static void clean(char *text)
{
    for (char *p = text; *p != 0; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = ' ';
}

/* key=value and key="value with blanks" into JSON members. A quote inside a quoted value ends it only before
 * a blank or the end. */
static void fields_to_json(struct th_buf *out, const char *fields)
{
    while (*fields != 0) {
        const char *eq = strchr(fields, '=');
        if (eq == NULL)
            break;
        struct th_str key = th_str_trim((struct th_str){fields, (size_t)(eq - fields)}), value;
        const char *p = eq + 1, *end;
        if (*p == '"') {
            end = ++p;
            while (*end != 0 && !(*end == '"' && (end[1] == ' ' || end[1] == 0)))
                end++;
            value = (struct th_str){p, (size_t)(end - p)};
            fields = *end != 0 ? end + 1 : end;
        } else {
            end = p + strcspn(p, " ");
            value = (struct th_str){p, (size_t)(end - p)};
            fields = end;
        }
        th_buf_putc(out, ',');
        th_json_put_str(out, key);
        th_buf_putc(out, ':');
        th_json_put_str(out, value);
    }
}

static void line_json(struct th_buf *b, const char *time, enum th_log_level level, const char *event,
    const char *fields, unsigned missed)
{
    th_buf_printf(b, "{\"time\":\"%s\",\"level\":\"%s\",\"event\":\"%s\"", time, names[level], event);
    if (worker >= 0)
        th_buf_printf(b, ",\"worker\":%d", worker);
    if (request[0] != 0) {
        th_buf_puts(b, ",\"request\":");
        th_json_put_str(b, th_str(request));
    }
    fields_to_json(b, fields);
    if (missed > 0)
        th_buf_printf(b, ",\"missed\":%u", missed);
    th_buf_putc(b, '}');
}

static void line_text(struct th_buf *b, const char *time, enum th_log_level level, const char *event,
    const char *fields, unsigned missed)
{
    th_buf_printf(b, "time=%s level=%s event=%s", time, names[level], event);
    if (worker >= 0)
        th_buf_printf(b, " worker=%d", worker);
    if (request[0] != 0)
        th_buf_printf(b, " request=%s", request);
    th_buf_printf(b, "%s%s", *fields != 0 ? " " : "", fields);
    if (missed > 0)
        th_buf_printf(b, " missed=%u", missed);
}

void th_log_at(struct th_log_site *site, enum th_log_level level, const char *event, const char *fmt, ...)
{
    unsigned missed;
    if (!admit(site, &missed))
        return;
    char fields[LINE_MAX_BYTES], time[TH_RFC3339_LEN];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(fields, sizeof fields, fmt, ap);
    va_end(ap);
    clean(fields);
    th_clock_rfc3339(th_clock_ms(), time);
    struct th_buf line = {0};
    (as_json ? line_json : line_text)(&line, time, level, event, fields, missed);
    th_buf_putc(&line, '\n');
    /* One write, so that lines of several threads do not mix. What standard error does not take is lost. */
    ssize_t written = write(STDERR_FILENO, line.p, line.n);
    (void)written;
    th_buf_free(&line);
}
