/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TH_CLOCK_H
#define TH_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include "base/str.h"

int64_t th_clock_ms(void);       /* wall clock, milliseconds since 1970 */
int64_t th_clock_us(void);       /* the same in microseconds */
uint64_t th_clock_mono_us(void); /* monotonic, microseconds */

#define TH_RFC3339_LEN 25 /* "2026-11-24T20:00:00.123Z" and NUL */
/* UTC with milliseconds. Years 0001 to 9999; anything outside is clamped. */
void th_clock_rfc3339(int64_t ms, char out[TH_RFC3339_LEN]);
/* RFC 3339 with any offset and up to nine decimals (cut to ms); false when it is not one. */
bool th_clock_parse(struct th_str text, int64_t *ms);

#endif
