/* SPDX-License-Identifier: Apache-2.0
 *
 * The reader against the grammar, the tape against the text, and text written against text read. */
#include "base/json.h"
#include "base/json_check.h"
#include "fuzz.h"
#include "json_grammar.h"

#define DEEP_ENOUGH 4096 /* longer texts would recurse too far in the grammar */

/* Every string that was read is written so that it is read again as itself. */
static void write_again(const struct th_json *j, struct th_arena *arena)
{
    struct th_buf out = {0};
    for (uint32_t i = 0; i < j->count; i++) {
        struct th_json again;
        if (j->nodes[i].type != TH_JSON_STRING)
            continue;
        th_buf_reset(&out);
        th_json_put_str(&out, j->nodes[i].text);
        TH_FUZZ_CHECK(th_json_read(&again, arena, th_buf_view(&out), NULL) == 0);
        TH_FUZZ_CHECK(th_str_eq(again.nodes[0].text, j->nodes[i].text));
    }
    th_buf_free(&out);
}

/* Whatever the bytes are, what is written of them is JSON. */
static void write_bytes(struct th_str text)
{
    struct th_buf out = {0};
    th_json_put_str(&out, text);
    TH_FUZZ_CHECK(grammar_is_json(th_buf_view(&out)) && th_str_is_utf8(th_buf_view(&out)));
    th_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct th_str text = fuzz_input(data, size);
    struct th_arena arena;
    struct th_json j;
    struct th_error err = {0};
    if (size > DEEP_ENOUGH)
        return 0;
    th_arena_init(&arena);
    int code = th_json_read(&j, &arena, text, &err);
    bool json = grammar_is_json(text) && th_str_is_utf8(text);
    TH_FUZZ_CHECK(code != 0 || json, "read, but not JSON");
    TH_FUZZ_CHECK(code != -TH_ESYNTAX || !json, "JSON, but not read: %s", err.msg);
    TH_FUZZ_CHECK(code == 0 || code == -TH_ESYNTAX || code == -TH_EINVAL);
    if (code == 0) {
        const char *wrong = json_tape_wrong(&j, &arena, text);
        TH_FUZZ_CHECK(wrong == NULL, "%s", wrong);
        write_again(&j, &arena);
    }
    write_bytes(text);
    th_arena_free(&arena);
    return 0;
}
