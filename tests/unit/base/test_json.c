/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"
#include "base/json.h"
#include "json_check.h"

static struct th_arena arena;

/* Reads a copy that ends where the heap block ends, so that the sanitizer sees a byte read too many. */
static int read_exact(struct th_json *j, struct th_str text, struct th_error *err)
{
    static char *last;
    th_arena_reset(&arena);
    free(last);
    last = malloc(text.n > 0 ? text.n : 1);
    if (text.n > 0)
        memcpy(last, text.p, text.n);
    struct th_str copy = {last, text.n};
    int code = th_json_read(j, &arena, copy, err);
    if (code == 0 && text.n < 10000) {
        const char *wrong = json_tape_wrong(j, &arena, copy);
        if (wrong != NULL)
            fprintf(stderr, "%.*s: %s\n", TH_STR_FMT(text), wrong);
        TH_CHECK(wrong == NULL);
    }
    return code;
}

/* What the text is read as: 0 or the code, without the sign. */
static int outcome(struct th_str text)
{
    struct th_json j;
    struct th_error err = {0};
    int code = read_exact(&j, text, &err);
    TH_CHECK(code <= 0);
    TH_CHECK(code == 0 || ((int)err.code == -code && err.msg[0] != 0));
    return -code;
}

#define S(literal)                                                                                           \
    {                                                                                                        \
        literal, sizeof(literal) - 1                                                                         \
    }

static void test_accepted(void)
{
    static const struct th_str all[] = {S("{}"), S("[]"), S("null"), S("true"), S("false"), S("0"), S("-0"),
        S("\"\""), S(" \t\r\n{ \"a\" : [ 1 , 2 ] }\r\n"), S("[[],{},\"\",0]"), S("[1.5e+3,1E-2,-0.0,1e0]"),
        S(" 12 "), S("12\n"), S("9223372036854775807"), S("-9223372036854775808"),
        S("123456789012345678901234567890"), S("1e308"), S("\"\\\"\""), S("\"\\\\\""),
        S("[\"\\\\\",\"\\\"\",\"\\\\\\\"\"]"), S("\"\\/\\b\\f\\n\\r\\t\""), S("\"\\u00e9\\u20ac\""),
        S("\"\\ud83d\\ude00\""), S("\"\xf0\x9f\x98\x80\""), S("\"\\ud7ff\\ue000\""), S("\"\x7f\""),
        S("\"\xc2\x80\""), S("\"\xef\xbf\xbf\""), S("\"\xf4\x8f\xbf\xbf\""), S("\"\\\\u0000\""),
        S("\"\\\\ud800\""), S("{\"\":1}"), S("{\"a\":1,\"A\":2,\"a \":3}"), S("{\"a\":{\"a\":{\"a\":1}}}"),
        S("[{\"a\":1},{\"a\":1}]")};
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        TH_ROW("%.*s", TH_STR_FMT(all[i]));
        TH_EQ_INT(outcome(all[i]), TH_OK);
    }
}

static void expect_all(const struct th_str *all, size_t n, int code)
{
    for (size_t i = 0; i < n; i++) {
        TH_ROW("%zu: %.*s", i, TH_STR_FMT(all[i]));
        TH_EQ_INT(outcome(all[i]), code);
    }
}

