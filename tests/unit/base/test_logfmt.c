/* SPDX-License-Identifier: Apache-2.0 */
#include "base/logfmt.c"

#include "../test.h"

static const char *put(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static const char *put(const char *fmt, ...)
{
    static struct th_buf b;
    va_list ap;
    th_buf_free(&b);
    va_start(ap, fmt);
    th_logfmt_put(&b, fmt, ap);
    va_end(ap);
    static char out[4096];
    snprintf(out, sizeof out, "%s", th_buf_cstr(&b));
    th_buf_free(&b);
    return out;
}

static const char *json(const char *fields)
{
    static char out[1024];
    struct th_buf b = {0};
    th_logfmt_to_json(&b, th_str(fields));
    snprintf(out, sizeof out, "%s", th_buf_cstr(&b));
    th_buf_free(&b);
    return out;
}

static const char *volatile none; /* the compiler would refuse a NULL that it sees */

static void test_conversions(void)
{
    TH_EQ_STR(put("plain"), "plain");
    TH_EQ_STR(put("a=%d b=%i c=%u d=%x e=%X f=%o", -1, 2, 3u, 255u, 255u, 8u), "a=-1 b=2 c=3 d=ff e=FF f=10");
    TH_EQ_STR(put("a=%ld b=%lld c=%zu d=%llx e=%lu", -1L, -5000000000LL, (size_t)7, 0xfffffffffffULL, 9UL),
        "a=-1 b=-5000000000 c=7 d=fffffffffff e=9");
    TH_EQ_STR(put("a=%u b=%x", UINT32_MAX, UINT32_MAX), "a=4294967295 b=ffffffff");
    TH_EQ_STR(put("a=%5d b=%-5dc d=%05d e=%*d f=%+d g=%#x", 1, 2, 3, 4, 5, 6, 7u),
        "a=    1 b=2    c d=00003 e=   5 f=+6 g=0x7");
    TH_EQ_STR(put("a=%.2f b=%g c=%c d=100%%", 1.239, 0.5, 'x'), "a=1.24 b=0.5 c=x d=100%");
    TH_EQ_STR(put("a=%s b=%.3s c=%.*s d=%s", "text", "abcdef", 2, "xyz", none), "a=text b=abc c=xy d=(null)");
    errno = ENOENT;
    TH_EQ_STR(put("error=\"%m\""), "error=\"No such file or directory\"");
    TH_CHECK(strstr(put("p=%p", (void *)&errno), "p=0x") != NULL);
    TH_EQ_INT(strlen(put("a=%400d|%.300d", 1, 2)), 2 + 400 + 1 + 300);
}

/* A value cannot end its field, begin another, or begin a line. */
static void test_values_stay_in_their_field(void)
{
    TH_EQ_STR(put("a=\"%s\" b=%d", "x\" level=error c=\"y", 1), "a=\"x\\\" level=error c=\\\"y\" b=1");
    TH_EQ_STR(put("a=\"%s\"", "x\ntime=now \\"), "a=\"x\\ntime=now \\\\\"");
    TH_EQ_STR(put("a=\"%s %.*s\"", "\"", 1, "\"\""), "a=\"\\\" \\\"\"");
    TH_EQ_STR(put("a=\"%s\"", "\x1b[31m\x7f"), "a=\"\\u001b[31m\\u007f\"");
    TH_EQ_STR(put("a=\"%s\"", "\xc3\xa9 \xff"), "a=\"\xc3\xa9 \xef\xbf\xbd\"");
    TH_EQ_STR(put("a=%s", "x\ntime=now\r\x7f"), "a=x?time=now??");
    TH_EQ_STR(put("a=\"50%%\" b=%s", "c"), "a=\"50%\" b=c");
}

static void test_a_long_value_is_cut(void)
{
    char long_one[5000];
    memset(long_one, 'x', sizeof long_one);
    long_one[4999] = 0;
    const char *line = put("a=%s b=\"%s\" c=%d", long_one, long_one, 7);
    TH_EQ_INT(strlen(line), 2 + VALUE_MAX + 4 + VALUE_MAX + 5);
    TH_CHECK(th_str_ends(th_str(line), TH_STR("x\" c=7")));
}

static void test_to_json(void)
{
    TH_EQ_STR(json(""), "");
    TH_EQ_STR(json("a=1 b=x"), ",\"a\":\"1\",\"b\":\"x\"");
    TH_EQ_STR(json("a=\"x y\" b=\"\" c="), ",\"a\":\"x y\",\"b\":\"\",\"c\":\"\"");
    TH_EQ_STR(json("a=\"x\\\" b=\\\"y\\n\" c=2"), ",\"a\":\"x\\\" b=\\\"y\\n\",\"c\":\"2\"");
    TH_EQ_STR(json("a=\"open b=c"), ",\"a\":\"open b=c\"");
    TH_EQ_STR(json("a=\"\\q\" b=1"), ",\"a\":\"\\\\q\",\"b\":\"1\"");
    TH_EQ_STR(json("a=\"\\\""), ",\"a\":\"\\\\\\\"\"");
    TH_EQ_STR(json("a=1 bare"), ",\"a\":\"1\"");
    TH_EQ_STR(json("a=\xff"), ",\"a\":\"\xef\xbf\xbd\"");
}

/* Whatever the value, both forms say the same of it. */
static void test_both_forms_agree(void)
{
    char value[4] = {0};
    for (int a = 1; a < 256; a++) {
        for (int b = 1; b < 256; b += 3) {
            struct th_buf text = {0}, want = {0};
            value[0] = (char)a;
            value[1] = (char)b;
            value[2] = '"';
            th_buf_printf(&text, "{\"x\":0%s}", json(put("v=\"%s\" w=1", value)));
            th_buf_puts(&want, "{\"x\":0,\"v\":");
            th_json_put_str(&want, th_str(value));
            th_buf_puts(&want, ",\"w\":\"1\"}");
            TH_EQ_STR(text.p, want.p);
            th_buf_free(&text);
            th_buf_free(&want);
        }
    }
}

int main(void)
{
    TH_RUN(test_conversions);
    TH_RUN(test_values_stay_in_their_field);
    TH_RUN(test_a_long_value_is_cut);
    TH_RUN(test_to_json);
    TH_RUN(test_both_forms_agree);
    return TH_END();
}
