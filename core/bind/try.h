/* SPDX-License-Identifier: Apache-2.0
 *
 * A script looked at without consequences: loaded aside with the limits of a live one, its own `tests` run,
 * or one message handled and its effects shown. Nothing is stored, nothing sent. Takes up to some hundred
 * milliseconds: never on a worker's thread. */
#ifndef TH_BIND_TRY_H
#define TH_BIND_TRY_H

#include "base/conf.h"
#include "base/str.h"

struct th_try {
    const struct th_conf *conf;
    const char *home;
    const char *product, *device; /* keys shown to the script */
    const char *source;           /* of the script */
    const char *rest; /* topic below {product}/{device}/ of the message to try; NULL: only load and test */
    struct th_str payload;
    struct th_buf out; /* the answer, JSON; the caller frees it */
};

/* out: {"ok": bool, "error"?: {"message", "where", "line", "column"},
 *   "tests": [{"name", "passed", "message"?, "effects"}],
 *   "effects"?: {"store": [{"time", "params"}], "events": [{"type", "time", "params"}], "reply"?: {...},
 *     "commands": [{"name", "params"}], "result"?: {"id", "code", "data"}, "dead"?: {"reason", "detail"}},
 *   "cpu_us", "memory"}
 * ok: it loads, all tests pass, and a message that was given did not fail. */
void th_try_run(struct th_try *t); /* hook/try.c */

#endif
