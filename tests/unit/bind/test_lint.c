/* SPDX-License-Identifier: Apache-2.0
 *
 * The lint over texts of strangers: what it says, and that it ends in time and memory whatever they are. */
#include "bind/lint.h"
#include "base/json.h"
#include "test.h"

#define MIB ((size_t)1 << 20)
#if defined(__SANITIZE_ADDRESS__)
#define HOSTILE (MIB / 16) /* several times slower there */
#else
#define HOSTILE MIB
#endif

static struct th_budget *budget;

static struct th_buf look(const struct th_lint_file *files, size_t count)
{
    struct th_buf out = {0};
    struct th_error err = {0};
    TH_EQ_INT(th_lint(budget, TH_ROOT, files, count, &out, &err), 0);
    TH_EQ_STR(err.msg, "");
    th_buf_cstr(&out);
    return out;
}

static const char *line_of(const struct th_buf *out, unsigned wanted)
{
    static char line[400];
    struct th_arena arena;
    struct th_json j;
    unsigned at = 0;
    line[0] = 0;
    th_arena_init(&arena);
    TH_EQ_INT(th_json_read(&j, &arena, th_buf_view(out), NULL), 0);
    TH_JSON_EACH (&j, 0, i) {
        const struct th_json_node *n[5];
        static const char *const names[] = {"file", "line", "column", "code", "message"};
        for (int k = 0; k < 5; k++)
            n[k] = th_json_get(&j, i, th_str(names[k]));
        if (at++ == wanted)
            snprintf(line, sizeof line, "%.*s:%.*s:%.*s: %.*s: %.*s", TH_STR_FMT(n[0]->text),
                TH_STR_FMT(n[1]->raw), TH_STR_FMT(n[2]->raw), TH_STR_FMT(n[3]->text), TH_STR_FMT(n[4]->text));
    }
    th_arena_free(&arena);
    return line;
}

static void test_warnings(void)
{
    const char *init = "local d = require 'lib.decode'\nlocal x = require 'other'\nreturn { api = 1, d = d }";
    const char *decode = "lcoal x = 1";
    const struct th_lint_file files[] = {
        {"init.lua", th_str(init), NULL}, {"lib/decode.lua", th_str(decode), "lib.decode"}};
    struct th_buf out = look(files, 2);
    TH_EQ_STR(line_of(&out, 0), "init.lua:2:7: unused: 'x' is never used");
    TH_EQ_STR(line_of(&out, 1), "init.lua:2:11: require: the product has no file other.lua");
    TH_EQ_STR(line_of(&out, 2), "lib/decode.lua:1:7: syntax: syntax error near 'x'");
    TH_EQ_STR(line_of(&out, 3), "");
    th_buf_free(&out);
}

static void test_nothing(void)
{
    const struct th_lint_file file = {
        "init.lua", TH_STR("return { api = 1, on_property = function(m) return m.params end }"), NULL};
    struct th_buf out = look(&file, 1);
    TH_EQ_STR(out.p, "[]");
    th_buf_free(&out);
}

/* What scripts have is what the lint believes they have: libraries are those of the sandbox. */
static void test_environment(void)
{
    const struct th_lint_file file = {"init.lua",
        TH_STR("print(string.format, table.move, utf8.char, math.floor, os.time, coroutine.wrap, select)\n"
               "print(string.dump, os.exit, io, load, collectgarbage)\n"
               "return { api = 1 }"),
        NULL};
    struct th_buf out = look(&file, 1);
    struct th_arena arena;
    struct th_json j;
    th_arena_init(&arena);
    TH_EQ_INT(th_json_read(&j, &arena, th_buf_view(&out), NULL), 0);
    TH_EQ_INT(j.nodes[0].count, 5);
    TH_JSON_EACH (&j, 0, i) {
        int64_t line = 0;
        TH_CHECK(th_json_int(th_json_get(&j, i, TH_STR("line")), &line));
        TH_EQ_INT(line, 2);
    }
    th_arena_free(&arena);
    th_buf_free(&out);
}

