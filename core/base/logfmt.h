/* SPDX-License-Identifier: Apache-2.0
 *
 * The fields part of a log line, `key=value key="value with blanks"`, safe against values that outsiders
 * chose: inside quotes a value is escaped as in JSON, outside its control bytes become `?`; a value is cut at
 * 1000 bytes. */
#ifndef TH_LOGFMT_H
#define TH_LOGFMT_H

#include <stdarg.h>
#include "base/str.h"

/* fmt as for vprintf, without %n and wide characters. errno is kept for %m. */
void th_logfmt_put(struct th_buf *out, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
/* The same fields as members of a JSON object, each with a comma in front, all values as text. */
void th_logfmt_to_json(struct th_buf *out, struct th_str fields);

#endif
