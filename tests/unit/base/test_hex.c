/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"
#include "base/hex.h"

static void test_hex(void)
{
    static const struct {
        const char *hex;
        bool ok;
        const char *bytes;
    } all[] = {{"", true, ""}, {"00ff10", true, "\x00\xff\x10"}, {"ABcd", true, "\xab\xcd"}, {"0", false, ""},
        {"0g", false, ""}, {"g0", false, ""}, {"0x", false, ""}, {" 00", false, ""}, {"00 ", false, ""},
        {"00:1", false, ""}, {"@0", false, ""}, {"`0", false, ""}, {"/0", false, ""}, {":0", false, ""},
        {"G0", false, ""}, {"\xff\xff", false, ""}};
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        char out[8] = {0};
        TH_ROW("'%s'", all[i].hex);
        TH_EQ_INT(th_hex_decode(out, th_str(all[i].hex)), all[i].ok);
        if (all[i].ok)
            TH_EQ_BYTES(out, all[i].bytes, strlen(all[i].hex) / 2);
    }
}

static void test_hex_round_trip(void)
{
    unsigned char bytes[256], back[256];
    char text[513];
    struct th_buf b = {0};
    for (int i = 0; i < 256; i++)
        bytes[i] = (unsigned char)i;
    th_hex_encode(text, bytes, sizeof bytes);
    th_hex_put(&b, bytes, sizeof bytes);
    TH_EQ_STR(th_buf_cstr(&b), text);
    TH_EQ_INT(strlen(text), 512);
    TH_CHECK(th_hex_decode(back, th_str(text)));
    TH_EQ_BYTES(back, bytes, sizeof bytes);
    for (char *p = text; *p != 0; p++)
        TH_CHECK(strchr("0123456789abcdef", *p) != NULL);
    th_buf_free(&b);
}

/* RFC 4648, section 10. */
static void test_base64_vectors(void)
{
    static const char *const all[][3] = {{"", "", ""}, {"f", "Zg==", "Zg"}, {"fo", "Zm8=", "Zm8"},
        {"foo", "Zm9v", "Zm9v"}, {"foob", "Zm9vYg==", "Zm9vYg"}, {"fooba", "Zm9vYmE=", "Zm9vYmE"},
        {"foobar", "Zm9vYmFy", "Zm9vYmFy"}, {"\xfb\xff\xfe", "+//+", "-__-"}};
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        struct th_buf b = {0}, url = {0};
        char out[16];
        size_t n = 99;
        TH_ROW("'%s'", all[i][1]);
        th_base64_put(&b, all[i][0], strlen(all[i][0]));
        th_base64url_put(&url, all[i][0], strlen(all[i][0]));
        TH_EQ_STR(th_buf_cstr(&b), all[i][1]);
        TH_EQ_STR(th_buf_cstr(&url), all[i][2]);
        TH_CHECK(th_base64_decode(out, &n, th_buf_view(&b)) && n == strlen(all[i][0]));
        TH_EQ_BYTES(out, all[i][0], n);
        n = 99;
        TH_CHECK(th_base64url_decode(out, &n, th_buf_view(&url)) && n == strlen(all[i][0]));
        TH_EQ_BYTES(out, all[i][0], n);
        th_buf_free(&b);
        th_buf_free(&url);
    }
}

static void test_base64_strict(void)
{
    static const char *const refused[] = {"Z", "Zg", "Zm8", "Zg=", "Zg===", "=",
        "==", "===", "====", "Z===", "Zg=g", "=Zg=", "Zm=v",
        "Zg==Zg==", "Zh==", "Zi==", "Zo==", "Zm9=", "Zm+=", "Zm9v\n", "Zm 9", " Zm9", "Zm9v Zm9v", "Zm9-",
        "Zm9_", "Zm9*", "Zm9\x80", "Zm9\xff", "\r\n==", "A=A=", "AA=A"};
    static const char *const refused_url[] = {
        "Z", "Zm9vZ", "Zg==", "Zm8=", "Zh", "Zi", "Zm9", "+//+", "Zm9 ", "Zm9v\n"};
    for (size_t i = 0; i < TH_COUNT(refused); i++) {
        char out[16];
        size_t n;
        TH_ROW("'%s'", refused[i]);
        TH_CHECK(!th_base64_decode(out, &n, th_str(refused[i])));
    }
    for (size_t i = 0; i < TH_COUNT(refused_url); i++) {
        char out[16];
        size_t n;
        TH_ROW("url '%s'", refused_url[i]);
        TH_CHECK(!th_base64url_decode(out, &n, th_str(refused_url[i])));
    }
    char out[1];
    size_t n = 9;
    TH_CHECK(th_base64_decode(out, &n, (struct th_str){NULL, 0}) && n == 0);
    TH_CHECK(!th_base64_decode(out, &n, TH_STR("Zm\0v")));
}

/* One text per value: of all four-letter groups with one or two pads, exactly those decode that encoding
 * makes. */
static void test_base64_canonical(void)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    unsigned decoded = 0;
    for (int a = 0; a < 65; a++) {
        for (int b = 0; b < 65; b++) {
            for (int c = 0; c < 65; c++) {
                char group[4] = {letters[a], letters[b], letters[c], '='};
                unsigned char out[3];
                size_t n;
                if (!th_base64_decode(out, &n, (struct th_str){group, 4}))
                    continue;
                struct th_buf back = {0};
                decoded++;
                th_base64_put(&back, out, n);
                if (back.n != 4 || memcmp(back.p, group, 4) != 0) {
                    TH_ROW("%.4s", group);
                    TH_CHECK(!"two texts for one value");
                }
                th_buf_free(&back);
            }
        }
    }
    TH_EQ_INT(decoded, 256 + 65536); /* one byte, two bytes */
}

/* Every length, read from and written to memory that ends where it must. */
static void test_base64_round_trip(void)
{
    for (size_t n = 0; n < 300; n++) {
        unsigned char *bytes = malloc(n + 1), *back;
        struct th_buf text = {0};
        size_t got = 0;
        for (size_t i = 0; i < n; i++)
            bytes[i] = (unsigned char)(i * 37 + n);
        th_base64_put(&text, bytes, n);
        back = malloc(th_base64_max(text.n) + 1);
        TH_ROW("%zu bytes", n);
        TH_CHECK(th_base64_max(text.n) >= n && text.n % 4 == 0);
        TH_CHECK(th_base64_decode(back, &got, th_buf_view(&text)) && got == n && memcmp(back, bytes, n) == 0);
        th_buf_free(&text);
        th_base64url_put(&text, bytes, n);
        TH_CHECK(
            th_base64url_decode(back, &got, th_buf_view(&text)) && got == n && memcmp(back, bytes, n) == 0);
        th_buf_free(&text);
        free(bytes);
        free(back);
    }
}

int main(void)
{
    TH_RUN(test_hex);
    TH_RUN(test_hex_round_trip);
    TH_RUN(test_base64_vectors);
    TH_RUN(test_base64_strict);
    TH_RUN(test_base64_canonical);
    TH_RUN(test_base64_round_trip);
    return TH_END();
}
