/* SPDX-License-Identifier: Apache-2.0 */
#include "store/kv.h"

#include "../test.h"

static struct th_arena arena;

static struct th_str dup(const char *z)
{
    return (struct th_str){th_arena_dup(&arena, z, strlen(z)), strlen(z)};
}

static int change(const struct th_kv *kv, struct th_kv_changes *c, const char *key, const char *value)
{
    return th_kv_change(kv, c, &arena, dup(key), value != NULL ? dup(value) : (struct th_str){NULL, 0}, NULL);
}

static char *text_of(const struct th_kv *kv)
{
    static struct th_buf out;
    out.n = 0;
    th_kv_write(kv, &out);
    return (char *)th_buf_cstr(&out);
}

static void test_read_and_write(void)
{
    struct th_kv kv;
    th_kv_read(&kv, TH_STR("{\"a\":1,\"b\\u0041\\\"\":{\"x\":[1e3,null]}}"));
    TH_EQ_INT(kv.keys, 2);
    TH_EQ_INT(kv.bytes, 1 + 1 + 3 + strlen("{\"x\":[1e3,null]}"));
    TH_EQ_SLICE(th_kv_get(&kv, NULL, TH_STR("bA\"")), "{\"x\":[1e3,null]}");
    TH_CHECK(th_kv_get(&kv, NULL, TH_STR("c")).p == NULL);
    struct th_kv again;
    th_kv_read(&again, th_str(text_of(&kv)));
    TH_CHECK(again.keys == 2 && again.bytes == kv.bytes);
    th_kv_free(&again);
    th_kv_free(&kv);
    TH_CHECK(kv.keys == 0 && kv.bytes == 0);
    static const char *const none[] = {"", "[]", "null", "{", "{\"a\":1,\"a\":2}"};
    for (size_t i = 0; i < TH_COUNT(none); i++) {
        th_kv_read(&kv, th_str(none[i]));
        TH_EQ_STR(text_of(&kv), "{}");
    }
}

static void test_changes(void)
{
    struct th_kv kv;
    struct th_kv_changes c = {0};
    th_kv_read(&kv, TH_STR("{\"a\":1,\"b\":2}"));
    TH_EQ_INT(change(&kv, &c, "a", "10"), 0);
    TH_EQ_INT(change(&kv, &c, "a", "11"), 0);
    TH_EQ_INT(change(&kv, &c, "b", NULL), 0);
    TH_EQ_INT(change(&kv, &c, "never", NULL), 0);
    TH_EQ_INT(change(&kv, &c, "new", "true"), 0);
    TH_EQ_SLICE(th_kv_get(&kv, &c, TH_STR("a")), "11");
    TH_EQ_SLICE(th_kv_get(&kv, NULL, TH_STR("a")), "1");
    TH_CHECK(th_kv_get(&kv, &c, TH_STR("b")).p == NULL);
    th_kv_apply(&kv, &c);
    TH_EQ_STR(text_of(&kv), "{\"a\":11,\"new\":true}");
    TH_EQ_INT(kv.bytes, 1 + 2 + 3 + 4);
    th_kv_free(&kv);
}

static void test_caps(void)
{
    struct th_kv kv = {0};
    struct th_kv_changes c = {0};
    char key[32], value[TH_KV_BYTES_MAX + 1];
    for (int i = 0; i < TH_KV_KEYS_MAX; i++) {
        snprintf(key, sizeof key, "k%d", i);
        TH_EQ_INT(change(&kv, &c, key, "1"), 0);
    }
    TH_EQ_INT(change(&kv, &c, "one more", "1"), -TH_ETOOBIG);
    TH_EQ_INT(change(&kv, &c, "k0", NULL), 0);
    TH_EQ_INT(change(&kv, &c, "one more", "1"), 0);
    th_kv_apply(&kv, &c);
    TH_EQ_INT(kv.keys, TH_KV_KEYS_MAX);
    c = (struct th_kv_changes){0};
    TH_EQ_INT(change(&kv, &c, "k0", "1"), -TH_ETOOBIG);
    TH_EQ_INT(change(&kv, &c, "k1", "2"), 0);
    th_kv_free(&kv);

    c = (struct th_kv_changes){0};
    memset(value, '1', sizeof value);
    value[TH_KV_BYTES_MAX] = 0;
    TH_EQ_INT(change(&kv, &c, "a", value), -TH_ETOOBIG); /* the key counts too */
    TH_CHECK(c.first == NULL);
    value[TH_KV_BYTES_MAX - 1] = 0;
    TH_EQ_INT(change(&kv, &c, "a", value), 0);
    TH_EQ_INT(change(&kv, &c, "b", "1"), -TH_ETOOBIG);
    TH_CHECK(th_kv_fits(&kv, &c));
    struct th_kv grown;
    th_kv_read(&grown, TH_STR("{\"b\":1}")); /* meanwhile */
    TH_CHECK(!th_kv_fits(&grown, &c));
    th_kv_free(&grown);
}

int main(void)
{
    th_arena_init(&arena);
    TH_RUN(test_read_and_write);
    TH_RUN(test_changes);
    TH_RUN(test_caps);
    th_arena_free(&arena);
    return TH_END();
}
