/* SPDX-License-Identifier: Apache-2.0
 *
 * The functions that replace Lua's give Lua's own answers: each text runs with both sets of libraries. */
#include <lualib.h>

#include "lua_fixture.h"
#include "script/sandbox.h"
#include "test.h"

static struct th_budget *budget;
static int stock, ours; /* registry references of the two environments */

static const char *const texts[] = {
    /* table */
    "local t = { 3, 1, 2 } table.sort(t) return table.concat(t, ',')",
    "local t = { 3, 1, 2 } table.sort(t, function(a, b) return a > b end) return table.concat(t, ',')",
    "local t = { 'b', 'a', 'C' } table.sort(t) return table.concat(t)",
    "local t = {} table.sort(t) return #t",
    "local t = { 1 } table.sort(t) return #t",
    "return pcall(table.sort, { 1, 'x' })",
    "return pcall(table.sort, { 1, 2 }, 5)",
    "local t = { 1, 2, 3 } table.insert(t, 4) table.insert(t, 1, 0) return table.concat(t, ',')",
    "return pcall(table.insert, { 1 }, 5, 1)",
    "return pcall(table.insert, { 1 }, 1, 1, 1)",
    "return pcall(table.insert, { 1 })",
    "local t = { 1, 2, 3 } return table.remove(t), table.remove(t, 1), #t, t[1]",
    "local t = {} return table.remove(t), #t",
    "local t = { n = 1 } return table.remove(t, 0), #t",
    "local t = { 1, 2 } return table.remove(t, 3), #t",
    "return pcall(table.remove, { 1, 2 }, 5)",
    "local t = { [0] = 'z' } return table.remove(t, 0), t[0]",
    "return table.concat({ 1, 2.5, 'x' }, '-')",
    "return table.concat({}, '-')",
    "return table.concat({ 1, 2, 3 }, '-', 2)",
    "return table.concat({ 1, 2, 3 }, '-', 2, 3)",
    "return table.concat({ 1, 2, 3 }, '-', 3, 2)",
    "return pcall(table.concat, { 1, {}, 3 })",
    "return pcall(table.concat, { 1 }, '', 1, 2)",
    "return table.unpack({ 1, 2, 3 })",
    "return table.unpack({ 1, nil, 3 }, 1, 3)",
    "return table.unpack({ 1, 2 }, 2)",
    "return table.unpack({}, 1, 0)",
    "return table.pack(1, nil, 3).n, table.pack().n",
    "return table.concat(table.move({ 1, 2, 3 }, 1, 3, 2), ',')",
    "return table.concat(table.move({ 1, 2, 3 }, 2, 3, 1), ',')",
    "return table.concat(table.move({ 1, 2, 3 }, 1, 3, 1, { 9, 9, 9, 9 }), ',')",
    "return #table.move({ 1 }, 1, 0, 5)",
    "return pcall(table.move, {}, 1, math.maxinteger, 2)",
    "return pcall(table.move, {}, -1, math.maxinteger, 2)",
    /* utf8 */
    "return utf8.len('häß€𝄞'), utf8.len(''), utf8.len('abc', 2), utf8.len('abc', 4)",
    "return utf8.len('a\\xffb'), select(2, utf8.len('a\\xffb'))",
    "return utf8.len('\\u{D800}'), utf8.len('\\u{D800}', 1, -1, true)",
    "return utf8.len('\\xC0\\x80'), utf8.len('\\xF4\\x90\\x80\\x80'), utf8.len('\\xE2\\x82')",
    "return pcall(utf8.len, 'abc', 5)",
    "return pcall(utf8.len, 'abc', 1, 4)",
    "return utf8.codepoint('h€', 1, -1)",
    "return utf8.codepoint('abc', 2)",
    "return pcall(utf8.codepoint, 'abc', 4)",
    "return pcall(utf8.codepoint, '\\xff', 1)",
    "return utf8.char(72, 228, 8364, 119070), utf8.char(), utf8.char(0x7fffffff)",
    "return pcall(utf8.char, -1)",
    "return utf8.offset('a€b', 1), utf8.offset('a€b', 2), utf8.offset('a€b', 3), utf8.offset('a€b', 4)",
    "return utf8.offset('a€b', -1), utf8.offset('a€b', -2), utf8.offset('a€b', 5), utf8.offset('a€b', -4)",
    "return utf8.offset('a€b', 0, 3), utf8.offset('a€b', 0, 2), utf8.offset('', 1), utf8.offset('', 0)",
    "return pcall(utf8.offset, 'a€b', 1, 3)",
    "return pcall(utf8.offset, 'abc', 1, 5)",
    "local s = '' for p, c in utf8.codes('aä€') do s = s .. p .. ':' .. c .. ' ' end return s",
    "return pcall(function() for _ in utf8.codes('a\\xff') do end end)",
    "return pcall(function() for _ in utf8.codes('\\xE2\\x82') do end end)",
    "return ('aä€'):match('^' .. utf8.charpattern, 2)",
    "return utf8.charpattern",
    /* tonumber, tostring and the rest of base */
    "return tonumber('10'), tonumber(' 0x1F '), tonumber('1e2'), tonumber('abc'), tonumber(''), "
    "tonumber(nil)",
    "return tonumber('0x'), tonumber('1 2'), tonumber('1\\0'), tonumber(12), tonumber(1.5), tonumber({})",
    "return tonumber('ff', 16), tonumber('-Zz', 36), tonumber('8', 8), tonumber(' 11 ', 2), tonumber('', 10)",
    "return pcall(function() return (tonumber(10, 16)) end)",
    "return pcall(function() return (tonumber('1', 1)) end)",
    "return pcall(function() return (tonumber()) end)",
    "return tostring(nil), tostring(true), tostring(1), tostring(1.0), tostring('x'), tostring(-0.0)",
    "return tostring(setmetatable({}, { __tostring = function() return 'mine' end }))",
    "return pcall(tostring, setmetatable({}, { __tostring = function() return {} end }))",
    "return pcall(function() return (tostring()) end)",
    "return pcall(error)",
    "return pcall(error, 'x', 0)",
    "return pcall(function(...) return select('#', ...), ... end, 1, nil)",
    "return xpcall(function(a, b) return a + b end, print, 1, 2)",
    "return xpcall(error, function(e) return 'handled ' .. e end, 'x')",
    "return pcall(function() return (xpcall()) end)",
    "return pcall(function() return (pcall()) end)",
    "return select('#', pcall(coroutine.wrap(function() coroutine.yield(1, 2) end)))",
    "return getmetatable(setmetatable({}, { __metatable = 'locked' }))",
    "return pcall(setmetatable, setmetatable({}, { __metatable = 1 }), {})",
    "return pcall(function() return (setmetatable({}, 1)) end)",
    "return rawequal(rawset({}, 1, 2)[1], 2), rawlen({ 1, 2 }), rawget({ 5 }, 1)",
    "return pcall(setmetatable({}, { __call = function(_, a) return a end }), 7)",
    /* arithmetic on texts */
    "return '10' + 5, 5 + '10', '10' * '2', '7' // 2, '7' % '4', '2' ^ 3, -'3', '0x10' + 0, '1e1' + 0",
    "return pcall(function() return 'x' + 1 end)",
    "return pcall(function() return {} + '1' end)",
    "return pcall(function() return -'x' end)",
    "return '1' + setmetatable({}, { __add = function() return 'called' end })",
    "return ('x'):rep(3), ('%d'):format(3), #'abc'",
    /* coroutines */
    "local co = coroutine.create(function(a) local b = coroutine.yield(a + 1) return b * 2 end)"
    " local r = { coroutine.resume(co, 1) } local s = { coroutine.resume(co, 10) }"
    " return r[1], r[2], s[1], s[2], coroutine.status(co), coroutine.resume(co)",
    "local f = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end) return f(), f(), f()",
    "local co = coroutine.create(error) return coroutine.resume(co, 'x'), select(2, coroutine.resume(co))",
    "local f = coroutine.wrap(function() error('in', 0) end) return pcall(f)",
    "local f = coroutine.wrap(function() error({ 1 }) end) local _, e = pcall(f) return type(e), e[1]",
    "local co co = coroutine.create(function() return coroutine.status(co), coroutine.resume(co) end)"
    " return coroutine.resume(co)",
    "local outer = coroutine.create(function() local me = coroutine.running()"
    " return coroutine.wrap(function() return coroutine.status(me), coroutine.resume(me) end)() end)"
    " return coroutine.resume(outer)",
    "return coroutine.status(coroutine.create(print)), select('#', "
    "coroutine.resume(coroutine.create(function() end)))",
    "return coroutine.wrap(function(...) return select('#', ...), coroutine.isyieldable() end)(1, nil, 3)",
    "local co = coroutine.wrap(function() return pcall(function() coroutine.yield(1) error('e', 0) end) end)"
    " return co(), co()",
    "local co = coroutine.wrap(function() local t = setmetatable({}, { __index = function(_, k)"
    " return coroutine.yield(k) end }) return t.x end) return co(), co(5)",
    "return pcall(coroutine.resume, 1)",
    "return pcall(coroutine.create, 1)",
};

