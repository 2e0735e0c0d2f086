/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"
#include "store/changes.h"

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

int th_changes_start(struct th_store *s, struct th_error *err)
{
    if (s->w->index != 0)
        return 0;
    return th_pg_listen_open(s->w, "thingd", on_note, on_new, s, &s->listen, err);
}

void th_changes_stop(struct th_store *s)
{
    if (s->listen != NULL)
        th_pg_listen_close(s->listen);
    s->listen = NULL;
}
