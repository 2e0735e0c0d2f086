/* SPDX-License-Identifier: Apache-2.0
 *
 * Our matcher gives Lua's own answers, errors included: on cases of the manual, and on generated ones. */
#include <lualib.h>

#include "test.h"
#include "lua_fixture.h"
#include "script/sandbox.h"

#define ROUNDS 60000

static struct th_budget *budget;
static struct th_state *st;
static int stock, ours; /* registry references of the two libraries */
static unsigned long differences;

static uint64_t seed = 0x9e3779b97f4a7c15u;

static unsigned pick(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)((seed >> 33) % n);
}

/* Calls the library's function with the arguments at args + 1 to top; leaves one text that tells all results.
 */
static void outcome(lua_State *L, int library, const char *function, int args, int top)
{
    luaL_Buffer b;
    int base = lua_gettop(L);

    lua_rawgeti(L, LUA_REGISTRYINDEX, library);
    lua_getfield(L, -1, function);
    lua_remove(L, -2);
    for (int i = args + 1; i <= top; i++)
        lua_pushvalue(L, i);
    int status = lua_pcall(L, top - args, LUA_MULTRET, 0);
    int n = lua_gettop(L);
    luaL_buffinit(L, &b);
    luaL_addchar(&b, status == LUA_OK ? '+' : '!');
    for (int i = base + 1; i <= n; i++) {
        luaL_addchar(&b, '|');
        luaL_addstring(&b, lua_typename(L, lua_type(L, i)));
        luaL_addchar(&b, ':');
        luaL_tolstring(L, i, NULL);
        luaL_addvalue(&b);
    }
    luaL_pushresult(&b);
    lua_insert(L, base + 1);
    lua_settop(L, base + 1);
    /* Called from C, Lua's own is known by name from package.loaded. */
    lua_pushfstring(L, "'string.%s'", function);
    luaL_gsub(L, lua_tostring(L, -2), lua_tostring(L, -1), "'?'");
    lua_replace(L, base + 1);
    lua_settop(L, base + 1);
}

/* Of two errors in one call, which is told first may differ. */
static bool both_fail(lua_State *L)
{
    return lua_tostring(L, -1)[0] == '!' && lua_tostring(L, -2)[0] == '!';
}

/* Compares the two libraries on the arguments above args, and pops them. */
static void compare(const char *function, int args)
{
    bool format = strcmp(function, "format") == 0;
    lua_State *L = st->L;
    int top = lua_gettop(L);

    outcome(L, stock, function, args, top);
    outcome(L, ours, function, args, top);
    if (!lua_rawequal(L, -1, -2) && !(format && both_fail(L))) {
        if (differences++ < 10) {
            fprintf(stderr, "string.%s(", function);
            for (int i = args + 1; i <= top; i++)
                fprintf(stderr, "%s'%s'", i > args + 1 ? ", " : "", luaL_tolstring(L, i, NULL)),
                    lua_pop(L, 1);
            fprintf(stderr, ")\n  Lua:  %s\n  ours: %s\n", lua_tostring(L, -2), lua_tostring(L, -1));
        }
    }
    lua_settop(L, args);
}

static const char *const pieces[] = {"a", "b", "c", ".", "%a", "%d", "%s", "%w", "%x", "%p", "%l", "%u", "%c",
    "%g", "%A", "%D", "%S", "%W", "%z", "%%", "%.", "[abc]", "[^a]", "[a-c]", "[%a_]", "[]]", "[^]]", "[a-]",
    "[%]x]", "[-a]", "(", ")", "()", "(a", "b)", "%1", "%2", "%0", "%b()", "%bxy", "%bx", "%f[a]", "%f[^%w]",
    "%f", "^", "$", "*", "+", "-", "?", "[", "]", "%", "-", "*", "?", "+", "x", "(", ")", "\xff", "[a-%a]",
    "[%a-z]"};
static const char letters[] = "aabbcc xy()_-.%1A0]\n\xff";

static void push_pattern(lua_State *L)
{
    luaL_Buffer b;
    luaL_buffinit(L, &b);
    for (unsigned n = pick(7); n > 0; n--)
        luaL_addstring(&b, pieces[pick(sizeof pieces / sizeof *pieces)]);
    if (pick(40) == 0)
        luaL_addchar(&b, '\0');
    luaL_pushresult(&b);
}

static void push_subject(lua_State *L)
{
    luaL_Buffer b;
    luaL_buffinit(L, &b);
    for (unsigned n = pick(14); n > 0; n--)
        luaL_addchar(&b, letters[pick(pick(30) == 0 ? sizeof letters : sizeof letters - 1)]);
    luaL_pushresult(&b);
}

