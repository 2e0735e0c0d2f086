/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/hex.h"
#include "sec/digest.h"
#include "sec/password.h"

#define NONCE 6
#define HASH 40

static void hash_of(char out[HASH + 1], struct th_str client_id, struct th_str nonce, struct th_str timestamp,
    struct th_str key)
{
    unsigned char mac[20];
    struct th_str dot = TH_STR("."), parts[] = {client_id, dot, nonce, dot, timestamp, dot, key};
    th_hmac_sha1(mac, key, parts, 7);
    th_hex_encode(out, mac, sizeof mac);
}

enum th_password th_password_check(struct th_str client_id, struct th_str password, const struct th_str *keys,
    unsigned nkeys, int64_t now_s, int64_t window_s, int64_t *skew_s)
{
    struct th_str rest = password, nonce, timestamp, hash;
    int64_t then;
    *skew_s = 0;
    if (password.n == 0 || password.n > TH_PASSWORD_MAX || !th_str_split(&rest, '.', &nonce) ||
        !th_str_split(&rest, '.', &timestamp) || !th_str_split(&rest, '.', &hash) || rest.p != NULL ||
        nonce.n != NONCE || hash.n != HASH || !th_str_int(timestamp, &then) || then < 0 ||
        then > INT64_MAX / 2)
        return TH_PASSWORD_MALFORMED;
    bool match = false;
    for (unsigned i = 0; i < nkeys; i++) {
        char wanted[HASH + 1];
        hash_of(wanted, client_id, nonce, timestamp, keys[i]);
        match |= th_equal_secret(hash, (struct th_str){wanted, HASH});
    }
    if (!match)
        return TH_PASSWORD_MISMATCH;
    *skew_s = then - now_s;
    return *skew_s > window_s || *skew_s < -window_s ? TH_PASSWORD_CLOCK : TH_PASSWORD_OK;
}

void th_password_make(
    struct th_buf *out, struct th_str client_id, struct th_str nonce, int64_t timestamp_s, struct th_str key)
{
    char timestamp[24], hash[HASH + 1];
    snprintf(timestamp, sizeof timestamp, "%lld", (long long)timestamp_s);
    hash_of(hash, client_id, nonce, th_str(timestamp), key);
    th_buf_printf(out, "%.*s.%s.%s", TH_STR_FMT(nonce), timestamp, hash);
}
