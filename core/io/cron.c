/* SPDX-License-Identifier: Apache-2.0 */
#include "io/cron.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"

#define TH_CRON_FIRST_MS 60000
#define TH_CRON_SOON_MS 1000

struct th_cron_job {
    struct th_list link; /* in w->crons; oldest first */
    struct th_worker *w; /* NULL when the worker let go of it while it was held */
    const char *name;
    int64_t every_ms;
    th_cron_run run;
    void *arg;
    uv_timer_t timer;
    uint64_t began_us;
    bool running, held, halted;
};

static void on_timer(uv_timer_t *timer);

static void schedule(struct th_cron_job *job, int64_t ms)
{
    if (!job->halted)
        uv_timer_start(&job->timer, on_timer, (uint64_t)ms, 0);
}

static void finished(struct th_cron_job *job)
{
    th_debug(
        "cron.ran", "job=%s us=%llu", job->name, (unsigned long long)(th_clock_mono_us() - job->began_us));
    int64_t spread = job->every_ms / 5;
    schedule(job, job->every_ms - spread / 2 + (int64_t)(arc4random() % (uint64_t)(spread + 1)));
}

static void on_timer(uv_timer_t *timer)
{
    struct th_cron_job *job = timer->data;
    job->began_us = th_clock_mono_us();
    job->running = true;
    job->run(job->w, job->arg);
    job->running = false;
    if (!job->held)
        finished(job);
}

static void add(
    struct th_worker *w, const char *name, int64_t every_ms, int64_t first_ms, th_cron_run run, void *arg)
{
    struct th_cron_job *job = th_calloc(1, sizeof(*job));
    job->w = w;
    job->name = name;
    job->every_ms = every_ms > 0 ? every_ms : 1;
    job->run = run;
    job->arg = arg;
    job->halted = w->draining;
    uv_timer_init(&w->loop, &job->timer);
    job->timer.data = job;
    th_list_push(&w->crons, &job->link);
    int64_t most = job->every_ms < first_ms ? job->every_ms : first_ms;
    schedule(job, 1 + (int64_t)(arc4random() % (uint64_t)most));
}

void th_cron_add(struct th_worker *w, const char *name, int64_t every_ms, th_cron_run run, void *arg)
{
    add(w, name, every_ms, TH_CRON_FIRST_MS, run, arg);
}

void th_cron_add_soon(struct th_worker *w, const char *name, int64_t every_ms, th_cron_run run, void *arg)
{
    add(w, name, every_ms, TH_CRON_SOON_MS, run, arg);
}

struct th_cron_job *th_cron_hold(struct th_worker *w)
{
    TH_LIST_EACH (it, tmp, &w->crons) {
        struct th_cron_job *job = th_list_item(it, struct th_cron_job, link);
        if (job->running) {
            job->held = true;
            return job;
        }
    }
    abort(); /* not called from inside a run */
}

void th_cron_done(struct th_cron_job *job)
{
    job->held = false;
    if (job->w == NULL)
        th_free(job);
    else if (!job->running)
        finished(job);
}

void th_cron_halt(struct th_worker *w)
{
    TH_LIST_EACH (it, tmp, &w->crons) {
        struct th_cron_job *job = th_list_item(it, struct th_cron_job, link);
        job->halted = true;
        uv_timer_stop(&job->timer);
    }
}

static void on_closed(uv_handle_t *timer)
{
    struct th_cron_job *job = timer->data;
    job->w = NULL;
    if (!job->held)
        th_free(job);
}

void th_cron_free(struct th_worker *w)
{
    while (!th_list_empty(&w->crons)) {
        struct th_cron_job *job = th_list_item(w->crons.next, struct th_cron_job, link);
        th_list_remove(&job->link);
        uv_close((uv_handle_t *)&job->timer, on_closed);
    }
}
