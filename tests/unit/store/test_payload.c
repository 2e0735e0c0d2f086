/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"
#include "base/alloc.h"
#include "store/payload.h"

#define NOW 1795555683725
static const struct th_payload_limits limits = {NOW, 300000, 2678400000};

static struct th_arena arena;
static struct th_payload p;
static struct th_error err;

static int read_text(const char *text)
{
    th_arena_reset(&arena);
    return th_payload_read(&p, &arena, th_str(text), &err);
}

static int report(const char *text)
{
    int rc = read_text(text);
    return rc != 0 ? rc : th_payload_samples(&p, &arena, &limits, &err);
}

static int event(const char *text)
{
    int rc = read_text(text);
    return rc != 0 ? rc : th_payload_event(&p, &arena, &limits, &err);
}

#define X64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static void test_read(void)
{
    static const struct {
        const char *text;
        int code;
        const char *id; /* NULL: none */
        bool ack, params;
    } all[] = {
        {"{}", 0, NULL, false, false},
        {"{\"id\":\"1\",\"params\":{},\"ack\":1}", 0, "1", true, true},
        {"{\"id\":\"\",\"ack\":0}", 0, "", false, false},
        {"{\"id\":17}", 0, "17", false, false},
        {"{\"id\":-1.50e3}", 0, "-1.50e3", false, false},
        {"{\"id\":123456789012345678901234567890}", 0, "123456789012345678901234567890", false, false},
        {"{\"id\":\"\\u00e9\\\"\"}", 0, "\xc3\xa9\"", false, false},
        {"{\"id\":\"a\",\"ack\":true}", 0, "a", true, false},
        {"{\"id\":\"a\",\"ack\":false}", 0, "a", false, false},
        {"{\"id\":\"a\",\"ack\":null}", 0, "a", false, false},
        {"{\"params\":null}", 0, NULL, false, false},
        {"{\"params\":[]}", 0, NULL, false, true},
        {"{\"params\":false}", 0, NULL, false, true},
        {"{\"params\":\"text\"}", 0, NULL, false, true},
        {"{\"other\":{\"id\":9},\"id\":\"o\"}", 0, "o", false, false},
        {"{\"id\":\"" X64 X64 X64 X64 "\"}", 0, X64 X64 X64 X64, false, false},
        /* refused, with the id where it could be read */
        {"", -TH_ESYNTAX, NULL, false, false},
        {"not json", -TH_ESYNTAX, NULL, false, false},
        {"{\"id\":\"1\"", -TH_ESYNTAX, NULL, false, false},
        {"[]", -TH_EINVAL, NULL, false, false},
        {"null", -TH_EINVAL, NULL, false, false},
        {"\"text\"", -TH_EINVAL, NULL, false, false},
        {"1", -TH_EINVAL, NULL, false, false},
        {"{\"id\":null}", -TH_EINVAL, NULL, false, false},
        {"{\"id\":true}", -TH_EINVAL, NULL, false, false},
        {"{\"id\":{}}", -TH_EINVAL, NULL, false, false},
        {"{\"id\":[\"1\"]}", -TH_EINVAL, NULL, false, false},
        {"{\"id\":\"" X64 X64 X64 X64 "x\"}", -TH_EINVAL, NULL, false, false},
        {"{\"id\":\"a\",\"ack\":2}", -TH_EINVAL, "a", false, false},
        {"{\"id\":\"a\",\"ack\":-1}", -TH_EINVAL, "a", false, false},
        {"{\"id\":\"a\",\"ack\":1.0}", -TH_EINVAL, "a", false, false},
        {"{\"id\":\"a\",\"ack\":\"1\"}", -TH_EINVAL, "a", false, false},
        {"{\"ack\":[],\"id\":\"late\"}", -TH_EINVAL, "late", false, false},
        {"{\"id\":\"a\",\"id\":\"b\"}", -TH_EINVAL, NULL, false, false},
    };
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        TH_ROW("%.100s", all[i].text);
        TH_EQ_INT(read_text(all[i].text), all[i].code);
        TH_EQ_INT(p.has_id, all[i].id != NULL);
        if (all[i].id != NULL)
            TH_EQ_SLICE(p.id, all[i].id);
        TH_EQ_INT(p.ack, all[i].ack);
        TH_EQ_INT(p.params != 0, all[i].params);
    }
}

