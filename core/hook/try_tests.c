/* SPDX-License-Identifier: Apache-2.0 */
#include <lauxlib.h>

#include "base/hex.h"
#include "bind/bind.h"
#include "hook/try_private.h"

#define LOAD_CPU_US 500000

/* Whether all that is expected is there: members of objects, arrays item by item, numbers by value. */
static bool meets(const struct th_json *want, uint32_t w, const struct th_json *got, uint32_t g)
{
    const struct th_json_node *a = &want->nodes[w], *b = &got->nodes[g];
    /* An empty table in Lua is neither: it stands for an empty array as well. */
    if (a->type == TH_JSON_OBJECT && a->count == 0 && b->type == TH_JSON_ARRAY)
        return b->count == 0;
    if (a->type != b->type)
        return false;
    switch (a->type) {
    case TH_JSON_BOOL:
        return a->truth == b->truth;
    case TH_JSON_NUMBER:
        return th_json_double(a) == th_json_double(b);
    case TH_JSON_STRING:
        return th_str_eq(a->text, b->text);
    case TH_JSON_OBJECT: {
        TH_JSON_EACH (want, w, i) {
            const struct th_json_node *member = th_json_get(got, g, want->nodes[i].key);
            if (member == NULL || !meets(want, i, got, th_json_index(got, member)))
                return false;
        }
        return true;
    }
    case TH_JSON_ARRAY: {
        if (a->count != b->count)
            return false;
        uint32_t at = g + 1;
        TH_JSON_EACH (want, w, i) {
            if (!meets(want, i, got, at))
                return false;
            at = got->nodes[at].next;
        }
        return true;
    }
    default:
        return true;
    }
}

/* What is wrong with the effects, or NULL. A message that is not accepted stores nothing, and would meet an
 * expectation of nothing: that it is dead must be expected. */
static const char *unmet(const struct th_json *tests, uint32_t expect, const struct th_json *got)
{
    if (th_json_get(got, 0, TH_STR("dead")) != NULL && th_json_get(tests, expect, TH_STR("dead")) == NULL)
        return "the message is not accepted, which is not expected";
    return meets(tests, expect, got, 0) ? NULL : "the effects are not what is expected";
}

/* test: {"name", "input": {...}, "expect": {...}} */
static bool one_test(struct trial *trial, const struct th_json *tests, uint32_t at, struct th_arena *arena)
{
    struct th_buf *out = &trial->t->out, effects = {0};
    struct th_json got;
    const struct th_json_node *name = th_json_get(tests, at, TH_STR("name"));
    const struct th_json_node *input = th_json_get(tests, at, TH_STR("input"));
    const struct th_json_node *expect = th_json_get(tests, at, TH_STR("expect"));
    struct th_trial_input in;
    const char *why = NULL;
    if (name == NULL || name->type != TH_JSON_STRING || input == NULL || expect == NULL) {
        why = "a test is { name, input, expect }";
    } else if (!th_trial_read(&in, arena, tests, th_json_index(tests, input))) {
        why = TH_TRIAL_INPUT;
    } else {
        th_trial_run(trial, &in, &effects);
        why = th_json_read(&got, arena, th_buf_view(&effects), NULL) != 0
                  ? "the effects cannot be read"
                  : unmet(tests, th_json_index(tests, expect), &got);
    }
    th_buf_puts(out, "{\"name\":");
    th_json_put_str(out, name != NULL ? name->text : TH_STR("?"));
    th_buf_printf(out, ",\"passed\":%s", why == NULL ? "true" : "false");
    if (why != NULL) {
        th_buf_puts(out, ",\"message\":");
        th_json_put_str(out, th_str(why));
    }
    th_buf_puts(out, ",\"effects\":");
    th_buf_str(out, effects.n > 0 ? th_buf_view(&effects) : TH_STR("null"));
    th_buf_putc(out, '}');
    th_buf_free(&effects);
    return why == NULL;
}

/* JSON holds text only: the bytes of the input on top travel as base64. */
static void encode_bytes(lua_State *L, struct th_buf *out)
{
    struct th_str bytes;
    lua_pushstring(L, "bytes");
    if (lua_rawget(L, -2) == LUA_TSTRING) {
        bytes.p = lua_tolstring(L, -1, &bytes.n);
        th_buf_reset(out);
        th_base64_put(out, bytes.p, bytes.n);
        lua_pushstring(L, "base64");
        lua_pushlstring(L, out->p != NULL ? out->p : "", out->n);
        lua_rawset(L, -4);
        lua_pushstring(L, "bytes");
        lua_pushnil(L);
        lua_rawset(L, -4);
    }
    lua_pop(L, 1);
}

static void encode_inputs(lua_State *L, struct th_buf *out)
{
    if (!lua_istable(L, -1))
        return;
    lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
    for (lua_Integer i = 1; i <= n; i++) {
        if (lua_rawgeti(L, -1, i) == LUA_TTABLE) {
            lua_pushstring(L, "input");
            if (lua_rawget(L, -2) == LUA_TTABLE)
                encode_bytes(L, out);
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
}

/* In the script's state: its `tests` as JSON, left in the state's buffer. */
static int read_tests(lua_State *L)
{
    struct th_buf *out = &th_state_of(L)->out;
    struct th_error err;
    th_buf_reset(out);
    th_gen_push_product(L);
    if (!lua_istable(L, -1))
        return 0;
    lua_pushstring(L, "tests");
    if (lua_rawget(L, -2) == LUA_TNIL)
        return 0;
    encode_inputs(L, out);
    th_buf_reset(out);
    if (th_json_write(L, -1, out, &err) != 0)
        return luaL_error(L, "tests: %s", err.msg);
    struct th_buf *text = th_task_ctx(L);
    th_buf_put(text, out->p, out->n);
    return 0;
}

/* An empty table is the empty list. */
static bool is_list(struct th_json *tests, struct th_arena *arena, struct th_str text)
{
    if (th_json_read(tests, arena, text, NULL) != 0)
        return false;
    enum th_json_type type = tests->nodes[0].type;
    return type == TH_JSON_ARRAY || (type == TH_JSON_OBJECT && tests->nodes[0].count == 0);
}

static bool some_tests(struct trial *trial, struct th_str list, struct th_arena *arena)
{
    struct th_buf *out = &trial->t->out;
    struct th_json tests;
    bool ok = true;
    if (list.n == 0)
        return true;
    if (!is_list(&tests, arena, list))
        return false;
    TH_JSON_EACH (&tests, 0, i) {
        if (out->p[out->n - 1] != '[')
            th_buf_putc(out, ',');
        ok = one_test(trial, &tests, i, arena) && ok;
    }
    return ok;
}

bool th_trial_tests(struct trial *trial)
{
    struct th_buf text = {0}, *out = &trial->t->out;
    struct th_arena arena;
    struct th_report report;
    th_arena_init(&arena);
    th_buf_puts(out, ",\"tests\":[");
    bool ok = th_gen_call(trial->gen, read_tests, TH_PHASE_LOAD, &text, LOAD_CPU_US, &report) == TH_RUN_OK;
    ok = some_tests(trial, th_buf_view(&text), &arena) && ok;
    if (trial->t->tests != NULL)
        ok = some_tests(trial, th_str(trial->t->tests), &arena) && ok;
    th_buf_putc(out, ']');
    th_buf_free(&text);
    th_arena_free(&arena);
    return ok;
}
