/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"
#include "base/alloc.h"
#include "base/str.h"

#define S(literal)                                                                                           \
    {                                                                                                        \
        literal, sizeof(literal) - 1                                                                         \
    }

static void test_starts_ends(void)
{
    struct th_str none = {NULL, 0};
    TH_CHECK(th_str_starts(TH_STR("abc"), TH_STR("")));
    TH_CHECK(th_str_starts(TH_STR("abc"), TH_STR("abc")));
    TH_CHECK(!th_str_starts(TH_STR("abc"), TH_STR("abcd")));
    TH_CHECK(!th_str_starts(TH_STR("abc"), TH_STR("b")));
    TH_CHECK(th_str_starts(none, none) && th_str_ends(none, none) && th_str_eq(none, TH_STR("")));
    TH_CHECK(!th_str_starts(none, TH_STR("a")) && !th_str_ends(none, TH_STR("a")));
    TH_CHECK(th_str_ends(TH_STR("abc"), TH_STR("bc")) && !th_str_ends(TH_STR("abc"), TH_STR("xabc")));
    TH_CHECK(th_str_ends(TH_STR("abc"), none));
    TH_CHECK(!th_str_eq(TH_STR("a"), TH_STR("a\0")) && th_str_eq(TH_STR("a\0b"), TH_STR("a\0b")));
    TH_EQ_INT(th_str(NULL).n, 0);
}

static void test_trim(void)
{
    static const char *const all[][2] = {{"", ""}, {" ", ""}, {" \t\r\n ", ""}, {"a", "a"}, {" a ", "a"},
        {"\r\na b\t", "a b"}, {"\va\f", "\va\f"}, {"a\xa0", "a\xa0"}};
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        TH_ROW("%zu", i);
        TH_EQ_SLICE(th_str_trim(th_str(all[i][0])), all[i][1]);
    }
}

static void test_split(void)
{
    static const struct {
        const char *text;
        int count;
        const char *parts[4];
    } all[] = {{"", 1, {""}}, {"a", 1, {"a"}}, {",", 2, {"", ""}}, {"a,", 2, {"a", ""}}, {",a", 2, {"", "a"}},
        {"a,,b", 3, {"a", "", "b"}}, {"a,b,c", 3, {"a", "b", "c"}}, {",,,", 4, {"", "", "", ""}}};
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        struct th_str rest = th_str(all[i].text), part;
        int count = 0;
        TH_ROW("'%s'", all[i].text);
        for (; th_str_split(&rest, ',', &part); count++)
            if (count < all[i].count)
                TH_EQ_SLICE(part, all[i].parts[count]);
        TH_EQ_INT(count, all[i].count);
        TH_CHECK(rest.p == NULL && !th_str_split(&rest, ',', &part));
    }
    struct th_str none = {NULL, 0}, part;
    TH_CHECK(!th_str_split(&none, ',', &part));
}

static void test_int(void)
{
    static const struct {
        struct th_str text;
        bool ok;
        int64_t value;
    } all[] = {{S("0"), true, 0}, {S("-0"), true, 0}, {S("007"), true, 7}, {S("42"), true, 42},
        {S("-42"), true, -42}, {S("9223372036854775807"), true, INT64_MAX},
        {S("9223372036854775808"), false, 0}, {S("-9223372036854775808"), true, INT64_MIN},
        {S("-9223372036854775809"), false, 0}, {S("18446744073709551616"), false, 0},
        {S("99999999999999999999"), false, 0}, {S("000000000000000000000000000001"), true, 1},
        {S(""), false, 0}, {S("-"), false, 0}, {S("+1"), false, 0}, {S("--1"), false, 0}, {S(" 1"), false, 0},
        {S("1 "), false, 0}, {S("1.0"), false, 0}, {S("1e3"), false, 0}, {S("0x1"), false, 0},
        {S("1\0"), false, 0}, {S("\xd9\xa1"), false, 0}};
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        int64_t value = -77;
        TH_ROW("'%.*s'", TH_STR_FMT(all[i].text));
        TH_EQ_INT(th_str_int(all[i].text, &value), all[i].ok);
        TH_EQ_INT(value, all[i].ok ? all[i].value : -77);
    }
}

