/* SPDX-License-Identifier: Apache-2.0 */
#include "store/script_log.h"

#include <uv.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/list.h"

#define SLOTS 256

struct kept {
    struct th_list link;
    enum th_log_level level;
    size_t ndevice, njson;
    char text[]; /* device, JSON */
};

struct ring {
    struct th_list link; /* in log->rings, written longest ago first */
    struct ring *hash_next;
    int64_t product_id;
    uint64_t seq;
    struct th_list lines; /* struct kept, oldest first */
    unsigned count;
    size_t bytes;
};

struct th_script_log {
    uv_mutex_t lock;
    struct ring *slots[SLOTS];
    struct th_list rings;
    size_t bytes;
};

static const char *const levels[] = {"debug", "info", "warn", "error"};

const char *th_script_level_name(enum th_log_level level)
{
    return levels[level];
}

bool th_script_level_of(struct th_str name, enum th_log_level *out)
{
    for (int i = 0; i < (int)(sizeof levels / sizeof *levels); i++) {
        if (th_str_eq(name, th_str(levels[i]))) {
            *out = (enum th_log_level)i;
            return true;
        }
    }
    return false;
}

struct th_script_log *th_script_log_new(void)
{
    struct th_script_log *log = th_calloc(1, sizeof *log);
    uv_mutex_init(&log->lock);
    th_list_init(&log->rings);
    return log;
}

static size_t size_of(const struct kept *k)
{
    return sizeof *k + k->ndevice + k->njson;
}

static void drop_line(struct th_script_log *log, struct ring *r)
{
    struct kept *k = th_list_item(r->lines.next, struct kept, link);
    r->count--;
    r->bytes -= size_of(k);
    log->bytes -= size_of(k);
    th_list_remove(&k->link);
    th_free(k);
}

static struct ring **place_of(struct th_script_log *log, int64_t product_id)
{
    struct ring **at = &log->slots[(uint64_t)product_id % SLOTS];
    while (*at != NULL && (*at)->product_id != product_id)
        at = &(*at)->hash_next;
    return at;
}

static void drop_ring(struct th_script_log *log, struct ring *r)
{
    while (r->count > 0)
        drop_line(log, r);
    *place_of(log, r->product_id) = r->hash_next;
    th_list_remove(&r->link);
    log->bytes -= sizeof *r;
    th_free(r);
}

void th_script_log_free(struct th_script_log *log)
{
    if (log == NULL)
        return;
    TH_LIST_EACH (it, tmp, &log->rings)
        drop_ring(log, th_list_item(it, struct ring, link));
    uv_mutex_destroy(&log->lock);
    th_free(log);
}

static struct ring *ring_of(struct th_script_log *log, int64_t product_id)
{
    struct ring **at = place_of(log, product_id), *r = *at;
    if (r == NULL) {
        r = *at = th_calloc(1, sizeof *r);
        r->product_id = product_id;
        th_list_init(&r->lines);
        th_list_init(&r->link);
        log->bytes += sizeof *r;
    }
    th_list_remove(&r->link);
    th_list_push(&log->rings, &r->link);
    return r;
}

static void write_line(const struct th_script_line *l, uint64_t seq, struct th_buf *out)
{
    char time[TH_RFC3339_LEN];
    th_clock_rfc3339(th_clock_ms(), time);
    th_buf_printf(out, "{\"seq\":%llu,\"time\":\"%s\",\"product\":", (unsigned long long)seq, time);
    th_json_put_str(out, l->product);
    th_buf_puts(out, ",\"device\":");
    if (l->device.n > 0)
        th_json_put_str(out, l->device);
    else
        th_buf_puts(out, "null");
    th_buf_printf(
        out, ",\"version\":%lld,\"level\":\"%s\",\"where\":", (long long)l->version, levels[l->level]);
    th_json_put_str(out, l->where);
    th_buf_printf(out, ",\"line\":%d,\"text\":", l->line);
    th_json_put_str(out, l->text);
    th_buf_putc(out, '}');
}

void th_script_log_put(struct th_script_log *log, const struct th_script_line *line, struct th_buf *out)
{
    uv_mutex_lock(&log->lock);
    struct ring *r = ring_of(log, line->product_id);
    write_line(line, ++r->seq, out);
    struct kept *k = th_alloc(sizeof *k + line->device.n + out->n);
    k->level = line->level;
    k->ndevice = line->device.n;
    k->njson = out->n;
    if (k->ndevice > 0)
        memcpy(k->text, line->device.p, k->ndevice);
    memcpy(k->text + k->ndevice, out->p, k->njson);
    th_list_push(&r->lines, &k->link);
    r->count++;
    r->bytes += size_of(k);
    log->bytes += size_of(k);
    while (r->count > TH_SCRIPT_LOG_LINES || (r->count > 1 && r->bytes > TH_SCRIPT_LOG_BYTES))
        drop_line(log, r);
    while (log->bytes > TH_SCRIPT_LOG_ALL_BYTES && log->rings.next != &r->link)
        drop_ring(log, th_list_item(log->rings.next, struct ring, link));
    uv_mutex_unlock(&log->lock);
}

static bool wanted(const struct kept *k, enum th_log_level level, struct th_str device)
{
    return k->level >= level && (device.n == 0 || th_str_eq((struct th_str){k->text, k->ndevice}, device));
}

void th_script_log_read(struct th_script_log *log, int64_t product_id, enum th_log_level level,
    struct th_str device, unsigned limit, struct th_buf *out)
{
    th_buf_putc(out, '[');
    uv_mutex_lock(&log->lock);
    const struct ring *r = *place_of(log, product_id);
    unsigned matching = 0;
    if (r != NULL) {
        TH_LIST_EACH (it, tmp, &r->lines)
            matching += wanted(th_list_item(it, struct kept, link), level, device);
        TH_LIST_EACH (at, next, &r->lines) {
            const struct kept *k = th_list_item(at, struct kept, link);
            if (!wanted(k, level, device) || matching-- > limit)
                continue;
            if (out->p[out->n - 1] != '[')
                th_buf_putc(out, ',');
            th_buf_put(out, k->text + k->ndevice, k->njson);
        }
    }
    uv_mutex_unlock(&log->lock);
    th_buf_putc(out, ']');
}
