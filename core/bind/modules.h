/* SPDX-License-Identifier: Apache-2.0
 *
 * The further files of a script, which it require()s: one JSON object {"lib.decode": "its source"}, as a
 * version keeps them. */
#ifndef TH_BIND_MODULES_H
#define TH_BIND_MODULES_H

#include "base/alloc.h"
#include "base/err.h"
#include "base/str.h"

#define TH_MODULES_MAX 64

struct th_module {
    const char *name;  /* "lib.decode" */
    const char *chunk; /* "lib/decode.lua" */
    struct th_str text;
};

/* json NULL: none. What is read lies in the arena, and json's bytes must stay. */
int th_modules_read(struct th_arena *arena, const char *json, struct th_module **out, size_t *count,
    struct th_error *err) TH_MUST_CHECK;

#endif
