/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <strings.h>

#include "base/hex.h"
#include "base/json.h"
#include "sec/jwk.h"
#include "sec/jws.h"

static const struct algorithm {
    const char *name, *digest; /* digest NULL: the algorithm has its own */
    enum th_jwk_kind kind;
    bool pss;
    size_t half; /* of an ECDSA signature: bytes of r and of s */
} algorithms[] = {
    {"RS256", "SHA256", TH_JWK_RSA, false, 0},
    {"RS384", "SHA384", TH_JWK_RSA, false, 0},
    {"RS512", "SHA512", TH_JWK_RSA, false, 0},
    {"PS256", "SHA256", TH_JWK_RSA, true, 0},
    {"PS384", "SHA384", TH_JWK_RSA, true, 0},
    {"PS512", "SHA512", TH_JWK_RSA, true, 0},
    {"ES256", "SHA256", TH_JWK_P256, false, 32},
    {"ES384", "SHA384", TH_JWK_P384, false, 48},
    {"ES512", "SHA512", TH_JWK_P521, false, 66},
    {"EdDSA", NULL, TH_JWK_ED25519, false, 0},
};

struct parts {
    struct th_str header, payload, signature, signed_part; /* signed_part: as it came, the rest decoded */
};

/* ---- taking apart ---- */

static bool decode(struct th_arena *arena, struct th_str text, struct th_str *out)
{
    char *bytes = th_arena_alloc(arena, th_base64_max(text.n) + 1);
    out->p = bytes;
    return text.p != NULL && th_base64url_decode(bytes, &out->n, text);
}

static int take_apart(struct th_arena *arena, struct th_str token, struct parts *out, struct th_error *err)
{
    struct th_str rest = token, header, payload, signature;
    if (token.n == 0 || token.n > TH_JWS_TOKEN_MAX)
        return th_fail(err, TH_EINVAL, "the token has no or too many bytes");
    if (!th_str_split(&rest, '.', &header) || rest.p == NULL || !th_str_split(&rest, '.', &payload) ||
        rest.p == NULL || !th_str_split(&rest, '.', &signature) || rest.p != NULL)
        return th_fail(err, TH_EINVAL, "the token does not have three parts");
    out->signed_part = (struct th_str){token.p, header.n + 1 + payload.n};
    if (!decode(arena, header, &out->header) || !decode(arena, payload, &out->payload) ||
        !decode(arena, signature, &out->signature))
        return th_fail(err, TH_EINVAL, "a part of the token is not base64url");
    return 0;
}

static const struct algorithm *algorithm_of(struct th_str name)
{
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++)
        if (th_str_eq(name, th_str(algorithms[i].name)))
            return &algorithms[i];
    return NULL;
}

/* Text of a member; p NULL when it is absent, false when it is something else. */
static bool text_of(const struct th_json *j, const char *name, struct th_str *out)
{
    const struct th_json_node *n = th_json_get(j, 0, th_str(name));
    *out = n != NULL ? n->text : (struct th_str){0};
    return n == NULL || n->type == TH_JSON_STRING;
}

static int read_header(struct th_arena *arena, struct th_str text, const struct algorithm **alg,
    struct th_str *kid, struct th_error *err)
{
    struct th_json j;
    struct th_str name, type;
    if (th_json_read(&j, arena, text, NULL) != 0 || j.nodes[0].type != TH_JSON_OBJECT)
        return th_fail(err, TH_EINVAL, "the token's header is not a JSON object");
    if (!text_of(&j, "alg", &name) || !text_of(&j, "kid", kid) || !text_of(&j, "typ", &type))
        return th_fail(err, TH_EINVAL, "the token's header is not of its form");
    if (th_json_get(&j, 0, TH_STR("crit")) != NULL)
        return th_fail(err, TH_EINVAL, "the token's header asks for an extension");
    if (type.p != NULL && !(type.n == 3 && strncasecmp(type.p, "JWT", 3) == 0))
        return th_fail(err, TH_EINVAL, "the token is of another kind");
    *alg = algorithm_of(name);
    if (*alg == NULL)
        return th_fail(err, TH_EINVAL, "the token's algorithm is not one that is taken");
    return 0;
}

/* ---- the signature ---- */