static void test_report(void)
{
    TH_EQ_INT(report("{\"id\":\"1\",\"params\":{\"t\":21.5,\"u\":{\"v\":[1]}}}"), 0);
    TH_EQ_INT(p.nsamples, 1);
    TH_EQ_SLICE(p.json.nodes[p.samples[0].node].raw, "{\"t\":21.5,\"u\":{\"v\":[1]}}");
    TH_EQ_INT(p.samples[0].time, NOW);
    TH_CHECK(!p.samples[0].clock_replaced);
    TH_EQ_INT(report("{\"params\":{}}"), 0); /* says nothing, but well-formed */
    TH_EQ_INT(p.nsamples, 1);
}

/* The report's own time against the broker's. */
static void test_time(void)
{
    static const struct {
        const char *time;
        int code;
        int64_t want;
        bool replaced;
    } all[] = {
        {"null", 0, NOW, false},
        {"1795555683725", 0, NOW, false},
        {"1795555680000", 0, 1795555680000, false},
        {"1795555983725", 0, NOW + 300000, false},
        {"1795555983726", 0, NOW, true},
        {"1792877283725", 0, NOW - 2678400000, false},
        {"1792877283724", 0, NOW, true},
        {"0", 0, NOW, true},
        {"-1", 0, NOW, true},
        {"9223372036854775807", 0, NOW, true},
        {"-9223372036854775808", 0, NOW, true},
        {"1795555680", 0, NOW, true}, /* seconds */
        {"\"2026-11-24T21:28:00Z\"", 0, 1795555680000, false},
        {"\"2026-11-25T05:28:00+08:00\"", 0, 1795555680000, false},
        {"\"2026-11-24T21:28:00.123456Z\"", 0, 1795555680123, false},
        {"\"1999-01-01T00:00:00Z\"", 0, NOW, true},
        {"\"1795555680000\"", -TH_EINVAL, 0, false},
        {"\"yesterday\"", -TH_EINVAL, 0, false},
        {"\"\"", -TH_EINVAL, 0, false},
        {"1795555680000.5", -TH_EINVAL, 0, false},
        {"1e12", -TH_EINVAL, 0, false},
        {"true", -TH_EINVAL, 0, false},
        {"{}", -TH_EINVAL, 0, false},
        {"99999999999999999999", -TH_EINVAL, 0, false},
    };
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        char text[200];
        TH_ROW("%s", all[i].time);
        for (int form = 0; form < 3; form++) {
            static const char *const forms[] = {"{\"id\":\"1\",\"params\":{\"t\":1},\"time\":%s}",
                "{\"id\":\"1\",\"params\":[{\"time\":%s,\"params\":{\"t\":1}}]}",
                "{\"time\":%s,\"params\":\"an event\"}"};
            snprintf(text, sizeof text, forms[form], all[i].time);
            TH_EQ_INT(form < 2 ? report(text) : event(text), all[i].code);
            if (all[i].code != 0)
                continue;
            TH_EQ_INT(p.samples[0].time, all[i].want);
            TH_EQ_INT(p.samples[0].clock_replaced, all[i].replaced);
        }
    }
}

