/* SPDX-License-Identifier: Apache-2.0
 *
 * Named jobs that a worker does again and again. A job's first run comes within a minute (or its period, when
 * that is shorter), each later one a period after the last ended, give or take a tenth, so that workers and
 * instances do not move in step. Jobs stop when the worker begins to drain and are freed with it. All on the
 * worker's thread. */
#ifndef TH_CRON_H
#define TH_CRON_H

#include <stdint.h>
#include "io/worker.h"

struct th_cron_job;
typedef void (*th_cron_run)(struct th_worker *w, void *arg);

/* name is a constant, for the log. */
void th_cron_add(struct th_worker *w, const char *name, int64_t every_ms, th_cron_run run, void *arg);
/* The same, with the first run within a second: for what the process should know soon after its start. */
void th_cron_add_soon(struct th_worker *w, const char *name, int64_t every_ms, th_cron_run run, void *arg);

/* Called inside run() when the work goes on after it returns: there is no next run until th_cron_done(),
 * which must follow exactly once, also after the worker stopped. */
struct th_cron_job *th_cron_hold(struct th_worker *w);
void th_cron_done(struct th_cron_job *job);

/* For io/worker. */
void th_cron_halt(struct th_worker *w);
void th_cron_free(struct th_worker *w);

#endif
