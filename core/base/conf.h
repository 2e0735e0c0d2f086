/* SPDX-License-Identifier: Apache-2.0
 *
 * Configuration: every key stands once, in conf_keys.h, with type, default, bounds, whether SIGHUP re-reads
 * it, whether it is secret, and one line of help; sample file, `thingd check-config` and this struct are made
 * from that table. A file of `key = value` lines (# comments) is read first, then environment variables: key
 * `http.listen` is THINGD_HTTP_LISTEN. An unknown key is an error that names the nearest known one. */
#ifndef TH_CONF_H
#define TH_CONF_H

#include <stdbool.h>
#include <stdint.h>
#include "base/alloc.h"
#include "base/err.h"
#include "base/str.h"

/* Values by kind: text `const char *` ("" when empty), number `int64_t` (sizes in bytes, durations in
 * milliseconds; files may say 64KiB, 8s, 5m), flag `bool`. Member name = key with '.' replaced by '_'. */
enum th_conf_kind { TH_CONF_COUNT, TH_CONF_BYTES, TH_CONF_TIME };
enum th_conf_flags { TH_CONF_RELOAD = 1, TH_CONF_SECRET = 2 };

struct th_conf {
    struct th_arena arena;
#define TH_CONF_TEXT(key, member, def, flags, help) const char *member;
#define TH_CONF_NUMBER(key, member, kind, def, min, max, flags, help) int64_t member;
#define TH_CONF_FLAG(key, member, def, flags, help) bool member;
#include "base/conf_keys.h"
#undef TH_CONF_TEXT
#undef TH_CONF_NUMBER
#undef TH_CONF_FLAG
};

/* path NULL: defaults and environment only. Errors name file and line. */
int th_conf_load(struct th_conf **out, const char *path, struct th_error *err) TH_MUST_CHECK;
void th_conf_free(struct th_conf *conf);
/* The pieces of th_conf_load: all defaults, and the lines of a text whose errors are shown under name. */
void th_conf_defaults(struct th_conf *conf);
int th_conf_read(
    struct th_conf *conf, struct th_str text, const char *name, struct th_error *err) TH_MUST_CHECK;
/* The sample file: every key commented out with its default and help. */
void th_conf_sample(struct th_buf *out);
/* Every key with the value in force, secrets masked. */
void th_conf_show(const struct th_conf *conf, struct th_buf *out);

#endif