static void test_not_json(void)
{
    static const struct th_str all[] = {S(""), S(" "), S("\n\n"), S("{"), S("["), S("]"), S("}"), S("[1"),
        S("[12345678901234567890"), S("{\"a\":1"), S("{\"a\":"), S("{\"a\""), S("{\"a"), S("\""), S("\"a"),
        S("\"\\"), S("\"\\\""), S("-"), S("t"), S("tru"), S("nul"), S("True"), S("NaN"), S("Infinity"),
        S("-Infinity"), S("undefined"), S("01"), S("-01"), S("1."), S(".5"), S("+1"), S("1e"), S("1e+"),
        S("1.e1"), S("0x10"), S("1_000"), S("--1"), S("[1,]"), S("[,1]"), S("[1,,2]"), S("[1 2]"), S("[1}"),
        S("{]"), S("{\"a\" 1}"), S("{\"a\":1,}"), S("{,}"), S("{a:1}"), S("{1:1}"), S("{'a':1}"),
        S("{\"a\":1 \"b\":2}"), S("{}{}"), S("1 2"), S("{} x"), S("[]]"), S("null,"), S("\"a\"\"b\""),
        S("/* */1"), S("1//"), S("# 1"), S("\xef\xbb\xbf{}"), S("\"\\a\""), S("\"\\x41\""), S("\"\\u12\""),
        S("\"\\u12g4\""), S("\"\\U0041\""), S("\"\\u\""), S("\"\\u"), S("\\u"), S("\"\\u1"), S("\"\\u123"),
        S("\\"), S("\"a\nb\""), S("\"a\tb\""), S("\"\x01\""), S("\"\0\""), S("\0"), S("1\0"), S("{}\0"),
        S("\v1"), S("1\f"), S("[\v]"), S("\xa0{}"), S("\xc2\xa0{}"), S("{} \"abc"), S("1 \""),
        /* not UTF-8 */
        S("\"\xff\""), S("\"\x80\""), S("\"\xc3\""), S("\"\xc0\x80\""), S("\"\xe0\x80\x80\""),
        S("\"\xed\xa0\x80\""), S("\"\xf4\x90\x80\x80\""), S("\"\xf8\x88\x80\x80\x80\"")};
    expect_all(all, TH_COUNT(all), TH_ESYNTAX);
}

/* JSON that PostgreSQL or another reader would not take as meant. */
static void test_refused(void)
{
    static const struct th_str all[] = {S("\"\\u0000\""), S("{\"\\u0000\":1}"), S("\"\\ud800\""),
        S("\"\\udc00\""), S("\"\\ud800\\ud800\""), S("\"\\ud800\\u0041\""), S("\"\\ud800x\""),
        S("\"\\ude00\\ud83d\""), S("\"\\uD83D\\n\""), S("1e309"), S("-1e309"), S("[1e99999999999]"),
        S("{\"a\":1,\"a\":1}"), S("{\"a\":1,\"\\u0061\":2}"), S("{\"\":1,\"\":2}"),
        S("[{\"x\":{\"a\":1,\"b\":2,\"a\":3}}]")};
    expect_all(all, TH_COUNT(all), TH_EINVAL);
}

/* Decimals that PostgreSQL would write out one by one, and what no double holds. */
static void test_number_range(void)
{
    static const struct {
        const char *text;
        int code;
    } all[] = {{"1e-400", TH_OK}, {"1e-401", TH_EINVAL}, {"1.5e-399", TH_OK}, {"1.5e-400", TH_EINVAL},
        {"0e-400", TH_OK}, {"0e-401", TH_EINVAL}, {"0e99999", TH_EINVAL}, {"1e-16384", TH_EINVAL},
        {"1e-2147483649", TH_EINVAL}, {"1e99999999999999999999", TH_EINVAL},
        {"1e-99999999999999999999", TH_EINVAL}, {"0.0e-1", TH_OK}, {"1e+0000000000000000000000001", TH_OK},
        {"4.9406564584124654e-324", TH_OK}, {"1.7976931348623157e308", TH_OK}, {"1.8e308", TH_EINVAL}};
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        TH_ROW("%s", all[i].text);
        TH_EQ_INT(outcome(th_str(all[i].text)), all[i].code);
    }
    for (size_t digits = 300; digits < 1000; digits += 100) {
        struct th_buf b = {0};
        th_buf_puts(&b, "0.");
        for (size_t i = 0; i < digits; i++)
            th_buf_putc(&b, '1');
        TH_ROW("%zu decimals", digits);
        TH_EQ_INT(outcome(th_buf_view(&b)), digits + 2 <= 400 ? TH_OK : TH_EINVAL);
        th_buf_free(&b);
    }
}

