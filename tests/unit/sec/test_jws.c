/* SPDX-License-Identifier: Apache-2.0 */
#include "sec/jws.c"
#include "sec/jwk.c"
#include "sec/id_token.c"

#include "../test.h"
#include "jws_vectors.h"

static struct th_arena arena;
static struct th_error err;
static struct th_str payload;

static int verify(const char *token, const char *set)
{
    th_arena_reset(&arena);
    err.msg[0] = 0;
    return th_jws_verify(&arena, th_str(token), th_str(set), &payload, &err);
}

static const char *set_of(const char *keys)
{
    static char set[TH_JWS_SET_MAX];
    snprintf(set, sizeof set, "{\"keys\":[%s]}", keys);
    return set;
}

/* ---- keys and tokens of our own ---- */

static EVP_PKEY *pair; /* P-256 */
static char pair_jwk[400];

static const char *b64(const void *p, size_t n)
{
    static struct th_buf out[4];
    static unsigned turn;
    struct th_buf *b = &out[turn++ % 4];
    th_buf_reset(b);
    th_base64url_put(b, p, n);
    return th_buf_cstr(b);
}

static void make_pair(void)
{
    unsigned char point[65];
    size_t n;
    pair = EVP_EC_gen("P-256");
    EVP_PKEY_get_octet_string_param(pair, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &n);
    snprintf(pair_jwk, sizeof pair_jwk,
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k1\",\"x\":\"%s\",\"y\":\"%s\"}", b64(point + 1, 32),
        b64(point + 33, 32));
}

/* r and s, 32 bytes each. */
static void sign(unsigned char out[64], struct th_str text)
{
    unsigned char der[100];
    const unsigned char *at = der;
    size_t n = sizeof der;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_DigestSignInit_ex(ctx, NULL, "SHA256", NULL, NULL, pair, NULL);
    EVP_DigestSign(ctx, der, &n, (const unsigned char *)text.p, text.n);
    ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, (long)n);
    BN_bn2binpad(ECDSA_SIG_get0_r(sig), out, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(sig), out + 32, 32);
    ECDSA_SIG_free(sig);
    EVP_MD_CTX_free(ctx);
}

static const char *token_of(const char *header, const char *claims)
{
    static char token[TH_JWS_TOKEN_MAX + 4096];
    unsigned char signature[64];
    snprintf(token, sizeof token, "%s.%s", b64(header, strlen(header)), b64(claims, strlen(claims)));
    sign(signature, th_str(token));
    strcat(token, ".");
    strcat(token, b64(signature, sizeof signature));
    return token;
}

/* ---- signatures ---- */

