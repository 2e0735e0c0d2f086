/* SPDX-License-Identifier: Apache-2.0
 *
 * What went wrong, told apart by place and message, with a first and a last sample each. */
#include <ctype.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/hex.h"
#include "base/log.h"
#include "bind/scripts_private.h"
#include "io/pg.h"
#include "sec/digest.h"
#include "store/dead_letter.h"

#define SAMPLES_MAX 256 /* errors of a worker until the next flush; more are only counted as failed runs */
#define PAYLOAD_MAX 1024

struct sample {
    int64_t at_us;
    char device[129];
    char message[512];
    unsigned char payload[PAYLOAD_MAX];
    size_t n, size; /* what is kept of it, and all of it */
};

struct th_error_sample {
    struct th_error_sample *next;
    int64_t product_id, version;
    char function[64];
    unsigned char digest[32];
    enum th_run kind;
    char place[160], message[256];
    uint64_t count;
    struct sample first, last;
};

/* Numbers and what stands in double quotes are what a device said, not what went wrong. */
static void normalise(const char *in, char *out, size_t room)
{
    size_t n = 0;
    for (const char *p = in; *p != 0 && n + 4 < room;) {
        const char *end = *p == '"' ? strchr(p + 1, '"') : NULL;
        if (end != NULL) {
            memcpy(out + n, "\"#\"", 3);
            n += 3;
            p = end + 1;
        } else if (isdigit((unsigned char)*p)) {
            out[n++] = '#';
            while (isalnum((unsigned char)*p) || *p == '.')
                p++;
        } else {
            out[n++] = *p++;
        }
    }
    out[n] = 0;
}

static void take(struct sample *s, const struct th_device *d, const struct th_message *m, const char *message)
{
    struct th_str payload = m != NULL ? m->payload : TH_STR("");
    s->at_us = th_clock_us();
    snprintf(s->device, sizeof s->device, "%s", d->key);
    snprintf(s->message, sizeof s->message, "%s", message);
    s->size = payload.n;
    payload = th_str_cut(payload, PAYLOAD_MAX);
    s->n = payload.n;
    if (payload.n > 0)
        memcpy(s->payload, payload.p, payload.n);
}

static struct th_error_sample *find(struct th_scripts *s, const struct th_error_sample *like)
{
    for (struct th_error_sample *e = s->errors; e != NULL; e = e->next)
        if (e->product_id == like->product_id && e->version == like->version &&
            memcmp(e->digest, like->digest, sizeof e->digest) == 0)
            return e;
    return NULL;
}

void th_errors_note(struct th_scripts *s, const struct th_device *d, const struct th_message *m,
    int64_t version, const struct th_report *r)
{
    struct th_error_sample like = {.product_id = d->product->id, .version = version, .kind = r->run};
    snprintf(like.function, sizeof like.function, "%s", r->function);
    snprintf(like.place, sizeof like.place, "%s:%d", r->where, r->line);
    normalise(r->message, like.message, sizeof like.message);
    const struct th_str parts[] = {th_str(like.function), TH_STR("\n"), th_str(th_run_name(r->run)),
        TH_STR("\n"), th_str(like.place), TH_STR("\n"), th_str(like.message)};
    th_sha256(like.digest, parts, sizeof parts / sizeof *parts);
    struct th_error_sample *e = find(s, &like);
    if (e == NULL) {
        if (s->nerrors >= SAMPLES_MAX)
            return;
        e = th_alloc(sizeof *e);
        *e = like;
        take(&e->first, d, m, r->message);
        e->next = s->errors;
        s->errors = e;
        s->nerrors++;
    }
    e->count++;
    take(&e->last, d, m, r->message);
}

/* A version has 200 different errors at most: a script can make up messages without end. Workers write what
 * they met in any order, so that which sample is the first and which the last is told by their times; these
 * are added to the epoch, since a float of seconds would round microseconds. */
