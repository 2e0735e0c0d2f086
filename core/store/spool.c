/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/errinj.h"
#include "base/log.h"
#include "store/ingest.h"
#include "store/ingest_private.h"
#include "store/spool.h"
#include "store/spool_file.h"
#include "store/store.h"

#define SEGMENT_BYTES (16u << 20)
#define WINDOW 512          /* messages on their way out at a time */
#define BACK_OFF_US 1000000 /* after one came back */

struct segment {
    struct th_list link;
    uint64_t number;
    int64_t bytes, messages, first_ms;
};

enum progress { WAITING, FLYING, DONE };

struct out { /* the segment being drained */
    struct segment *segment;
    struct th_buf text;
    struct th_spool_record *records;
    unsigned char *progress;
    size_t count, next, done, flying;
    bool came_back;
};

struct th_spool {
    const struct th_conf *conf;
    struct th_runtime *rt;
    int lock_fd;
    uv_thread_t thread;
    _Atomic bool running;
    uv_mutex_t lock; /* guards all below */
    uv_cond_t wake;
    bool stopping;
    struct th_list to_write; /* struct th_message */
    struct th_list segments; /* oldest first; the last is written to when fd is open */
    int fd;
    uint64_t next_number;
    struct out out;
    uint64_t rest_until_us;
    struct th_spool_state state;
    struct th_spool_holds found; /* at the start, by device; taken over by the owners */
    int away;
    _Atomic int64_t bytes; /* accepted, for the cap, without the lock */
    _Atomic int64_t oldest_ms;
};

/* ---- opening ---- */

static int lock_folder(struct th_spool *sp, struct th_error *err)
{
    char path[4200];
    if (mkdir(sp->conf->spool_dir, 0700) != 0 && errno != EEXIST)
        return th_fail(err, TH_EIO, "spool.dir %s: %m", sp->conf->spool_dir);
    snprintf(path, sizeof path, "%s/lock", sp->conf->spool_dir);
    sp->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (sp->lock_fd < 0)
        return th_fail(err, TH_EIO, "%s: %m", path);
    if (flock(sp->lock_fd, LOCK_EX | LOCK_NB) != 0)
        return th_fail(err, TH_ECONFLICT, "spool.dir %s is in use by another thingd", sp->conf->spool_dir);
    return 0;
}

static void path_of(const struct th_spool *sp, const struct segment *g, const char *suffix, char out[4300])
{
    th_spool_path(sp->conf->spool_dir, g->number, suffix, out, 4300);
}

/* A damaged segment is kept beside the others, for whoever wants to look; what checks in it is drained. */
static void keep_damaged(struct th_spool *sp, const struct segment *g, size_t damaged)
{
    char from[4300], to[4300];
    path_of(sp, g, "spool", from);
    path_of(sp, g, "damaged", to);
    sp->state.damaged += (int64_t)damaged;
    th_erro("spool_damaged", "segment=\"%s\" bytes=%zu kept=\"%s\"", from, damaged, to);
    if (link(from, to) != 0 && errno != EEXIST)
        th_erro("spool_damaged_not_kept", "segment=\"%s\" error=\"%m\"", from);
}

static int recover_segment(struct th_spool *sp, uint64_t number, struct th_error *err)
{
    char path[4300];
    struct th_buf text = {0};
    struct th_spool_record r;
    struct segment *g = th_calloc(1, sizeof *g);
    g->number = number;
    path_of(sp, g, "spool", path);
    int rc = th_spool_read(path, &text, err);
    if (rc != 0) {
        th_free(g);
        return rc;
    }
    struct th_spool_reader reader = {.text = th_buf_view(&text)};
    while (th_spool_record_next(&reader, &r)) {
        if (g->messages++ == 0)
            g->first_ms = r.arrived_ms;
        th_spool_holds_add(&sp->found, r.key, 1, (int64_t)r.body.n);
    }
    g->bytes = (int64_t)text.n;
    if (reader.damaged > 0)
        keep_damaged(sp, g, reader.damaged);
    th_buf_free(&text);
    sp->state.messages += g->messages;
    sp->state.recovered += g->messages;
    sp->state.bytes += g->bytes;
    th_list_push(&sp->segments, &g->link);
    sp->next_number = number + 1;
    return 0;
}

