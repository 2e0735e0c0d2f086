/* SPDX-License-Identifier: Apache-2.0 */
#include "sec/seal.c"

#include "../test.h"

static char dir[64], path[96];
static struct th_error err;
static struct th_keyring *ring;

#define KEY_A "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"
#define KEY_B "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static void write_file(const void *p, size_t n, mode_t mode)
{
    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    TH_CHECK(fd >= 0 && write(fd, p, n) == (ssize_t)n && fchmod(fd, mode) == 0);
    close(fd);
}

static int load_text(const char *text)
{
    th_keyring_free(ring);
    ring = NULL;
    write_file(text, strlen(text), 0600);
    return th_keyring_load(&ring, path, &err);
}

static int open_it(struct th_str associated, struct th_str envelope, char *out, size_t *n)
{
    return th_seal_open(ring, associated, envelope, out, n, &err);
}

/* McGrew and Viega, test case 16: AES-256, 96 bit nonce, associated data. */
static void test_published_vector(void)
{
    unsigned char envelope[HEAD + 60 + TAG], plain[60], associated[20], key[KEY], hash[32];
    char out[60 + HEAD + TAG];
    size_t n;
    TH_EQ_INT(load_text(KEY_A "\n"), 0);
    TH_CHECK(th_hex_decode(key, TH_STR(KEY_A)));
    th_sha256(hash, &(struct th_str){(char *)key, KEY}, 1);
    envelope[0] = VERSION;
    memcpy(envelope + 1, hash, KEY_ID);
    TH_CHECK(th_hex_decode(envelope + 1 + KEY_ID, TH_STR("cafebabefacedbaddecaf888")));
    TH_CHECK(
        th_hex_decode(envelope + HEAD, TH_STR("522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1"
                                              "aa8cb08e48590dbb3da7b08b1056828838c5"
                                              "f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b")));
    TH_CHECK(th_hex_decode(plain, TH_STR("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3"
                                         "c0c95956809532fcf0e2449a6b525b1"
                                         "6aedf5aa0de657ba637b39")));
    TH_CHECK(th_hex_decode(associated, TH_STR("feedfacedeadbeeffeedfacedeadbeefabaddad2")));
    TH_EQ_INT(open_it((struct th_str){(char *)associated, 20},
                  (struct th_str){(char *)envelope, sizeof envelope}, out, &n),
        0);
    TH_EQ_INT(n, 60);
    TH_EQ_BYTES(out, plain, 60);
}

static void test_there_and_back(void)
{
    static const char text[] = "the secret of a device";
    TH_EQ_INT(load_text(KEY_B), 0);
    for (size_t n = 0; n < sizeof text; n++) {
        unsigned char a[sizeof text + TH_SEAL_OVERHEAD], b[sizeof text + TH_SEAL_OVERHEAD];
        char out[sizeof a];
        size_t got = 99;
        TH_ROW("%zu bytes", n);
        th_seal(ring, TH_STR("device_key:1"), (struct th_str){text, n}, a);
        th_seal(ring, TH_STR("device_key:1"), (struct th_str){text, n}, b);
        TH_CHECK(memcmp(a, b, HEAD) != 0); /* a nonce of its own */
        TH_EQ_INT(
            open_it(TH_STR("device_key:1"), (struct th_str){(char *)a, n + TH_SEAL_OVERHEAD}, out, &got), 0);
        TH_CHECK(got == n && memcmp(out, text, n) == 0);
    }
    unsigned char nothing[TH_SEAL_OVERHEAD];
    char out[TH_SEAL_OVERHEAD];
    size_t got = 99;
    th_seal(ring, (struct th_str){NULL, 0}, (struct th_str){NULL, 0}, nothing);
    TH_EQ_INT(
        open_it((struct th_str){NULL, 0}, (struct th_str){(char *)nothing, sizeof nothing}, out, &got), 0);
    TH_EQ_INT(got, 0);
}

static void test_any_change_is_seen(void)
{
    unsigned char e[6 + TH_SEAL_OVERHEAD];
    char out[sizeof e];
    size_t n;
    TH_EQ_INT(load_text(KEY_B), 0);
    th_seal(ring, TH_STR("device_key:1"), TH_STR("secret"), e);
    struct th_str envelope = {(char *)e, sizeof e};
    for (size_t i = 0; i < sizeof e * 8; i++) {
        e[i / 8] ^= (unsigned char)(1 << i % 8);
        memset(out, 'x', sizeof out);
        TH_ROW("bit %zu", i);
        TH_EQ_INT(open_it(TH_STR("device_key:1"), envelope, out, &n), -TH_ECRYPTO);
        TH_CHECK(memcmp(out, "secret", 6) != 0);
        e[i / 8] ^= (unsigned char)(1 << i % 8);
    }
    TH_EQ_INT(open_it(TH_STR("device_key:2"), envelope, out, &n), -TH_ECRYPTO);
    TH_EQ_INT(open_it(TH_STR(""), envelope, out, &n), -TH_ECRYPTO);
    for (size_t len = 0; len < sizeof e; len++)
        TH_EQ_INT(open_it(TH_STR("device_key:1"), (struct th_str){(char *)e, len}, out, &n), -TH_ECRYPTO);
    TH_EQ_INT(open_it(TH_STR("device_key:1"), envelope, out, &n), 0);
}