static const char errors_sql[] =
    "insert into script_error as e (product_id, version, function, digest, kind, place, message, count,"
    "  first_at, first_device, first_message, first_payload, first_size, first_text,"
    "  last_at, last_device, last_message, last_payload, last_size, last_text)"
    " select $1::bigint, $2::integer, $3, $4::uuid, $5, $6, $7, $8::bigint,"
    "  timestamptz 'epoch' + $9::bigint * interval '1 microsecond',"
    "  $10, $11, $12::bytea, $13::integer, $14::boolean,"
    "  timestamptz 'epoch' + $15::bigint * interval '1 microsecond',"
    "  $16, $17, $18::bytea, $19::integer, $20::boolean"
    " where exists (select from product where id = $1::bigint) and ((select count(*) from script_error"
    "   where product_id = $1::bigint and version = $2::integer) < 200 or exists (select from script_error"
    "   where product_id = $1::bigint and version = $2::integer and function = $3 and digest = $4::uuid))"
    " on conflict (product_id, version, function, digest) do update set count = e.count + excluded.count,"
    "  (first_at, first_device, first_message, first_payload, first_size, first_text) ="
    "   (select * from (values"
    "     (e.first_at, e.first_device, e.first_message, e.first_payload, e.first_size, e.first_text),"
    "     (excluded.first_at, excluded.first_device, excluded.first_message, excluded.first_payload,"
    "      excluded.first_size, excluded.first_text))"
    "    as of_both order by 1 limit 1),"
    "  (last_at, last_device, last_message, last_payload, last_size, last_text) ="
    "   (select * from (values"
    "     (e.last_at, e.last_device, e.last_message, e.last_payload, e.last_size, e.last_text),"
    "     (excluded.last_at, excluded.last_device, excluded.last_message, excluded.last_payload,"
    "      excluded.last_size, excluded.last_text))"
    "    as of_both order by 1 desc limit 1)";

static void on_written(void *arg, const struct th_pg_outcome *o)
{
    if (o->code != 0)
        th_warn("script_errors_not_recorded", "error=\"%s\"", o->message);
}

/* Texts of a statement's parameters. */
struct written {
    struct th_buf all, scratch;
    size_t at[20];
};

static void text(struct written *w, int i, struct th_str s)
{
    w->at[i] = w->all.n;
    th_buf_str(&w->all, th_dead_letter_text(&w->scratch, s));
    th_buf_putc(&w->all, 0);
}

static void number(struct written *w, int i, int64_t n)
{
    w->at[i] = w->all.n;
    th_buf_int(&w->all, n);
    th_buf_putc(&w->all, 0);
}

static void hex(struct written *w, int i, const char *prefix, const unsigned char *bytes, size_t n)
{
    w->at[i] = w->all.n;
    th_buf_puts(&w->all, prefix);
    th_hex_encode(th_buf_room(&w->all, 2 * n + 1), bytes, n);
    w->all.n += 2 * n + 1; /* with the NUL */
}

static void write_sample(struct written *w, int i, const struct sample *s)
{
    struct th_str payload = {(const char *)s->payload, s->n};
    bool is_text = th_str_is_utf8(payload) && (s->n == 0 || memchr(s->payload, 0, s->n) == NULL);
    number(w, i, s->at_us);
    text(w, i + 1, th_str(s->device));
    text(w, i + 2, th_str(s->message));
    hex(w, i + 3, "\\x", s->payload, s->n);
    number(w, i + 4, (int64_t)s->size);
    text(w, i + 5, is_text ? TH_STR("t") : TH_STR("f"));
}

static bool write_error(struct th_scripts *s, const struct th_error_sample *e)
{
    struct written w = {0};
    const char *params[20];
    number(&w, 0, e->product_id);
    number(&w, 1, e->version);
    text(&w, 2, th_str(e->function));
    hex(&w, 3, "", e->digest, 16);
    text(&w, 4, th_str(th_run_name(e->kind)));
    text(&w, 5, th_str(e->place));
    text(&w, 6, th_str(e->message));
    number(&w, 7, (int64_t)e->count);
    write_sample(&w, 8, &e->first);
    write_sample(&w, 14, &e->last);
    for (int i = 0; i < 20; i++)
        params[i] = w.all.p + w.at[i];
    int rc = th_pg_query(s->w->pg, errors_sql, true, 20, params, on_written, NULL, NULL);
    th_buf_free(&w.all);
    th_buf_free(&w.scratch);
    return rc == 0;
}

void th_errors_flush(struct th_scripts *s)
{
    while (s->errors != NULL && write_error(s, s->errors)) {
        struct th_error_sample *e = s->errors;
        s->errors = e->next;
        s->nerrors--;
        th_free(e);
    }
}

void th_errors_free(struct th_scripts *s)
{
    for (struct th_error_sample *e = s->errors, *next; e != NULL; e = next) {
        next = e->next;
        th_free(e);
    }
}