int th_spool_open(struct th_spool **out, const struct th_conf *conf, struct th_error *err)
{
    struct th_spool *sp = th_calloc(1, sizeof *sp);
    struct th_spool_names names = {0};
    sp->conf = conf;
    sp->fd = sp->lock_fd = -1;
    sp->next_number = 1;
    th_list_init(&sp->to_write);
    th_list_init(&sp->segments);
    uv_mutex_init(&sp->lock);
    uv_cond_init(&sp->wake);
    int rc = lock_folder(sp, err);
    if (rc == 0)
        rc = th_spool_list(conf->spool_dir, &names, err);
    for (size_t i = 0; rc == 0 && i < names.count; i++)
        rc = recover_segment(sp, names.list[i], err);
    th_free(names.list);
    if (rc != 0) {
        th_spool_close(sp);
        return rc;
    }
    sp->bytes = sp->state.bytes;
    if (sp->state.messages > 0)
        th_info("spool_found", "messages=%lld bytes=%lld", (long long)sp->state.messages,
            (long long)sp->state.bytes);
    *out = sp;
    return 0;
}

void th_spool_attach(struct th_spool *sp, struct th_store *s)
{
    s->spool = sp;
    for (size_t i = 0; i < sp->found.nslots; i++) {
        for (struct th_spool_hold *h = sp->found.slots[i]; h != NULL; h = h->next) {
            struct th_str key = {h->key, h->n};
            if (th_worker_of_device(s->w->rt, key) == s->w)
                th_spool_holds_add(&s->holds, key, h->messages, h->bytes);
        }
    }
}

static void free_segments(struct th_spool *sp)
{
    TH_LIST_EACH (it, tmp, &sp->segments) {
        th_list_remove(it);
        th_free(th_list_item(it, struct segment, link));
    }
}

static void out_free(struct out *o)
{
    th_buf_free(&o->text);
    th_free(o->records);
    th_free(o->progress);
    *o = (struct out){0};
}

void th_spool_close(struct th_spool *sp)
{
    if (sp == NULL)
        return;
    if (sp->fd >= 0)
        close(sp->fd);
    if (sp->lock_fd >= 0)
        close(sp->lock_fd);
    free_segments(sp);
    out_free(&sp->out);
    th_spool_holds_free(&sp->found);
    uv_cond_destroy(&sp->wake);
    uv_mutex_destroy(&sp->lock);
    th_free(sp);
}

/* ---- in ---- */

static struct segment *last_segment(struct th_spool *sp)
{
    return th_list_empty(&sp->segments) ? NULL : th_list_item(sp->segments.prev, struct segment, link);
}

