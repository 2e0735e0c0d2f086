/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/conf.h"
#include "base/log.h"
#include "bind/bind.h"
#include "bind/call.h"
#include "bind/scripts.h"
#include "io/cron.h"
#include "io/pg.h"

#define DEFAULT_PRODUCT "plugins/product/default/init.lua"

/* Calls since the last flush, of one function of one version. */
struct th_run_record {
    struct th_run_record *next;
    const char *function; /* a constant */
    int64_t version;
    uint64_t runs, errors, cpu_us, cpu_max_us, memory_max;
    char error[800];
};

struct th_product_script {
    struct th_product_script *next;
    int64_t product_id;
    int64_t version; /* of gen */
    int64_t failed;  /* a version that could not be loaded, and why */
    char why[600];
    struct th_gen *gen;
    struct th_run_record *records;
};

static const struct th_binding *const bindings[] = {th_bind_pure, th_bind_effects, NULL};

static void on_log(
    struct th_gen *gen, void *ctx, enum th_log_level level, struct th_str text, const char *where, int line)
{
    const struct th_call_context *c = ctx;
    TH_LOG_(level, "script_log", "script=%s device=%s at=%s:%d text=\"%.*s\"", th_gen_name(gen),
        c != NULL && c->device != NULL ? c->device->key : "-", where, line, TH_STR_FMT(text));
}

static int read_file(const char *home, const char *name, struct th_buf *text, struct th_error *err)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", home, name);
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return th_fail(err, TH_EIO, "%s: %m", path);
    size_t n;
    while ((n = fread(th_buf_room(text, 4096), 1, 4096, f)) > 0)
        text->n += n;
    int rc = ferror(f) ? th_fail(err, TH_EIO, "%s: cannot be read", path) : 0;
    fclose(f);
    return rc;
}

int th_scripts_default_text(const char *home, struct th_buf *text, struct th_error *err)
{
    return read_file(home, DEFAULT_PRODUCT, text, err);
}

int th_scripts_build(struct th_budget *budget, const struct th_conf *conf, struct th_str default_text,
    const char *product, int64_t version, const char *source, void *owner, struct th_gen **out,
    struct th_report *report, struct th_error *err)
{
    struct th_source sources[] = {
        {TH_ROLE_DEFAULT, "default", DEFAULT_PRODUCT, default_text},
        {TH_ROLE_PRODUCT, NULL, "init.lua", th_str(source)},
    };
    struct th_gen_spec spec = {
        .budget = budget,
        .name = product,
        .version = version,
        .sources = sources,
        .source_count = source != NULL ? 2 : 1,
        .bindings = bindings,
        .limits = {.memory = (size_t)conf->script_memory, .cpu_us = (uint32_t)conf->script_cpu * 1000},
        .log = on_log,
        .owner = owner,
    };
    return th_gen_new(out, &spec, report, err);
}

static int load_shared(struct th_scripts *s, struct th_error *err)
{
    return th_scripts_build(s->budget, s->w->rt->conf, th_buf_view(&s->shared_text), "default", 0, NULL, s->w,
        &s->shared, NULL, err);
}

static struct th_product_script **slot_of(const struct th_scripts *s, int64_t product_id)
{
    return &s->slots[(uint64_t)product_id * 0x9e3779b97f4a7c15u >> 32 & (s->nslots - 1)];
}

static void grow(struct th_scripts *s)
{
    struct th_scripts bigger = {.nslots = s->nslots * 2};
    bigger.slots = th_calloc(bigger.nslots, sizeof(void *));
    for (size_t i = 0; i < s->nslots; i++) {
        for (struct th_product_script *p = s->slots[i], *next; p != NULL; p = next) {
            next = p->next;
            struct th_product_script **slot = slot_of(&bigger, p->product_id);
            p->next = *slot;
            *slot = p;
        }
    }
    th_free(s->slots);
    s->slots = bigger.slots;
    s->nslots = bigger.nslots;
}

