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
    const char *modules;          /* what it requires (bind/modules.h); NULL: nothing */
    const char *tests;            /* a JSON list of tests beside its own; NULL: none */
    const char *rest;             /* topic below {product}/{device}/ of the message to try, */
    const char *function;         /* or a function that was put off, */
    const char *input;            /* or JSON of the form that tests have; all NULL: only load and test */
    struct th_str payload;        /* of the message, or the function's arguments as JSON */
    struct th_str kv;             /* the device's state before, a JSON object; p NULL: empty */
    struct th_str alarms;         /* its active alarms before (store/alarm.h); p NULL: none */
    int64_t received_ms;          /* when the broker had the message; 0: now */
    struct th_buf out;            /* the answer, JSON; the caller frees it */
};

/* out: {"ok": bool, "error"?: {"message", "where", "line", "column"}, "manifest"?: (store/manifest.h),
 *   "tests": [{"name", "passed", "message"?, "effects"}],
 *   "effects"?: {"store": [{"time", "params"}], "events": [{"type", "time", "params"}], "reply"?: {...},
 *     "commands": [{"name", "params"}], "sent": [{"topic", "hex", "text"?, "payload"? (JSON)}],
 *     "result"?: {"id", "code", "data"}, "kv": {name: value, null when deleted},
 *     "later": [{"name", "args", "delay" (s), "key"?} or {"cancel": key}],
 *     "forwarded": [{"device", "name", "args", "delay" (s)}],
 *     "alarms": [{"raise": key, "severity", "message"?, "details"?} or {"clear": key, "message"?,
 * "details"?}], "dead"?: {"reason", "detail"}}, "log": [{"level", "where", "line", "text"}], "cpu_us",
 * "memory"} ok: it loads, all tests pass, and a message that was given did not fail. */
void th_try_run(struct th_try *t); /* hook/try.c */

#endif
