/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "bind/bind.h"
#include "bind/call.h"
#include "bind/modules.h"
#include "bind/scripts_private.h"
#include "io/cron.h"

#define DEFAULT_PRODUCT "plugins/product/default/init.lua"

static const struct th_binding *const bindings[] = {th_bind_pure, th_bind_effects, NULL};

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

int th_scripts_build(const struct th_script_host *host, const char *product, int64_t version,
    const char *source, const char *modules, struct th_gen **out, struct th_report *report,
    struct th_error *err)
{
    struct th_arena arena;
    struct th_module *list;
    size_t n;
    if (report != NULL)
        *report = (struct th_report){0};
    th_arena_init(&arena);
    int rc = th_modules_read(&arena, modules, &list, &n, err);
    if (rc != 0) {
        th_arena_free(&arena);
        return rc;
    }
    struct th_source *sources = th_arena_zalloc(&arena, (n + 2) * sizeof *sources);
    sources[0] = (struct th_source){TH_ROLE_DEFAULT, "default", DEFAULT_PRODUCT, host->default_text};
    for (size_t i = 0; i < n; i++)
        sources[i + 1] = (struct th_source){TH_ROLE_MODULE, list[i].name, list[i].chunk, list[i].text};
    sources[n + 1] = (struct th_source){TH_ROLE_PRODUCT, NULL, "init.lua", th_str(source)};
    struct th_gen_spec spec = {
        .budget = host->budget,
        .name = product,
        .version = version,
        .sources = sources,
        .source_count = source != NULL ? n + 2 : 1,
        .bindings = bindings,
        .limits = {.memory = (size_t)host->conf->script_memory,
            .cpu_us = (uint32_t)host->conf->script_cpu * 1000},
        .log = host->log,
        .owner = host->owner,
    };
    rc = th_gen_new(out, &spec, report, err);
    th_arena_free(&arena);
    return rc;
}

static struct th_script_host host_of(struct th_scripts *s)
{
    return (struct th_script_host){
        s->budget, s->w->rt->conf, th_buf_view(&s->shared_text), th_lines_on_log, s->w};
}

