/* SPDX-License-Identifier: Apache-2.0
 *
 * A version that fails is undone. A device belongs to one worker, so what the workers count adds up: each
 * tells the first one every second, which decides, by a statement that looks at what is in force then. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "bind/scripts_private.h"
#include "io/cron.h"
#include "io/pg.h"
#include "store/script_log.h"

#define EVERY_MS 1000
/* Before that the devices seen are the first few, and what they say is chance. */
#define SETTLE_US 2000000

/* What a worker says of a version, and what all have said of it. */
struct said {
    int64_t product_id, version, activation;
    char key[129];
    int64_t needed;
    double percent;
    uint64_t window_us;
    unsigned seen, failed;
    bool unloadable;
    char why[200];
};

struct said_mail {
    struct th_mail mail;
    int worker;
    unsigned n;
    struct said said[];
};

struct fallback_case {
    struct fallback_case *next;
    struct said last; /* seen and failed: of the worker that spoke last */
    uint64_t first_us, last_us;
    bool asking, decided;
    struct {
        unsigned seen, failed;
        uint64_t at_us;
    } workers[];
};

struct th_fallbacks {
    struct th_scripts *scripts; /* NULL: stopped */
    struct fallback_case *cases;
    unsigned asking;
};

void th_fallback_note(
    struct th_product_script *e, struct th_loaded *l, const struct th_device *d, const struct th_report *r)
{
    bool failed = r->run != TH_RUN_OK && r->run != TH_RUN_CANCELED && r->run != TH_RUN_YIELD;
    if (l->health == NULL)
        l->health = th_calloc(1, sizeof *l->health);
    th_health_note(l->health, th_str_hash_keyed(th_str(d->key)), failed, th_clock_mono_us(), e->window_us);
    l->reported = false;
    if (failed)
        snprintf(l->last_error, sizeof l->last_error, "%.60s:%d: %s: %.100s", r->where, r->line,
            th_run_name(r->run), r->message);
}

/* ---- the first worker ---- */

static void free_cases(struct th_fallbacks *f)
{
    for (struct fallback_case *c = f->cases, *next; c != NULL; c = next) {
        next = c->next;
        th_free(c);
    }
    th_free(f);
}

/* A question to the database under way. */
struct asked {
    struct th_fallbacks *fallbacks;
    struct said about;
};

static struct fallback_case *case_of(struct th_fallbacks *f, const struct said *about)
{
    for (struct fallback_case *c = f->cases; c != NULL; c = c->next)
        if (c->last.product_id == about->product_id && c->last.version == about->version &&
            c->last.activation == about->activation)
            return c;
    return NULL;
}

/* A line in the product's live log. */
static void tell_product(struct th_scripts *s, const struct said *about, const char *outcome, const char *now)
{
    char text[400];
    struct th_product_script *e = th_scripts_entry(s, about->product_id);
    bool none = strcmp(outcome, "none") == 0;
    if (e == NULL)
        return;
    snprintf(text, sizeof text, "%s: %s%s%s", about->why,
        none ? "no version was in force before it, so it stays" : "undone; in force is ",
        none          ? ""
        : now[0] != 0 ? "version "
                      : "none",
        none ? "" : now);
    struct th_script_line line = {.product_id = e->product_id,
        .product = th_str(e->key),
        .device = TH_STR(""),
        .version = about->version,
        .level = TH_LOG_ERROR,
        .where = TH_STR(""),
        .text = th_str(text)};
    th_lines_tell(s, e, &line);
}

static void undone(struct th_scripts *s, const struct said *about, const char *outcome, const char *now)
{
    tell_product(s, about, outcome, now);
    if (strcmp(outcome, "none") == 0) {
        th_erro("script_fails", "product=%s version=%lld reason=\"%s\" fallback=none", about->key,
            (long long)about->version, about->why);
        return;
    }
    th_count(s->w->store->metrics, script_fallbacks);
    th_erro("script_fell_back", "product=%s version=%lld what=%s now=%s reason=\"%s\"", about->key,
        (long long)about->version, outcome, now[0] != 0 ? now : "none", about->why);
}

static void on_asked(void *arg, const struct th_pg_outcome *o)
{
    struct asked *asked = arg;
    struct th_fallbacks *f = asked->fallbacks;
    struct fallback_case *c = f->scripts != NULL ? case_of(f, &asked->about) : NULL;
    if (o->code != 0)
        th_warn("script_fallback_failed", "product=%s error=\"%s\"", asked->about.key, o->message);
    else if (f->scripts != NULL && !PQgetisnull(o->res, 0, 0))
        undone(f->scripts, &asked->about, PQgetvalue(o->res, 0, 0), PQgetvalue(o->res, 0, 1));
    if (c != NULL) {
        c->asking = false;
        c->decided = o->code == 0;
    }
    th_free(asked);
    if (--f->asking == 0 && f->scripts == NULL)
        free_cases(f);
}

static const char fall_back_sql[] =
    "select outcome, version from th_script_fall_back($1::bigint, $2::integer, $3)";

static void ask(struct th_fallbacks *f, struct fallback_case *c, const char *why)
{
    char id[24], version[24];
    struct asked *asked = th_alloc(sizeof *asked);
    *asked = (struct asked){f, c->last};
    snprintf(asked->about.why, sizeof asked->about.why, "%s", why);
    snprintf(id, sizeof id, "%lld", (long long)c->last.product_id);
    snprintf(version, sizeof version, "%lld", (long long)c->last.version);
    const char *params[] = {id, version, asked->about.why};
    if (th_pg_query(f->scripts->w->pg, fall_back_sql, true, 3, params, on_asked, asked, NULL) != 0) {
        th_free(asked);
        return; /* asked again at the next look */
    }
    c->asking = true;
    f->asking++;
}

