/* SPDX-License-Identifier: Apache-2.0
 *
 * The pieces of `thingd doctor`: each looks at one part and says how it is. */
#ifndef TH_DOCTOR_H
#define TH_DOCTOR_H

#include <stdbool.h>
#include "base/conf.h"
#include "base/str.h"

/* A line of the report; what is not ok is counted. */
void th_doctor_say(bool ok, const char *what, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* GET. Returns the status, or 0 and the reason in body. header may be NULL. */
long th_doctor_fetch(const char *url, const char *header, struct th_buf *body);

/* What people need to sign in: mail server and OpenID provider, when they are configured. */
void th_doctor_people(const struct th_conf *conf);

#endif
