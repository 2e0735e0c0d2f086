/* SPDX-License-Identifier: Apache-2.0
 *
 * A value in a log line stays in its field: the JSON form is JSON and has just the members of the format. */
#include <stdarg.h>

#include "base/json.h"
#include "base/logfmt.h"
#include "fuzz.h"

static void put(struct th_buf *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void put(struct th_buf *out, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    th_logfmt_put(out, fmt, ap);
    va_end(ap);
}

static void read_line(struct th_buf *fields, struct th_arena *arena, struct th_json *j)
{
    struct th_buf line = {0};
    th_buf_puts(&line, "{\"first\":0");
    th_logfmt_to_json(&line, th_buf_view(fields));
    th_buf_putc(&line, '}');
    struct th_str kept = {th_arena_dup(arena, line.p, line.n), line.n};
    th_buf_free(&line);
    TH_FUZZ_CHECK(memchr(kept.p, '\n', kept.n) == NULL);
    int code = th_json_read(j, arena, kept, NULL);
    TH_FUZZ_CHECK(code == 0 || code == -TH_EINVAL); /* a bare line may name a field twice */
    if (code != 0)
        j->count = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct th_str text = fuzz_input(data, size);
    struct th_buf fields = {0};
    struct th_arena arena;
    struct th_json j;
    th_arena_init(&arena);
    put(&fields, "a=\"%.*s\" b=%d c=\"%.*s\"", TH_STR_FMT(text), 7, TH_STR_FMT(text));
    read_line(&fields, &arena, &j);
    TH_FUZZ_CHECK(
        j.count == 5 && th_str_eq(j.nodes[3].key, TH_STR("b")) && th_str_eq(j.nodes[3].text, TH_STR("7")));
    TH_FUZZ_CHECK(th_str_eq(j.nodes[2].text, j.nodes[4].text));
    th_buf_reset(&fields);
    put(&fields, "%.*s", TH_STR_FMT(text)); /* fields that a caller put together */
    read_line(&fields, &arena, &j);
    th_buf_free(&fields);
    th_arena_free(&arena);
    return 0;
}
