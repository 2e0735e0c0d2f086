/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

#include "base/hex.h"
#include "sec/jwk.h"

#define RSA_BITS_MIN 2048
#define RSA_BITS_MAX 8192
#define NUMBER_MAX (RSA_BITS_MAX / 8)

static const struct {
    const char *kty, *crv, *group; /* crv NULL: has none */
    size_t coordinate;
} kinds[] = {
    [TH_JWK_RSA] = {"RSA", NULL, NULL, 0},
    [TH_JWK_P256] = {"EC", "P-256", "P-256", 32},
    [TH_JWK_P384] = {"EC", "P-384", "P-384", 48},
    [TH_JWK_P521] = {"EC", "P-521", "P-521", 66},
    [TH_JWK_ED25519] = {"OKP", "Ed25519", NULL, 32},
};

/* ---- choosing ---- */

static bool is_text(const struct th_json *j, uint32_t key, const char *name, struct th_str want)
{
    const struct th_json_node *n = th_json_get(j, key, th_str(name));
    return n != NULL && n->type == TH_JSON_STRING && th_str_eq(n->text, want);
}

static bool is_text_or_absent(const struct th_json *j, uint32_t key, const char *name, struct th_str want)
{
    return th_json_get(j, key, th_str(name)) == NULL || is_text(j, key, name, want);
}

static bool may_verify(const struct th_json *j, uint32_t key)
{
    const struct th_json_node *ops = th_json_get(j, key, TH_STR("key_ops"));
    if (ops == NULL)
        return true;
    if (ops->type != TH_JSON_ARRAY)
        return false;
    TH_JSON_EACH (j, th_json_index(j, ops), i)
        if (j->nodes[i].type == TH_JSON_STRING && th_str_eq(j->nodes[i].text, TH_STR("verify")))
            return true;
    return false;
}

bool th_jwk_fits(const struct th_json *set, uint32_t key, enum th_jwk_kind kind, struct th_str alg)
{
    return set->nodes[key].type == TH_JSON_OBJECT && is_text(set, key, "kty", th_str(kinds[kind].kty)) &&
           (kinds[kind].crv == NULL || is_text(set, key, "crv", th_str(kinds[kind].crv))) &&
           is_text_or_absent(set, key, "use", TH_STR("sig")) && is_text_or_absent(set, key, "alg", alg) &&
           may_verify(set, key);
}

/* ---- reading ---- */

/* Bytes of a base64url member; 0: not there, or not of that form, or too long. */
static size_t bytes_of(const struct th_json *j, uint32_t key, const char *name, unsigned char out[NUMBER_MAX])
{
    const struct th_json_node *n = th_json_get(j, key, th_str(name));
    size_t size = 0;
    bool good = n != NULL && n->type == TH_JSON_STRING && th_base64_max(n->text.n) <= NUMBER_MAX + 2 &&
                n->text.n / 4 * 3 <= NUMBER_MAX;
    unsigned char room[NUMBER_MAX + 8];
    if (!good || !th_base64url_decode(room, &size, n->text) || size > NUMBER_MAX)
        return 0;
    memcpy(out, room, size);
    return size;
}

static EVP_PKEY *from_params(const char *type, OSSL_PARAM_BLD *bld)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (params == NULL || ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(params);
    return key;
}

static EVP_PKEY *read_rsa(const struct th_json *j, uint32_t at)
{
    unsigned char n[NUMBER_MAX], e[NUMBER_MAX];
    size_t n_size = bytes_of(j, at, "n", n), e_size = bytes_of(j, at, "e", e);
    if (n_size == 0 || e_size == 0 || e_size > 8)
        return NULL;
    BIGNUM *modulus = BN_bin2bn(n, (int)n_size, NULL), *exponent = BN_bin2bn(e, (int)e_size, NULL);
    OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
    EVP_PKEY *key = NULL;
    int bits = BN_num_bits(modulus);
    if (bits >= RSA_BITS_MIN && bits <= RSA_BITS_MAX && BN_is_odd(exponent) && !BN_is_one(exponent) &&
        OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, modulus) == 1 &&
        OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, exponent) == 1)
        key = from_params("RSA", bld);
    OSSL_PARAM_BLD_free(bld);
    BN_free(modulus);
    BN_free(exponent);
    return key;
}

/* OpenSSL checks that the point is on the curve. */
static EVP_PKEY *read_ec(const struct th_json *j, uint32_t at, enum th_jwk_kind kind)
{
    unsigned char number[NUMBER_MAX], point[1 + 2 * 66] = {4};
    size_t size = kinds[kind].coordinate;
    static const char *const names[] = {"x", "y"};
    for (size_t i = 0; i < 2; i++) {
        if (bytes_of(j, at, names[i], number) != size)
            return NULL;
        memcpy(point + 1 + i * size, number, size);
    }
    OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
    EVP_PKEY *key = NULL;
    if (OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, kinds[kind].group, 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * size) == 1)
        key = from_params("EC", bld);
    OSSL_PARAM_BLD_free(bld);
    return key;
}

static EVP_PKEY *read_ed25519(const struct th_json *j, uint32_t at)
{
    unsigned char x[NUMBER_MAX];
    if (bytes_of(j, at, "x", x) != kinds[TH_JWK_ED25519].coordinate)
        return NULL;
    return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, x, kinds[TH_JWK_ED25519].coordinate);
}

EVP_PKEY *th_jwk_read(const struct th_json *set, uint32_t key, enum th_jwk_kind kind)
{
    EVP_PKEY *out = kind == TH_JWK_RSA       ? read_rsa(set, key)
                    : kind == TH_JWK_ED25519 ? read_ed25519(set, key)
                                             : read_ec(set, key, kind);
    ERR_clear_error(); /* a key that is none leaves its reasons behind */
    return out;
}
