/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/conf.h"
#include "io/cron.h"
#include "store/outbox_private.h"

/* What died within the minute counts too: notifications to nowhere are dead from the start. */
static const char full_sql[] =
    "select product_id from outbox where state = 'waiting' or dead_at > now() - interval '1 minute'"
    " group by product_id having count(*) >= $1::bigint";

struct full {
    struct th_mail mail;
    size_t n;
    int64_t ids[];
};

static void on_full(struct th_worker *w, struct th_mail *mail)
{
    struct full *f = th_container_of(mail, struct full, mail);
    struct th_outbox *o = w->store != NULL ? w->store->outbox : NULL;
    if (o != NULL) {
        o->full = th_realloc(o->full, (f->n + 1) * sizeof *o->full);
        memcpy(o->full, f->ids, f->n * sizeof *f->ids);
        o->nfull = f->n;
    }
    th_free(f);
}

static void on_counted(void *arg, const struct th_pg_outcome *o)
{
    struct th_cron_job *job = arg;
    struct th_worker *w = th_worker_self();
    int n = o->code == 0 ? PQntuples(o->res) : 0;
    for (int i = 0; o->code == 0 && w->store != NULL && i < w->rt->worker_count; i++) {
        struct full *f = th_alloc(sizeof *f + (size_t)n * sizeof *f->ids);
        f->mail.run = on_full;
        f->n = (size_t)n;
        for (int k = 0; k < n; k++)
            f->ids[k] = atoll(PQgetvalue(o->res, k, 0));
        th_worker_post(&w->rt->workers[i], &f->mail);
    }
    th_cron_done(job);
}

void th_outbox_count_rows(struct th_worker *w, void *store)
{
    struct th_store *s = store;
    char most[24];
    snprintf(most, sizeof most, "%lld", (long long)s->conf->outbox_product_rows);
    const char *params[] = {most};
    struct th_cron_job *job = th_cron_hold(w);
    if (th_pg_query(w->pg, full_sql, true, 1, params, on_counted, job, NULL) != 0)
        th_cron_done(job);
}

bool th_outbox_full(const struct th_store *s, int64_t product_id)
{
    const struct th_outbox *o = s->outbox;
    for (size_t i = 0; o != NULL && i < o->nfull; i++)
        if (o->full[i] == product_id)
            return true;
    return false;
}