/* JWS has r and s one after the other, OpenSSL wants them in DER. */
static struct th_str der_of(struct th_arena *arena, struct th_str raw, size_t half)
{
    struct th_str out = {0};
    if (raw.n != 2 * half)
        return out;
    ECDSA_SIG *sig = ECDSA_SIG_new();
    const unsigned char *p = (const unsigned char *)raw.p;
    BIGNUM *r = BN_bin2bn(p, (int)half, NULL), *s = BN_bin2bn(p + half, (int)half, NULL);
    ECDSA_SIG_set0(sig, r, s);
    int n = i2d_ECDSA_SIG(sig, NULL);
    if (n > 0) {
        unsigned char *der = th_arena_alloc(arena, (size_t)n), *at = der;
        i2d_ECDSA_SIG(sig, &at);
        out = (struct th_str){(const char *)der, (size_t)n};
    }
    ECDSA_SIG_free(sig);
    return out;
}

static bool is_signed(const struct algorithm *alg, EVP_PKEY *key, struct th_str text, struct th_str signature)
{
    EVP_PKEY_CTX *options = NULL;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool good = signature.p != NULL &&
                EVP_DigestVerifyInit_ex(ctx, &options, alg->digest, NULL, NULL, key, NULL) == 1;
    if (good && alg->pss)
        good = EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) == 1;
    good = good && EVP_DigestVerify(ctx, (const unsigned char *)signature.p, signature.n,
                       (const unsigned char *)text.p, text.n) == 1;
    EVP_MD_CTX_free(ctx);
    ERR_clear_error();
    return good;
}

/* Keys of the set that the token may be signed with: the right kind, and the token's kid when it names one.
 * Without a kid there must be just one, since trying many is how a wrong one comes to fit. */
static int find_keys(const struct th_json *set, const struct algorithm *alg, struct th_str kid,
    uint32_t found[TH_JWS_KEYS_MAX], unsigned *count, struct th_error *err)
{
    const struct th_json_node *keys =
        set->nodes[0].type == TH_JSON_OBJECT ? th_json_get(set, 0, TH_STR("keys")) : NULL;
    if (keys == NULL || keys->type != TH_JSON_ARRAY || keys->count > TH_JWS_KEYS_MAX)
        return th_fail(err, TH_EINVAL, "the provider's key set is not of its form");
    TH_JSON_EACH (set, th_json_index(set, keys), i) {
        if (!th_jwk_fits(set, i, alg->kind, th_str(alg->name)))
            continue;
        const struct th_json_node *name = th_json_get(set, i, TH_STR("kid"));
        bool named = name != NULL && name->type == TH_JSON_STRING && th_str_eq(name->text, kid);
        if (kid.p == NULL || named)
            found[(*count)++] = i;
    }
    if (*count == 0 || (kid.p == NULL && *count > 1))
        return th_fail(err, TH_ENOTFOUND, "the provider's key set has no key for the token");
    return 0;
}

int th_jws_verify(struct th_arena *arena, struct th_str token, struct th_str key_set, struct th_str *payload,
    struct th_error *err)
{
    struct parts p;
    const struct algorithm *alg;
    struct th_str kid = {0};
    struct th_json set;
    uint32_t found[TH_JWS_KEYS_MAX];
    unsigned count = 0;
    int rc = take_apart(arena, token, &p, err);
    if (rc == 0)
        rc = read_header(arena, p.header, &alg, &kid, err);
    if (rc != 0)
        return rc;
    if (key_set.n > TH_JWS_SET_MAX || th_json_read(&set, arena, key_set, NULL) != 0)
        return th_fail(err, TH_EINVAL, "the provider's key set is not JSON");
    if ((rc = find_keys(&set, alg, kid, found, &count, err)) != 0)
        return rc;
    struct th_str signature = alg->half > 0 ? der_of(arena, p.signature, alg->half) : p.signature;
    for (unsigned i = 0; i < count; i++) {
        EVP_PKEY *key = th_jwk_read(&set, found[i], alg->kind);
        bool good = key != NULL && is_signed(alg, key, p.signed_part, signature);
        EVP_PKEY_free(key);
        if (good) {
            *payload = p.payload;
            return 0;
        }
    }
    return th_fail(err, TH_ECRYPTO, "the token's signature is not right");
}