static void push_replacement(lua_State *L)
{
    static const char *const texts[] = {"", "x", "%0", "<%1>", "%1%2", "%%", "%", "a%0b%1", "%a", "%9"};
    static const char *const functions[] = {"return function(...) return select('#', ...) end",
        "return function(a) return a end", "return function() return nil end",
        "return function() return {} end", "return function(a, b) return b and #tostring(b) end",
        "return {a = 'A', b = 1, c = false, [''] = 'e'}", "return 12", "return true"};
    unsigned i = pick(sizeof texts / sizeof *texts + sizeof functions / sizeof *functions);
    if (i < sizeof texts / sizeof *texts)
        lua_pushstring(L, texts[i]);
    else
        TH_CHECK(luaL_dostring(L, functions[i - sizeof texts / sizeof *texts]) == LUA_OK);
}

/* gmatch as one text: all that it yields, at most 40 times. */
static const char collect[] = "local gmatch = ...\n"
                              "return function(...)\n"
                              "  local out, walk = {}, gmatch(...)\n"
                              "  for i = 1, 40 do\n"
                              "    local got = table.pack(walk())\n"
                              "    if got.n == 0 or got[1] == nil then break end\n"
                              "    for k = 1, got.n do out[#out + 1] = tostring(got[k]) end\n"
                              "    out[#out + 1] = ';'\n"
                              "  end\n"
                              "  return table.concat(out, ',')\n"
                              "end\n";

static void add_walk(lua_State *L, int library)
{
    TH_CHECK(luaL_loadstring(L, collect) == LUA_OK);
    lua_rawgeti(L, LUA_REGISTRYINDEX, library);
    lua_getfield(L, -1, "gmatch");
    lua_remove(L, -2);
    lua_call(L, 1, 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, library);
    lua_insert(L, -2);
    lua_setfield(L, -2, "walk");
    lua_pop(L, 1);
}

static void test_generated(void)
{
    lua_State *L = st->L;
    static const char *const functions[] = {"find", "match", "walk"};

    differences = 0;
    for (int i = 0; i < ROUNDS; i++) {
        int args = lua_gettop(L);
        unsigned f = pick(5);
        push_subject(L);
        push_pattern(L);
        if (f < 3) {
            if (pick(4) == 0)
                lua_pushinteger(L, (lua_Integer)pick(20) - 10);
            if (f == 0 && lua_gettop(L) == args + 3 && pick(3) == 0)
                lua_pushboolean(L, 1);
            compare(functions[f], args);
        } else {
            push_replacement(L);
            if (pick(4) == 0)
                lua_pushinteger(L, (lua_Integer)pick(6) - 1);
            compare("gsub", args);
        }
    }
    TH_EQ_INT(differences, 0);
}

static void test_formats(void)
{
    static const char *const flags[] = {"", "-", "+", " ", "#", "0", "-0", "+#", "5", "05", "-12", "12",
        "100", ".3", ".", "10.4", "-10.4", ".100", "+.2", "#.3", "99.99", "00", "5.-2", "--++"};
    static const char conversions[] = "diuoxXcsqaAeEfFgGp%zn\0";
    static const char *const values[] = {"return 0", "return 42", "return -7", "return 3.0", "return 3.75",
        "return 'text'", "return 'a\\0b'", "return '12'", "return 1e300", "return -0.0", "return 0/0",
        "return 1/0", "return math.mininteger", "return true", "return nil", "return ('long '):rep(30)",
        "return 1e15", "return 255", "return '\\r\\n\\\"\\\\\\1272\\1'"};
    lua_State *L = st->L;

    differences = 0;
    for (size_t f = 0; f < sizeof flags / sizeof *flags; f++) {
        for (size_t c = 0; c < sizeof conversions - 1; c++) {
            for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
                if (conversions[c] == 'p')
                    continue; /* gives addresses: refused by ours */
                lua_pushfstring(L, "<%%%s", flags[f]);
                lua_pushlstring(L, &conversions[c], 1);
                lua_pushliteral(L, ">%s");
                lua_concat(L, 3);
                TH_CHECK(luaL_dostring(L, values[v]) == LUA_OK);
                lua_pushliteral(L, "end");
                compare("format", 0);
            }
        }
    }
    TH_EQ_INT(differences, 0);
}

