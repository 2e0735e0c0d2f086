/* SPDX-License-Identifier: Apache-2.0
 *
 * A script's text looked through without running it (lua/thing/lint): what is unused, undefined, misspelt or
 * called where it cannot be. The texts are those of strangers, so the lint itself runs in a state with a cap
 * on bytes and CPU time. Takes up to a second per file: never on a worker's thread. */
#ifndef TH_BIND_LINT_H
#define TH_BIND_LINT_H

#include "script/gen.h"

struct th_lint_file {
    const char *name; /* "init.lua", "lib/decode.lua": shown in the warnings */
    struct th_str text;
    const char *module; /* what require() calls it; NULL: the script itself */
};

/* Appends [{"code", "line", "column", "file", "message"}] to out, columns in bytes from 1. A text that is not
 * Lua has one warning of code "syntax"; one that takes more time or memory than the lint may have has one of
 * code "not_linted". Any thread that has a budget; fails when the lint itself cannot be loaded. */
int th_lint(struct th_budget *budget, const char *home, const struct th_lint_file *files, size_t count,
    struct th_buf *out, struct th_error *err) TH_MUST_CHECK;

#endif
