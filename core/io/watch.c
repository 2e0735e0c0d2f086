/* SPDX-License-Identifier: Apache-2.0 */
#include "io/watch.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "base/alloc.h"

#define DEPTH_MAX 8
#define AGAIN_MS 500 /* a folder that is away is looked for so often */
#define PATH_BYTES 4096

struct folder {
    uv_fs_event_t event;
    struct th_watch *watch;
    struct folder *next;
};

struct th_watch {
    uv_loop_t *loop;
    uv_timer_t timer;
    struct folder *folders;
    unsigned count, closing; /* handles that are still to be closed */
    char *path;
    uint64_t quiet_ms;
    bool stopped, away;
    th_watch_cb cb;
    void *arg;
};

static void free_when_closed(struct th_watch *w)
{
    if (--w->closing > 0 || !w->stopped)
        return;
    th_free(w->path);
    th_free(w);
}

static void on_timer_closed(uv_handle_t *handle)
{
    free_when_closed(handle->data);
}

static void on_folder_closed(uv_handle_t *handle)
{
    struct folder *f = th_container_of((uv_fs_event_t *)handle, struct folder, event);
    struct th_watch *w = f->watch;
    th_free(f);
    free_when_closed(w);
}

static void on_quiet(uv_timer_t *timer);

static void on_event(uv_fs_event_t *event, const char *name, int events, int status)
{
    struct folder *f = th_container_of(event, struct folder, event);
    uv_timer_start(&f->watch->timer, on_quiet, f->watch->quiet_ms, 0);
}

static void drop_all(struct th_watch *w)
{
    for (struct folder *f = w->folders, *next; f != NULL; f = next) {
        next = f->next;
        w->closing++;
        uv_close((uv_handle_t *)&f->event, on_folder_closed);
    }
    w->folders = NULL;
    w->count = 0;
}

static int add(struct th_watch *w, const char *path)
{
    struct folder *f = th_calloc(1, sizeof *f);
    f->watch = w;
    uv_fs_event_init(w->loop, &f->event);
    int rc = uv_fs_event_start(&f->event, on_event, path, 0);
    if (rc != 0) {
        w->closing++;
        uv_close((uv_handle_t *)&f->event, on_folder_closed);
        return rc;
    }
    f->next = w->folders;
    w->folders = f;
    w->count++;
    return 0;
}

/* The folder and those below it. */
static int add_tree(struct th_watch *w, const char *path, int depth)
{
    if (w->count >= TH_WATCH_FOLDERS || depth > DEPTH_MAX)
        return 0;
    int rc = add(w, path);
    DIR *dir = rc == 0 ? opendir(path) : NULL;
    if (dir == NULL)
        return rc;
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        char below[PATH_BYTES];
        struct stat st;
        if (e->d_name[0] == '.')
            continue;
        int n = snprintf(below, sizeof below, "%s/%s", path, e->d_name);
        /* Not through links: they could lead back. One that vanished meanwhile will be told of. */
        if (n < (int)sizeof below && lstat(below, &st) == 0 && S_ISDIR(st.st_mode))
            add_tree(w, below, depth + 1);
    }
    closedir(dir);
    return 0;
}

/* Folders may be new or gone: all are watched anew before it is told, so that nothing is missed. */
static void on_quiet(uv_timer_t *timer)
{
    struct th_watch *w = timer->data;
    drop_all(w);
    bool away = add_tree(w, w->path, 0) != 0;
    if (away)
        uv_timer_start(&w->timer, on_quiet, AGAIN_MS, 0);
    if (!away || !w->away) {
        w->away = away;
        w->cb(w->arg);
    }
}

int th_watch_start(struct th_watch **out, uv_loop_t *loop, const char *folder, uint64_t quiet_ms,
    th_watch_cb cb, void *arg, struct th_error *err)
{
    struct th_watch *w = th_calloc(1, sizeof *w);
    w->loop = loop;
    w->path = th_strdup(folder);
    w->quiet_ms = quiet_ms;
    w->cb = cb;
    w->arg = arg;
    uv_timer_init(loop, &w->timer);
    w->timer.data = w;
    int rc = add_tree(w, folder, 0);
    if (rc != 0) {
        th_watch_stop(w);
        return th_fail(err, rc == UV_ENOENT ? TH_ENOTFOUND : TH_EIO, "%s: %s", folder, uv_strerror(rc));
    }
    *out = w;
    return 0;
}

void th_watch_stop(struct th_watch *w)
{
    w->stopped = true;
    drop_all(w);
    w->closing++;
    uv_close((uv_handle_t *)&w->timer, on_timer_closed);
}
