/* SPDX-License-Identifier: Apache-2.0 */
#include "io/worker.c"
#include "io/offload.c"

#include "../test.h"
#include "loop.h"

struct job {
    uv_thread_t worked_on;
    long sum;
    bool done;
};

static void work(void *arg)
{
    struct job *j = arg;
    j->worked_on = uv_thread_self();
    for (long i = 1; i <= 1000; i++)
        j->sum += i;
}

static int done_n;

static void done(void *arg)
{
    struct job *j = arg;
    j->done = true;
    done_n++;
}

static void test_works_elsewhere_up_to_the_cap(void)
{
    struct th_worker *w = loop_open();
    static struct job jobs[TH_OFFLOAD_MAX + 1];
    for (int i = 0; i < TH_OFFLOAD_MAX; i++)
        TH_EQ_INT(th_offload(w, work, done, &jobs[i]), 0);
    TH_EQ_INT(th_offload(w, work, done, &jobs[TH_OFFLOAD_MAX]), -TH_EBUSY);
    TH_EQ_INT(done_n, 0);
    LOOP_UNTIL(done_n == TH_OFFLOAD_MAX);
    uv_thread_t me = uv_thread_self();
    for (int i = 0; i < TH_OFFLOAD_MAX; i++)
        TH_CHECK(jobs[i].sum == 500500 && !uv_thread_equal(&jobs[i].worked_on, &me));
    TH_EQ_INT(th_offload(w, work, done, &jobs[TH_OFFLOAD_MAX]), 0);
    TH_CHECK(loop_close()); /* waits for it */
    TH_CHECK(jobs[TH_OFFLOAD_MAX].done);
}

int main(void)
{
    TH_RUN(test_works_elsewhere_up_to_the_cap);
    return TH_END();
}
