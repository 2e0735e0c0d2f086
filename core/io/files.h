/* SPDX-License-Identifier: Apache-2.0
 *
 * Files of thingd's own making in one folder (`files.dir`): uploads, results of jobs. Their names are made
 * here or in the API, never by a caller. All but the check of a name block: they belong on another thread
 * (io/offload.h). Several instances may share the folder. */
#ifndef TH_FILES_H
#define TH_FILES_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/str.h"

#define TH_FILE_NAME_MAX 64

/* 1 to 64 of a-z 0-9 -: never a path. */
bool th_file_name_ok(struct th_str name);
/* Makes the folder (mode 0700) unless it is there, and tries to write into it. */
int th_files_open(const char *dir, struct th_error *err) TH_MUST_CHECK;
/* Writes data at a place of the file, which is made when it is not there; on disk when it returns 0.
 * -TH_EUNAVAIL: the disk is full. */
int th_file_write(
    const char *dir, const char *name, uint64_t at, struct th_str data, struct th_error *err) TH_MUST_CHECK;
/* Up to n bytes from a place; *got is 0 at the end. -TH_ENOTFOUND: there is no such file. */
int th_file_read(const char *dir, const char *name, uint64_t at, char *out, size_t n, size_t *got,
    struct th_error *err) TH_MUST_CHECK;
/* 0 also when there is none. */
int th_file_remove(const char *dir, const char *name, struct th_error *err) TH_MUST_CHECK;

#endif