/* The metatable of strings is one for both: the environment's own is set before. */
static void use_strings_of(lua_State *L, int environment)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, environment);
    if (environment == stock) {
        luaL_requiref(L, "string", luaopen_string, 0);
        lua_pop(L, 1);
    } else {
        th_safe_string(L);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

/* Runs the text in the environment; leaves one text that tells the results. */
static void outcome(lua_State *L, const char *text, int environment)
{
    luaL_Buffer b;
    int base = lua_gettop(L);

    TH_CHECK(luaL_loadbufferx(L, text, strlen(text), "=text", "t") == LUA_OK);
    lua_rawgeti(L, LUA_REGISTRYINDEX, environment);
    lua_setupvalue(L, -2, 1);
    int status = lua_pcall(L, 0, LUA_MULTRET, 0);
    int n = lua_gettop(L);
    luaL_buffinit(L, &b);
    luaL_addstring(&b, status == LUA_OK ? "ok" : "raised");
    for (int i = base + 1; i <= n; i++) {
        luaL_addchar(&b, '|');
        luaL_tolstring(L, i, NULL);
        luaL_addvalue(&b);
    }
    luaL_pushresult(&b);
    lua_insert(L, base + 1);
    lua_settop(L, base + 1);
    /* Called from C, Lua's own is known by its full name from package.loaded. */
    for (const char *const *lib = (const char *const[]){"'table.", "'utf8.", "'coroutine.", NULL}; *lib;
         lib++) {
        luaL_gsub(L, lua_tostring(L, -1), *lib, "'");
        lua_replace(L, -2);
    }
}

/* A call of the host inside a generation: the coroutine library needs a task around it. */
static int compare_all(lua_State *L)
{
    for (size_t i = 0; i < TH_COUNT(texts); i++) {
        TH_ROW("%s", texts[i]);
        lua_settop(L, 0);
        luaL_checkstack(L, 50, NULL);
        use_strings_of(L, stock);
        outcome(L, texts[i], stock);
        use_strings_of(L, ours);
        outcome(L, texts[i], ours);
        TH_EQ_STR(lua_tostring(L, 2), lua_tostring(L, 1));
    }
    return 0;
}

static struct th_gen *gen;

static int make_environments(lua_State *L)
{
    static const luaL_Reg standard[] = {{LUA_GNAME, luaopen_base}, {"string", luaopen_string},
        {"table", luaopen_table}, {"utf8", luaopen_utf8}, {"coroutine", luaopen_coroutine},
        {"math", luaopen_math}, {NULL, NULL}};

    lua_pushglobaltable(L);
    for (const luaL_Reg *lib = standard; lib->func != NULL; lib++) {
        luaL_requiref(L, lib->name, lib->func, 0);
        lua_setfield(L, -2, lib->name);
    }
    stock = luaL_ref(L, LUA_REGISTRYINDEX);
    th_sandbox_open(L);
    ours = luaL_ref(L, LUA_REGISTRYINDEX);
    return 0;
}

static void test_same_answers(void)
{
    struct th_report r;
    if (th_gen_call(gen, make_environments, TH_PHASE_API, NULL, 2000000, &r) != TH_RUN_OK)
        TH_EQ_STR(r.message, "");
    if (th_gen_call(gen, compare_all, TH_PHASE_API, NULL, 2000000, &r) != TH_RUN_OK)
        TH_EQ_STR(r.message, "");
}

/* Sorted is sorted, whatever the order they came in. */
static int sort_many(lua_State *L)
{
    static const char text[] = "local check = ...\n"
                               "for n = 0, 300 do\n"
                               "  local t, sum = {}, 0\n"
                               "  for i = 1, n do t[i] = (i * 7919 + n * 31) % 97 sum = sum + t[i] end\n"
                               "  table.sort(t)\n"
                               "  for i = 1, n do sum = sum - t[i] check(i == 1 or t[i - 1] <= t[i]) end\n"
                               "  check(sum == 0 and #t == n)\n"
                               "end\n";
    TH_CHECK(luaL_loadstring(L, text) == LUA_OK);
    lua_rawgeti(L, LUA_REGISTRYINDEX, ours);
    lua_getfield(L, -1, "assert");
    lua_insert(L, -2);
    lua_setupvalue(L, 1, 1);
    lua_call(L, 1, 0);
    return 0;
}

static void test_sort(void)
{
    struct th_report r;
    if (th_gen_call(gen, sort_many, TH_PHASE_API, NULL, 2000000, &r) != TH_RUN_OK)
        TH_EQ_STR(r.message, "");
}

int main(void)
{
    struct th_error err;
    budget = fixture_budget();
    gen = fixture_gen(budget, "return { api = 1 }", NULL, NULL, &err);
    TH_RUN(test_same_answers);
    TH_RUN(test_sort);
    th_gen_unref(gen);
    th_budget_close(budget);
    return TH_END();
}
