/* SPDX-License-Identifier: Apache-2.0
 *
 * An expression as a script works it out: its value as text, an error after "!". */
#ifndef TH_TEST_EXPRESSION_H
#define TH_TEST_EXPRESSION_H

#include "bind/bind.h"
#include "script/gen.h"
#include "test.h"

static struct th_budget *budget;
static char taken[1 << 12];

static void take(lua_State *L, int count, void *ctx)
{
    size_t n;
    const char *p = luaL_tolstring(L, 1, &n);
    snprintf(taken, sizeof taken, "%.*s", (int)n, p);
}

static const char *evaluate(const char *expression)
{
    static const struct th_binding *const bindings[] = {th_bind_pure, NULL};
    struct th_call call = {.function = "f", .phase = TH_PHASE_RULE, .take = take, .cpu_us = 2000000};
    struct th_buf text = {0};
    struct th_gen *gen = NULL;
    struct th_error err;
    struct th_report r;

    th_buf_printf(&text,
        "local json, cbor, hex, nine = thing.json, thing.cbor, thing.hex, '123456789'\n"
        "local function deep(n) local t = {} for _ = 2, n do t = { t } end return t end\n"
        "local function many(n) local t = {} for i = 1, n do t[i] = i end return t end\n"
        "return { api = 1, json = json, cbor = cbor, hex = hex, nine = nine, deep = deep, many = many,\n"
        "  f = function() return (%s) end }",
        expression);
    struct th_source src = {TH_ROLE_PRODUCT, "main", "main.lua", th_buf_view(&text)};
    struct th_gen_spec spec = {
        .budget = budget, .name = "pure", .sources = &src, .source_count = 1, .bindings = bindings};
    if (th_gen_new(&gen, &spec, NULL, &err) != 0)
        snprintf(taken, sizeof taken, "!%s", err.msg);
    else if (th_task_start(gen, &call, &r) != TH_RUN_OK)
        snprintf(taken, sizeof taken, "!%s", r.message);
    th_gen_unref(gen);
    th_buf_free(&text);
    return taken;
}

#endif
