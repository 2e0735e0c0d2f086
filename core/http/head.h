/* SPDX-License-Identifier: Apache-2.0
 *
 * The form of a request's head, looked at before h2o reads it. A pure function. */
#ifndef TH_HEAD_H
#define TH_HEAD_H

#include <stdbool.h>
#include <stddef.h>

/* NULL when the head that begins at p is well formed, else what is wrong with it. n may reach past its end.
 */
const char *th_head_check(const char *p, size_t n, bool http11);

#endif