static void test_integers(void)
{
    static const struct {
        const char *text;
        bool integer;
        int64_t value;
        double real;
    } all[] = {{"0", true, 0, 0}, {"-0", true, 0, 0}, {"7", true, 7, 7}, {"-12", true, -12, -12},
        {"9223372036854775807", true, INT64_MAX, 9223372036854775807.0},
        {"-9223372036854775808", true, INT64_MIN, -9223372036854775808.0},
        {"9223372036854775808", false, 0, 9223372036854775808.0},
        {"-9223372036854775809", false, 0, -9223372036854775809.0}, {"1.0", false, 0, 1},
        {"1e2", false, 0, 100}, {"-2.5E-1", false, 0, -0.25}, {"5e-324", false, 0, 5e-324}};
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        struct th_json j;
        int64_t value = 0;
        TH_ROW("%s", all[i].text);
        TH_EQ_INT(read_exact(&j, th_str(all[i].text), NULL), 0);
        TH_EQ_INT(th_json_int(&j.nodes[0], &value), all[i].integer);
        TH_EQ_INT(value, all[i].value);
        TH_CHECK(th_json_double(&j.nodes[0]) == all[i].real);
    }
}

static void test_raw_and_text(void)
{
    static const struct {
        const char *document;
        uint32_t node;
        const char *raw, *text; /* text NULL: not a string */
    } all[] = {
        {" \n {\"a\":1} \t", 0, "{\"a\":1}", NULL},
        {"  [ ]  ", 0, "[ ]", NULL},
        {"\t\"x\" ", 0, "\"x\"", "x"},
        {" -1.5e3 ", 0, "-1.5e3", NULL},
        {" null", 0, "null", NULL},
        {"true ", 0, "true", NULL},
        {" false\n", 0, "false", NULL},
        {"\"\"", 0, "\"\"", ""},
        {"\"\\\"\"", 0, "\"\\\"\"", "\""},
        {" \"\\\\\" ", 0, "\"\\\\\"", "\\"},
        {"[\"\\\\\",\"b\"]", 1, "\"\\\\\"", "\\"},
        {"[\"\\\\\",\"b\"]", 2, "\"b\"", "b"},
        {"[\"a\\\"\",\"\\\"b\"]", 2, "\"\\\"b\"", "\"b"},
        {"[\"\\u0022\\u0022\"]", 1, "\"\\u0022\\u0022\"", "\"\""},
        {"[\"\\\\\\\"\"]", 1, "\"\\\\\\\"\"", "\\\""},
        {"\"\\ud83d\\ude00\"", 0, "\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80"},
        {"{\"k\": {\"x\" : [ 1 , \"2\" ] } }", 1, "{\"x\" : [ 1 , \"2\" ] }", NULL},
        {"{\"k\": {\"x\" : [ 1 , \"2\" ] } }", 2, "[ 1 , \"2\" ]", NULL},
        {"{\"k\": {\"x\" : [ 1 , \"2\" ] } }", 3, "1", NULL},
        {"{\"k\": {\"x\" : [ 1 , \"2\" ] } }", 4, "\"2\"", "2"},
        {"{\"k\\\"\" : \"v\"}", 1, "\"v\"", "v"},
        {"[1,-2 ,3\n]", 2, "-2", NULL},
        {"[1,-2 ,3\n]", 3, "3", NULL},
        {"{\"n\":0.10}", 1, "0.10", NULL},
        {"{\"n\":100000000000000000000}", 1, "100000000000000000000", NULL},
    };
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        struct th_json j;
        TH_ROW("node %u of %s", all[i].node, all[i].document);
        TH_EQ_INT(read_exact(&j, th_str(all[i].document), NULL), 0);
        TH_CHECK(j.count > all[i].node);
        TH_EQ_SLICE(j.nodes[all[i].node].raw, all[i].raw);
        if (all[i].text != NULL)
            TH_EQ_SLICE(j.nodes[all[i].node].text, all[i].text);
    }
}