/* function, then Lua that returns the arguments */
static const char *const cases[][2] = {
    {"find", "'hello world', 'o w'"},
    {"find", "'a.b', '.', 2, true"},
    {"find", "'', ''"},
    {"find", "'abc', '', 10"},
    {"find", "'abc', 'b', -1"},
    {"find", "'a\\0b', '\\0'"},
    {"find", "'aloALO', '%l*'"},
    {"find", "('a'):rep(300), ('a?'):rep(201) .. 'b'"},
    {"find", "'b', ('a*'):rep(300)"},
    {"match", "'  trim  ', '^%s*(.-)%s*$'"},
    {"match", "'key = value', '^(%w+)%s*=%s*(%w+)$'"},
    {"match", "'2024-11-25', '(%d+)-(%d+)-(%d+)'"},
    {"match", "'[[x]]', '%[(%[+)x'"},
    {"match", "'f(a(b)c)d', '%b()'"},
    {"match", "'THE (quick) fox', '%f[%a]%a+%f[%A]', 5"},
    {"match", "'x', ('(x)'):rep(33)"},
    {"match", "'aaa', ('()'):rep(32)"},
    {"match", "'abcabc', '(abc)%1'"},
    {"match", "'abc', '(a)%2'"},
    {"match", "'abc', '(a%1)'"},
    {"match", "'abc', '()%1'"},
    {"match", "'0alo alo', '%x*'"},
    {"match", "'alo xyzK', '(%w+)K'"},
    {"match", "'áéí', '[á-í]+'"},
    {"match", "nil, 'a'"},
    {"match", "12, '%d'"},
    {"gsub", "'hello world', 'o', '0', 1"},
    {"gsub", "'abc', '', '-'"},
    {"gsub", "'abc', '%w', '%0%0'"},
    {"gsub", "'abc', '^a', 'x'"},
    {"gsub", "'hello', '(l)(l)', '%2%1'"},
    {"gsub", "'$name is $age', '%$(%w+)', {name = 'Lua', age = 30}"},
    {"gsub", "'a b c', '%w', {a = true}"},
    {"gsub", "'abc', 'b', '%2'"},
    {"gsub", "'abc', '(b', 'x'"},
    {"gsub", "'abc', 'b)', 'x'"},
    {"gsub", "'abc', '%', 'x'"},
    {"gsub", "'abc', '[a', 'x'"},
    {"gsub", "'abc', 'b', 'x%'"},
    {"gsub", "'abc', 'b'"},
    {"gsub", "'abc', '()', '%1'"},
    {"walk", "'one two  three', '%a+'"},
    {"walk", "'k=v, a=b', '(%w+)=(%w+)'"},
    {"walk", "'abc', '()'"},
    {"walk", "'abc', '^a'"},
    {"walk", "'abcabc', 'b', 4"},
    {"walk", "'abc', 'b', 20"},
    {"rep", "'ab', 3, ','"},
    {"rep", "'', 5, '-'"},
    {"rep", "'x', 0"},
    {"rep", "'x', -1"},
    {"rep", "'x', 1, 'sep'"},
    {"sub", "'hello', -3, -2"},
    {"sub", "'hello', 0"},
    {"sub", "'hello', 4, 2"},
    {"sub", "'hello', math.mininteger, math.maxinteger"},
    {"byte", "'hello', 1, -1"},
    {"byte", "'hello', 10"},
    {"byte", "'hello', -2"},
    {"char", "104, 105"},
    {"char", "256"},
    {"reverse", "'abc'"},
    {"upper", "'abcä'"},
    {"lower", "'ABC'"},
    {"len", "'a\\0b'"},
    {"pack", "'<I2 s1 z', 513, 'ab', 'c'"},
    {"unpack", "'<I2 B', '\\1\\2\\3'"},
    {"packsize", "'<i4 i8'"},
};

static void test_cases(void)
{
    lua_State *L = st->L;

    differences = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        lua_pushfstring(L, "return %s", cases[i][1]);
        const char *text = lua_tostring(L, -1);
        TH_CHECK(luaL_loadstring(L, text) == LUA_OK);
        lua_remove(L, -2);
        lua_call(L, 0, LUA_MULTRET);
        compare(cases[i][0], 0);
    }
    TH_EQ_INT(differences, 0);
}

int main(void)
{
    budget = fixture_budget();
    st = th_state_new(budget, 64u << 20);
    th_state_host_begin(st);
    luaL_openlibs(st->L);
    lua_getglobal(st->L, "string");
    stock = luaL_ref(st->L, LUA_REGISTRYINDEX);
    th_safe_string(st->L);
    ours = luaL_ref(st->L, LUA_REGISTRYINDEX);
    add_walk(st->L, stock);
    add_walk(st->L, ours);
    TH_RUN(test_cases);
    TH_RUN(test_generated);
    TH_RUN(test_formats);
    th_state_host_end(st);
    th_state_free(st);
    th_budget_close(budget);
    return TH_END();
}
