/* SPDX-License-Identifier: Apache-2.0
 *
 * Public keys of a JWK set (RFC 7517): RSA of 2048 to 8192 bits, EC on P-256, P-384 and P-521, Ed25519.
 * Symmetric keys are never taken: what anybody can read signs nothing. */
#ifndef TH_JWK_H
#define TH_JWK_H

#include <openssl/evp.h>
#include "base/json.h"

enum th_jwk_kind { TH_JWK_RSA, TH_JWK_P256, TH_JWK_P384, TH_JWK_P521, TH_JWK_ED25519 };

/* Whether the key, an object on the tape, is one of this kind that may verify signatures of this algorithm
 * (its members kty, crv, use, key_ops and alg). */
bool th_jwk_fits(const struct th_json *set, uint32_t key, enum th_jwk_kind kind, struct th_str alg);
/* NULL: not a key that can be used. The caller frees it. */
EVP_PKEY *th_jwk_read(const struct th_json *set, uint32_t key, enum th_jwk_kind kind);

#endif
