/* SPDX-License-Identifier: Apache-2.0
 *
 * A state or a generation for a test, and ways to run Lua in it. */
#ifndef LUA_FIXTURE_H
#define LUA_FIXTURE_H

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "script/budget.h"
#include "script/gen.h"
#include "script/state.h"

static inline struct th_budget *fixture_budget(void)
{
    struct th_budget *b;
    struct th_error err;
    if (th_budget_open(&b, &err) != 0) {
        fprintf(stderr, "%s\n", err.msg);
        exit(1);
    }
    return b;
}

/* A generation whose product script is text (chunk "main.lua", name "demo", version 3). NULL with *err on
 * failure. */
static inline struct th_gen *fixture_gen(struct th_budget *b, const char *text,
    const struct th_binding *const *bindings, struct th_report *report, struct th_error *err)
{
    struct th_gen *gen = NULL;
    struct th_source src = {TH_ROLE_PRODUCT, "main", "main.lua", {text, strlen(text)}};
    struct th_gen_spec spec = {
        .budget = b, .name = "demo", .version = 3, .sources = &src, .source_count = 1, .bindings = bindings};
    if (th_gen_new(&gen, &spec, report, err) != 0)
        return NULL;
    return gen;
}

#endif
