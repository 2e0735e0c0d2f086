/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TH_DIGEST_H
#define TH_DIGEST_H

#include <stdbool.h>
#include "base/str.h"

/* Of the parts one after the other. Any thread. */
void th_sha256(unsigned char out[32], const struct th_str *parts, int n);
/* HMAC-SHA1 (RFC 2104) of the parts: the device password's. */
void th_hmac_sha1(unsigned char out[20], struct th_str key, const struct th_str *parts, int n);
void th_hmac_sha256(unsigned char out[32], struct th_str key, const struct th_str *parts, int n);
/* In time that depends on the lengths only. */
bool th_equal_secret(struct th_str a, struct th_str b);

#endif
