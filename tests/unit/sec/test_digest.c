/* SPDX-License-Identifier: Apache-2.0 */
#include "sec/digest.c"

#include <pthread.h>

#include "../test.h"
#include "base/hex.h"

static const char *hex(const unsigned char *p, size_t n)
{
    static char out[65];
    th_hex_encode(out, p, n);
    return out;
}

static const char *sha256_of(const struct th_str *parts, int n)
{
    unsigned char out[32];
    th_sha256(out, parts, n);
    return hex(out, 32);
}

/* FIPS 180-4's examples. */
static void test_sha256(void)
{
    struct th_str abc = TH_STR("abc"), parts[] = {TH_STR("a"), TH_STR(""), TH_STR("bc")}, many[1000];
    const char *of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    char thousand[1000];
    memset(thousand, 'a', sizeof thousand);
    for (size_t i = 0; i < TH_COUNT(many); i++)
        many[i] = (struct th_str){thousand, sizeof thousand};
    TH_EQ_STR(sha256_of(&abc, 0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    TH_EQ_STR(sha256_of(&abc, 1), of_abc);
    TH_EQ_STR(sha256_of(parts, 3), of_abc);
    TH_EQ_STR(sha256_of(many, 1000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* RFC 2202 (SHA-1) and RFC 4231 (SHA-256): short key, key as long as a block allows, key longer than a block.
 */
static void test_hmac(void)
{
    char key_20[20], key_131[131], key_80[80];
    unsigned char out[32];
    memset(key_20, 0x0b, sizeof key_20);
    memset(key_131, 0xaa, sizeof key_131);
    memset(key_80, 0xaa, sizeof key_80);
    struct th_str jefe = TH_STR("Jefe"), what[] = {TH_STR("what do ya want "), TH_STR("for nothing?")};
    struct th_str hi = TH_STR("Hi There"),
                  hashed = TH_STR("Test Using Larger Than Block-Size Key - Hash Key First");
    th_hmac_sha1(out, (struct th_str){key_20, 20}, &hi, 1);
    TH_EQ_STR(hex(out, 20), "b617318655057264e28bc0b6fb378c8ef146be00");
    th_hmac_sha1(out, jefe, what, 2);
    TH_EQ_STR(hex(out, 20), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    th_hmac_sha1(out, (struct th_str){key_80, 80}, &hashed, 1);
    TH_EQ_STR(hex(out, 20), "aa4ae5e15272d00e95705637ce8a3b55ed402112");
    th_hmac_sha256(out, (struct th_str){key_20, 20}, &hi, 1);
    TH_EQ_STR(hex(out, 32), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    th_hmac_sha256(out, jefe, what, 2);
    TH_EQ_STR(hex(out, 32), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    th_hmac_sha256(out, (struct th_str){key_131, 131}, &hashed, 1);
    TH_EQ_STR(hex(out, 32), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void test_equal(void)
{
    TH_CHECK(th_equal_secret(TH_STR("abc"), TH_STR("abc")));
    TH_CHECK(!th_equal_secret(TH_STR("abc"), TH_STR("abd")));
    TH_CHECK(!th_equal_secret(TH_STR("abc"), TH_STR("ab")));
    TH_CHECK(th_equal_secret(TH_STR(""), TH_STR("")));
}

static void *hash_much(void *arg)
{
    struct th_str abc = TH_STR("abc");
    unsigned char out[32];
    for (int i = 0; i < 5000; i++)
        th_sha256(out, &abc, 1);
    TH_EQ_BYTES(out, "\xba\x78\x16\xbf", 4);
    return arg;
}

/* The leak sanitizer sees a context that did not go with its thread. */
static void test_threads(void)
{
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        TH_EQ_INT(pthread_create(&threads[i], NULL, hash_much, NULL), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
}

int main(void)
{
    TH_RUN(test_sha256);
    TH_RUN(test_hmac);
    TH_RUN(test_equal);
    TH_RUN(test_threads);
    return TH_END();
}
