/* SPDX-License-Identifier: Apache-2.0 */
#include "io/offload.h"

#include "base/alloc.h"

struct offload {
    uv_work_t req;
    struct th_worker *w;
    void (*work)(void *arg);
    void (*done)(void *arg);
    void *arg;
};

static void on_work(uv_work_t *req)
{
    struct offload *o = req->data;
    o->work(o->arg);
}

static void on_done(uv_work_t *req, int status)
{
    struct offload *o = req->data;
    o->w->offloads--;
    o->done(o->arg);
    th_free(o);
}

int th_offload(struct th_worker *w, void (*work)(void *arg), void (*done)(void *arg), void *arg)
{
    if (w->offloads >= TH_OFFLOAD_MAX)
        return -TH_EBUSY;
    struct offload *o = th_alloc(sizeof(*o));
    *o = (struct offload){.w = w, .work = work, .done = done, .arg = arg};
    o->req.data = o;
    w->offloads++;
    uv_queue_work(&w->loop, &o->req, on_work, on_done);
    return 0;
}
