/* SPDX-License-Identifier: Apache-2.0 */
#include "bind/notifiers.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/conf.h"
#include "base/log.h"
#include "bind/bind.h"
#include "bind/scripts.h"

#define FOLDER "plugins/notify"
#define SOURCE_MAX (1u << 20)

static int read_source(struct th_notifier *notifier, const char *path, struct th_error *err)
{
    struct th_buf text = {0};
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return th_fail(err, TH_EIO, "%s: %m", path);
    size_t n;
    while (text.n <= SOURCE_MAX && (n = fread(th_buf_room(&text, 4096), 1, 4096, f)) > 0)
        text.n += n;
    int rc = ferror(f)             ? th_fail(err, TH_EIO, "%s: cannot be read", path)
             : text.n > SOURCE_MAX ? th_fail(err, TH_ETOOBIG, "%s: more than 1 MiB", path)
                                   : 0;
    fclose(f);
    th_buf_cstr(&text);
    notifier->text = text.p;
    notifier->n = text.n;
    return rc;
}

/* Where scripts of products have their devices' functions, these have what a notifier needs. */
static const struct th_binding *const bindings[] = {th_bind_pure, th_bind_notifier, NULL};
static const struct th_binding *const bindings_mail[] = {
    th_bind_pure, th_bind_notifier, th_bind_notifier_mail, NULL};

static int build(struct th_notifiers *s, struct th_notifier *notifier, struct th_error *err)
{
    char name[80], chunk[96];
    const struct th_conf *conf = s->w->rt->conf;
    snprintf(name, sizeof name, "notify/%s", notifier->name);
    snprintf(chunk, sizeof chunk, "%s/init.lua", notifier->name);
    const struct th_source source = {TH_ROLE_PRODUCT, NULL, chunk, {notifier->text, notifier->n}};
    const struct th_gen_spec spec = {
        .budget = s->w->scripts->budget,
        .name = name,
        .sources = &source,
        .source_count = 1,
        .bindings = strcmp(notifier->name, "mail") == 0 ? bindings_mail : bindings,
        .limits = {.memory = (size_t)conf->script_memory, .cpu_us = (uint32_t)conf->script_cpu * 1000},
        .log = th_notifier_log,
        .owner = s->w,
    };
    return th_gen_new(&notifier->gen, &spec, NULL, err);
}

struct th_gen *th_notifier_gen(struct th_notifiers *s, struct th_notifier *notifier, struct th_error *err)
{
    if (notifier->gen != NULL && th_gen_spent(notifier->gen)) {
        th_warn("notifier_state_retired", "notifier=%s", notifier->name);
        th_gen_unref(notifier->gen);
        notifier->gen = NULL;
    }
    return notifier->gen != NULL || build(s, notifier, err) == 0 ? notifier->gen : NULL;
}

struct th_notifier *th_notifier_find(const struct th_notifiers *s, struct th_str name)
{
    for (size_t i = 0; i < s->count; i++)
        if (th_str_eq(th_str(s->list[i].name), name))
            return &s->list[i];
    return NULL;
}

int th_notifiers_hosts(
    struct th_worker *w, struct th_str name, struct th_str config, struct th_buf *out, struct th_error *err)
{
    struct th_notifiers *s = w->notifiers;
    struct th_notifier *notifier = s != NULL ? th_notifier_find(s, name) : NULL;
    if (notifier == NULL)
        return th_fail(err, TH_ENOTFOUND, "there is no notifier %.*s", TH_STR_FMT(name));
    struct th_gen *gen = th_notifier_gen(s, notifier, err);
    return gen == NULL ? -TH_ESCRIPT : th_notifier_hosts(gen, config, out, err);
}

void th_notifiers_about(const struct th_worker *w, struct th_buf *out)
{
    const struct th_notifiers *s = w->notifiers;
    th_buf_putc(out, '[');
    for (size_t i = 0; s != NULL && i < s->count; i++) {
        th_buf_puts(out, i > 0 ? "," : "");
        th_buf_puts(out, s->list[i].about);
    }
    th_buf_putc(out, ']');
}

/* ---- life ---- */

static void free_notifier(struct th_notifier *notifier)
{
    if (notifier->gen != NULL)
        th_gen_unref(notifier->gen);
    th_free(notifier->text);
    th_free(notifier->about);
    *notifier = (struct th_notifier){0};
}

static int load(struct th_notifiers *s, struct th_notifier *notifier, const char *name, struct th_error *err)
{
    char path[4400];
    struct th_buf about = {0};
    memcpy(notifier->name, name, strlen(name) + 1); /* is_plugin() saw that it fits */
    snprintf(path, sizeof path, "%s/" FOLDER "/%s/init.lua", s->w->rt->shared->home, name);
    int rc = read_source(notifier, path, err);
    if (rc == 0)
        rc = build(s, notifier, err);
    if (rc == 0)
        rc = th_notifier_about(notifier->gen, name, &about, err);
    th_buf_cstr(&about);
    notifier->about = about.p;
    return rc;
}

static int is_plugin(const struct dirent *e)
{
    return e->d_name[0] != '.' && strlen(e->d_name) < sizeof((struct th_notifier *)0)->name &&
           th_str_is_key(th_str(e->d_name));
}

static void load_all(struct th_notifiers *s)
{
    char folder[4200];
    struct dirent **names = NULL;
    struct th_error err;
    snprintf(folder, sizeof folder, "%s/" FOLDER, s->w->rt->shared->home);
    int n = scandir(folder, &names, is_plugin, alphasort);
    s->list = th_calloc((size_t)(n > 0 ? n : 1), sizeof *s->list);
    for (int i = 0; i < n; i++) {
        struct th_notifier *notifier = &s->list[s->count];
        if (load(s, notifier, names[i]->d_name, &err) == 0) {
            s->count++;
        } else {
            th_erro("notifier_not_loaded", "notifier=%s error=\"%s\"", names[i]->d_name, err.msg);
            free_notifier(notifier);
        }
        free(names[i]);
    }
    free(names);
}

int th_notifiers_start(struct th_worker *w, struct th_error *err)
{
    struct th_notifiers *s = th_calloc(1, sizeof *s);
    w->notifiers = s;
    s->w = w;
    th_list_init(&s->sending);
    uv_timer_init(&w->loop, &s->timer);
    s->timer.data = s;
    load_all(s);
    w->store->send_notice = th_notifiers_take;
    w->store->hurry_notices = th_notifiers_hurry;
    return 0;
}

static void on_closed(uv_handle_t *handle)
{
    th_free(handle->data);
}

void th_notifiers_stop(struct th_worker *w)
{
    struct th_notifiers *s = w->notifiers;
    if (s == NULL)
        return;
    th_notifiers_cancel(s);
    w->notifiers = NULL;
    for (size_t i = 0; i < s->count; i++)
        free_notifier(&s->list[i]);
    th_free(s->list);
    uv_close((uv_handle_t *)&s->timer, on_closed);
}
