/* SPDX-License-Identifier: Apache-2.0 */
#include "sec/password.c"

#include "../test.h"

/* The vectors of the device protocol. */
static const struct {
    const char *key, *client, *nonce;
    int64_t timestamp;
    const char *password;
} vectors[] = {
    {"s3cr3t-key", "dev1", "a1b2c3", 1764000000,
        "a1b2c3.1764000000.267c9aa195c7c42e1c37b03b9005497a1aa7ca4c"},
    {"0123456789abcdef0123456789abcdef", "sensor-0042", "ZZ9z0A", 1700000000,
        "ZZ9z0A.1700000000.c81bbb5f414957ac25475ea093e5c7f32b7aa707"},
    {"k", "a_b-C", "000000", 0, "000000.0.1c1e4b91b51e52fdd9d8799dbd1223849ba63643"},
};

static int64_t skew;

static enum th_password check(
    const char *client, const char *password, const char *key, int64_t now, int64_t window)
{
    struct th_str k = th_str(key);
    return th_password_check(th_str(client), th_str(password), &k, 1, now, window, &skew);
}

static void test_vectors(void)
{
    for (size_t i = 0; i < TH_COUNT(vectors); i++) {
        struct th_buf made = {0};
        TH_ROW("%s", vectors[i].client);
        th_password_make(&made, th_str(vectors[i].client), th_str(vectors[i].nonce), vectors[i].timestamp,
            th_str(vectors[i].key));
        TH_EQ_STR(th_buf_cstr(&made), vectors[i].password);
        TH_EQ_INT(check(vectors[i].client, vectors[i].password, vectors[i].key, vectors[i].timestamp, 300),
            TH_PASSWORD_OK);
        TH_EQ_INT(skew, 0);
        th_buf_free(&made);
    }
}

static void test_window(void)
{
    static const struct {
        int64_t now, skew;
        enum th_password want;
    } rows[] = {{1764000000 - 300, 300, TH_PASSWORD_OK}, {1764000000 + 300, -300, TH_PASSWORD_OK},
        {1764000000 - 301, 301, TH_PASSWORD_CLOCK}, {1764000000 + 301, -301, TH_PASSWORD_CLOCK},
        {0, 1764000000, TH_PASSWORD_CLOCK}};
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        TH_ROW("%lld", (long long)rows[i].now);
        TH_EQ_INT(check("dev1", vectors[0].password, "s3cr3t-key", rows[i].now, 300), rows[i].want);
        TH_EQ_INT(skew, rows[i].skew);
    }
    /* The skew is told only to who knows the key. */
    TH_EQ_INT(check("dev1", vectors[0].password, "other-key", 0, 300), TH_PASSWORD_MISMATCH);
    TH_EQ_INT(skew, 0);
}

static void test_mismatch(void)
{
    char password[80];
    snprintf(password, sizeof password, "%s", vectors[0].password);
    TH_EQ_INT(check("dev2", password, "s3cr3t-key", 1764000000, 300), TH_PASSWORD_MISMATCH);
    TH_EQ_INT(check("dev1", password, "s3cr3t-kez", 1764000000, 300), TH_PASSWORD_MISMATCH);
    TH_EQ_INT(check("dev1", password, "", 1764000000, 300), TH_PASSWORD_MISMATCH);
    for (size_t i = 0; password[i] != 0; i++) {
        char was = password[i];
        if (was == '.')
            continue;
        password[i] = was == '1' ? '2' : '1';
        TH_ROW("byte %zu", i);
        TH_CHECK(check("dev1", password, "s3cr3t-key", 1764000000, INT64_MAX) == TH_PASSWORD_MISMATCH);
        password[i] = was;
    }
    password[18] = 'A'; /* upper-case digits are not what the device computes */
    TH_EQ_INT(check("dev1", password, "s3cr3t-key", 1764000000, 300), TH_PASSWORD_MISMATCH);
}

static void test_several_keys(void)
{
    struct th_str client = TH_STR("dev1"), password = th_str(vectors[0].password);
    struct th_str keys[] = {TH_STR("old"), TH_STR("s3cr3t-key"), TH_STR("new")};
    TH_EQ_INT(th_password_check(client, password, keys, 3, 1764000000, 300, &skew), TH_PASSWORD_OK);
    TH_EQ_INT(th_password_check(client, password, keys, 1, 1764000000, 300, &skew), TH_PASSWORD_MISMATCH);
    TH_EQ_INT(th_password_check(client, password, keys, 0, 1764000000, 300, &skew), TH_PASSWORD_MISMATCH);
}

static void test_malformed(void)
{
    char long_one[300];
    static const char *const rows[] = {"", ".", "..", "...", "a1b2c3", "a1b2c3.1764000000",
        "a1b2c3.1764000000.", "a1b2c3.1764000000.267c9aa195c7c42e1c37b03b9005497a1aa7ca4",
        "a1b2c3.1764000000.267c9aa195c7c42e1c37b03b9005497a1aa7ca4cc",
        "a1b2c3.1764000000.267c9aa195c7c42e1c37b03b9005497a1aa7ca4c.",
        "a1b2c3.1764000000.267c9aa195c7c42e1c37b03b9005497a1aa7ca4c.x",
        "a1b2c.1764000000.267c9aa195c7c42e1c37b03b9005497a1aa7ca4c",
        "a1b2c33.1764000000.267c9aa195c7c42e1c37b03b9005497a1aa7ca4c",
        "a1b2c3..267c9aa195c7c42e1c37b03b9005497a1aa7ca4c",
        "a1b2c3.-5.267c9aa195c7c42e1c37b03b9005497a1aa7ca4c",
        "a1b2c3.+5.267c9aa195c7c42e1c37b03b9005497a1aa7ca4c",
        "a1b2c3.1e9.267c9aa195c7c42e1c37b03b9005497a1aa7ca4c",
        "a1b2c3. 5.267c9aa195c7c42e1c37b03b9005497a1aa7ca4c",
        "a1b2c3.9223372036854775807.267c9aa195c7c42e1c37b03b9005497a1aa7ca4c",
        "a1b2c3.99999999999999999999.267c9aa195c7c42e1c37b03b9005497a1aa7ca4c"};
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        TH_ROW("%s", rows[i]);
        TH_EQ_INT(check("dev1", rows[i], "s3cr3t-key", 1764000000, 300), TH_PASSWORD_MALFORMED);
    }
    snprintf(long_one, sizeof long_one, "a1b2c3.%0203d.%s", 1764000000, vectors[0].password + 18);
    TH_EQ_INT(strlen(long_one), 251);
    TH_EQ_INT(check("dev1", long_one, "s3cr3t-key", 1764000000, 300), TH_PASSWORD_MISMATCH);
    snprintf(long_one, sizeof long_one, "a1b2c3.%0209d.%s", 1764000000, vectors[0].password + 18);
    TH_EQ_INT(check("dev1", long_one, "s3cr3t-key", 1764000000, 300), TH_PASSWORD_MALFORMED);
}

int main(void)
{
    TH_RUN(test_vectors);
    TH_RUN(test_window);
    TH_RUN(test_mismatch);
    TH_RUN(test_several_keys);
    TH_RUN(test_malformed);
    return TH_END();
}
