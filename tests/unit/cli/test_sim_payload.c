/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"
#include "cli/sim_payload.h"
#include "test.h"

static void made_up_reports_are_json_distinct_and_of_the_size(void)
{
    static const char *const sizes[] = {"80", "100", "256", "5000"};

    for (size_t i = 0; i < TH_COUNT(sizes); i++) {
        struct th_buf scratch = {0}, first = {0};
        struct th_sim_payload p;
        struct th_error err;
        struct th_arena arena;
        struct th_json j;

        TH_ROW("%s bytes", sizes[i]);
        TH_EQ_INT(th_sim_payload_open(&p, sizes[i], &err), 0);
        th_buf_str(&first, th_sim_payload_make(&p, 1234, &scratch));
        struct th_str second = th_sim_payload_make(&p, 1235, &scratch);
        TH_EQ_INT(first.n, atoi(sizes[i]));
        TH_CHECK(!th_str_eq(th_buf_view(&first), second));
        th_arena_init(&arena);
        TH_EQ_INT(th_json_read(&j, &arena, second, &err), 0);
        TH_CHECK(th_json_get(&j, 0, TH_STR("params"))->type == TH_JSON_OBJECT);
        th_arena_free(&arena);
        th_buf_free(&first);
        th_buf_free(&scratch);
        th_sim_payload_close(&p);
    }
}

static void a_file_goes_as_it_is(void)
{
    char path[] = "/tmp/test_sim_payload.XXXXXX";
    struct th_buf scratch = {0};
    struct th_sim_payload p;
    struct th_error err;
    FILE *f = fdopen(mkstemp(path), "w");

    fwrite("a\0b\n", 1, 4, f);
    fclose(f);
    TH_EQ_INT(th_sim_payload_open(&p, path, &err), 0);
    struct th_str sent = th_sim_payload_make(&p, 1, &scratch);
    TH_CHECK(sent.n == 4 && memcmp(sent.p, "a\0b\n", 4) == 0);
    th_sim_payload_close(&p);
    remove(path);
}

static void what_is_neither_is_refused(void)
{
    static const char *const specs[] = {"10", "99999999", "/nowhere/at/all"};

    for (size_t i = 0; i < TH_COUNT(specs); i++) {
        struct th_sim_payload p;
        struct th_error err;

        TH_ROW("%s", specs[i]);
        TH_CHECK(th_sim_payload_open(&p, specs[i], &err) != 0);
        th_sim_payload_close(&p);
    }
}

int main(void)
{
    TH_RUN(made_up_reports_are_json_distinct_and_of_the_size);
    TH_RUN(a_file_goes_as_it_is);
    TH_RUN(what_is_neither_is_refused);
    return TH_END();
}
