/* SPDX-License-Identifier: Apache-2.0 */
#include "io/worker.h"

#include <pthread.h>
#include <signal.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "io/cron.h"

/* A turn of the loop runs at most this much mail, so that sockets get their share under a flood. */
#define TH_MAIL_PER_TURN 512
/* Handles still open this long after all parts were stopped are leaks. */
#define TH_LEAK_MS 5000

enum th_phase { TH_STARTING, TH_RUNNING, TH_UNDOING };

static __thread struct th_worker *self;

/* ---- mail ---- */

void th_worker_post(struct th_worker *to, struct th_mail *m)
{
    m->next = NULL;
    uv_mutex_lock(&to->mail_lock);
    if (!to->mail_closed) {
        bool first = to->mail_first == NULL;
        *to->mail_last = m;
        to->mail_last = &m->next;
        if (first)
            uv_async_send(&to->wake);
    }
    uv_mutex_unlock(&to->mail_lock);
}

static struct th_mail *take_mail(struct th_worker *w)
{
    uv_mutex_lock(&w->mail_lock);
    struct th_mail *all = w->mail_first;
    w->mail_first = NULL;
    w->mail_last = &w->mail_first;
    uv_mutex_unlock(&w->mail_lock);
    return all;
}

static void on_mail(uv_async_t *wake)
{
    struct th_worker *w = wake->data;
    for (int n = 0; n < TH_MAIL_PER_TURN; n++) {
        if (w->inbox == NULL)
            w->inbox = take_mail(w);
        if (w->inbox == NULL)
            return;
        struct th_mail *m = w->inbox;
        w->inbox = m->next;
        m->run(w, m);
    }
    uv_async_send(wake);
}

static void close_mail(struct th_worker *w)
{
    uv_mutex_lock(&w->mail_lock);
    w->mail_closed = true;
    w->mail_first = NULL;
    w->mail_last = &w->mail_first;
    uv_mutex_unlock(&w->mail_lock);
    w->inbox = NULL;
}

/* ---- later ---- */

static void on_later(uv_idle_t *idle)
{
    struct th_worker *w = idle->data;
    struct th_list turn;
    th_list_init(&turn);
    th_list_move_all(&turn, &w->later);
    while (!th_list_empty(&turn)) {
        struct th_later *l = th_list_item(turn.next, struct th_later, link);
        th_list_remove(&l->link);
        l->run(w, l);
    }
    if (th_list_empty(&w->later))
        uv_idle_stop(idle);
}

void th_worker_later(struct th_worker *w, struct th_later *l)
{
    th_list_push(&w->later, &l->link);
    if (!uv_is_closing((uv_handle_t *)&w->later_idle))
        uv_idle_start(&w->later_idle, on_later);
}

/* ---- who am I, who handles what ---- */

struct th_worker *th_worker_self(void)
{
    return self;
}

struct th_worker *th_worker_of_device(struct th_runtime *rt, struct th_str device_key)
{
    /* FNV leaves its high bits poorly mixed for short keys; the multiplication below uses just those. */
    uint64_t h = th_str_hash(device_key);
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccdULL;
    h ^= h >> 33;
    return &rt->workers[(h >> 32) * (uint64_t)rt->worker_count >> 32];
}

/* ---- the thread ---- */

static void start_parts(struct th_worker *w)
{
    for (; w->rt->parts[w->parts_started] != NULL; w->parts_started++) {
        const struct th_worker_part *part = w->rt->parts[w->parts_started];
        if (part->start == NULL)
            continue;
        struct th_error err = {0};
        int code = part->start(w, &err);
        if (code == 0)
            continue;
        th_fail(
            &w->failure, (enum th_err) - code, "%s: %s", part->name, err.code ? err.msg : th_err_name(code));
        return;
    }
}

/* One less to wait for; called with rt->lock held. */
static void reached(struct th_runtime *rt)
{
    if (--rt->awaited == 0)
        uv_cond_broadcast(&rt->changed);
}

static enum th_phase await_phase(struct th_runtime *rt)
{
    uv_mutex_lock(&rt->lock);
    reached(rt);
    while (rt->phase == TH_STARTING)
        uv_cond_wait(&rt->changed, &rt->lock);
    enum th_phase phase = (enum th_phase)rt->phase;
    uv_mutex_unlock(&rt->lock);
    return phase;
}

static void close_leaked(uv_handle_t *h, void *guard)
{
    if (uv_is_closing(h) || h == guard)
        return;
    th_warn("worker.handle_leaked", "type=%s active=%d", uv_handle_type_name(h->type), uv_is_active(h));
    uv_close(h, NULL);
}

static void on_leak(uv_timer_t *guard)
{
    uv_walk(guard->loop, close_leaked, guard);
}

static void run_out(struct th_worker *w)
{
    uv_timer_t guard;
    uv_timer_init(&w->loop, &guard);
    uv_timer_start(&guard, on_leak, TH_LEAK_MS, 0);
    uv_unref((uv_handle_t *)&guard);
    uv_close((uv_handle_t *)&w->wake, NULL);
    uv_close((uv_handle_t *)&w->later_idle, NULL);
    uv_run(&w->loop, UV_RUN_DEFAULT);
    on_leak(&guard);
    uv_close((uv_handle_t *)&guard, NULL);
    uv_run(&w->loop, UV_RUN_DEFAULT);
}

static void run_worker(void *arg)
{
    struct th_worker *w = arg;
    self = w;
    th_log_set_worker(w->index);
    start_parts(w);
    if (await_phase(w->rt) == TH_RUNNING)
        uv_run(&w->loop, UV_RUN_DEFAULT);
    close_mail(w);
    th_cron_halt(w);
    while (w->parts_started > 0) {
        const struct th_worker_part *part = w->rt->parts[--w->parts_started];
        if (part->stop != NULL)
            part->stop(w);
    }
    th_cron_free(w);
    run_out(w);
    self = NULL;
}

