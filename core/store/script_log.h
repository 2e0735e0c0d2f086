/* SPDX-License-Identifier: Apache-2.0
 *
 * The last lines that products' scripts logged, in memory: a ring per product, capped in lines and bytes, and
 * a cap over all, over which the product that was silent longest loses its lines. One for the process, behind
 * a lock that is held for a copy: lines are few, since each worker caps their rate before it comes here. */
#ifndef TH_SCRIPT_LOG_H
#define TH_SCRIPT_LOG_H

#include <stdint.h>
#include "base/log.h"
#include "base/str.h"

#define TH_SCRIPT_LOG_LINES 1000            /* of one product */
#define TH_SCRIPT_LOG_BYTES (256u << 10)    /* likewise */
#define TH_SCRIPT_LOG_ALL_BYTES (16u << 20) /* of all */

struct th_script_log;

struct th_script_line {
    int64_t product_id;
    struct th_str product, device; /* keys; device "": of none */
    int64_t version;
    enum th_log_level level;
    struct th_str where; /* chunk, "" when unknown */
    int line;            /* 0 when unknown */
    struct th_str text;
};

struct th_script_log *th_script_log_new(void);
void th_script_log_free(struct th_script_log *log);

/* Keeps the line, with the time of now and a number that counts up per product; out: the line as JSON,
 * {"seq", "time", "product", "device", "version", "level", "where", "line", "text"}. From any thread. */
void th_script_log_put(struct th_script_log *log, const struct th_script_line *line, struct th_buf *out);
/* The newest `limit` lines of at least that level, of that device when one is given, oldest first, as a JSON
 * array. From any thread. */
void th_script_log_read(struct th_script_log *log, int64_t product_id, enum th_log_level level,
    struct th_str device, unsigned limit, struct th_buf *out);

const char *th_script_level_name(enum th_log_level level); /* "debug", "info", "warn", "error" */
bool th_script_level_of(struct th_str name, enum th_log_level *out);

#endif