/* A mebibyte of each, the most that a version may have. */
static const struct {
    const char *head, *piece, *tail;
} hostile[] = {
    {"x=", "(", ""},
    {"x=", "{", ""},
    {"return {", "{},", "}"},
    {"return {", "a=1,", "}"},
    {"return {", "on_propery=f,", "}"},
    {"x=", "- ", "1"},
    {"x=", "a..", "b"},
    {"x=", "a.", "b"},
    {"x=f", "()", ""},
    {"x=f", "{}", ""},
    {"x=f", "''", ""},
    {"", "local a ", ""},
    {"", "local function a() end ", ""},
    {"", "f(function()", ""},
    {"", "do ", ""},
    {"", ";", ""},
    {"", "thing.stor() ", ""},
    {"", "undefined() ", ""},
    {"", "a=b ", ""},
    {"", "pcall(thing.store) ", ""},
    {"if a then ", "elseif a then ", "end"},
    {"--[[", "x", ""},
    {"x='", "\\z  \n", "'"},
    {"x=[", "=", ""},
    {"x=", "1e", ""},
    {"x=", "a", ""},
    {"", "\n", ""},
    {"", "\r", ""},
    {"", "::a:: ", ""},
    {"", "--lint: ignore\n", ""},
    {"", "\xff\xfe", ""},
    {"", "-", ""},
    {"local a=thing ", "local a=a.b ", ""},
};

static void test_hostile(void)
{
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        struct th_buf text = {0};
        TH_ROW("%s %s", hostile[i].head, hostile[i].piece);
        th_buf_puts(&text, hostile[i].head);
        while (text.n + strlen(hostile[i].piece) + strlen(hostile[i].tail) <= HOSTILE)
            th_buf_puts(&text, hostile[i].piece);
        th_buf_puts(&text, hostile[i].tail);
        const struct th_lint_file file = {"init.lua", th_buf_view(&text), NULL};
        struct th_buf out = look(&file, 1);
        TH_CHECK(out.n >= 2 && out.p[0] == '[' && out.p[out.n - 1] == ']');
        TH_CHECK(out.n < 100000);
        struct th_arena arena;
        struct th_json j;
        th_arena_init(&arena);
        TH_EQ_INT(th_json_read(&j, &arena, th_buf_view(&out), NULL), 0);
        th_arena_free(&arena);
        th_buf_free(&out);
        th_buf_free(&text);
    }
}

/* One file that takes too long does not cost the others their warnings. */
static void test_others_go_on(void)
{
    struct th_buf text = {0};
    th_buf_puts(&text, "return {");
    while (text.n < 4 * MIB)
        th_buf_puts(&text, "a=1,{},");
    th_buf_puts(&text, "}");
    const struct th_lint_file files[] = {
        {"big.lua", th_buf_view(&text), "big"}, {"init.lua", TH_STR("return 1"), NULL}};
    struct th_buf out = look(files, 2);
    TH_CHECK(strstr(out.p, "\"not_linted\"") != NULL);
    TH_CHECK(strstr(out.p, "\"no_product\"") != NULL);
    th_buf_free(&out);
    th_buf_free(&text);
}

/* Of many such files the last are not even begun. */
static void test_all_together_have_a_limit(void)
{
    struct th_lint_file files[65];
    struct th_buf text = {0};
    th_buf_puts(&text, "return {");
    while (text.n < HOSTILE)
        th_buf_puts(&text, "a=1,{},");
    th_buf_puts(&text, "}");
    for (int i = 0; i < 65; i++)
        files[i] = (struct th_lint_file){"m.lua", th_buf_view(&text), "m"};
    files[64] = (struct th_lint_file){"init.lua", TH_STR("return 1"), NULL};
    struct th_buf out = look(files, 65);
    TH_CHECK(
        strstr(out.p, "\"init.lua\",\"message\":\"this file is not looked through further (cpu)") != NULL);
    th_buf_free(&out);
    th_buf_free(&text);
}

static void test_without_its_files(void)
{
    const struct th_lint_file file = {"init.lua", TH_STR("return 1"), NULL};
    struct th_buf out = {0};
    struct th_error err = {0};
    TH_CHECK(th_lint(budget, TH_ROOT "/nowhere", &file, 1, &out, &err) != 0);
    TH_CHECK(strstr(err.msg, "nowhere/lua/thing/handlers") != NULL);
    th_buf_free(&out);
}

int main(void)
{
    struct th_error err;
    if (th_budget_open(&budget, &err) != 0)
        return 1;
    TH_RUN(test_warnings);
    TH_RUN(test_nothing);
    TH_RUN(test_environment);
    TH_RUN(test_hostile);
    TH_RUN(test_others_go_on);
    TH_RUN(test_all_together_have_a_limit);
    TH_RUN(test_without_its_files);
    th_budget_close(budget);
    return TH_END();
}
