/* SPDX-License-Identifier: Apache-2.0
 *
 * How calls went, added up per function and version until the next flush. */
#include <stdio.h>

#include "base/log.h"
#include "bind/scripts_private.h"
#include "io/pg.h"
#include "store/dead_letter.h"

#define BUCKETS 128 /* up to 2^32: an hour, 4 GiB */

/* How many calls took how much; see the migration that added the columns. */
struct histogram {
    uint32_t calls[BUCKETS];
};

/* Calls since the last flush, of one function of one version. */
struct th_run_record {
    struct th_run_record *next;
    char function[64];
    int64_t version;
    struct figures {
        uint64_t runs, errors, cpu_us, cpu_max_us, wall_max_us, memory_max;
        struct histogram cpu, wall, memory;
        char error[800];
    } since;
};

unsigned th_records_bucket(uint64_t value)
{
    value = value != 0 ? value : 1;
    unsigned octave = 63 - (unsigned)__builtin_clzll(value);
    unsigned quarter = (unsigned)(octave >= 2 ? value >> (octave - 2) : value << (2 - octave)) & 3;
    unsigned bucket = 4 * octave + quarter;
    return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

static void add(struct histogram *h, uint64_t value)
{
    h->calls[th_records_bucket(value)]++;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

void th_records_note(
    struct th_product_script *e, const char *function, int64_t version, const struct th_report *r)
{
    struct th_run_record *rec = e->records;
    while (rec != NULL && (rec->version != version || strcmp(rec->function, function) != 0))
        rec = rec->next;
    if (rec == NULL) {
        rec = th_calloc(1, sizeof *rec);
        snprintf(rec->function, sizeof rec->function, "%s", function);
        rec->version = version;
        rec->next = e->records;
        e->records = rec;
    }
    struct figures *f = &rec->since;
    f->runs++;
    f->cpu_us += r->cpu_us;
    f->cpu_max_us = larger(f->cpu_max_us, r->cpu_us);
    f->wall_max_us = larger(f->wall_max_us, r->wall_us);
    f->memory_max = larger(f->memory_max, r->mem_peak);
    add(&f->cpu, r->cpu_us);
    add(&f->wall, r->wall_us);
    add(&f->memory, r->mem_peak);
    if (r->run == TH_RUN_OK || r->run == TH_RUN_NO_FUNCTION)
        return;
    f->errors++;
    snprintf(f->error, sizeof f->error, "%s:%d: %s: %s", r->where, r->line, th_run_name(r->run), r->message);
}

static const char runs_sql[] =
    "insert into script_run as r (product_id, version, function, minute, runs, errors, cpu_us, cpu_max_us,"
    "  wall_max_us, memory_max, error, cpu_hist, wall_hist, memory_hist)"
    " select $1::bigint, $2::integer, $3, date_trunc('minute', now()), $4::bigint, $5::bigint, $6::bigint,"
    "  $7::bigint, $8::bigint, $9::bigint, nullif($10, ''), $11::jsonb, $12::jsonb, $13::jsonb"
    "  where exists (select from product where id = $1::bigint)"
    " on conflict (product_id, version, function, minute) do update set runs = r.runs + excluded.runs,"
    "  errors = r.errors + excluded.errors, cpu_us = r.cpu_us + excluded.cpu_us,"
    "  cpu_max_us = greatest(r.cpu_max_us, excluded.cpu_max_us),"
    "  wall_max_us = greatest(r.wall_max_us, excluded.wall_max_us),"
    "  memory_max = greatest(r.memory_max, excluded.memory_max), error = coalesce(excluded.error, r.error),"
    "  cpu_hist = th_hist_add(r.cpu_hist, excluded.cpu_hist),"
    "  wall_hist = th_hist_add(r.wall_hist, excluded.wall_hist),"
    "  memory_hist = th_hist_add(r.memory_hist, excluded.memory_hist)";

static void on_recorded(void *arg, const struct th_pg_outcome *o)
{
    if (o->code != 0)
        th_warn("script_runs_not_recorded", "error=\"%s\"", o->message);
}

static void write_histogram(struct th_buf *out, const struct histogram *h)
{
    th_buf_putc(out, '{');
    for (unsigned i = 0; i < BUCKETS; i++)
        if (h->calls[i] > 0)
            th_buf_printf(out, "%s\"%u\":%u", out->p[out->n - 1] != '{' ? "," : "", i, h->calls[i]);
    th_buf_putc(out, '}');
}

static void write_record(struct th_scripts *s, int64_t product_id, struct th_run_record *rec)
{
    char v[8][24];
    const struct figures *f = &rec->since;
    struct th_buf hist[3] = {0}, scratch = {0};
    const int64_t numbers[] = {product_id, rec->version, (int64_t)f->runs, (int64_t)f->errors,
        (int64_t)f->cpu_us, (int64_t)f->cpu_max_us, (int64_t)f->wall_max_us, (int64_t)f->memory_max};
    for (int i = 0; i < 8; i++)
        snprintf(v[i], sizeof v[i], "%lld", (long long)numbers[i]);
    write_histogram(&hist[0], &f->cpu);
    write_histogram(&hist[1], &f->wall);
    write_histogram(&hist[2], &f->memory);
    struct th_buf error = {0};
    th_buf_str(&error, th_dead_letter_text(&scratch, th_str(f->error)));
    const char *params[] = {v[0], v[1], rec->function, v[2], v[3], v[4], v[5], v[6], v[7],
        th_buf_cstr(&error), th_buf_cstr(&hist[0]), th_buf_cstr(&hist[1]), th_buf_cstr(&hist[2])};
    if (th_pg_query(s->w->pg, runs_sql, true, 13, params, on_recorded, NULL, NULL) == 0)
        rec->since = (struct figures){0}; /* else they go with the next ones */
    th_buf_free(&error);
    th_buf_free(&scratch);
    for (int i = 0; i < 3; i++)
        th_buf_free(&hist[i]);
}

/* What was said of versions that are no longer loaded goes once it is written. */
static void flush(struct th_scripts *s, struct th_product_script *e)
{
    for (struct th_run_record **at = &e->records, *rec; (rec = *at) != NULL;) {
        if (rec->since.runs > 0) {
            write_record(s, e->product_id, rec);
        } else if (rec->version != e->in_force.version && rec->version != e->canary.version) {
            *at = rec->next;
            th_free(rec);
            continue;
        }
        at = &rec->next;
    }
}

/* Every few seconds: what the calls used goes to the database, where all workers' figures add up. */
void th_records_flush(struct th_worker *w, void *scripts)
{
    struct th_scripts *s = scripts;
    for (size_t i = 0; i < s->nslots; i++)
        for (struct th_product_script *e = s->slots[i]; e != NULL; e = e->next)
            flush(s, e);
    th_errors_flush(s);
}

bool th_records_written(const struct th_product_script *e)
{
    for (const struct th_run_record *rec = e->records; rec != NULL; rec = rec->next)
        if (rec->since.runs > 0)
            return false;
    return true;
}

void th_records_free(struct th_product_script *e)
{
    for (struct th_run_record *rec = e->records, *next; rec != NULL; rec = next) {
        next = rec->next;
        th_free(rec);
    }
}