static void test_batch(void)
{
    TH_EQ_INT(report("{\"id\":\"b\",\"time\":1,\"params\":[{\"time\":1795555680001,\"params\":{\"a\":1}},"
                     "{\"params\":{\"b\":[{}]}},{\"params\":{},\"time\":null,\"x\":0},{\"time\":5,\"params\":"
                     "{\"c\":3}}]}"),
        0);
    TH_EQ_INT(p.nsamples, 4);
    TH_EQ_SLICE(p.json.nodes[p.samples[0].node].raw, "{\"a\":1}");
    TH_EQ_INT(p.samples[0].time, 1795555680001);
    TH_EQ_SLICE(p.json.nodes[p.samples[1].node].raw, "{\"b\":[{}]}");
    TH_EQ_INT(p.samples[1].time, NOW);
    TH_EQ_SLICE(p.json.nodes[p.samples[2].node].raw, "{}");
    TH_EQ_INT(p.samples[2].time, NOW);
    TH_CHECK(!p.samples[2].clock_replaced && p.samples[3].clock_replaced);
    TH_EQ_INT(p.samples[3].time, NOW);
}

/* A batch is taken whole or not at all. */
static void test_refused_reports(void)
{
    static const char *const all[] = {"{}", "{\"params\":null}", "{\"params\":1}", "{\"params\":\"t\"}",
        "{\"params\":true}", "{\"params\":[]}", "{\"params\":[1]}", "{\"params\":[{}]}",
        "{\"params\":[null]}", "{\"params\":[[]]}", "{\"params\":[{\"t\":1}]}",
        "{\"params\":[{\"params\":1}]}", "{\"params\":[{\"params\":[]}]}", "{\"params\":[{\"params\":null}]}",
        "{\"params\":[{\"params\":{\"t\":1}},{\"t\":2}]}",
        "{\"params\":[{\"params\":{\"t\":1}},{\"params\":{\"t\":2},\"time\":\"x\"}]}",
        "{\"params\":[{\"params\":{\"t\":1},\"time\":1.5}]}"};
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        TH_ROW("%s", all[i]);
        err.msg[0] = 0;
        TH_EQ_INT(report(all[i]), -TH_EINVAL);
        TH_CHECK(err.msg[0] != 0);
    }
}

static int batch_of(unsigned reports)
{
    struct th_buf b = {0};
    th_buf_puts(&b, "{\"params\":[");
    for (unsigned i = 0; i < reports; i++)
        th_buf_printf(&b, "%s{\"params\":{\"t\":%u}}", i > 0 ? "," : "", i);
    th_buf_puts(&b, "]}");
    int rc = report(th_buf_cstr(&b));
    th_buf_free(&b);
    return rc;
}

static void test_batch_size(void)
{
    TH_EQ_INT(batch_of(1), 0);
    TH_EQ_INT(batch_of(TH_PAYLOAD_MAX_SAMPLES), 0);
    TH_EQ_INT(p.nsamples, TH_PAYLOAD_MAX_SAMPLES);
    TH_EQ_INT(batch_of(TH_PAYLOAD_MAX_SAMPLES + 1), -TH_EINVAL);
}

static void test_event(void)
{
    static const struct {
        const char *text, *params; /* NULL: refused */
    } all[] = {{"{\"params\":{\"open\":true}}", "{\"open\":true}"}, {"{\"params\":[1,2]}", "[1,2]"},
        {"{\"params\":\"text\"}", "\"text\""}, {"{\"params\":0}", "0"}, {"{\"params\":false}", "false"},
        {"{\"params\":[]}", "[]"}, {"{\"params\":null}", NULL}, {"{}", NULL}, {"[]", NULL}};
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        TH_ROW("%s", all[i].text);
        TH_EQ_INT(event(all[i].text), all[i].params != NULL ? 0 : -TH_EINVAL);
        if (all[i].params == NULL)
            continue;
        TH_EQ_INT(p.nsamples, 1);
        TH_EQ_SLICE(p.json.nodes[p.samples[0].node].raw, all[i].params);
        TH_EQ_INT(p.samples[0].time, NOW);
    }
}

int main(void)
{
    th_arena_init(&arena);
    TH_RUN(test_read);
    TH_RUN(test_report);
    TH_RUN(test_time);
    TH_RUN(test_batch);
    TH_RUN(test_refused_reports);
    TH_RUN(test_batch_size);
    TH_RUN(test_event);
    th_arena_free(&arena);
    return TH_END();
}
