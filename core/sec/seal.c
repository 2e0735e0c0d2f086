/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/hex.h"
#include "sec/digest.h"
#include "sec/rand.h"
#include "sec/seal.h"

#define VERSION 1
#define KEY 32
#define KEY_ID 8
#define NONCE 12
#define TAG 16
#define HEAD (1 + KEY_ID + NONCE)
#define MAX_KEYS 16
#define FILE_MAX 4096

struct th_keyring {
    unsigned count;
    struct {
        unsigned char key[KEY], id[KEY_ID];
    } keys[MAX_KEYS];
};

static void add(struct th_keyring *k, const unsigned char key[KEY])
{
    unsigned char hash[32];
    memcpy(k->keys[k->count].key, key, KEY);
    th_sha256(hash, &(struct th_str){(const char *)key, KEY}, 1);
    memcpy(k->keys[k->count].id, hash, KEY_ID);
    k->count++;
}

static int add_line(struct th_keyring *k, struct th_str line, const char *path, struct th_error *err)
{
    unsigned char key[KEY];
    if (k->count == MAX_KEYS)
        return th_fail(err, TH_EINVAL, "%s: more than %d keys", path, MAX_KEYS);
    if (line.n != 2 * KEY || !th_hex_decode(key, line))
        return th_fail(err, TH_EINVAL, "%s: a key is %d hex digits", path, 2 * KEY);
    add(k, key);
    OPENSSL_cleanse(key, sizeof key);
    return 0;
}

static int add_all(struct th_keyring *k, struct th_str text, const char *path, struct th_error *err)
{
    unsigned char half[KEY / 2]; /* as many digits as a key has bytes are half a key, not a raw one */
    struct th_str line;
    int rc = 0;
    if (text.n == KEY && !th_hex_decode(half, text)) {
        add(k, (const unsigned char *)text.p);
        return 0;
    }
    while (rc == 0 && th_str_split(&text, '\n', &line)) {
        line = th_str_trim(line);
        if (line.n > 0)
            rc = add_line(k, line, path, err);
    }
    return rc == 0 && k->count == 0 ? th_fail(err, TH_EINVAL, "%s: holds no key", path) : rc;
}

static int check_file(int fd, const char *path, struct th_error *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return th_fail(err, TH_EIO, "%s: %m", path);
    if (!S_ISREG(st.st_mode) || (st.st_mode & 077) != 0)
        return th_fail(err, TH_EINVAL, "%s: must be a file that only its owner may read (mode 0600)", path);
    if (st.st_uid != geteuid())
        return th_fail(err, TH_EINVAL, "%s: belongs to another user", path);
    return 0;
}

int th_keyring_load(struct th_keyring **out, const char *path, struct th_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return th_fail(err, errno == ENOENT ? TH_ENOTFOUND : TH_EIO, "%s: %m", path);
    char text[FILE_MAX + 1];
    size_t n = 0;
    int rc = check_file(fd, path, err);
    for (ssize_t got = 1; rc == 0 && got > 0 && n<sizeof text; n += got> 0 ? (size_t)got : 0) {
        got = read(fd, text + n, sizeof text - n);
        if (got < 0)
            rc = th_fail(err, TH_EIO, "%s: %m", path);
    }
    close(fd);
    struct th_keyring *k = th_calloc(1, sizeof *k);
    if (rc == 0 && n > FILE_MAX)
        rc = th_fail(err, TH_EINVAL, "%s: larger than %d bytes", path, FILE_MAX);
    if (rc == 0)
        rc = add_all(k, (struct th_str){text, n}, path, err);
    OPENSSL_cleanse(text, sizeof text);
    if (rc != 0) {
        th_keyring_free(k);
        return rc;
    }
    *out = k;
    return 0;
}

/* A name in a folder is durable only when the folder is. */
static bool sync_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 1 : (int)(slash - path) + 1,
        slash == NULL ? "." : path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

int th_keyring_create(const char *path, struct th_error *err)
{
    unsigned char key[KEY];
    char line[2 * KEY + 2];
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return th_fail(err, TH_EIO, "%s: %m", path);
    th_rand_bytes(key, sizeof key);
    th_hex_encode(line, key, sizeof key);
    line[2 * KEY] = '\n';
    bool ok = write(fd, line, 2 * KEY + 1) == 2 * KEY + 1 && fsync(fd) == 0;
    ok = close(fd) == 0 && ok && sync_folder_of(path);
    OPENSSL_cleanse(key, sizeof key);
    OPENSSL_cleanse(line, sizeof line);
    if (ok)
        return 0;
    th_fail(err, TH_EIO, "%s: %m", path);
    unlink(path); /* a half-written file would be taken for the key next time */
    return -TH_EIO;
}

void th_keyring_free(struct th_keyring *k)
{
    if (k == NULL)
        return;
    OPENSSL_cleanse(k, sizeof *k);
    th_free(k);
}

void th_seal(const struct th_keyring *k, struct th_str associated, struct th_str plain, unsigned char *out)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    unsigned char *nonce = out + 1 + KEY_ID, *body = out + HEAD;
    int n = 0;
    out[0] = VERSION;
    memcpy(out + 1, k->keys[0].id, KEY_ID);
    th_rand_bytes(nonce, NONCE);
    if (ctx == NULL || EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, k->keys[0].key, nonce) != 1 ||
        EVP_EncryptUpdate(ctx, NULL, &n, (const unsigned char *)associated.p, (int)associated.n) != 1 ||
        EVP_EncryptUpdate(ctx, body, &n, (const unsigned char *)plain.p, (int)plain.n) != 1 ||
        EVP_EncryptFinal_ex(ctx, body + n, &n) != 1 ||
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, TAG, body + plain.n) != 1)
        abort();
    EVP_CIPHER_CTX_free(ctx);
}

int th_seal_open(const struct th_keyring *k, struct th_str associated, struct th_str envelope, char *out,
    size_t *n, struct th_error *err)
{
    const unsigned char *p = (const unsigned char *)envelope.p, *key = NULL;
    if (envelope.n < TH_SEAL_OVERHEAD || p[0] != VERSION)
        return th_fail(err, TH_ECRYPTO, "not a sealed secret");
    for (unsigned i = 0; i < k->count; i++)
        if (memcmp(k->keys[i].id, p + 1, KEY_ID) == 0)
            key = k->keys[i].key;
    if (key == NULL)
        return th_fail(err, TH_ECRYPTO, "sealed with a key that is not in the key file");
    size_t len = envelope.n - TH_SEAL_OVERHEAD;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    unsigned char *body = (unsigned char *)out;
    int part = 0;
    if (ctx == NULL)
        abort();
    bool ok =
        EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, p + 1 + KEY_ID) == 1 &&
        EVP_DecryptUpdate(ctx, NULL, &part, (const unsigned char *)associated.p, (int)associated.n) == 1 &&
        EVP_DecryptUpdate(ctx, body, &part, p + HEAD, (int)len) == 1 &&
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, TAG, (void *)(p + HEAD + len)) == 1 &&
        EVP_DecryptFinal_ex(ctx, body + part, &part) == 1;
    EVP_CIPHER_CTX_free(ctx);
    if (!ok) {
        OPENSSL_cleanse(out, len);
        return th_fail(err, TH_ECRYPTO, "the sealed secret was changed, or belongs to another row");
    }
    *n = len;
    return 0;
}
