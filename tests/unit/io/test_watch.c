/* SPDX-License-Identifier: Apache-2.0 */
#include "io/watch.c"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "test.h"

static uv_loop_t loop;
static char root[64];
static int changes;
static bool late;

static void on_change(void *arg)
{
    changes++;
}

static void on_late(uv_timer_t *t)
{
    late = true;
}

/* Runs the loop until so many changes were told; false after ten seconds. */
static bool until(int n)
{
    uv_timer_t deadline;
    uv_timer_init(&loop, &deadline);
    uv_timer_start(&deadline, on_late, 10000, 0);
    late = false;
    while (changes < n && !late)
        uv_run(&loop, UV_RUN_ONCE);
    uv_close((uv_handle_t *)&deadline, NULL);
    uv_run(&loop, UV_RUN_NOWAIT);
    return changes == n;
}

static const char *path(const char *name)
{
    static char text[2][200];
    static int at;
    at = !at;
    snprintf(text[at], sizeof text[at], "%s/%s", root, name);
    return text[at];
}

static void save(const char *name, const char *text)
{
    FILE *f = fopen(path(name), "w");
    if (TH_CHECK(f != NULL)) {
        fputs(text, f);
        fclose(f);
    }
}

static void make_root(void)
{
    snprintf(root, sizeof root, "/tmp/th_watch.XXXXXX");
    TH_CHECK(mkdtemp(root) != NULL);
    changes = 0;
}

static void clear_root(struct th_watch *w)
{
    char command[100];
    th_watch_stop(w);
    uv_run(&loop, UV_RUN_DEFAULT); /* ends: nothing is left open */
    snprintf(command, sizeof command, "rm -r %s", root);
    TH_EQ_INT(system(command), 0);
}

static struct th_watch *start(uint64_t quiet_ms)
{
    struct th_watch *w = NULL;
    struct th_error err;
    TH_EQ_INT(th_watch_start(&w, &loop, root, quiet_ms, on_change, NULL, &err), 0);
    return w;
}

static void test_a_file_is_saved(void)
{
    make_root();
    save("init.lua", "1");
    struct th_watch *w = start(20);
    save("init.lua", "2");
    TH_CHECK(until(1));
    unlink(path("init.lua"));
    TH_CHECK(until(2));
    clear_root(w);
}

/* As editors do: beside it, then in its place. */
static void test_a_file_is_replaced_by_a_rename(void)
{
    make_root();
    save("init.lua", "1");
    struct th_watch *w = start(20);
    for (int i = 1; i <= 3; i++) {
        save(".init.lua.swp", "2");
        rename(path(".init.lua.swp"), path("init.lua"));
        TH_CHECK(until(i));
    }
    clear_root(w);
}

static void test_many_writes_are_one_change(void)
{
    make_root();
    struct th_watch *w = start(300);
    for (int i = 0; i < 20; i++)
        save(i % 2 == 0 ? "init.lua" : "other.lua", "x");
    TH_CHECK(until(1));
    clear_root(w);
}

static void test_folders_below_come_and_go(void)
{
    make_root();
    struct th_watch *w = start(20);
    mkdir(path("lib"), 0700);
    TH_CHECK(until(1));
    save("lib/decode.lua", "1"); /* the new folder is watched by now */
    TH_CHECK(until(2));
    unlink(path("lib/decode.lua"));
    rmdir(path("lib"));
    TH_CHECK(until(3));
    clear_root(w);
}

static void test_the_folder_itself_goes_and_comes_back(void)
{
    make_root();
    struct th_watch *w = start(20);
    rmdir(root);
    TH_CHECK(until(1));
    mkdir(root, 0700);
    TH_CHECK(until(2));
    save("init.lua", "1");
    TH_CHECK(until(3));
    clear_root(w);
}

static void test_hidden_folders_and_links_are_left_alone(void)
{
    make_root();
    mkdir(path(".git"), 0700);
    TH_EQ_INT(symlink("/", path("link")), 0);
    struct th_watch *w = start(20);
    TH_EQ_INT(w->count, 1);
    clear_root(w);
}

static void test_there_is_an_end(void)
{
    make_root();
    for (int i = 0; i < TH_WATCH_FOLDERS + 20; i++) {
        char name[20];
        snprintf(name, sizeof name, "d%d", i);
        mkdir(path(name), 0700);
    }
    struct th_watch *w = start(20);
    TH_EQ_INT(w->count, TH_WATCH_FOLDERS);
    clear_root(w);
}

static void test_what_is_not_there(void)
{
    struct th_watch *w = NULL;
    struct th_error err;
    TH_EQ_INT(th_watch_start(&w, &loop, "/nowhere/at/all", 20, on_change, NULL, &err), -TH_ENOTFOUND);
    TH_CHECK(strstr(err.msg, "/nowhere/at/all") != NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
}

int main(void)
{
    uv_loop_init(&loop);
    TH_RUN(test_a_file_is_saved);
    TH_RUN(test_a_file_is_replaced_by_a_rename);
    TH_RUN(test_many_writes_are_one_change);
    TH_RUN(test_folders_below_come_and_go);
    TH_RUN(test_the_folder_itself_goes_and_comes_back);
    TH_RUN(test_hidden_folders_and_links_are_left_alone);
    TH_RUN(test_there_is_an_end);
    TH_RUN(test_what_is_not_there);
    TH_EQ_INT(uv_loop_close(&loop), 0);
    return TH_END();
}
