/* SPDX-License-Identifier: Apache-2.0
 *
 * Signed tokens of an OpenID provider: compact JWS (RFC 7515) with the provider's JWK set, and the claims of
 * an ID token (OpenID Connect Core 3.1.3.7). Algorithms are those of a fixed list, each with the one kind of
 * key it is for: RS256/384/512, PS256/384/512 (2048 bits and more), ES256/384/512, EdDSA (Ed25519). `none`
 * and HMAC are not on it, so neither an unsigned token nor one signed with a public key as a shared secret
 * gets in. Keys that a header brings along or points to (jwk, jku, x5c, x5u) are never looked at; a header
 * with `crit`, or of a kind that is no ID token's, is refused. Pure functions: any thread. */
#ifndef TH_JWS_H
#define TH_JWS_H

#include <stdint.h>
#include "base/alloc.h"
#include "base/err.h"
#include "base/str.h"

#define TH_JWS_TOKEN_MAX 16384
#define TH_JWS_SET_MAX 65536
#define TH_JWS_KEYS_MAX 100

/* payload: the verified bytes, in the arena. TH_EINVAL: not a token, or one of a form or algorithm that is
 * not taken, or the set is none; TH_ENOTFOUND: the set has no key for it (the provider may have changed its
 * keys); TH_ECRYPTO: the signature is not right. */
int th_jws_verify(struct th_arena *arena, struct th_str token, struct th_str key_set, struct th_str *payload,
    struct th_error *err) TH_MUST_CHECK;

/* What an ID token must say. */
struct th_id_claims {
    struct th_str issuer, client_id, nonce;
    int64_t now_ms;
};
#define TH_ID_LEEWAY_S 60 /* that two clocks may be apart */

/* Checks iss, aud, azp, exp, iat, nbf, nonce and that there is a sub. TH_EAUTH with the reason in words. */
int th_id_token_check(struct th_arena *arena, struct th_str payload, const struct th_id_claims *want,
    struct th_error *err) TH_MUST_CHECK;

#endif