static void test_published_examples_verify(void)
{
    for (size_t i = 0; i < TH_COUNT(vectors); i++) {
        TH_ROW("%s", vectors[i].name);
        TH_EQ_INT(verify(vectors[i].token, set_of(vectors[i].key)), 0);
        TH_EQ_STR(err.msg, "");
        TH_CHECK(payload.n > 0);
    }
    TH_EQ_INT(verify(vectors[1].token, set_of(vectors[1].key)), 0);
    TH_EQ_SLICE(
        payload, "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
}

static void test_each_part_is_signed(void)
{
    for (size_t i = 0; i < TH_COUNT(vectors); i++) {
        char token[2048];
        size_t first = strcspn(vectors[i].token, "."),
               last = (size_t)(strrchr(vectors[i].token, '.') - vectors[i].token);
        const size_t spots[] = {first + 3, last - 3, last + 5, strlen(vectors[i].token) - 5};
        for (size_t k = 0; k < TH_COUNT(spots); k++) {
            TH_ROW("%s, byte %zu", vectors[i].name, spots[k]);
            snprintf(token, sizeof token, "%s", vectors[i].token);
            token[spots[k]] = token[spots[k]] == 'A' ? 'B' : 'A';
            TH_EQ_INT(verify(token, set_of(vectors[i].key)), -TH_ECRYPTO);
        }
    }
}

static void test_a_key_is_for_its_own_kind_of_algorithm(void)
{
    for (size_t i = 0; i < TH_COUNT(vectors); i++)
        for (size_t k = 0; k < TH_COUNT(vectors); k++) {
            TH_ROW("%s with the key of %s", vectors[i].name, vectors[k].name);
            if (strcmp(vectors[i].key, vectors[k].key) != 0)
                TH_CHECK(verify(vectors[i].token, set_of(vectors[k].key)) != 0);
        }
}

static void test_shared_secrets_and_no_signature_are_never_taken(void)
{
    TH_EQ_INT(verify(hmac_token, set_of(hmac_key)), -TH_EINVAL);
    /* A public key as the secret of an HMAC: the classic confusion. */
    char token[4096];
    snprintf(token, sizeof token, "%s.e30.AAAA", b64("{\"alg\":\"HS256\"}", 15));
    TH_EQ_INT(verify(token, set_of(vectors[0].key)), -TH_EINVAL);
    static const char *const headers[] = {"{\"alg\":\"none\"}", "{\"alg\":\"None\"}", "{\"alg\":\"\"}", "{}",
        "{\"alg\":null}", "{\"alg\":[\"RS256\"]}", "{\"alg\":\"rs256\"}", "{\"alg\":\"RS256 \"}",
        "{\"alg\":\"ES256K\"}", "[]", "\"RS256\"", "", "{\"alg\":\"ES256\",\"alg\":\"none\"}"};
    for (size_t i = 0; i < TH_COUNT(headers); i++) {
        TH_ROW("%s", headers[i]);
        snprintf(token, sizeof token, "%s.e30.", b64(headers[i], strlen(headers[i])));
        TH_EQ_INT(verify(token, set_of(pair_jwk)), -TH_EINVAL);
        TH_EQ_INT(verify(token_of(headers[i], "{}"), set_of(pair_jwk)), -TH_EINVAL);
    }
}

static void test_headers(void)
{
    char with_jwk[600];
    snprintf(with_jwk, sizeof with_jwk, "{\"alg\":\"ES256\",\"kid\":\"k2\",\"jwk\":%s}", pair_jwk);
    const struct {
        const char *header;
        int rc;
    } rows[] = {
        {"{\"alg\":\"ES256\",\"kid\":\"k1\"}", 0},
        {"{\"alg\":\"ES256\"}", 0},
        {"{\"alg\":\"ES256\",\"typ\":\"jwt\"}", 0},
        {"{\"alg\":\"ES256\",\"kid\":\"k2\"}", -TH_ENOTFOUND},
        {"{\"alg\":\"ES256\",\"kid\":\"\"}", -TH_ENOTFOUND},
        {"{\"alg\":\"ES256\",\"kid\":\"../../dev/null\"}", -TH_ENOTFOUND},
        {"{\"alg\":\"ES256\",\"kid\":\"k1' or '1'='1\"}", -TH_ENOTFOUND},
        {"{\"alg\":\"ES256\",\"kid\":7}", -TH_EINVAL},
        {"{\"alg\":\"ES256\",\"kid\":\"k1\",\"kid\":\"k1\"}", -TH_EINVAL},
        {"{\"alg\":\"ES256\",\"kid\":\"k1\",\"crit\":[\"exp\"],\"exp\":1}", -TH_EINVAL},
        {"{\"alg\":\"ES256\",\"kid\":\"k1\",\"b64\":false,\"crit\":[\"b64\"]}", -TH_EINVAL},
        {"{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}", -TH_EINVAL},
        {"{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"logout+jwt\"}", -TH_EINVAL},
        {"{\"alg\":\"ES384\",\"kid\":\"k1\"}", -TH_ENOTFOUND},
        {"{\"alg\":\"RS256\",\"kid\":\"k1\"}", -TH_ENOTFOUND},
        {with_jwk, -TH_ENOTFOUND},
    };
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        TH_ROW("%s", rows[i].header);
        TH_EQ_INT(verify(token_of(rows[i].header, "{}"), set_of(pair_jwk)), rows[i].rc);
    }
}