static void judge(struct th_fallbacks *f, struct fallback_case *c, uint64_t now_us)
{
    struct th_runtime *rt = f->scripts->w->rt;
    unsigned seen = 0, failed = 0;
    char why[400];
    if (c->asking || c->decided || c->last.needed == 0)
        return;
    if (c->last.unloadable) {
        snprintf(why, sizeof why, "it cannot be loaded: %s", c->last.why);
        ask(f, c, why);
        return;
    }
    for (int i = 0; i < rt->worker_count; i++) {
        if (c->workers[i].at_us == 0 || now_us - c->workers[i].at_us > c->last.window_us)
            continue;
        seen += c->workers[i].seen;
        failed += c->workers[i].failed;
    }
    if (failed < c->last.needed || failed * 100.0 < seen * c->last.percent ||
        now_us - c->first_us < SETTLE_US)
        return;
    snprintf(why, sizeof why, "it failed for %u of %u devices; the last: %s", failed, seen, c->last.why);
    ask(f, c, why);
}

/* Versions of which nobody speaks any more are forgotten. */
static void look(struct th_fallbacks *f)
{
    uint64_t now_us = th_clock_mono_us();
    for (struct fallback_case **at = &f->cases, *c; (c = *at) != NULL;) {
        if (!c->asking && now_us - c->last_us > 2 * c->last.window_us) {
            *at = c->next;
            th_free(c);
            continue;
        }
        judge(f, c, now_us);
        at = &c->next;
    }
}

static void on_said(struct th_worker *w, struct th_mail *mail)
{
    struct said_mail *m = th_container_of(mail, struct said_mail, mail);
    struct th_fallbacks *f = w->scripts != NULL ? w->scripts->fallbacks : NULL;
    uint64_t now_us = th_clock_mono_us();
    for (unsigned i = 0; f != NULL && i < m->n; i++) {
        struct fallback_case *c = case_of(f, &m->said[i]);
        if (c == NULL) {
            c = th_calloc(1, sizeof *c + (size_t)w->rt->worker_count * sizeof *c->workers);
            c->first_us = now_us;
            c->next = f->cases;
            f->cases = c;
        }
        bool unloadable = c->last.unloadable || m->said[i].unloadable;
        char why[sizeof c->last.why];
        snprintf(why, sizeof why, "%s", m->said[i].why[0] != 0 ? m->said[i].why : c->last.why);
        c->last = m->said[i];
        c->last.unloadable = unloadable;
        snprintf(c->last.why, sizeof c->last.why, "%s", why);
        c->last_us = now_us;
        c->workers[m->worker].seen = m->said[i].seen;
        c->workers[m->worker].failed = m->said[i].failed;
        c->workers[m->worker].at_us = now_us;
    }
    th_free(m);
}

/* ---- every worker ---- */

static void fill(struct said *out, const struct th_product_script *e, const struct th_loaded *l)
{
    *out = (struct said){.product_id = e->product_id,
        .version = l->version,
        .activation = l->activation,
        .needed = l == &e->canary ? e->canary_needed : e->needed,
        .percent = e->percent,
        .window_us = e->window_us};
    snprintf(out->key, sizeof out->key, "%s", e->key);
    if (l->failed != 0) {
        out->version = l->failed;
        out->unloadable = true;
        snprintf(out->why, sizeof out->why, "%.190s", l->why);
        return;
    }
    snprintf(out->why, sizeof out->why, "%s", l->last_error);
    if (l->health != NULL)
        th_health_count(l->health, th_clock_mono_us(), e->window_us, &out->seen, &out->failed);
}

static bool has_news(const struct th_loaded *l)
{
    return !l->reported && (l->health != NULL || l->failed != 0);
}

static unsigned count_news(const struct th_scripts *s)
{
    unsigned n = 0;
    for (size_t i = 0; i < s->nslots; i++)
        for (const struct th_product_script *e = s->slots[i]; e != NULL; e = e->next)
            n += has_news(&e->in_force) + has_news(&e->canary);
    return n;
}

static void tell(struct th_scripts *s)
{
    unsigned n = count_news(s);
    if (n == 0)
        return;
    struct said_mail *m = th_alloc(sizeof *m + n * sizeof *m->said);
    *m = (struct said_mail){.mail.run = on_said, .worker = s->w->index};
    for (size_t i = 0; i < s->nslots; i++) {
        for (struct th_product_script *e = s->slots[i]; e != NULL; e = e->next) {
            struct th_loaded *both[] = {&e->in_force, &e->canary};
            for (int k = 0; k < 2; k++) {
                if (!has_news(both[k]))
                    continue;
                fill(&m->said[m->n++], e, both[k]);
                both[k]->reported = true;
            }
        }
    }
    th_worker_post(&s->w->rt->workers[0], &m->mail);
}

static void every_second(struct th_worker *w, void *scripts)
{
    struct th_scripts *s = scripts;
    th_lines_every_second(s);
    tell(s);
    if (s->fallbacks != NULL)
        look(s->fallbacks);
}

void th_fallback_start(struct th_scripts *s)
{
    if (s->w->index == 0) {
        s->fallbacks = th_calloc(1, sizeof *s->fallbacks);
        s->fallbacks->scripts = s;
    }
    th_cron_add(s->w, "script_health", EVERY_MS, every_second, s);
}

void th_fallback_stop(struct th_scripts *s)
{
    struct th_fallbacks *f = s->fallbacks;
    if (f == NULL)
        return;
    f->scripts = NULL;
    s->fallbacks = NULL;
    if (f->asking == 0)
        free_cases(f);
}
