// SPDX-License-Identifier: Apache-2.0
//
// What one call of a script costs, from th_task_start() to its return: prints ns per call for a few handlers.
#include <stdio.h>
#include <stdlib.h>
#include "base/clock.h"
#include "bind/bind.h"
#include "script/gen.h"

#define CALLS 1000000
#define ROUNDS 3 /* the best counts: the others met another process */

static const char source[] =
    "return { api = 1,\n"
    "  empty = function() end,\n"
    "  args = function(topic, bytes, ts) return ts end,\n"
    "  table = function(msg) msg.params.x = msg.params.x + 1 return msg.params end,\n"
    "  handler = function(msg)\n"
    "    local out = {}\n"
    "    for k, v in pairs(msg.params) do out[k] = v end\n"
    "    out.name = string.format('%s-%d', msg.id, out.x)\n"
    "    return out\n"
    "  end,\n"
    "}\n";

static int push_args(lua_State *L, void *ctx)
{
    lua_pushstring(L, "demo/dev1/thing/event/property/post");
    lua_pushstring(L, "{\"id\":\"1\"}");
    lua_pushinteger(L, 1764000000000);
    return 3;
}

static int push_table(lua_State *L, void *ctx)
{
    lua_createtable(L, 0, 3);
    lua_pushstring(L, "42");
    lua_setfield(L, -2, "id");
    lua_pushinteger(L, 1764000000000);
    lua_setfield(L, -2, "time");
    lua_createtable(L, 0, 4);
    for (int i = 0; i < 4; i++) {
        char name[2] = {(char)('w' + i), 0};
        lua_pushinteger(L, i);
        lua_setfield(L, -2, name);
    }
    lua_setfield(L, -2, "params");
    return 1;
}

static void take(lua_State *L, int count, void *ctx)
{
    if (count > 0 && lua_isinteger(L, 1))
        *(lua_Integer *)ctx += lua_tointeger(L, 1);
}

static void measure(struct th_gen *gen, const char *function, th_push_cb push)
{
    lua_Integer sum = 0;
    struct th_call call = {
        .function = function, .phase = TH_PHASE_PROPERTY, .ctx = &sum, .push = push, .take = take};
    struct th_report report;
    uint64_t best = UINT64_MAX;

    for (int round = 0; round < ROUNDS; round++) {
        uint64_t start = th_clock_mono_us();
        for (int i = 0; i < CALLS; i++) {
            if (th_task_start(gen, &call, &report) != TH_RUN_OK) {
                fprintf(stderr, "%s: %s\n", function, report.message);
                exit(1);
            }
        }
        uint64_t us = th_clock_mono_us() - start;
        if (us < best)
            best = us;
    }
    printf("%-10s %8.0f\n", function, (double)best * 1000 / CALLS);
}

int main(void)
{
    struct th_budget *budget;
    struct th_gen *gen;
    struct th_error err;
    static const struct th_binding *const bindings[] = {th_bind_pure, NULL};
    const struct th_source src = {TH_ROLE_PRODUCT, NULL, "bench.lua", {source, sizeof source - 1}};
    const struct th_gen_spec *spec = &(struct th_gen_spec){
        .name = "bench", .version = 1, .sources = &src, .source_count = 1, .bindings = bindings};
    struct th_gen_spec with = *spec;

    if (th_budget_open(&budget, &err) != 0) {
        fprintf(stderr, "%s\n", err.msg);
        return 1;
    }
    with.budget = budget;
    if (th_gen_new(&gen, &with, NULL, &err) != 0) {
        fprintf(stderr, "%s\n", err.msg);
        return 1;
    }
    printf("%-10s %8s\n", "function", "ns/call");
    measure(gen, "empty", NULL);
    measure(gen, "args", push_args);
    measure(gen, "table", push_table);
    measure(gen, "handler", push_table);
    printf("state: %zu KiB\n", th_gen_memory(gen) >> 10);
    th_gen_unref(gen);
    th_budget_close(budget);
    return 0;
}
