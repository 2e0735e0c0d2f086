/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "sec/digest.h"

/* One context per thread, which goes with it, and the algorithms fetched once: fetching by name at each use
 * costs more than the hash. */
static EVP_MD *sha256, *sha1;
static __thread EVP_MD_CTX *context;
static pthread_key_t at_thread_end;

static void on_thread_end(void *ctx)
{
    EVP_MD_CTX_free(ctx);
    context = NULL;
}

__attribute__((constructor)) static void fetch(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
    if (sha256 == NULL || sha1 == NULL || pthread_key_create(&at_thread_end, on_thread_end) != 0)
        abort();
}

/* Of the main thread, whose end runs no key's destructor. */
__attribute__((destructor)) static void release(void)
{
    EVP_MD_CTX_free(context);
    EVP_MD_free(sha256);
    EVP_MD_free(sha1);
}

static EVP_MD_CTX *own_context(void)
{
    if (context == NULL) {
        context = EVP_MD_CTX_new();
        if (context == NULL || pthread_setspecific(at_thread_end, context) != 0)
            abort();
    }
    return context;
}

static void digest(const EVP_MD *md, unsigned char *out, const struct th_str *parts, int n)
{
    EVP_MD_CTX *ctx = own_context();
    if (EVP_DigestInit_ex(ctx, md, NULL) != 1)
        abort();
    for (int i = 0; i < n; i++)
        EVP_DigestUpdate(ctx, parts[i].p, parts[i].n);
    if (EVP_DigestFinal_ex(ctx, out, NULL) != 1)
        abort();
}

void th_sha256(unsigned char out[32], const struct th_str *parts, int n)
{
    digest(sha256, out, parts, n);
}

#define BLOCK 64
#define MAX_PARTS 16

static void hmac(
    const EVP_MD *md, size_t size, unsigned char *out, struct th_str key, const struct th_str *parts, int n)
{
    unsigned char pad[BLOCK] = {0}, inner[32];
    struct th_str all[MAX_PARTS + 1] = {{(const char *)pad, BLOCK}};
    if (n > MAX_PARTS)
        abort();
    if (key.n > BLOCK)
        digest(md, pad, &key, 1);
    else
        memcpy(pad, key.p, key.n);
    for (int i = 0; i < BLOCK; i++)
        pad[i] ^= 0x36;
    memcpy(all + 1, parts, (size_t)n * sizeof *parts);
    digest(md, inner, all, n + 1);
    for (int i = 0; i < BLOCK; i++)
        pad[i] ^= 0x36 ^ 0x5c;
    all[1] = (struct th_str){(const char *)inner, size};
    digest(md, out, all, 2);
    OPENSSL_cleanse(pad, sizeof pad);
    OPENSSL_cleanse(inner, sizeof inner);
}

void th_hmac_sha1(unsigned char out[20], struct th_str key, const struct th_str *parts, int n)
{
    hmac(sha1, 20, out, key, parts, n);
}

void th_hmac_sha256(unsigned char out[32], struct th_str key, const struct th_str *parts, int n)
{
    hmac(sha256, 32, out, key, parts, n);
}

bool th_equal_secret(struct th_str a, struct th_str b)
{
    return a.n == b.n && CRYPTO_memcmp(a.p, b.p, a.n) == 0;
}