static struct th_product_script *entry_of(struct th_scripts *s, int64_t product_id, bool make)
{
    struct th_product_script *p = *slot_of(s, product_id);
    while (p != NULL && p->product_id != product_id)
        p = p->next;
    if (p != NULL || !make)
        return p;
    if (s->count++ >= s->nslots)
        grow(s);
    p = th_calloc(1, sizeof *p);
    p->product_id = product_id;
    struct th_product_script **slot = slot_of(s, product_id);
    p->next = *slot;
    *slot = p;
    return p;
}

/* Builds the product's active version aside and swaps it in. A version that failed is not tried again until
 * another is activated. */
static void switch_to(struct th_scripts *s, struct th_product_script *e, const struct th_product *p)
{
    struct th_gen *gen;
    struct th_error err;
    if (e->failed == p->script_version)
        return;
    if (th_scripts_build(s->budget, s->w->rt->conf, th_buf_view(&s->shared_text), p->key, p->script_version,
            p->script, s->w, &gen, NULL, &err) != 0) {
        e->failed = p->script_version;
        snprintf(e->why, sizeof e->why, "%s", err.msg);
        th_erro("script_not_loaded", "product=%s version=%lld error=\"%s\"", p->key,
            (long long)p->script_version, err.msg);
        return;
    }
    if (e->gen != NULL)
        th_gen_unref(e->gen);
    e->gen = gen;
    e->version = p->script_version;
    e->failed = 0;
    th_info("script_active", "product=%s version=%lld", p->key, (long long)p->script_version);
}

struct th_gen *th_scripts_of(
    struct th_scripts *s, const struct th_product *p, int64_t *version, const char **why)
{
    struct th_error err;
    *version = 0;
    if (p->script_version == 0) {
        if (s->shared == NULL && load_shared(s, &err) != 0)
            *why = "the default product cannot be loaded";
        return s->shared;
    }
    struct th_product_script *e = entry_of(s, p->id, true);
    if (e->gen == NULL || e->version != p->script_version)
        switch_to(s, e, p);
    *version = e->version;
    *why = e->why;
    return e->gen;
}

static void retire(struct th_scripts *s, struct th_product_script *e)
{
    struct th_gen **gen = e != NULL ? &e->gen : &s->shared;
    if (*gen == NULL || !th_gen_spent(*gen))
        return;
    th_warn("script_state_retired", "script=%s", th_gen_name(*gen));
    th_gen_unref(*gen);
    *gen = NULL; /* the next message builds a fresh one */
}

static void record(
    struct th_product_script *e, const char *function, int64_t version, const struct th_report *r)
{
    struct th_run_record *rec = e->records;
    while (rec != NULL && (rec->version != version || strcmp(rec->function, function) != 0))
        rec = rec->next;
    if (rec == NULL) {
        rec = th_calloc(1, sizeof *rec);
        rec->function = function;
        rec->version = version;
        rec->next = e->records;
        e->records = rec;
    }
    rec->runs++;
    rec->cpu_us += r->cpu_us;
    if (r->cpu_us > rec->cpu_max_us)
        rec->cpu_max_us = r->cpu_us;
    if (r->mem_peak > rec->memory_max)
        rec->memory_max = r->mem_peak;
    if (r->run == TH_RUN_OK || r->run == TH_RUN_NO_FUNCTION)
        return;
    rec->errors++;
    snprintf(
        rec->error, sizeof rec->error, "%s:%d: %s: %s", r->where, r->line, th_run_name(r->run), r->message);
}

void th_scripts_note(struct th_scripts *s, const struct th_product *p, const char *function, int64_t version,
    const struct th_report *report)
{
    struct th_product_script *e = version != 0 ? entry_of(s, p->id, false) : NULL;
    if (report->run != TH_RUN_OK && report->run != TH_RUN_NO_FUNCTION && report->run != TH_RUN_ERROR)
        retire(s, e);
    if (e != NULL && report->run != TH_RUN_NO_FUNCTION)
        record(e, function, version, report);
}

