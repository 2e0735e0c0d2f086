/* SPDX-License-Identifier: Apache-2.0
 *
 * Generations: what is loaded in which role, what each role sees, and what a text that does not load tells.
 */
#include "lua_fixture.h"
#include "test.h"

static struct th_budget *budget;
static char logged[4096];
static int log_lines;
static char taken[256];

static void on_log(
    struct th_gen *gen, void *ctx, enum th_log_level level, struct th_str text, const char *where, int line)
{
    snprintf(logged, sizeof logged, "%d %s:%d %.*s", (int)level, where, line, TH_STR_FMT(text));
    log_lines++;
}

static int open_shared(lua_State *L)
{
    lua_newtable(L);
    lua_pushinteger(L, 5);
    lua_setfield(L, -2, "five");
    return 1;
}

static int open_merged(lua_State *L)
{
    lua_newtable(L);
    lua_pushinteger(L, 6);
    lua_setfield(L, -2, "six");
    return 1;
}

static const struct th_binding list[] = {
    {"lib", open_shared}, {"_secret", open_shared}, {NULL, open_merged}, {NULL, NULL}};
static const struct th_binding *const bindings[] = {list, NULL};

#define SOURCE(role, name, chunk, text)                                                                      \
    {                                                                                                        \
        role, name, chunk,                                                                                   \
        {                                                                                                    \
            text, sizeof(text) - 1                                                                           \
        }                                                                                                    \
    }

static struct th_gen *build(
    const struct th_source *sources, size_t n, struct th_report *r, struct th_error *err)
{
    struct th_gen *gen = NULL;
    struct th_gen_spec spec = {.budget = budget,
        .name = "demo",
        .version = 4,
        .sources = sources,
        .source_count = n,
        .bindings = bindings,
        .log = on_log,
        .owner = &budget};
    return th_gen_new(&gen, &spec, r, err) == 0 ? gen : NULL;
}

static void take(lua_State *L, int count, void *ctx)
{
    snprintf(taken, sizeof taken, "%s", count > 0 ? luaL_tolstring(L, 1, NULL) : "");
}

static void want(struct th_gen *gen, const char *module, const char *function, const char *result)
{
    struct th_call call = {.function = function, .module = module, .phase = TH_PHASE_RULE, .take = take};
    struct th_report r;
    TH_ROW("%s", function);
    taken[0] = '\0';
    if (th_task_start(gen, &call, &r) == TH_RUN_OK)
        TH_EQ_STR(taken, result);
    else
        TH_EQ_STR(r.message, result);
    th_test_row[0] = '\0';
}

static void test_roles(void)
{
    static const struct th_source sources[] = {
        SOURCE(TH_ROLE_TRUSTED, "thing.kit", "kit.lua",
            "thing.kit = { twice = function(x) return 2 * x end }\n"
            "return { five = thing._secret.five, list = { 1 } }"),
        SOURCE(TH_ROLE_DEFAULT, "default", "default.lua",
            "return { api = 1, on_event = function() return 'default event' end,\n"
            "  on_reply = function() return 'default reply' end }"),
        SOURCE(TH_ROLE_MODULE, "helper", "helper.lua",
            "return { name = 'helper', double = function() return 2 end }"),
        SOURCE(TH_ROLE_PRODUCT, NULL, "main.lua",
            "local helper, kit, default = require 'helper', require 'thing.kit', require 'default'\n"
            "return { api = 1, on_event = function() return 'own event' end,\n"
            "  calls_default = function() return default.on_event() end,\n"
            "  kit = function() return thing.kit.twice(kit.five) end,\n"
            "  helper = function() return helper.name end,\n"
            "  merged = function() return thing.six + thing.lib.five end,\n"
            "  secret = function() return thing._secret end,\n"
            "  change_kit = function() thing.kit.twice = nil end,\n"
            "  change_module = function() kit.list[1] = 2 end,\n"
            "  late = function() return require 'other' end,\n"
            "  global = function() return helper_global end,\n"
            "}"),
    };
    struct th_error err = {0};
    struct th_gen *gen = build(sources, 4, NULL, &err);

    TH_EQ_STR(err.msg, "");
    if (gen == NULL)
        return;
    want(gen, NULL, "on_event", "own event");
    want(gen, NULL, "on_reply", "default reply");
    want(gen, NULL, "calls_default", "default event");
    want(gen, NULL, "kit", "10");
    want(gen, NULL, "helper", "helper");
    want(gen, "helper", "double", "2");
    want(gen, "nothing", "double", "no such function");
    want(gen, NULL, "merged", "11");
    want(gen, NULL, "secret", "nil");
    want(gen, NULL, "change_kit", "this table is read-only");
    want(gen, NULL, "change_module", "this table is read-only");
    want(gen, NULL, "late", "module 'other' not found");
    TH_CHECK(th_gen_has(gen, "on_event") && th_gen_has(gen, "on_reply") && !th_gen_has(gen, "on_auth"));
    TH_EQ_STR(th_gen_name(gen), "demo");
    TH_EQ_INT(th_gen_version(gen), 4);
    TH_CHECK(th_gen_owner(gen) == &budget);
    TH_CHECK(th_gen_memory(gen) > 10000 && th_gen_memory(gen) < 100000);
    th_gen_unref(gen);
}

