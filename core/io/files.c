/* SPDX-License-Identifier: Apache-2.0 */
#include "io/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool th_file_name_ok(struct th_str name)
{
    if (name.n == 0 || name.n > TH_FILE_NAME_MAX)
        return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
            return false;
    }
    return true;
}

static int fail(struct th_error *err, const char *what, const char *name)
{
    enum th_err code = errno == ENOSPC || errno == EDQUOT ? TH_EUNAVAIL
                       : errno == ENOENT                  ? TH_ENOTFOUND
                                                          : TH_EIO;
    return th_fail(err, code, "%s %s: %s", what, name, strerror(errno));
}

static int open_folder(const char *dir, struct th_error *err)
{
    int folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return folder >= 0 ? folder : fail(err, "open", dir);
}

/* A file that was just made stays made: its entry in the folder is synced as well. */
static int open_for_write(int folder, const char *name)
{
    int fd = openat(folder, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd >= 0 || errno != ENOENT)
        return fd;
    fd = openat(folder, name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0 && fsync(folder) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool write_all(int fd, struct th_str data, uint64_t at)
{
    while (data.n > 0) {
        ssize_t n = pwrite(fd, data.p, data.n, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        data.p += n;
        data.n -= (size_t)n;
        at += (uint64_t)n;
    }
    return fdatasync(fd) == 0;
}

int th_file_write(const char *dir, const char *name, uint64_t at, struct th_str data, struct th_error *err)
{
    int folder = open_folder(dir, err);
    if (folder < 0)
        return folder;
    int fd = open_for_write(folder, name);
    int rc = fd >= 0 && write_all(fd, data, at) ? 0 : fail(err, "write", name);
    if (fd >= 0)
        close(fd);
    close(folder);
    return rc;
}

int th_file_read(
    const char *dir, const char *name, uint64_t at, char *out, size_t n, size_t *got, struct th_error *err)
{
    int folder = open_folder(dir, err);
    if (folder < 0)
        return folder;
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    int rc = fd >= 0 ? 0 : fail(err, "open", name);
    *got = 0;
    while (rc == 0 && *got < n) {
        ssize_t part = pread(fd, out + *got, n - *got, (off_t)(at + *got));
        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0)
            rc = fail(err, "read", name);
        if (part <= 0)
            break;
        *got += (size_t)part;
    }
    if (fd >= 0)
        close(fd);
    close(folder);
    return rc;
}

int th_file_remove(const char *dir, const char *name, struct th_error *err)
{
    int folder = open_folder(dir, err);
    if (folder < 0)
        return folder;
    int rc = unlinkat(folder, name, 0) == 0 || errno == ENOENT ? 0 : fail(err, "remove", name);
    close(folder);
    return rc;
}

int th_files_open(const char *dir, struct th_error *err)
{
    char probe[TH_FILE_NAME_MAX];
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return fail(err, "files.dir", dir);
    snprintf(probe, sizeof probe, "probe-%ld", (long)getpid());
    int rc = th_file_write(dir, probe, 0, TH_STR("probe"), err);
    return rc == 0 ? th_file_remove(dir, probe, err) : rc;
}