static const char runs_sql[] =
    "insert into script_run as r (product_id, version, function, minute, runs, errors, cpu_us, cpu_max_us,"
    "  memory_max, error)"
    " select $1::bigint, $2::integer, $3, date_trunc('minute', now()), $4::bigint, $5::bigint, $6::bigint, $7::bigint,"
    "  $8::bigint, nullif($9, '') where exists (select from product where id = $1::bigint)"
    " on conflict (product_id, version, function, minute) do update set runs = r.runs + excluded.runs,"
    "  errors = r.errors + excluded.errors, cpu_us = r.cpu_us + excluded.cpu_us,"
    "  cpu_max_us = greatest(r.cpu_max_us, excluded.cpu_max_us),"
    "  memory_max = greatest(r.memory_max, excluded.memory_max), error = coalesce(excluded.error, r.error)";

static void on_recorded(void *arg, const struct th_pg_outcome *o)
{
    if (o->code != 0)
        th_warn("script_runs_not_recorded", "error=\"%s\"", o->message);
}

static void write_record(struct th_scripts *s, int64_t product_id, struct th_run_record *rec)
{
    char v[8][24];
    const int64_t numbers[] = {product_id, rec->version, (int64_t)rec->runs, (int64_t)rec->errors,
        (int64_t)rec->cpu_us, (int64_t)rec->cpu_max_us, (int64_t)rec->memory_max};
    for (int i = 0; i < 7; i++)
        snprintf(v[i], sizeof v[i], "%lld", (long long)numbers[i]);
    const char *params[] = {v[0], v[1], rec->function, v[2], v[3], v[4], v[5], v[6], rec->error};
    if (th_pg_query(s->w->pg, runs_sql, true, 9, params, on_recorded, NULL, NULL) != 0)
        return; /* kept: they go with the next ones */
    *rec = (struct th_run_record){.next = rec->next, .function = rec->function, .version = rec->version};
}

/* Every few seconds: what the calls used goes to the database, where all workers' figures add up. */
static void flush_records(struct th_worker *w, void *scripts)
{
    struct th_scripts *s = scripts;
    for (size_t i = 0; i < s->nslots; i++)
        for (struct th_product_script *e = s->slots[i]; e != NULL; e = e->next)
            for (struct th_run_record *rec = e->records; rec != NULL; rec = rec->next)
                if (rec->runs > 0)
                    write_record(s, e->product_id, rec);
}

int th_scripts_start(struct th_worker *w, struct th_error *err)
{
    struct th_scripts *s = th_calloc(1, sizeof *s);
    w->scripts = s;
    s->w = w;
    s->nslots = 16;
    s->slots = th_calloc(s->nslots, sizeof(void *));
    int rc = th_budget_open(&s->budget, err);
    if (rc == 0)
        rc = th_scripts_default_text(w->rt->shared->home, &s->shared_text, err);
    if (rc == 0)
        rc = load_shared(s, err);
    if (rc == 0)
        th_cron_add(w, "script_runs", 5000, flush_records, s);
    return rc;
}

static void free_entry(struct th_product_script *e)
{
    if (e->gen != NULL)
        th_gen_unref(e->gen);
    for (struct th_run_record *rec = e->records, *next; rec != NULL; rec = next) {
        next = rec->next;
        th_free(rec);
    }
    th_free(e);
}

void th_scripts_stop(struct th_worker *w)
{
    struct th_scripts *s = w->scripts;
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->nslots; i++) {
        for (struct th_product_script *e = s->slots[i], *next; e != NULL; e = next) {
            next = e->next;
            free_entry(e);
        }
    }
    if (s->shared != NULL)
        th_gen_unref(s->shared);
    if (s->budget != NULL)
        th_budget_close(s->budget);
    th_buf_free(&s->shared_text);
    th_free(s->slots);
    th_free(s);
    w->scripts = NULL;
}
