/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/log.h"
#include "io/cron.h"
#include "store/changes.h"

#define SCRIPTS_EVERY_MS 10000

/* One connection per process: the first worker listens and tells the others. */
static void on_note(void *arg, struct th_str payload)
{
    struct th_store *s = arg;
    struct th_str rest = payload, kind;
    th_str_split(&rest, ':', &kind);
    if (rest.p == NULL)
        return;
    if (th_str_eq(kind, TH_STR("device")) && rest.n > 0)
        th_store_forget_device(s->w->rt, rest);
    else if (th_str_eq(kind, TH_STR("product")) && rest.n > 0)
        th_store_forget_product(s->w->rt, rest);
    else if (th_str_eq(kind, TH_STR("scripts")))
        th_store_forget_product(s->w->rt, TH_STR(""));
}

static void forget_all(struct th_worker *w, struct th_mail *mail)
{
    if (w->store != NULL) {
        th_product_forget(w->store, TH_STR(""));
        th_device_forget_key(w->store, TH_STR(""));
    }
    th_free(mail);
}

static void on_new(void *arg)
{
    struct th_store *s = arg;
    for (int i = 0; i < s->w->rt->worker_count; i++) {
        struct th_mail *mail = th_calloc(1, sizeof *mail);
        mail->run = forget_all;
        th_worker_post(&s->w->rt->workers[i], mail);
    }
}

/* ---- scripts, in case a notification never came ---- */

/* The first row is the switch over all and the database's time, the others products changed since a minute
 * before the time of the last look ($1; '': the first one). */
static const char scripts_sql[] =
    "select '', th_us(scripts_changed_at), th_us(now()) from setting union all"
    " select key, th_us(scripts_changed_at), 0 from product where scripts_changed_at > "
    "  coalesce(th_time(nullif($1, '')::bigint / 1000), now()) - interval '1 minute'";

struct behind {
    struct th_mail mail;
    int64_t stamp;
    size_t n;
    char key[];
};

static void forget_when_behind(struct th_worker *w, struct th_mail *mail)
{
    struct behind *b = th_container_of(mail, struct behind, mail);
    struct th_str key = {b->key, b->n};
    if (w->store != NULL && th_product_behind(w->store, key, b->stamp))
        th_product_forget(w->store, key);
    th_free(b);
}

static void tell_stamp(struct th_runtime *rt, struct th_str key, int64_t stamp)
{
    for (int i = 0; i < rt->worker_count; i++) {
        struct behind *b = th_alloc(sizeof *b + key.n);
        b->mail.run = forget_when_behind;
        b->stamp = stamp;
        b->n = key.n;
        memcpy(b->key, key.p, key.n);
        th_worker_post(&rt->workers[i], &b->mail);
    }
}

struct look {
    struct th_store *store;
    struct th_cron_job *job;
};

static void on_scripts(void *arg, const struct th_pg_outcome *o)
{
    struct look *look = arg;
    struct th_store *s = look->store;
    for (int i = 0; o->code == 0 && i < PQntuples(o->res); i++) {
        struct th_str key = th_str(PQgetvalue(o->res, i, 0));
        int64_t stamp = atoll(PQgetvalue(o->res, i, 1));
        if (key.n > 0) {
            tell_stamp(s->w->rt, key, stamp);
            continue;
        }
        if (s->switch_stamp != 0 && stamp != s->switch_stamp)
            th_store_forget_product(s->w->rt, TH_STR(""));
        s->switch_stamp = stamp;
        s->looked_us = atoll(PQgetvalue(o->res, i, 2));
    }
    th_cron_done(look->job);
    th_free(look);
}

static void look_at_scripts(struct th_worker *w, void *store)
{
    struct th_store *s = store;
    struct look *look = th_alloc(sizeof *look);
    char since[24] = "";
    if (s->looked_us != 0)
        snprintf(since, sizeof since, "%lld", (long long)s->looked_us);
    const char *params[] = {since};
    *look = (struct look){s, th_cron_hold(w)};
    if (th_pg_query(w->pg, scripts_sql, true, 1, params, on_scripts, look, NULL) != 0) {
        th_cron_done(look->job);
        th_free(look);
    }
}

int th_changes_start(struct th_store *s, struct th_error *err)
{
    if (s->w->index != 0)
        return 0;
    th_cron_add(s->w, "scripts_look", SCRIPTS_EVERY_MS, look_at_scripts, s);
    return th_pg_listen_open(s->w, "thingd", on_note, on_new, s, &s->listen, err);
}

void th_changes_stop(struct th_store *s)
{
    if (s->listen != NULL)
        th_pg_listen_close(s->listen);
    s->listen = NULL;
}
