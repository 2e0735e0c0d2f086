/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/conf.h"
#include "base/log.h"
#include "bind/bind.h"
#include "bind/call.h"
#include "bind/scripts.h"

#define DEFAULT_PRODUCT "plugins/product/default/init.lua"

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

static int load_shared(struct th_worker *w, struct th_scripts *s, struct th_error *err)
{
    struct th_buf text = {0};
    int rc = read_file(w->rt->shared->home, DEFAULT_PRODUCT, &text, err);
    if (rc == 0) {
        struct th_source source = {TH_ROLE_DEFAULT, "default", DEFAULT_PRODUCT, {th_buf_cstr(&text), text.n}};
        struct th_gen_spec spec = {
            .budget = s->budget,
            .name = "default",
            .sources = &source,
            .source_count = 1,
            .bindings = bindings,
            .limits = {.memory = (size_t)w->rt->conf->script_memory,
                .cpu_us = (uint32_t)w->rt->conf->script_cpu * 1000},
            .log = on_log,
            .owner = w,
        };
        rc = th_gen_new(&s->shared, &spec, NULL, err);
    }
    th_buf_free(&text);
    return rc;
}

int th_scripts_start(struct th_worker *w, struct th_error *err)
{
    struct th_scripts *s = th_calloc(1, sizeof *s);
    w->scripts = s;
    int rc = th_budget_open(&s->budget, err);
    return rc == 0 ? load_shared(w, s, err) : rc;
}

void th_scripts_stop(struct th_worker *w)
{
    struct th_scripts *s = w->scripts;
    if (s == NULL)
        return;
    if (s->shared != NULL)
        th_gen_unref(s->shared);
    if (s->budget != NULL)
        th_budget_close(s->budget);
    th_free(s);
    w->scripts = NULL;
}

struct th_gen *th_scripts_of(struct th_scripts *s, const struct th_product *p)
{
    return s->shared;
}