static void test_get(void)
{
    struct th_json j;
    TH_EQ_INT(read_exact(&j, TH_STR("{\"a\":{\"b\":1},\"b\":2,\"\\u0063\":[{\"b\":3}]}"), NULL), 0);
    const struct th_json_node *a = th_json_get(&j, 0, TH_STR("a")), *b = th_json_get(&j, 0, TH_STR("b"));
    const struct th_json_node *c = th_json_get(&j, 0, TH_STR("c"));
    TH_CHECK(a != NULL && a->type == TH_JSON_OBJECT && b != NULL && c != NULL && c->type == TH_JSON_ARRAY);
    TH_EQ_SLICE(b->raw, "2");
    TH_EQ_SLICE(th_json_get(&j, th_json_index(&j, a), TH_STR("b"))->raw, "1");
    TH_CHECK(th_json_get(&j, 0, TH_STR("A")) == NULL);
    TH_CHECK(th_json_get(&j, 0, TH_STR("")) == NULL);
    TH_CHECK(th_json_get(&j, th_json_index(&j, c), TH_STR("b")) == NULL); /* an array */
    TH_CHECK(th_json_get(&j, th_json_index(&j, b), TH_STR("b")) == NULL); /* a number */
    struct th_json none = {0};
    TH_CHECK(th_json_get(&none, 0, TH_STR("a")) == NULL);
}

/* n members m0, m1, ... and one more named `again` (-1: none), below `depth` arrays. */
static int members(int n, int again, int depth)
{
    struct th_buf b = {0};
    for (int i = 0; i < depth; i++)
        th_buf_putc(&b, '[');
    th_buf_putc(&b, '{');
    for (int i = 0; i < n; i++)
        th_buf_printf(&b, "%s\"m%d\":{\"m1\":[%d]}", i > 0 ? "," : "", i, i);
    if (again >= 0)
        th_buf_printf(&b, ",\"m%d\":0", again);
    th_buf_putc(&b, '}');
    for (int i = 0; i < depth; i++)
        th_buf_putc(&b, ']');
    int code = outcome(th_buf_view(&b));
    th_buf_free(&b);
    return code;
}

/* Around the sizes at which the reader changes its way of comparing names. */
static void test_duplicates_among_many(void)
{
    static const int sizes[] = {1, 2, 11, 12, 13, 14, 31, 32, 33, 63, 64, 65, 100, 1000};
    for (size_t i = 0; i < TH_COUNT(sizes); i++) {
        int n = sizes[i];
        TH_ROW("%d members", n);
        TH_EQ_INT(members(n, -1, 3), TH_OK);
        TH_EQ_INT(members(n, 0, 3), TH_EINVAL);
        TH_EQ_INT(members(n, n - 1, 0), TH_EINVAL);
        TH_EQ_INT(members(n, n / 2, 60), TH_EINVAL);
    }
    TH_EQ_INT(members(20000, -1, 0), TH_OK);
    TH_EQ_INT(members(20000, 19999, 0), TH_EINVAL);
}

static int nested(int depth, char open, char close, const char *inside)
{
    struct th_buf b = {0};
    for (int i = 0; i < depth; i++) {
        th_buf_putc(&b, open);
        if (open == '{' && (i < depth - 1 || inside[0] != 0))
            th_buf_puts(&b, "\"a\":");
    }
    th_buf_puts(&b, inside);
    for (int i = 0; i < depth; i++)
        th_buf_putc(&b, close);
    int code = outcome(th_buf_view(&b));
    th_buf_free(&b);
    return code;
}

static void test_depth(void)
{
    TH_EQ_INT(nested(TH_JSON_MAX_DEPTH, '[', ']', ""), TH_OK);
    TH_EQ_INT(nested(TH_JSON_MAX_DEPTH, '{', '}', ""), TH_OK);
    TH_EQ_INT(nested(TH_JSON_MAX_DEPTH, '[', ']', "\"deep\""), TH_OK);
    TH_EQ_INT(nested(TH_JSON_MAX_DEPTH + 1, '[', ']', ""), TH_EINVAL);
    TH_EQ_INT(nested(TH_JSON_MAX_DEPTH + 1, '{', '}', "1"), TH_EINVAL);
    TH_EQ_INT(nested(100000, '[', ']', ""), TH_EINVAL);
    struct th_buf b = {0};
    for (int i = 0; i < 100000; i++)
        th_buf_putc(&b, '[');
    TH_EQ_INT(outcome(th_buf_view(&b)), TH_EINVAL); /* never closed: refused all the same */
    th_buf_free(&b);
}