static void test_key(void)
{
    char longest[130];
    memset(longest, 'k', sizeof longest);
    TH_CHECK(th_str_is_key((struct th_str){longest, 1}) && th_str_is_key((struct th_str){longest, 128}));
    TH_CHECK(!th_str_is_key((struct th_str){longest, 129}) && !th_str_is_key((struct th_str){longest, 0}));
    for (int c = 0; c < 256; c++) {
        char text[3] = {'a', (char)c, 'z'};
        bool fine = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
                    c == '_';
        TH_ROW("byte 0x%02x", c);
        TH_EQ_INT(th_str_is_key((struct th_str){text, 3}), fine);
    }
}

/* Encodes a code point without asking whether it may be. */
static size_t encode(uint32_t c, int len, char out[4])
{
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    if (len == 1) {
        out[0] = (char)c;
        return 1;
    }
    for (int i = len - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(lead[len] | c);
    return (size_t)len;
}

/* Every code point in every length: only the shortest form of a scalar value is UTF-8. */
static void test_utf8_all(void)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000}, end[] = {0, 0x80, 0x800, 0x10000, 0x200000};
    unsigned long wrong = 0;
    for (int len = 1; len <= 4; len++) {
        for (uint32_t c = 0; c < end[len]; c++) {
            char text[4];
            size_t n = encode(c, len, text);
            bool scalar = c >= least[len] && c <= 0x10ffff && !(c >= 0xd800 && c <= 0xdfff);
            wrong += th_str_is_utf8((struct th_str){text, n}) != scalar;
            wrong += th_str_utf8_len(text, n) != (scalar ? n : 0);
            if (n > 1)
                wrong += th_str_is_utf8((struct th_str){text, n - 1}) || th_str_utf8_len(text, n - 1) != 0;
        }
    }
    TH_EQ_INT(wrong, 0);
}

static void test_utf8_text(void)
{
    static const struct {
        struct th_str text;
        bool ok;
    } all[] = {{S(""), true}, {S("a\0b"), true}, {S("\x7f"), true}, {S("\xc3\xa9t\xc3\xa9"), true},
        {S("\x80"), false}, {S("a\xc3"), false}, {S("\xc3z"), false}, {S("\xe2\x82"), false},
        {S("\xe2\x82z"), false}, {S("\xf0\x9f\x98\x80\xf0\x9f\x98"), false}, {S("\xf5\x80\x80\x80"), false},
        {S("\xfe"), false}, {S("\xff"), false}};
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        TH_ROW("%zu", i);
        TH_EQ_INT(th_str_is_utf8(all[i].text), all[i].ok);
    }
}

static void test_cut(void)
{
    static const struct {
        const char *text;
        size_t max;
        const char *cut;
    } all[] = {{"", 0, ""}, {"abc", 3, "abc"}, {"abc", 4, "abc"}, {"abc", 2, "ab"}, {"abc", 0, ""},
        {"a\xc3\xa9", 2, "a"}, {"a\xc3\xa9", 3, "a\xc3\xa9"}, {"\xe2\x82\xac", 1, ""},
        {"\xe2\x82\xac", 2, ""}, {"x\xf0\x9f\x98\x80", 4, "x"}, {"x\xf0\x9f\x98\x80", 2, "x"},
        {"\xc3\xa9\xc3\xa9", 2, "\xc3\xa9"},
        {"\x80\x80\x80\x80\x80\x80\x80\x80", 6, "\x80\x80\x80"}}; /* what is no text is cut anywhere */
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        TH_ROW("%zu", i);
        TH_EQ_SLICE(th_str_cut(th_str(all[i].text), all[i].max), all[i].cut);
    }
}