static const struct {
    const char *text, *error;
    int line, column;
} broken[] = {
    {"return { api = 1, on_property = functio() end }", "main.lua:1:43: '}' expected near 'end'", 1, 43},
    {"local x =\n  = 2", "main.lua:2:3: unexpected symbol near '='", 2, 3},
    {"local s = 'abc", "main.lua:1:15: unfinished string near <eof>", 1, 15},
    {"for i = 1 do end", "main.lua:1:11: ',' expected near 'do'", 1, 11},
    {"x = x + + x y = = 1", "main.lua:1:9: unexpected symbol near '+'", 1, 9},
    {"error('at once')", "main.lua:1: at once", 1, 0},
    {"\n\nlocal x = nil + 1", "main.lua:3: attempt to perform arithmetic on a nil value", 3, 0},
    {"return 1", "main.lua: the script must return a table, not number", 0, 0},
    {"return {}", "main.lua: the script must say api = 1", 0, 0},
    {"return { api = 2 }", "main.lua: the script must say api = 1", 0, 0},
    {"return { api = 1, on_propery = print }", "main.lua: there is nothing that would call on_propery", 0, 0},
    {"return { api = 1, on_event = 1 }", "main.lua: on_event must be a function, not number", 0, 0},
    {"return require 'nothing'", "main.lua:1: module 'nothing' not found", 1, 0},
    {"\n\nwhile true do end", "main.lua:3: stopped inside a C function after 500 ms of CPU time", 3, 0},
    {"\33Lua", "attempt to load a binary chunk (mode is 't')", 0, 0},
};

static void test_what_does_not_load(void)
{
    for (size_t i = 0; i < TH_COUNT(broken); i++) {
        struct th_source src = {TH_ROLE_PRODUCT, "main", "main.lua", th_str(broken[i].text)};
        struct th_report r;
        struct th_error err = {0};
        struct th_gen *gen = build(&src, 1, &r, &err);
        TH_ROW("%s", broken[i].text);
        TH_CHECK(gen == NULL);
        TH_CHECK(strstr(err.msg, broken[i].error) != NULL);
        if (strstr(err.msg, broken[i].error) == NULL)
            TH_EQ_STR(err.msg, broken[i].error);
        if (broken[i].line > 0) {
            TH_EQ_INT(r.line, broken[i].line);
            TH_EQ_STR(r.where, "main.lua");
        }
        if (broken[i].column > 0) {
            TH_EQ_INT(r.column, broken[i].column);
            TH_EQ_INT(err.code, TH_ESYNTAX);
        }
        th_gen_unref(gen);
    }
}

static void test_modules(void)
{
    static const struct th_source circle[] = {
        SOURCE(TH_ROLE_MODULE, "a", "a.lua", "return require 'b'"),
        SOURCE(TH_ROLE_MODULE, "b", "b.lua", "return require 'a'"),
    };
    static const struct th_source bad_module[] = {
        SOURCE(TH_ROLE_PRODUCT, "main", "main.lua", "require 'm' return { api = 1 }"),
        SOURCE(TH_ROLE_MODULE, "m", "m.lua", "local x =\n\n)"),
    };
    struct th_error err = {0};
    struct th_report r;

    TH_CHECK(build(circle, 2, &r, &err) == NULL);
    TH_CHECK(strstr(err.msg, "module 'a' requires itself") != NULL);
    TH_CHECK(build(bad_module, 2, &r, &err) == NULL);
    TH_EQ_STR(err.msg, "m.lua:3:1: unexpected symbol near ')'");
    TH_EQ_STR(r.where, "m.lua");
}

static void test_log_is_bounded(void)
{
    static const struct th_source src = SOURCE(TH_ROLE_PRODUCT, "main", "main.lua",
        "return { api = 1,\n"
        "  one = function() print('a', 1, nil, {}) end,\n"
        "  many = function() for i = 1, 1000 do print(i) end end,\n"
        "  long = function() print(('ä'):rep(10000)) end,\n"
        "}");
    struct th_error err;
    struct th_gen *gen = build(&src, 1, NULL, &err);

    want(gen, NULL, "one", "");
    TH_EQ_STR(logged, "1 main.lua:2 a\t1\tnil\ttable");
    log_lines = 0;
    want(gen, NULL, "many", "");
    TH_EQ_INT(log_lines, 201);
    TH_CHECK(strstr(logged, "too much is logged") != NULL);
    want(gen, NULL, "long", "");
    TH_CHECK(strlen(logged) <= 2048 + 20 && th_str_is_utf8(th_str(logged)));
    th_gen_unref(gen);
}

static void test_many_generations(void)
{
    static const struct th_source src =
        SOURCE(TH_ROLE_PRODUCT, "main", "main.lua", "return { api = 1, f = function() return 'x' end }");
    struct th_gen *all[50];
    struct th_error err;

    for (size_t i = 0; i < TH_COUNT(all); i++)
        all[i] = build(&src, 1, NULL, &err);
    for (size_t i = 0; i < TH_COUNT(all); i++)
        want(all[i], NULL, "f", "x");
    for (size_t i = 0; i < TH_COUNT(all); i++)
        th_gen_unref(all[i]);
}

int main(void)
{
    budget = fixture_budget();
    TH_RUN(test_roles);
    TH_RUN(test_what_does_not_load);
    TH_RUN(test_modules);
    TH_RUN(test_log_is_bounded);
    TH_RUN(test_many_generations);
    th_budget_close(budget);
    return TH_END();
}
