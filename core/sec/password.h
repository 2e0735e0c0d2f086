/* SPDX-License-Identifier: Apache-2.0
 *
 * The password of a device: `{nonce}.{timestamp}.{hash}`; nonce 6 characters, timestamp unix seconds, hash
 * lower-case hex of HMAC-SHA1(key, "{clientId}.{nonce}.{timestamp}.{key}") (the device protocol, section 2).
 */
#ifndef TH_PASSWORD_H
#define TH_PASSWORD_H

#include "base/str.h"

enum th_password { TH_PASSWORD_OK, TH_PASSWORD_MALFORMED, TH_PASSWORD_CLOCK, TH_PASSWORD_MISMATCH };

#define TH_PASSWORD_MAX 256

/* Any of the keys may have made it; all are tried, in constant time each. CLOCK: only the time is wrong, by
 * *skew_s seconds (device minus now). */
enum th_password th_password_check(struct th_str client_id, struct th_str password, const struct th_str *keys,
    unsigned nkeys, int64_t now_s, int64_t window_s, int64_t *skew_s);

/* nonce: exactly 6 characters. */
void th_password_make(
    struct th_buf *out, struct th_str client_id, struct th_str nonce, int64_t timestamp_s, struct th_str key);

#endif