/* ---- the runtime, on the main thread ---- */

static void on_drain_mail(struct th_worker *w, struct th_mail *m)
{
    if (!w->draining) {
        w->draining = true;
        th_cron_halt(w);
    }
    w->rt->draining->drain(w);
}

static void on_stop_mail(struct th_worker *w, struct th_mail *m)
{
    w->draining = true;
    uv_stop(&w->loop);
}

static void init_worker(struct th_runtime *rt, int index)
{
    struct th_worker *w = &rt->workers[index];
    w->rt = rt;
    w->index = index;
    w->mail_last = &w->mail_first;
    w->drain_mail.run = on_drain_mail;
    w->stop_mail.run = on_stop_mail;
    th_list_init(&w->later);
    th_list_init(&w->crons);
    uv_mutex_init(&w->mail_lock);
    uv_loop_init(&w->loop);
    uv_async_init(&w->loop, &w->wake, on_mail);
    uv_idle_init(&w->loop, &w->later_idle);
    w->wake.data = w->later_idle.data = w->loop.data = w;
}

static void start_threads(struct th_runtime *rt)
{
    sigset_t mains, before;
    sigemptyset(&mains);
    const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        sigaddset(&mains, numbers[i]);
    pthread_sigmask(SIG_BLOCK, &mains, &before);
    for (int i = 0; i < rt->worker_count; i++)
        uv_thread_create(&rt->workers[i].thread, run_worker, &rt->workers[i]);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void join_threads(struct th_runtime *rt)
{
    for (int i = 0; i < rt->worker_count; i++) {
        struct th_worker *w = &rt->workers[i];
        uv_thread_join(&w->thread);
        if (uv_loop_close(&w->loop) != 0)
            th_erro("worker.loop_not_closed", "index=%d", i);
        uv_mutex_destroy(&w->mail_lock);
    }
    uv_cond_destroy(&rt->changed);
    uv_mutex_destroy(&rt->lock);
    th_free(rt->workers);
    rt->workers = NULL;
    rt->worker_count = 0;
}

int th_runtime_start(struct th_runtime *rt, const struct th_conf *conf,
    const struct th_worker_part *const *parts, struct th_shared *shared, struct th_error *err)
{
    *rt = (struct th_runtime){.conf = conf, .parts = parts, .shared = shared};
    rt->worker_count = conf->workers > 0 ? (int)conf->workers : (int)uv_available_parallelism();
    rt->workers = th_calloc((size_t)rt->worker_count, sizeof(*rt->workers));
    rt->phase = TH_STARTING;
    rt->awaited = rt->worker_count;
    uv_mutex_init(&rt->lock);
    uv_cond_init(&rt->changed);
    for (int i = 0; i < rt->worker_count; i++)
        init_worker(rt, i);
    start_threads(rt);

    uv_mutex_lock(&rt->lock);
    while (rt->awaited > 0)
        uv_cond_wait(&rt->changed, &rt->lock);
    int code = 0;
    for (int i = rt->worker_count - 1; i >= 0; i--) {
        if (rt->workers[i].failure.code != TH_OK)
            code = th_fail(err, rt->workers[i].failure.code, "%s", rt->workers[i].failure.msg);
    }
    rt->phase = code == 0 ? TH_RUNNING : TH_UNDOING;
    uv_cond_broadcast(&rt->changed);
    uv_mutex_unlock(&rt->lock);
    if (code != 0)
        join_threads(rt);
    return code;
}

void th_worker_drained(struct th_worker *w)
{
    uv_mutex_lock(&w->rt->lock);
    if (w->drain_awaited) {
        w->drain_awaited = false;
        reached(w->rt);
    }
    uv_mutex_unlock(&w->rt->lock);
}

/* False when the deadline (monotonic microseconds) passed first. */
static bool drain_part(struct th_runtime *rt, const struct th_worker_part *part, uint64_t deadline)
{
    rt->draining = part;
    uv_mutex_lock(&rt->lock);
    rt->awaited = rt->worker_count;
    for (int i = 0; i < rt->worker_count; i++)
        rt->workers[i].drain_awaited = true;
    uv_mutex_unlock(&rt->lock);
    for (int i = 0; i < rt->worker_count; i++)
        th_worker_post(&rt->workers[i], &rt->workers[i].drain_mail);

    uv_mutex_lock(&rt->lock);
    uint64_t now = th_clock_mono_us();
    while (rt->awaited > 0 && now < deadline) {
        uv_cond_timedwait(&rt->changed, &rt->lock, (deadline - now) * 1000);
        now = th_clock_mono_us();
    }
    bool all = rt->awaited == 0;
    for (int i = 0; i < rt->worker_count && !all; i++) {
        if (rt->workers[i].drain_awaited)
            th_warn("worker.drain_late", "part=%s index=%d", part->name, i);
        rt->workers[i].drain_awaited = false;
    }
    uv_mutex_unlock(&rt->lock);
    return all;
}

void th_runtime_stop(struct th_runtime *rt, int64_t deadline_ms)
{
    uint64_t deadline = th_clock_mono_us() + (uint64_t)deadline_ms * 1000;
    rt->stopping = true;
    int last = 0;
    while (rt->parts[last] != NULL)
        last++;
    while (last-- > 0) {
        if (rt->parts[last]->drain != NULL && !drain_part(rt, rt->parts[last], deadline))
            break;
    }
    for (int i = 0; i < rt->worker_count; i++)
        th_worker_post(&rt->workers[i], &rt->workers[i].stop_mail);
    join_threads(rt);
}
