/* SPDX-License-Identifier: Apache-2.0 */
#include "base/conf.h"
#include "base/log.h"
#include "store/changes.h"
#include "store/command.h"
#include "store/dead_letter.h"
#include "store/housekeeping.h"
#include "store/ingest.h"
#include "store/ingest_private.h"
#include "store/outbox.h"
#include "store/spool.h"

static int start(struct th_worker *w, struct th_error *err)
{
    struct th_store *s = th_calloc(1, sizeof *s);
    w->store = s;
    s->w = w;
    s->conf = w->rt->conf;
    s->metrics = &w->rt->shared->metrics[w->index];
    s->dead = th_dead_letters_new(s->conf->dead_letter_per_minute);
    th_devices_init(&s->devices);
    th_list_init(&s->timers);
    if (w->rt->shared->spool != NULL)
        th_spool_attach(w->rt->shared->spool, s);
    int rc = th_commands_start(s, err);
    if (rc == 0)
        rc = th_ingest_start(s, err);
    if (rc == 0)
        th_outbox_start(s);
    if (rc == 0)
        rc = th_changes_start(s, err);
    if (rc == 0 && w->index == 0)
        th_housekeeping_start(s);
    return rc;
}

void th_store_maybe_drained(struct th_store *s)
{
    if (s->draining && th_ingest_idle(s) && th_commands_idle(s) && th_outbox_idle(s)) {
        s->draining = false;
        th_worker_drained(s->w);
    }
}

static void drain(struct th_worker *w)
{
    struct th_store *s = w->store;
    s->draining = true;
    th_commands_drain(s);
    th_outbox_drain(s);
    th_store_maybe_drained(s);
}

void th_store_closed(struct th_store *s)
{
    th_devices_free(s);
    th_product_forget(s, (struct th_str){"", 0});
    th_free(s->products);
    th_commands_free(s);
    th_dead_letters_free(s->dead);
    th_spool_holds_free(&s->holds);
    th_free(s);
}

static void stop(struct th_worker *w)
{
    struct th_store *s = w->store;
    w->store = NULL;
    if (s == NULL)
        return;
    th_changes_stop(s);
    th_outbox_stop(s);
    if (s->ingest != NULL)
        th_ingest_stop(s);
    else
        th_store_closed(s);
}

const struct th_worker_part th_store_part = {"store", start, drain, stop};

struct forget {
    struct th_mail mail;
    bool product;
    size_t n;
    char key[];
};

static void on_forget(struct th_worker *w, struct th_mail *mail)
{
    struct forget *f = th_container_of(mail, struct forget, mail);
    struct th_str key = {f->key, f->n};
    if (w->store != NULL && f->product)
        th_product_forget(w->store, key);
    else if (w->store != NULL)
        th_device_forget_key(w->store, key);
    th_free(f);
}

static void post_forget(struct th_worker *to, bool product, struct th_str key)
{
    struct forget *f = th_alloc(sizeof *f + key.n);
    f->mail.run = on_forget;
    f->product = product;
    f->n = key.n;
    memcpy(f->key, key.p, key.n);
    th_worker_post(to, &f->mail);
}

void th_store_forget_device(struct th_runtime *rt, struct th_str device_key)
{
    post_forget(th_worker_of_device(rt, device_key), false, device_key);
}

void th_store_forget_product(struct th_runtime *rt, struct th_str product_key)
{
    for (int i = 0; i < rt->worker_count; i++)
        post_forget(&rt->workers[i], true, product_key);
}