/* SipHash's promise for us: equal text, equal hash; one changed byte or length, another one. */
static void test_hash(void)
{
    char text[40] = {0};
    for (size_t n = 0; n < sizeof text; n++) {
        char copy[41];
        struct th_str s = {text, n}, shifted = {copy + 1, n};
        memcpy(copy + 1, text, n);
        TH_ROW("%zu bytes", n);
        TH_CHECK(
            th_str_hash(s) == th_str_hash(shifted) && th_str_hash_keyed(s) == th_str_hash_keyed(shifted));
        TH_CHECK(th_str_hash_keyed(s) != th_str_hash_keyed((struct th_str){text, n + 1}));
        for (size_t i = 0; i < n; i++) {
            copy[1 + i] ^= 1;
            TH_CHECK(
                th_str_hash_keyed(s) != th_str_hash_keyed(shifted) && th_str_hash(s) != th_str_hash(shifted));
            copy[1 + i] ^= 1;
        }
    }
}

static void test_buf(void)
{
    struct th_buf b = {0};
    TH_EQ_STR(th_buf_cstr(&b), "");
    TH_EQ_INT(b.n, 0);
    th_buf_put(&b, NULL, 0);
    th_buf_puts(&b, "");
    TH_EQ_INT(b.n, 0);
    th_buf_puts(&b, "ab");
    th_buf_putc(&b, 'c');
    th_buf_str(&b, TH_STR("d\0e"));
    TH_EQ_INT(b.n, 6);
    TH_EQ_BYTES(b.p, "abcd\0e\0", 7);
    memcpy(th_buf_room(&b, 3), "xyz", 3);
    b.n += 3;
    TH_EQ_INT(strlen(th_buf_cstr(&b) + 5), 4);
    th_buf_reset(&b);
    TH_CHECK(b.n == 0 && b.p != NULL);
    th_buf_free(&b);
    TH_CHECK(b.p == NULL && b.n == 0 && b.cap == 0);
}

/* Over the place where the buffer grows, at each offset. */
static void test_buf_growth(void)
{
    for (size_t before = 0; before < 200; before++) {
        struct th_buf b = {0};
        for (size_t i = 0; i < before; i++)
            th_buf_putc(&b, '.');
        th_buf_printf(&b, "%s-%d", "a text that is long enough to have to move what was there before", 12345);
        th_buf_int(&b, -7);
        TH_ROW("%zu bytes before", before);
        TH_EQ_STR(b.p + before, "a text that is long enough to have to move what was there before-12345-7");
        TH_CHECK(b.n < b.cap && strlen(b.p) == b.n);
        th_buf_free(&b);
    }
}

static void test_buf_int(void)
{
    static const int64_t all[] = {0, 1, -1, 9, 10, -10, 123456789, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        struct th_buf b = {0};
        char text[32];
        int64_t back;
        snprintf(text, sizeof text, "%lld", (long long)all[i]);
        th_buf_int(&b, all[i]);
        TH_EQ_STR(b.p, text);
        TH_CHECK(th_str_int(th_buf_view(&b), &back) && back == all[i]);
        th_buf_free(&b);
    }
}

static void test_buf_gives_memory_back(void)
{
    struct th_buf b = {0};
    th_buf_room(&b, 2u << 20);
    th_buf_reset(&b);
    TH_EQ_INT(b.cap, 0);
    th_buf_free(&b);
}

int main(void)
{
    TH_RUN(test_starts_ends);
    TH_RUN(test_trim);
    TH_RUN(test_split);
    TH_RUN(test_int);
    TH_RUN(test_key);
    TH_RUN(test_utf8_all);
    TH_RUN(test_utf8_text);
    TH_RUN(test_cut);
    TH_RUN(test_hash);
    TH_RUN(test_buf);
    TH_RUN(test_buf_growth);
    TH_RUN(test_buf_int);
    TH_RUN(test_buf_gives_memory_back);
    return TH_END();
}
