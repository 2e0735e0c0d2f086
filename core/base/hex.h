/* SPDX-License-Identifier: Apache-2.0
 *
 * Hex and base64 (RFC 4648). Decoders are strict: whole groups, right padding, no blanks. */
#ifndef TH_HEX_H
#define TH_HEX_H

#include <stdbool.h>
#include "base/str.h"

void th_hex_put(struct th_buf *b, const void *p, size_t n); /* lower case */
void th_hex_encode(char *out, const void *p, size_t n);     /* 2n bytes and a NUL */
bool th_hex_decode(void *out, struct th_str hex);           /* hex.n / 2 bytes; false unless all are digits */

static inline size_t th_base64_max(size_t n) /* decoded size is never above this */
{
    return (n + 3) / 4 * 3;
}
bool th_base64_decode(void *out, size_t *out_n, struct th_str text);
void th_base64_put(struct th_buf *b, const void *p, size_t n);
void th_base64url_put(struct th_buf *b, const void *p, size_t n); /* no padding */
bool th_base64url_decode(void *out, size_t *out_n, struct th_str text);

#endif
