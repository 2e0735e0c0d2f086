/* SPDX-License-Identifier: Apache-2.0 */
#include "io/worker.c"
#include "io/cron.c"

#include "../test.h"
#include "loop.h"

static int runs, starts;
static struct th_cron_job *token;
static struct th_worker *w;

static void on_run(struct th_worker *to, void *arg)
{
    TH_CHECK(to == w && arg == &runs);
    runs++;
}

static void on_busy_run(struct th_worker *to, void *arg)
{
    starts++;
    token = th_cron_hold(to);
}

static void test_runs_again_and_again(void)
{
    w = loop_open();
    th_cron_add(w, "quick", 2, on_run, &runs);
    LOOP_UNTIL(runs >= 5);
    th_cron_halt(w);
    int before = runs;
    uint64_t until = uv_now(&w->loop) + 30;
    LOOP_UNTIL(uv_now(&w->loop) >= until);
    TH_EQ_INT(runs, before);
    TH_CHECK(loop_close());
}

static void test_a_held_job_waits_for_its_end(void)
{
    w = loop_open();
    runs = starts = 0;
    th_cron_add(w, "busy", 1, on_busy_run, NULL);
    th_cron_add(w, "quick", 2, on_run, &runs);
    LOOP_UNTIL(starts == 1);
    int before = runs;
    LOOP_UNTIL(runs >= before + 10);
    TH_EQ_INT(starts, 1);
    th_cron_done(token);
    LOOP_UNTIL(starts == 2);
    TH_CHECK(loop_close());
    th_cron_done(token); /* the worker is gone: the job's memory goes with this */
}

int main(void)
{
    TH_RUN(test_runs_again_and_again);
    TH_RUN(test_a_held_job_waits_for_its_end);
    return TH_END();
}