static void sync_folder(const struct th_spool *sp)
{
    int fd = open(sp->conf->spool_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

static void finish_segment(struct th_spool *sp)
{
    if (sp->fd >= 0)
        close(sp->fd);
    sp->fd = -1;
}

static bool new_segment(struct th_spool *sp)
{
    char path[4300];
    struct segment *g = th_calloc(1, sizeof *g);
    g->number = sp->next_number++;
    path_of(sp, g, "spool", path);
    sp->fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (sp->fd < 0) {
        th_erro("spool_not_written", "segment=\"%s\" error=\"%m\"", path);
        th_free(g);
        return false;
    }
    sync_folder(sp);
    th_list_push(&sp->segments, &g->link);
    return true;
}

/* All or nothing: what was written of a batch that does not fit is cut off again. */
static bool write_all(struct th_spool *sp, struct segment *g, struct th_str text)
{
    size_t done = 0;
    while (done < text.n) {
        ssize_t n = write(sp->fd, text.p + done, text.n - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    bool synced = done == text.n && !TH_ERRINJ_POINT("spool.sync") && fdatasync(sp->fd) == 0;
    if (synced)
        return true;
    th_erro("spool_not_written", "segment=%llx error=\"%m\"", (unsigned long long)g->number);
    if (ftruncate(sp->fd, (off_t)g->bytes) != 0)
        th_erro("spool_not_cut", "segment=%llx error=\"%m\"", (unsigned long long)g->number);
    if (done == text.n)
        finish_segment(sp); /* after a failed sync the kernel may have dropped what it could not write */
    return false;
}

static void on_written(struct th_worker *w, struct th_mail *mail)
{
    struct th_message *m = th_container_of(mail, struct th_message, mail);
    if (m->verdict == TH_VERDICT_RETRY)
        th_spool_holds_less(&w->store->holds, m->device_key, (int64_t)m->body.n);
    th_ingest_finish(w->store, m, m->verdict);
}

static void note_oldest(struct th_spool *sp)
{
    int64_t oldest = 0;
    TH_LIST_EACH (it, tmp, &sp->segments) {
        struct segment *g = th_list_item(it, struct segment, link);
        if (g->messages > 0) {
            oldest = g->first_ms;
            break;
        }
    }
    sp->state.oldest_ms = oldest;
    atomic_store(&sp->oldest_ms, oldest);
}

/* Called and returns with the lock held; the file calls are made without it. */
static void write_waiting(struct th_spool *sp)
{
    struct th_list batch;
    struct th_buf text = {0};
    int64_t count = 0, now = th_clock_ms(), body_bytes = 0;
    th_list_init(&batch);
    th_list_move_all(&batch, &sp->to_write);
    if (th_list_empty(&batch))
        return;
    uv_mutex_unlock(&sp->lock);
    TH_LIST_EACH (it, tmp, &batch) {
        struct th_message *m = th_list_item(it, struct th_message, link);
        struct th_spool_record r = {now, m->node, m->mtls ? TH_SPOOL_MTLS : 0, m->device_key, m->body};
        th_spool_record_put(&text, &r);
        body_bytes += (int64_t)m->body.n;
        count++;
    }
    uv_mutex_lock(&sp->lock);
    bool ok = sp->fd >= 0 || new_segment(sp);
    struct segment *g = ok ? last_segment(sp) : NULL;
    uv_mutex_unlock(&sp->lock);
    ok = ok && write_all(sp, g, th_buf_view(&text));
    uv_mutex_lock(&sp->lock);
    if (ok) {
        if (g->messages == 0)
            g->first_ms = now;
        g->bytes += (int64_t)text.n;
        g->messages += count;
        sp->state.bytes += (int64_t)text.n;
        sp->state.messages += count;
        if (g->bytes >= (int64_t)SEGMENT_BYTES)
            finish_segment(sp);
    }
    /* The cap was charged with the bodies alone when they were taken in. */
    atomic_fetch_add(&sp->bytes, ok ? (int64_t)text.n - body_bytes : -body_bytes);
    note_oldest(sp);
    th_buf_free(&text);
    TH_LIST_EACH (it, tmp, &batch) {
        struct th_message *m = th_list_item(it, struct th_message, link);
        th_list_remove(it);
        m->verdict = ok ? TH_VERDICT_SPOOLED : TH_VERDICT_RETRY;
        m->mail.run = on_written;
        th_worker_post(&sp->rt->workers[m->owner], &m->mail);
    }
}

bool th_spool_has_room(struct th_store *s, const struct th_message *m)
{
    struct th_spool *sp = s->spool;
    if (sp == NULL || !sp->running)
        return false;
    int64_t oldest = atomic_load(&sp->oldest_ms);
    if (oldest > 0 && th_clock_ms() - oldest > s->conf->spool_max_age)
        return false;
    const struct th_spool_hold *h = th_spool_holds_find(&s->holds, m->device_key);
    if (h != NULL && h->bytes + (int64_t)m->body.n > s->conf->spool_device_bytes)
        return false;
    return atomic_load(&sp->bytes) + (int64_t)m->body.n <= s->conf->spool_max_bytes;
}

bool th_spool_append(struct th_store *s, struct th_message *m)
{
    struct th_spool *sp = s->spool;
    if (!th_spool_has_room(s, m))
        return false;
    uv_mutex_lock(&sp->lock);
    bool ok = !sp->stopping;
    if (ok) {
        atomic_fetch_add(&sp->bytes, (int64_t)m->body.n);
        th_spool_holds_add(&s->holds, m->device_key, 1, (int64_t)m->body.n);
        th_list_push(&sp->to_write, &m->link);
        uv_cond_signal(&sp->wake);
    }
    uv_mutex_unlock(&sp->lock);
    return ok;
}

bool th_spool_holds(const struct th_store *s, struct th_str device_key)
{
    return th_spool_holds_find(&s->holds, device_key) != NULL;
}

void th_spool_database(struct th_spool *sp, int away)
{
    uv_mutex_lock(&sp->lock);
    sp->away += away;
    uv_cond_signal(&sp->wake);
    uv_mutex_unlock(&sp->lock);
}

/* ---- out ---- */

/* On the first worker's thread, the home of all that comes out. */
static void on_drained(struct th_message *m)
{
    struct th_spool *sp = m->home->rt->shared->spool;
    size_t index = (size_t)(uintptr_t)m->request;
    uv_mutex_lock(&sp->lock);
    struct out *o = &sp->out;
    o->flying--;
    if (m->verdict == TH_VERDICT_RETRY || m->verdict == TH_VERDICT_NONE) {
        o->progress[index] = WAITING;
        o->came_back = true;
    } else {
        o->progress[index] = DONE;
        o->done++;
        sp->state.messages--;
    }
    uv_cond_signal(&sp->wake);
    uv_mutex_unlock(&sp->lock);
    th_arena_free(&m->arena);
    th_free(m);
}

static void on_owner(struct th_worker *w, struct th_mail *mail)
{
    th_ingest_take(w->store, th_container_of(mail, struct th_message, mail));
}

static void send_out(struct th_spool *sp, size_t index)
{
    const struct th_spool_record *r = &sp->out.records[index];
    struct th_message *m = th_calloc(1, sizeof *m);
    th_arena_init(&m->arena);
    m->home = &sp->rt->workers[0];
    m->done = on_drained;
    m->request = (void *)(uintptr_t)index;
    m->arrived_us = th_clock_mono_us();
    m->bytes = r->body.n;
    m->body = (struct th_str){th_arena_dup(&m->arena, r->body.p, r->body.n), r->body.n};
    m->node = r->node;
    m->mtls = (r->flags & TH_SPOOL_MTLS) != 0;
    m->from_spool = true;
    m->spool_key = (struct th_str){th_arena_dup(&m->arena, r->key.p, r->key.n), r->key.n};
    sp->rt->shared->revive(m);
    m->mail.run = on_owner;
    th_worker_post(th_worker_of_device(sp->rt, m->spool_key), &m->mail);
}

static bool load_oldest(struct th_spool *sp)
{
    struct th_error err;
    struct th_spool_record r;
    struct out *o = &sp->out;
    char path[4300];
    struct segment *g = th_list_item(sp->segments.next, struct segment, link);
    if (g == last_segment(sp))
        finish_segment(sp); /* it is the one written to: what comes now goes to a new one */
    path_of(sp, g, "spool", path);
    /* Nothing else touches out while none of it flies, and segments belong to this thread. */
    uv_mutex_unlock(&sp->lock);
    int rc = th_spool_read(path, &o->text, &err);
    if (rc == 0) {
        struct th_spool_reader reader = {.text = th_buf_view(&o->text)};
        o->records = th_calloc((size_t)g->messages + 1, sizeof *o->records);
        while (o->count < (size_t)g->messages && th_spool_record_next(&reader, &r))
            o->records[o->count++] = r;
        o->progress = th_calloc(o->count + 1, 1);
        o->segment = g;
    } else {
        th_erro("spool_not_read", "error=\"%s\"", err.msg);
        th_buf_free(&o->text);
    }
    uv_mutex_lock(&sp->lock);
    return rc == 0;
}

static void segment_done(struct th_spool *sp)
{
    char path[4300];
    struct segment *g = sp->out.segment;
    path_of(sp, g, "spool", path);
    if (unlink(path) != 0)
        th_erro("spool_not_deleted", "segment=\"%s\" error=\"%m\"", path);
    sync_folder(sp);
    sp->state.messages -= g->messages - (int64_t)sp->out.count; /* records that could not be read again */
    sp->state.bytes -= g->bytes;
    atomic_fetch_sub(&sp->bytes, g->bytes);
    th_list_remove(&g->link);
    th_free(g);
    out_free(&sp->out);
    note_oldest(sp);
    if (th_list_empty(&sp->segments))
        th_info("spool_empty", "recovered=%lld", (long long)sp->state.recovered);
}

/* Hands out what the window takes. True: something was done. Lock held. */
static bool drain(struct th_spool *sp)
{
    struct out *o = &sp->out;
    if (sp->stopping || sp->away > 0 || th_clock_mono_us() < sp->rest_until_us ||
        th_list_empty(&sp->segments))
        return false;
    if (o->segment == NULL && !load_oldest(sp)) {
        sp->rest_until_us = th_clock_mono_us() + BACK_OFF_US;
        return false;
    }
    if (o->came_back) {
        if (o->flying > 0)
            return false;
        o->came_back = false;
        o->next = 0;
        sp->rest_until_us = th_clock_mono_us() + BACK_OFF_US;
        return false;
    }
    if (o->done == o->count) {
        segment_done(sp);
        return true;
    }
    bool moved = false;
    for (; o->next < o->count && o->flying < WINDOW; o->next++) {
        if (o->progress[o->next] != WAITING)
            continue;
        o->progress[o->next] = FLYING;
        o->flying++;
        uv_mutex_unlock(&sp->lock);
        send_out(sp, o->next);
        uv_mutex_lock(&sp->lock);
        moved = true;
    }
    return moved;
}

static void run(void *arg)
{
    struct th_spool *sp = arg;
    uv_mutex_lock(&sp->lock);
    for (;;) {
        write_waiting(sp);
        bool moved = drain(sp);
        if (!th_list_empty(&sp->to_write) || moved)
            continue;
        if (sp->stopping)
            break;
        uv_cond_timedwait(&sp->wake, &sp->lock, 200000000);
    }
    finish_segment(sp);
    uv_mutex_unlock(&sp->lock);
}

int th_spool_start(struct th_spool *sp, struct th_runtime *rt, struct th_error *err)
{
    sp->rt = rt;
    if (uv_thread_create(&sp->thread, run, sp) != 0)
        return th_fail(err, TH_EINTERNAL, "the spool's thread cannot be started");
    sp->running = true;
    return 0;
}

void th_spool_stop(struct th_spool *sp)
{
    if (sp == NULL || !sp->running)
        return;
    uv_mutex_lock(&sp->lock);
    sp->stopping = true;
    uv_cond_signal(&sp->wake);
    uv_mutex_unlock(&sp->lock);
    uv_thread_join(&sp->thread);
    sp->running = false;
}

void th_spool_state(struct th_spool *sp, struct th_spool_state *out)
{
    uv_mutex_lock(&sp->lock);
    *out = sp->state;
    uv_mutex_unlock(&sp->lock);
}
