/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading a folder of files to be served into memory; for static.c. */
#ifndef TH_STATIC_LOAD_H
#define TH_STATIC_LOAD_H

#include "http/static.h"

struct th_static_file {
    struct th_str path; /* as in a URL: "/assets/index-3f2a9c1b.js" */
    const char *type;
    struct th_str data, packed; /* packed is empty where gzip gains little */
    char etag[24], packed_etag[24];
    bool immutable;
};

struct th_static {
    struct th_arena arena;
    struct th_static_file *files; /* by path */
    size_t n, cap;
    size_t bytes;
};

/* Byte order, for qsort and bsearch. */
int th_static_order(struct th_str a, struct th_str b);
int th_static_read(struct th_static *s, const char *folder, struct th_error *err) TH_MUST_CHECK;

#endif