static void test_rotation(void)
{
    unsigned char old[6 + TH_SEAL_OVERHEAD], new[6 + TH_SEAL_OVERHEAD];
    struct th_str old_one = {(char *)old, sizeof old}, new_one = {(char *)new, sizeof new};
    char out[sizeof old];
    size_t n;
    TH_EQ_INT(load_text(KEY_A), 0);
    th_seal(ring, TH_STR("x"), TH_STR("secret"), old);
    TH_EQ_INT(load_text(" " KEY_B " \r\n\n" KEY_A "\n"), 0);
    TH_EQ_INT(open_it(TH_STR("x"), old_one, out, &n), 0);
    th_seal(ring, TH_STR("x"), TH_STR("secret"), new);
    TH_EQ_INT(load_text(KEY_B), 0);
    TH_EQ_INT(open_it(TH_STR("x"), new_one, out, &n), 0);
    TH_EQ_INT(open_it(TH_STR("x"), old_one, out, &n), -TH_ECRYPTO);
    TH_CHECK(strstr(err.msg, "not in the key file") != NULL);
}

static void test_key_files(void)
{
    struct th_keyring *k;
    char many[17 * 65 + 1] = "", large[FILE_MAX + 1];
    TH_EQ_INT(load_text(""), -TH_EINVAL);
    TH_EQ_INT(load_text("\n\n"), -TH_EINVAL);
    TH_EQ_INT(load_text("00"), -TH_EINVAL);
    TH_EQ_INT(load_text(KEY_A "0"), -TH_EINVAL);
    TH_EQ_INT(load_text("0123456789abcdef0123456789abcdef"), -TH_EINVAL); /* 128 bits in hex */
    for (int i = 0; i < 17; i++) {
        TH_EQ_INT(i == 0 ? 0 : load_text(many), 0);
        strcat(many, KEY_A "\n");
    }
    TH_EQ_INT(load_text(many), -TH_EINVAL);
    memset(large, '\n', sizeof large);
    write_file(large, sizeof large, 0600);
    TH_EQ_INT(th_keyring_load(&k, path, &err), -TH_EINVAL);
    write_file("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16"
               "\x17\x18\x19"
               "\x1a\x1b\x1c\x1d\x1e\x1f",
        32, 0400);
    TH_EQ_INT(th_keyring_load(&k, path, &err), 0);
    TH_EQ_INT(load_text(KEY_B), 0);
    TH_EQ_BYTES(k->keys, ring->keys, sizeof k->keys);
    th_keyring_free(k);
    th_keyring_free(NULL);
}

static void test_files_that_others_may_read(void)
{
    static const mode_t modes[] = {0640, 0604, 0610, 0660, 0644, 0601};
    struct th_keyring *k;
    for (size_t i = 0; i < TH_COUNT(modes); i++) {
        TH_ROW("%o", modes[i]);
        write_file(KEY_A, 64, modes[i]);
        TH_EQ_INT(th_keyring_load(&k, path, &err), -TH_EINVAL);
        TH_CHECK(strstr(err.msg, "0600") != NULL);
    }
    TH_EQ_INT(th_keyring_load(&k, dir, &err), -TH_EINVAL);
    unlink(path);
    TH_EQ_INT(th_keyring_load(&k, path, &err), -TH_ENOTFOUND);
    write_file(KEY_A, 64, 0600);
    if (geteuid() == 0) { /* only root can give a file away */
        TH_EQ_INT(chown(path, 12345, (gid_t)-1), 0);
        TH_EQ_INT(th_keyring_load(&k, path, &err), -TH_EINVAL);
        TH_CHECK(strstr(err.msg, "another user") != NULL);
    }
}

static void test_create(void)
{
    struct th_keyring *a, *b;
    struct stat st;
    unlink(path);
    TH_EQ_INT(th_keyring_create(path, &err), 0);
    TH_CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600 && st.st_size == 65);
    TH_EQ_INT(th_keyring_load(&a, path, &err), 0);
    TH_EQ_INT(th_keyring_create(path, &err), -TH_EIO); /* an existing key is never lost */
    TH_EQ_INT(th_keyring_load(&b, path, &err), 0);
    TH_EQ_BYTES(a->keys, b->keys, sizeof a->keys);
    th_keyring_free(b);
    unlink(path);
    TH_EQ_INT(th_keyring_create(path, &err), 0);
    TH_EQ_INT(th_keyring_load(&b, path, &err), 0);
    TH_CHECK(memcmp(a->keys, b->keys, sizeof a->keys) != 0);
    th_keyring_free(a);
    th_keyring_free(b);
    TH_EQ_INT(th_keyring_create("/nonexistent/key", &err), -TH_EIO);
}

int main(void)
{
    snprintf(dir, sizeof dir, "/tmp/th-seal-XXXXXX");
    if (mkdtemp(dir) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s/key", dir);
    TH_RUN(test_published_vector);
    TH_RUN(test_there_and_back);
    TH_RUN(test_any_change_is_seen);
    TH_RUN(test_rotation);
    TH_RUN(test_key_files);
    TH_RUN(test_files_that_others_may_read);
    TH_RUN(test_create);
    th_keyring_free(ring);
    unlink(path);
    rmdir(dir);
    return TH_END();
}