static void test_forms(void)
{
    static char huge[TH_JWS_TOKEN_MAX + 100];
    memset(huge, 'A', sizeof huge - 1);
    huge[100] = huge[200] = '.';
    static const char *const rows[] = {"", ".", "..", "a.b", "e30.e30.e30.e30", "e30.e30", "e30=.e30.e30",
        "!!!.e30.e30", "eyJhbGciOiJFUzI1NiJ9.e30.+/+/", " eyJhbGciOiJFUzI1NiJ9.e30.e30", huge};
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        TH_ROW("%.40s", rows[i]);
        TH_EQ_INT(verify(rows[i], set_of(pair_jwk)), -TH_EINVAL);
    }
    const char *good = token_of("{\"alg\":\"ES256\"}", "{}");
    char cut[2048];
    for (size_t n = 0; n < strlen(good); n++) {
        snprintf(cut, sizeof cut, "%.*s", (int)n, good);
        TH_CHECK(verify(cut, set_of(pair_jwk)) != 0);
    }
}

static void test_key_sets(void)
{
    static char many[TH_JWS_SET_MAX];
    const char *token = token_of("{\"alg\":\"ES256\",\"kid\":\"k1\"}", "{}");
    static const struct {
        const char *set;
        int rc;
    } rows[] = {
        {"", -TH_EINVAL},
        {"[]", -TH_EINVAL},
        {"{}", -TH_EINVAL},
        {"{\"keys\":{}}", -TH_EINVAL},
        {"{\"keys\":[]}", -TH_ENOTFOUND},
        {"{\"keys\":[1,null,\"k1\",{}]}", -TH_ENOTFOUND},
        {"{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k1\"}]}", -TH_ECRYPTO},
        {"{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k1\",\"x\":\"AAAA\",\"y\":\"AAAA\"}]}",
            -TH_ECRYPTO},
        /* A point that is not on the curve. */
        {"{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k1\","
         "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
         "\"y\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\"}]}",
            -TH_ECRYPTO},
        {"{\"keys\":[{\"kty\":\"oct\",\"kid\":\"k1\",\"k\":\"AAAA\"}]}", -TH_ENOTFOUND},
    };
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        TH_ROW("%s", rows[i].set);
        TH_EQ_INT(verify(token, rows[i].set), rows[i].rc);
    }
    struct th_buf keys = {0};
    for (int i = 0; i <= TH_JWS_KEYS_MAX; i++)
        th_buf_printf(&keys, "%s%s", i > 0 ? "," : "", pair_jwk);
    snprintf(many, sizeof many, "{\"keys\":[%s]}", th_buf_cstr(&keys));
    TH_EQ_INT(verify(token, many), -TH_EINVAL);
    th_buf_free(&keys);
}

static void test_what_a_key_says_of_itself(void)
{
    static const struct {
        const char *member;
        int rc;
    } rows[] = {
        {"\"use\":\"sig\"", 0},
        {"\"use\":\"enc\"", -TH_ENOTFOUND},
        {"\"alg\":\"ES256\"", 0},
        {"\"alg\":\"ES384\"", -TH_ENOTFOUND},
        {"\"key_ops\":[\"verify\"]", 0},
        {"\"key_ops\":[\"sign\"]", -TH_ENOTFOUND},
        {"\"key_ops\":\"verify\"", -TH_ENOTFOUND},
    };
    char key[600];
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        TH_ROW("%s", rows[i].member);
        snprintf(key, sizeof key, "%.*s,%s}", (int)strlen(pair_jwk) - 1, pair_jwk, rows[i].member);
        TH_EQ_INT(verify(token_of("{\"alg\":\"ES256\",\"kid\":\"k1\"}", "{}"), set_of(key)), rows[i].rc);
    }
}

