/* SPDX-License-Identifier: Apache-2.0
 *
 * A worker without a thread: the test itself turns its loop. Include io/worker.c before. */
#ifndef TH_TEST_LOOP_H
#define TH_TEST_LOOP_H

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static struct th_runtime loop_rt;
static struct th_conf *loop_conf;
static uv_timer_t loop_beat; /* wakes the loop, so that a condition outside of it is looked at as well */

static inline void on_loop_beat(uv_timer_t *t)
{
}

/* The configuration is the default one; the test may change *loop_conf before it starts a part. */
static inline struct th_worker *loop_open(void)
{
    struct th_error err;
    signal(SIGPIPE, SIG_IGN);
    alarm(120); /* a test that hangs ends here */
    if (th_conf_load(&loop_conf, NULL, &err) != 0) {
        fprintf(stderr, "%s\n", err.msg);
        exit(1);
    }
    loop_rt = (struct th_runtime){.conf = loop_conf, .worker_count = 1};
    loop_rt.workers = th_calloc(1, sizeof(*loop_rt.workers));
    uv_mutex_init(&loop_rt.lock);
    uv_cond_init(&loop_rt.changed);
    init_worker(&loop_rt, 0);
    struct th_worker *w = &loop_rt.workers[0];
    self = w;
    uv_timer_init(&w->loop, &loop_beat);
    uv_timer_start(&loop_beat, on_loop_beat, 10, 10);
    return w;
}

/* Turns the loop until the condition holds. */
#define LOOP_UNTIL(cond)                                                                                     \
    while (!(cond))                                                                                          \
    uv_run(&loop_rt.workers[0].loop, UV_RUN_ONCE)

/* After the parts were stopped. False when handles had leaked. */
static inline bool loop_close(void)
{
    struct th_worker *w = &loop_rt.workers[0];
    close_mail(w);
    th_cron_halt(w);
    th_cron_free(w);
    uv_close((uv_handle_t *)&loop_beat, NULL);
    uv_close((uv_handle_t *)&w->wake, NULL);
    uv_close((uv_handle_t *)&w->later_idle, NULL);
    uv_run(&w->loop, UV_RUN_DEFAULT);
    bool clean = uv_loop_close(&w->loop) == 0;
    uv_mutex_destroy(&w->mail_lock);
    uv_cond_destroy(&loop_rt.changed);
    uv_mutex_destroy(&loop_rt.lock);
    th_free(loop_rt.workers);
    th_conf_free(loop_conf);
    self = NULL;
    return clean;
}

#endif