static int load_shared(struct th_scripts *s, struct th_error *err)
{
    struct th_script_host host = host_of(s);
    return th_scripts_build(&host, "default", 0, NULL, NULL, &s->shared, NULL, err);
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

struct th_product_script *th_scripts_entry(struct th_scripts *s, int64_t product_id)
{
    struct th_product_script *e = *slot_of(s, product_id);
    while (e != NULL && e->product_id != product_id)
        e = e->next;
    return e;
}

static struct th_product_script *entry_of(struct th_scripts *s, const struct th_product *p)
{
    struct th_product_script *e = th_scripts_entry(s, p->id);
    if (e != NULL || (p->script.version == 0 && p->canary.version == 0))
        return e;
    if (s->count++ >= s->nslots)
        grow(s);
    e = th_calloc(1, sizeof *e);
    e->product_id = p->id;
    snprintf(e->key, sizeof e->key, "%s", p->key);
    struct th_product_script **slot = slot_of(s, p->id);
    e->next = *slot;
    *slot = e;
    return e;
}

static void unload(struct th_scripts *s, struct th_loaded *l)
{
    if (l->gen != NULL)
        th_count_n(s->w->store->metrics, scripts_loaded, -1ull);
    th_gen_unref(l->gen);
    th_free(l->health);
    *l = (struct th_loaded){0};
}

/* The product was changed: what is no longer wanted goes, and a canary that is in force now keeps its
 * generation. */
static void follow(struct th_scripts *s, struct th_product_script *e, const struct th_product *p)
{
    int64_t canary = e->canary.version;
    e->stamp = p->scripts_stamp;
    if (canary != 0 && canary == p->script.version && canary != e->in_force.version) {
        unload(s, &e->in_force);
        e->in_force = e->canary;
        e->canary = (struct th_loaded){0};
    }
    if (p->script.version == 0)
        unload(s, &e->in_force);
    if (p->canary.version == 0)
        unload(s, &e->canary);
    e->percent = p->fallback.percent;
    e->window_us = (uint64_t)p->fallback.window_ms * 1000;
    e->needed = p->fallback.on ? p->fallback.devices : 0;
    e->log_level = p->log_level;
    e->debug_until_ms = p->debug_until_ms;
    e->canary_needed = e->needed < p->canary_size || p->canary_size == 0 ? e->needed : p->canary_size;
}

static void count_swap(struct th_scripts *s, uint64_t started_us)
{
    struct th_metrics *m = s->w->store->metrics;
    uint64_t took = th_clock_mono_us() - started_us;
    th_count(m, script_swaps);
    th_count_n(m, script_swap_us, took);
    if (took > atomic_load_explicit(&m->script_swap_max_us, memory_order_relaxed))
        atomic_store_explicit(&m->script_swap_max_us, took, memory_order_relaxed);
}

/* Builds the version aside and swaps it in; false: it is not there. A version that failed is not tried again
 * until another is activated. */
static bool load(struct th_scripts *s, struct th_product_script *e, struct th_loaded *l,
    const struct th_product_version *v)
{
    struct th_gen *gen;
    struct th_error err;
    uint64_t started_us = th_clock_mono_us();
    if (l->activation != v->activation) { /* put in force anew: what was counted of it was another time */
        th_free(l->health);
        l->health = NULL;
        l->failed = 0;
        l->activation = v->activation;
    }
    if (l->gen != NULL && l->version == v->version)
        return true;
    if (l->failed == v->version)
        return false;
    struct th_script_host host = host_of(s);
    s->loading = e;
    int rc = th_scripts_build(&host, e->key, v->version, v->source, v->modules, &gen, NULL, &err);
    s->loading = NULL;
    if (rc != 0) {
        l->failed = v->version;
        l->reported = false;
        snprintf(l->why, sizeof l->why, "%s", err.msg);
        th_erro("script_not_loaded", "product=%s version=%lld error=\"%s\"", e->key, (long long)v->version,
            err.msg);
        return false;
    }
    if (l->gen == NULL)
        th_count(s->w->store->metrics, scripts_loaded);
    th_gen_unref(l->gen);
    l->gen = gen;
    l->version = v->version;
    l->failed = 0;
    count_swap(s, started_us);
    th_info("script_active", "product=%s version=%lld", e->key, (long long)v->version);
    return true;
}

static bool in_canary(const struct th_device *d)
{
    return d->canary_version != 0 && d->canary_version == d->product->canary.version;
}

int64_t th_scripts_version(const struct th_device *d)
{
    return in_canary(d) ? d->canary_version : d->product->script.version;
}

static struct th_gen *shared_of(struct th_scripts *s, const char **why)
{
    struct th_error err;
    if (s->shared == NULL && load_shared(s, &err) != 0)
        *why = "the default product cannot be loaded";
    return s->shared;
}

struct th_gen *th_scripts_of(
    struct th_scripts *s, const struct th_device *d, int64_t *version, const char **why)
{
    const struct th_product *p = d->product;
    struct th_product_script *e = entry_of(s, p);
    bool newest = e == NULL || p->scripts_stamp >= e->stamp; /* else read before the last change */
    *version = 0;
    if (e != NULL)
        e->used_ms = uv_now(&s->w->loop);
    if (e != NULL && p->scripts_stamp > e->stamp)
        follow(s, e, p);
    if (in_canary(d) && newest && load(s, e, &e->canary, &p->canary)) {
        *version = e->canary.version;
        return e->canary.gen;
    }
    if (p->script.version == 0)
        return shared_of(s, why);
    if (newest || e->in_force.gen == NULL)
        load(s, e, &e->in_force, &p->script);
    *version = e->in_force.version;
    *why = e->in_force.why;
    return e->in_force.gen;
}

static struct th_loaded *loaded_of(struct th_product_script *e, int64_t version)
{
    return e->canary.version == version ? &e->canary : &e->in_force;
}

static void retire(struct th_scripts *s, struct th_gen **gen)
{
    if (*gen == NULL || !th_gen_spent(*gen))
        return;
    if (gen != &s->shared)
        th_count_n(s->w->store->metrics, scripts_loaded, -1ull);
    th_warn("script_state_retired", "script=%s", th_gen_name(*gen));
    th_gen_unref(*gen);
    *gen = NULL; /* the next message builds a fresh one */
}

static void note(struct th_scripts *s, const struct th_device *d, const char *function, int64_t version,
    const struct th_report *report, bool judge)
{
    struct th_product_script *e = version != 0 ? th_scripts_entry(s, d->product->id) : NULL;
    struct th_loaded *l = e != NULL ? loaded_of(e, version) : NULL;
    if (report->run != TH_RUN_OK && report->run != TH_RUN_NO_FUNCTION && report->run != TH_RUN_ERROR)
        retire(s, l != NULL ? &l->gen : &s->shared);
    if (e == NULL || report->run == TH_RUN_NO_FUNCTION)
        return;
    th_records_note(e, function, version, report);
    if (judge && l->version == version)
        th_fallback_note(e, l, d, report);
}

void th_scripts_note(struct th_scripts *s, const struct th_device *d, const char *function, int64_t version,
    const struct th_report *report)
{
    /* Whoever knows a device's name can have on_auth run: that alone takes no version back. */
    note(s, d, function, version, report, strcmp(function, "on_auth") != 0);
}

void th_scripts_note_later(
    struct th_scripts *s, const struct th_device *d, int64_t version, const struct th_report *report)
{
    /* One name for all in the records: scripts choose how many there are. */
    note(s, d, "later", version, report, report->run != TH_RUN_ERROR);
}

static void free_entry(struct th_scripts *s, struct th_product_script *e)
{
    unload(s, &e->in_force);
    unload(s, &e->canary);
    th_records_free(e);
    th_free(e);
}

/* Products that are silent, or gone, keep no state in memory. What is still to be written keeps them. */
static void drop_idle(struct th_worker *w, void *scripts)
{
    struct th_scripts *s = scripts;
    uint64_t now = uv_now(&w->loop), idle = (uint64_t)w->rt->conf->script_idle;
    for (size_t i = 0; i < s->nslots; i++) {
        for (struct th_product_script **at = &s->slots[i], *e; (e = *at) != NULL;) {
            if (now - e->used_ms < idle || e->lines_dropped > 0 || !th_records_written(e)) {
                at = &e->next;
                continue;
            }
            *at = e->next;
            s->count--;
            s->logged = s->logged == e ? NULL : s->logged;
            free_entry(s, e);
        }
    }
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
        th_cron_add(w, "script_runs", 5000, th_records_flush, s);
    if (rc == 0)
        th_fallback_start(s);
    if (rc == 0)
        th_cron_add(w, "scripts_idle", 5000, drop_idle, s);
    return rc;
}

void th_scripts_stop(struct th_worker *w)
{
    struct th_scripts *s = w->scripts;
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->nslots; i++) {
        for (struct th_product_script *e = s->slots[i], *next; e != NULL; e = next) {
            next = e->next;
            free_entry(s, e);
        }
    }
    th_gen_unref(s->shared);
    th_fallback_stop(s);
    th_errors_free(s);
    if (s->budget != NULL)
        th_budget_close(s->budget);
    th_buf_free(&s->shared_text);
    th_free(s->slots);
    th_free(s);
    w->scripts = NULL;
}