static void test_several_keys(void)
{
    char keys[4096];
    snprintf(keys, sizeof keys, "%s,%s,%s", vectors[1].key, pair_jwk, vectors[0].key);
    TH_EQ_INT(verify(token_of("{\"alg\":\"ES256\",\"kid\":\"k1\"}", "{}"), set_of(keys)), 0);
    TH_EQ_INT(verify(token_of("{\"alg\":\"ES256\"}", "{}"), set_of(keys)), -TH_ENOTFOUND);
    TH_EQ_INT(verify(vectors[0].token, set_of(keys)), 0); /* the only RSA key */
}

static void test_a_short_rsa_key_is_none(void)
{
    unsigned char n[1024];
    EVP_PKEY *key = EVP_RSA_gen(1024);
    BIGNUM *modulus = NULL;
    char jwk[600], token[2048];
    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &modulus);
    snprintf(jwk, sizeof jwk, "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"%s\"}",
        b64(n, (size_t)BN_bn2bin(modulus, n)));
    unsigned char signature[128];
    size_t size = sizeof signature;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    snprintf(token, sizeof token, "%s.e30", b64("{\"alg\":\"RS256\"}", 15));
    EVP_DigestSignInit_ex(ctx, NULL, "SHA256", NULL, NULL, key, NULL);
    EVP_DigestSign(ctx, signature, &size, (const unsigned char *)token, strlen(token));
    strcat(token, ".");
    strcat(token, b64(signature, size));
    TH_EQ_INT(verify(token, set_of(jwk)), -TH_ECRYPTO);
    EVP_MD_CTX_free(ctx);
    BN_free(modulus);
    EVP_PKEY_free(key);
}

/* ---- claims ---- */

#define NOW 1700000000
#define GOOD "\"iss\":\"https://id.example\",\"aud\":\"us\",\"sub\":\"u1\",\"nonce\":\"n1\","
#define TIMES "\"iat\":1699999990,\"exp\":1700000300"

static const char *check(const char *claims)
{
    const struct th_id_claims want = {.issuer = TH_STR("https://id.example"),
        .client_id = TH_STR("us"),
        .nonce = TH_STR("n1"),
        .now_ms = NOW * INT64_C(1000)};
    th_arena_reset(&arena);
    snprintf(err.msg, sizeof err.msg, "good");
    int rc = th_id_token_check(&arena, th_str(claims), &want, &err);
    TH_CHECK(rc == 0 || rc == -TH_EAUTH);
    return err.msg;
}

