/* SPDX-License-Identifier: Apache-2.0 */
#include "hook/timer.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/conf.h"
#include "bind/call.h"
#include "bind/scripts.h"
#include "hook/handler.h"
#include "io/cron.h"
#include "store/dead_letter.h"
#include "store/ingest.h"
#include "store/outbox.h"

/* A run, in its message's arena. */
struct run {
    struct th_list link; /* in store->timers while it waits */
    struct th_call_context c;
    struct th_store *store;
    struct th_message *m;
    uint64_t began_us;
    bool too_long;
};

static void note(struct run *r, const struct th_report *report)
{
    th_scripts_note_later(r->store->w->scripts, r->m->device, r->m->script_version, report);
}

/* What became of the call, once it has ended. */
static void judge(struct run *r, const struct th_report *report)
{
    struct th_message *m = r->m;
    if (report->run == TH_RUN_NO_FUNCTION)
        th_message_dead(
            m, TH_DEAD_SCRIPT, "the script has no function %.*s", TH_STR_FMT(m->outbox->function));
    else if (report->run != TH_RUN_OK)
        th_handler_failed(r->store, m, report);
}

static void on_done(struct th_task *task, const struct th_report *report, void *ctx)
{
    struct run *r = th_container_of((struct th_call_context *)ctx, struct run, c);
    bool canceled = report->run == TH_RUN_CANCELED;
    th_list_remove(&r->link);
    if (!canceled)
        note(r, report);
    if (canceled && r->too_long)
        th_message_dead(r->m, TH_DEAD_SCRIPT, "it waited for longer than half of outbox.lease");
    else if (!canceled)
        judge(r, report);
    th_ingest_resume(r->store, r->m, canceled && !r->too_long);
}

static void run(struct th_store *s, struct th_message *m)
{
    const char *why = "";
    struct th_report report;
    if (th_handler_barred(s, m))
        return;
    struct th_gen *gen = th_scripts_of(s->w->scripts, m->device, &m->script_version, &why);
    if (gen == NULL) {
        th_message_dead(m, TH_DEAD_SCRIPT, "the script could not be loaded: %s", why);
        return;
    }
    struct run *r = th_arena_zalloc(&m->arena, sizeof *r);
    r->store = s;
    r->m = m;
    r->began_us = th_clock_mono_us();
    r->c = (struct th_call_context){.arena = &m->arena, .device = m->device, .message = m};
    th_list_init(&r->link);
    struct th_call call = {.function = m->outbox->function.p,
        .phase = TH_PHASE_TIMER,
        .ctx = &r->c,
        .push = th_call_push_timer,
        .on_done = on_done};
    if (th_task_start(gen, &call, &report) == TH_RUN_YIELD) {
        m->waiting = true;
        th_list_push(&s->timers, &r->link);
        return;
    }
    note(r, &report);
    judge(r, &report);
}

static void cancel_all(struct th_store *s)
{
    while (!th_list_empty(&s->timers)) {
        struct run *r = th_list_item(s->timers.next, struct run, link);
        th_task_cancel(r->c.task);
    }
}

/* Half of the lease: the rest is for the commit, before another instance may take the row. */
static void sweep(struct th_worker *w, void *store)
{
    struct th_store *s = store;
    uint64_t most = (uint64_t)s->conf->outbox_lease * 1000 / 2, now = th_clock_mono_us();
    TH_LIST_EACH (it, tmp, &s->timers) {
        struct run *r = th_list_item(it, struct run, link);
        if (now - r->began_us < most)
            continue;
        r->too_long = true;
        th_task_cancel(r->c.task);
    }
}

void th_timer_start(struct th_store *s)
{
    s->run_timer = run;
    s->cancel_timers = cancel_all;
    th_cron_add_soon(s->w, "timers", 1000, sweep, s);
}
