/* SPDX-License-Identifier: Apache-2.0 */
#include "io/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "test.h"

static char root[64];

static void make_root(void)
{
    snprintf(root, sizeof root, "/tmp/thingd-files-XXXXXX");
    TH_CHECK(mkdtemp(root) != NULL);
}

static struct th_str read_all(const char *name, char *out, size_t n)
{
    struct th_error err;
    size_t got = 0;
    TH_CHECK(th_file_read(root, name, 0, out, n, &got, &err) == 0);
    return (struct th_str){out, got};
}

static void test_names(void)
{
    static const char *const bad[] = {"", ".", "..", "a/b", "../a", "A", "a.b", "a b", "a_b", "\xc3\xbc",
        "0123456789012345678901234567890123456789012345678901234567890123x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        TH_CHECK(!th_file_name_ok(th_str(bad[i])));
    TH_CHECK(th_file_name_ok(TH_STR("0f-9a")));
}

static void test_parts_in_any_order(void)
{
    struct th_error err;
    char out[32];
    size_t got;
    TH_CHECK(th_file_write(root, "a", 3, TH_STR("def"), &err) == 0);
    TH_CHECK(th_file_write(root, "a", 0, TH_STR("abc"), &err) == 0);
    TH_CHECK(th_file_write(root, "a", 3, TH_STR("D"), &err) == 0);
    TH_CHECK(th_str_eq(read_all("a", out, sizeof out), TH_STR("abcDef")));
    TH_CHECK(th_file_read(root, "a", 4, out, 1, &got, &err) == 0 && got == 1 && out[0] == 'e');
    TH_CHECK(th_file_read(root, "a", 6, out, 1, &got, &err) == 0 && got == 0);
    TH_CHECK(th_file_remove(root, "a", &err) == 0);
    TH_CHECK(th_file_remove(root, "a", &err) == 0);
    TH_CHECK(th_file_read(root, "a", 0, out, 1, &got, &err) == -TH_ENOTFOUND);
}

/* Whoever can write into the folder must not turn us to a file elsewhere. */
static void test_links_are_not_followed(void)
{
    struct th_error err;
    char link[128], out[8];
    size_t got;
    snprintf(link, sizeof link, "%s/link", root);
    TH_CHECK(symlink("/etc/hostname", link) == 0);
    TH_CHECK(th_file_read(root, "link", 0, out, sizeof out, &got, &err) == -TH_EIO);
    TH_CHECK(th_file_write(root, "link", 0, TH_STR("x"), &err) == -TH_EIO);
    TH_CHECK(th_file_remove(root, "link", &err) == 0);
    TH_CHECK(access("/etc/hostname", F_OK) == 0);
}

static void test_a_full_disk(void)
{
    struct th_error err;
    /* What a full disk says, without one. */
    TH_CHECK(th_file_write("/dev", "full", 0, TH_STR("x"), &err) == -TH_EUNAVAIL);
}

static void test_the_folder(void)
{
    struct th_error err;
    struct stat st;
    char dir[80];
    snprintf(dir, sizeof dir, "%s/new", root);
    TH_CHECK(th_files_open(dir, &err) == 0 && stat(dir, &st) == 0 && (st.st_mode & 0777) == 0700);
    TH_CHECK(th_files_open(dir, &err) == 0);
    TH_CHECK(rmdir(dir) == 0); /* nothing was left in it */
    TH_CHECK(th_files_open("/dev/null/x", &err) < 0 && strstr(err.msg, "files.dir") != NULL);
}

int main(void)
{
    make_root();
    TH_RUN(test_names);
    TH_RUN(test_parts_in_any_order);
    TH_RUN(test_links_are_not_followed);
    TH_RUN(test_a_full_disk);
    TH_RUN(test_the_folder);
    TH_CHECK(rmdir(root) == 0);
    return TH_END();
}