static int zeros(unsigned values)
{
    struct th_buf b = {0};
    th_buf_putc(&b, '[');
    for (unsigned i = 1; i < values; i++)
        th_buf_puts(&b, i > 1 ? ",0" : "0");
    th_buf_putc(&b, ']');
    int code = outcome(th_buf_view(&b));
    th_buf_free(&b);
    return code;
}

static void test_too_many_values(void)
{
    TH_EQ_INT(zeros(TH_JSON_MAX_NODES), TH_OK);
    TH_EQ_INT(zeros(TH_JSON_MAX_NODES + 1), TH_EINVAL);

    struct th_json j;
    th_arena_reset(&arena);
    TH_EQ_INT(th_json_read_max(&j, &arena, TH_STR("[1,2,3]"), 4, NULL), 0);
    TH_EQ_INT(th_json_read_max(&j, &arena, TH_STR("[1,2,3]"), 3, NULL), -TH_EINVAL);
}

/* Each prefix of a document, and each document with one byte replaced, is read or refused, never more. */
static void test_mutations(void)
{
    static const char document[] =
        "{\"id\":\"a\\u00e9\\\"\",\"params\":{\"t\":-1.5e3,\"u\":[true,false,null,{}]},\"ack\":1}";
    static const char bytes[] = "\0\1\t\n\f \"\\{}[]:,-+.0eEuU/x\x7f\x80\xc3\xed\xf4\xff";
    for (size_t n = 0; n < sizeof document - 1; n++)
        TH_EQ_INT(outcome((struct th_str){document, n}), TH_ESYNTAX);
    char copy[sizeof document];
    for (size_t i = 0; i < sizeof document - 1; i++) {
        for (size_t k = 0; k < sizeof bytes - 1; k++) {
            memcpy(copy, document, sizeof document);
            copy[i] = bytes[k];
            TH_ROW("byte %zu is 0x%02x", i, (unsigned char)bytes[k]);
            outcome((struct th_str){copy, sizeof document - 1});
        }
    }
}

static void test_put_str(void)
{
    static const struct {
        struct th_str text;
        const char *json;
    } all[] = {
        {S(""), "\"\""},
        {S("plain"), "\"plain\""},
        {S("\"\\/"), "\"\\\"\\\\/\""},
        {S("\b\t\n\f\r"), "\"\\b\\t\\n\\f\\r\""},
        {S("\x01\x1f\x7f\0"), "\"\\u0001\\u001f\\u007f\\u0000\""},
        {S("\xc3\xa9\xf0\x9f\x98\x80"), "\"\xc3\xa9\xf0\x9f\x98\x80\""},
        {S("a\xff"
           "b"),
            "\"a\xef\xbf\xbd"
            "b\""},
        {S("\xc3"), "\"\xef\xbf\xbd\""},
        {S("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {S("x\xf0\x9f\x98"), "\"x\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
    };
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        struct th_buf b = {0};
        TH_ROW("%zu", i);
        th_json_put_str(&b, all[i].text);
        TH_EQ_SLICE(th_buf_view(&b), all[i].json);
        th_buf_free(&b);
    }
}

/* What is written is read back, for every byte. */
static void test_put_str_round_trip(void)
{
    struct th_buf b = {0};
    struct th_json j;
    char text[127];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i + 1); /* all but NUL, which the reader refuses */
    th_json_put_str(&b, (struct th_str){text, sizeof text});
    TH_EQ_INT(read_exact(&j, th_buf_view(&b), NULL), 0);
    TH_CHECK(th_str_eq(j.nodes[0].text, (struct th_str){text, sizeof text}));
    th_buf_free(&b);
}

int main(void)
{
    th_arena_init(&arena);
    TH_RUN(test_accepted);
    TH_RUN(test_not_json);
    TH_RUN(test_refused);
    TH_RUN(test_number_range);
    TH_RUN(test_integers);
    TH_RUN(test_raw_and_text);
    TH_RUN(test_get);
    TH_RUN(test_duplicates_among_many);
    TH_RUN(test_depth);
    TH_RUN(test_too_many_values);
    TH_RUN(test_mutations);
    TH_RUN(test_put_str);
    TH_RUN(test_put_str_round_trip);
    read_exact(&(struct th_json){0}, TH_STR("0"), NULL);
    th_arena_free(&arena);
    return TH_END();
}