static void test_claims(void)
{
    static const struct {
        const char *claims, *answer;
    } rows[] = {
        {"{" GOOD TIMES "}", "good"},
        {"{\"iss\":\"https://id.example\",\"aud\":[\"us\"],\"sub\":\"u1\",\"nonce\":\"n1\"," TIMES "}",
            "good"},
        {"{\"iss\":\"https://id.example\",\"aud\":[\"x\",\"us\"],\"azp\":\"us\",\"sub\":\"u1\",\"nonce\":\"n1\"," TIMES
         "}",
            "good"},
        {"{" GOOD "\"iat\":1700000059.5,\"exp\":1700000060.25}", "good"},
        {"{" GOOD "\"iat\":1,\"exp\":1699999941}", "good"},
        {"{" GOOD TIMES ",\"nbf\":1700000050}", "good"},

        {"{" GOOD "\"iat\":1,\"exp\":1699999940}", "the token has expired"},
        {"{" GOOD "\"iat\":1,\"exp\":\"1700000300\"}",
            "the token does not say when it was made and when it ends"},
        {"{" GOOD "\"exp\":1700000300}", "the token does not say when it was made and when it ends"},
        {"{" GOOD "\"iat\":1699999990}", "the token does not say when it was made and when it ends"},
        {"{" GOOD "\"iat\":1700000061,\"exp\":1700000300}", "the token is from the future"},
        {"{" GOOD TIMES ",\"nbf\":1700000061}", "the token is not valid yet"},
        {"{" GOOD TIMES ",\"nbf\":null}", "the token is not valid yet"},

        {"{\"iss\":\"https://id.example/\",\"aud\":\"us\",\"sub\":\"u1\",\"nonce\":\"n1\"," TIMES "}",
            "the token is another issuer's"},
        {"{\"iss\":[\"https://id.example\"],\"aud\":\"us\",\"sub\":\"u1\",\"nonce\":\"n1\"," TIMES "}",
            "the token is another issuer's"},
        {"{\"aud\":\"us\",\"sub\":\"u1\",\"nonce\":\"n1\"," TIMES "}", "the token is another issuer's"},
        {"{\"iss\":\"https://id.example\",\"aud\":\"x\",\"sub\":\"u1\",\"nonce\":\"n1\"," TIMES "}",
            "the token was made for somebody else"},
        {"{\"iss\":\"https://id.example\",\"aud\":[],\"sub\":\"u1\",\"nonce\":\"n1\"," TIMES "}",
            "the token was made for somebody else"},
        {"{\"iss\":\"https://id.example\",\"aud\":[\"us\",\"x\"],\"sub\":\"u1\",\"nonce\":\"n1\"," TIMES "}",
            "the token was made for somebody else"},
        {"{\"iss\":\"https://id.example\",\"aud\":{\"us\":\"us\"},\"sub\":\"u1\",\"nonce\":\"n1\"," TIMES "}",
            "the token was made for somebody else"},
        {"{" GOOD TIMES ",\"azp\":\"x\"}", "the token was made for somebody else"},
        {"{" GOOD TIMES ",\"azp\":null}", "the token was made for somebody else"},
        {"{\"iss\":\"https://id.example\",\"sub\":\"u1\",\"nonce\":\"n1\"," TIMES "}",
            "the token was made for somebody else"},

        {"{\"iss\":\"https://id.example\",\"aud\":\"us\",\"sub\":\"u1\"," TIMES "}",
            "the token belongs to another sign-in"},
        {"{\"iss\":\"https://id.example\",\"aud\":\"us\",\"sub\":\"u1\",\"nonce\":\"n2\"," TIMES "}",
            "the token belongs to another sign-in"},
        {"{\"iss\":\"https://id.example\",\"aud\":\"us\",\"sub\":\"u1\",\"nonce\":\"\"," TIMES "}",
            "the token belongs to another sign-in"},
        {"{\"iss\":\"https://id.example\",\"aud\":\"us\",\"nonce\":\"n1\"," TIMES "}",
            "the token does not say whose it is"},
        {"{\"iss\":\"https://id.example\",\"aud\":\"us\",\"sub\":\"\",\"nonce\":\"n1\"," TIMES "}",
            "the token does not say whose it is"},
        {"{\"iss\":\"https://id.example\",\"aud\":\"us\",\"sub\":7,\"nonce\":\"n1\"," TIMES "}",
            "the token does not say whose it is"},

        {"{" GOOD TIMES ",\"sub\":\"u2\"}", "the token's claims are not a JSON object"},
        {"{" GOOD TIMES ",\"iss\":\"https://id.example\"}", "the token's claims are not a JSON object"},
        {"[]", "the token's claims are not a JSON object"},
        {"", "the token's claims are not a JSON object"},
    };
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        TH_ROW("%s", rows[i].claims);
        TH_EQ_STR(check(rows[i].claims), rows[i].answer);
    }
}

int main(void)
{
    th_arena_init(&arena);
    make_pair();
    TH_RUN(test_published_examples_verify);
    TH_RUN(test_each_part_is_signed);
    TH_RUN(test_a_key_is_for_its_own_kind_of_algorithm);
    TH_RUN(test_shared_secrets_and_no_signature_are_never_taken);
    TH_RUN(test_headers);
    TH_RUN(test_forms);
    TH_RUN(test_key_sets);
    TH_RUN(test_what_a_key_says_of_itself);
    TH_RUN(test_several_keys);
    TH_RUN(test_a_short_rsa_key_is_none);
    TH_RUN(test_claims);
    EVP_PKEY_free(pair);
    th_arena_free(&arena);
    return TH_END();
}
