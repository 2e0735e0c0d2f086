/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls: how they end, what the report says, waiting and going on, what is left behind. */
#include "lua_fixture.h"
#include "test.h"

static struct th_budget *budget;

/* ---- a binding that waits ---- */

static struct {
    struct th_task *task;
    int cancels, dones;
    enum th_run ended;
    char message[512];
} waiting;

static void on_cancel(void *op)
{
    TH_CHECK(op == &waiting);
    waiting.cancels++;
}

static int l_wait(lua_State *L)
{
    waiting.task = th_task_self(L);
    return th_task_wait(L, on_cancel, &waiting);
}

static int open_wait(lua_State *L)
{
    lua_pushcfunction(L, l_wait);
    return 1;
}

static const struct th_binding own[] = {{"wait", open_wait}, {NULL, NULL}};
static const struct th_binding *const bindings[] = {own, NULL};

static void on_done(struct th_task *task, const struct th_report *report, void *ctx)
{
    TH_CHECK(task == waiting.task);
    waiting.dones++;
    waiting.ended = report->run;
    snprintf(waiting.message, sizeof waiting.message, "%s", report->message);
}

static int push_answer(lua_State *L, void *arg)
{
    lua_pushinteger(L, *(int *)arg);
    lua_pushliteral(L, "more");
    return 2;
}

/* ---- calls ---- */

static char taken[256];

static int push_two(lua_State *L, void *ctx)
{
    lua_pushinteger(L, 20);
    lua_pushinteger(L, 22);
    return 2;
}

static void take(lua_State *L, int count, void *ctx)
{
    taken[0] = '\0';
    for (int i = 1; i <= count; i++) {
        size_t n = strlen(taken);
        snprintf(taken + n, sizeof taken - n, "%s%s", i > 1 ? "," : "", luaL_tolstring(L, i, NULL));
        lua_pop(L, 1);
    }
}

static struct th_gen *build(const char *text)
{
    struct th_error err;
    struct th_gen *gen = fixture_gen(budget, text, bindings, NULL, &err);
    if (gen == NULL) {
        fprintf(stderr, "%s\n", err.msg);
        exit(1);
    }
    return gen;
}

static enum th_run call_in(
    struct th_gen *gen, const char *function, enum th_phase phase, struct th_report *report)
{
    struct th_call call = {.function = function,
        .phase = phase,
        .push = push_two,
        .take = take,
        .on_done = on_done,
        .ctx = &waiting};
    return th_task_start(gen, &call, report);
}

static enum th_run call(struct th_gen *gen, const char *function, struct th_report *report)
{
    return call_in(gen, function, TH_PHASE_TIMER, report);
}

/* For what fills its memory: under the sanitizers that takes longer than the CPU time of a usual call. */
static enum th_run call_long(struct th_gen *gen, const char *function, struct th_report *report)
{
    struct th_call call = {.function = function, .phase = TH_PHASE_TIMER, .cpu_us = 5000000, .take = take};
    return th_task_start(gen, &call, report);
}

static void test_arguments_and_results(void)
{
    struct th_gen *gen =
        build("return { api = 1, add = function(a, b, ...) return a + b, select('#', ...) end }");
    struct th_report r;

    TH_EQ_INT(call(gen, "add", &r), TH_RUN_OK);
    TH_EQ_INT(r.run, TH_RUN_OK);
    TH_EQ_STR(taken, "42,0");
    TH_EQ_INT(call(gen, "none", &r), TH_RUN_NO_FUNCTION);
    TH_EQ_INT(call(gen, "api", &r), TH_RUN_NO_FUNCTION);
    TH_EQ_STR(r.script, "demo");
    TH_EQ_INT(r.version, 3);
    TH_EQ_STR(r.function, "api");
    th_gen_unref(gen);
}

static void test_report_of_an_error(void)
{
    struct th_gen *gen = build("local function deep(x)\n"
                               "  return x.y.z\n"
                               "end\n"
                               "return { api = 1,\n"
                               "  field = function() deep({}) end,\n"
                               "  raise = function() error('no: really', 0) end,\n"
                               "  object = function() error({ message = 'from a table' }) end,\n"
                               "}\n");
    struct th_report r;

    TH_EQ_INT(call(gen, "field", &r), TH_RUN_ERROR);
    TH_EQ_STR(r.where, "main.lua");
    TH_EQ_INT(r.line, 2);
    TH_EQ_STR(r.message, "attempt to index a nil value (field 'y')");
    TH_CHECK(strstr(r.traceback, "main.lua:5") != NULL);
    TH_EQ_INT(call(gen, "raise", &r), TH_RUN_ERROR);
    TH_EQ_STR(r.message, "no: really");
    TH_EQ_INT(r.line, 6);
    TH_EQ_INT(call(gen, "object", &r), TH_RUN_ERROR);
    TH_EQ_STR(r.message, "from a table");
    th_gen_unref(gen);
}

static void test_killed_state_goes_on(void)
{
    struct th_gen *gen =
        build("local n = 0\n"
              "return { api = 1,\n"
              "  loop = function() while true do n = n + 1 end end,\n"
              "  count = function() return n > 0 end,\n"
              "  fill = function() local t = {} while true do t[#t + 1] = ('x'):rep(9999 + #t) end end,\n"
              "  in_sort = function() table.sort({ 1, 2 }, function() while true do end end) end,\n"
              "}\n");
    struct th_report r;

    TH_EQ_INT(call(gen, "loop", &r), TH_RUN_CPU);
    TH_EQ_INT(r.line, 3);
    TH_CHECK(r.cpu_us >= 40000);
    TH_CHECK(!th_gen_spent(gen));
    TH_EQ_INT(call(gen, "count", &r), TH_RUN_OK);
    TH_EQ_STR(taken, "true");
    TH_EQ_INT(call_long(gen, "fill", &r), TH_RUN_MEMORY);
    TH_CHECK(!th_gen_spent(gen));
    TH_CHECK(th_gen_memory(gen) < 1u << 20);
    TH_EQ_INT(call(gen, "in_sort", &r), TH_RUN_KILLED_IN_C);
    TH_CHECK(th_gen_spent(gen));
    th_gen_unref(gen);
}

static void test_memory_that_stays_is_spent(void)
{
    struct th_gen *gen = build("local kept = {}\n"
                               "return { api = 1, fill = function()\n"
                               "  while true do kept[#kept + 1] = ('x'):rep(9999 + #kept) end\n"
                               "end }");
    struct th_report r;
    TH_EQ_INT(call_long(gen, "fill", &r), TH_RUN_MEMORY);
    TH_CHECK(r.mem_peak <= 16u << 20);
    TH_CHECK(th_gen_spent(gen));
    th_gen_unref(gen);
}

static void test_escape_gives_all_memory_back(void)
{
    /* Weak keys in a chain: one collection takes minutes, and no hook is called in it. */
    struct th_gen *gen = build("local mt, keys = {}, {}\n"
                               "local t = setmetatable({}, mt)\n"
                               "for i = 1, 30000 do keys[i * 16001 % 30011] = {} end\n"
                               "for i = 1, 30010 do\n"
                               "  if keys[i] and keys[i + 1] then t[keys[i]] = keys[i + 1] end\n"
                               "end\n"
                               "local root = { keys[1], t }\n"
                               "keys = nil\n"
                               "return { api = 1, bomb = function()\n"
                               "  mt.__mode = 'k'\n"
                               "  while root do local _ = { {} } end\n"
                               "end }");
    struct th_report r;
    TH_EQ_INT(call(gen, "bomb", &r), TH_RUN_KILLED_IN_C);
    TH_EQ_INT(r.line, 11);
    TH_CHECK(th_gen_spent(gen));
    TH_EQ_INT(call(gen, "bomb", &r), TH_RUN_KILLED_IN_C);
    TH_CHECK(!th_gen_has(gen, "bomb"));
    th_gen_unref(gen); /* the leak checker sees to the rest */
}

static const char waits[] =
    "local sum = 0\n"
    "return { api = 1,\n"
    "  once = function() local a, b = thing.wait() return a, b end,\n"
    "  twice = function() return thing.wait() + thing.wait() end,\n"
    "  inside = function()\n"
    "    local co = coroutine.wrap(function()\n"
    "      coroutine.yield(1)\n"
    "      return (thing.wait())\n"
    "    end)\n"
    "    co()\n"
    "    return co(), select(2, pcall(thing.wait))\n"
    "  end,\n"
    "  sort = function() table.sort({ 1, 2 }, function() thing.wait() end) end,\n"
    "  through_sort = function()\n"
    "    table.sort({ 1, 2 }, coroutine.wrap(function() thing.wait() end))\n"
    "  end,\n"
    "  steal = function() mine = coroutine.create(thing.wait) coroutine.resume(mine) end,\n"
    "  thief = function() return coroutine.resume(mine) end,\n"
    "  then_loop = function() thing.wait() while true do end end,\n"
    "}\n";

static void test_waits_and_goes_on(void)
{
    struct th_gen *gen = build(waits);
    struct th_report r;
    int answer = 7;

    memset(&waiting, 0, sizeof waiting);
    TH_EQ_INT(call(gen, "once", &r), TH_RUN_YIELD);
    TH_EQ_INT(th_gen_tasks(gen), 1);
    TH_EQ_INT(th_task_resume(waiting.task, push_answer, &answer), TH_RUN_OK);
    TH_EQ_STR(taken, "7,more");
    TH_EQ_INT(waiting.dones, 1);
    TH_EQ_INT(waiting.cancels, 0);
    TH_EQ_INT(call(gen, "twice", &r), TH_RUN_YIELD);
    TH_EQ_INT(th_task_resume(waiting.task, push_answer, &answer), TH_RUN_YIELD);
    TH_EQ_INT(waiting.dones, 1);
    TH_EQ_INT(th_task_resume(waiting.task, push_answer, &answer), TH_RUN_OK);
    TH_EQ_STR(taken, "14");
    TH_EQ_INT(waiting.dones, 2);
    TH_EQ_INT(call(gen, "inside", &r), TH_RUN_YIELD);
    TH_EQ_INT(th_task_resume(waiting.task, push_answer, &answer), TH_RUN_YIELD);
    TH_EQ_INT(th_task_resume(waiting.task, push_answer, &answer), TH_RUN_OK);
    TH_EQ_STR(taken, "7,7,more");
    TH_EQ_INT(th_gen_tasks(gen), 0);
    th_gen_unref(gen);
}

static void test_waits_only_where_it_may(void)
{
    struct th_gen *gen = build(waits);
    struct th_report r;

    TH_EQ_INT(call_in(gen, "once", TH_PHASE_PROPERTY, &r), TH_RUN_ERROR);
    TH_EQ_STR(r.message, "may not wait in phase property");
    TH_EQ_INT(call(gen, "sort", &r), TH_RUN_ERROR);
    TH_CHECK(strstr(r.message, "inside a callback") != NULL);
    TH_EQ_INT(call(gen, "through_sort", &r), TH_RUN_ERROR);
    TH_CHECK(strstr(r.message, "inside a callback") != NULL);
    th_gen_unref(gen);
}

static void test_a_waiting_coroutine_is_not_resumed_by_another(void)
{
    struct th_gen *gen = build(waits);
    struct th_report r;
    struct th_task *first;

    TH_EQ_INT(call(gen, "steal", &r), TH_RUN_YIELD);
    first = waiting.task;
    TH_EQ_INT(call(gen, "thief", &r), TH_RUN_OK);
    TH_EQ_STR(taken, "false,cannot resume non-suspended coroutine");
    waiting.task = first;
    TH_EQ_INT(th_task_resume(first, NULL, NULL), TH_RUN_OK);
    th_gen_unref(gen);
}

static void test_cancel(void)
{
    struct th_gen *gen = build(waits);
    struct th_report r;

    memset(&waiting, 0, sizeof waiting);
    TH_EQ_INT(call(gen, "once", &r), TH_RUN_YIELD);
    th_task_cancel(waiting.task);
    TH_EQ_INT(waiting.cancels, 1);
    TH_EQ_INT(waiting.dones, 1);
    TH_EQ_INT(waiting.ended, TH_RUN_CANCELED);
    TH_EQ_INT(call(gen, "once", &r), TH_RUN_YIELD);
    th_gen_cancel_all(gen);
    TH_EQ_INT(waiting.cancels, 2);
    TH_EQ_INT(th_gen_tasks(gen), 0);
    th_gen_unref(gen);
}

static void test_generation_lives_as_long_as_its_tasks(void)
{
    struct th_gen *gen = build(waits);
    struct th_report r;
    int answer = 1;

    memset(&waiting, 0, sizeof waiting);
    TH_EQ_INT(call(gen, "once", &r), TH_RUN_YIELD);
    th_gen_unref(gen); /* the owner's; the task has its own */
    TH_EQ_INT(th_task_resume(waiting.task, push_answer, &answer), TH_RUN_OK);
    TH_EQ_INT(waiting.dones, 1);
}

static void test_limits_hold_after_a_wait(void)
{
    struct th_gen *gen = build(waits);
    struct th_report r;

    memset(&waiting, 0, sizeof waiting);
    TH_EQ_INT(call(gen, "then_loop", &r), TH_RUN_YIELD);
    TH_EQ_INT(th_task_resume(waiting.task, NULL, NULL), TH_RUN_CPU);
    TH_EQ_INT(waiting.ended, TH_RUN_CPU);
    TH_CHECK(strstr(waiting.message, "50 ms of CPU time") != NULL);
    th_gen_unref(gen);
}

static void test_wall_limit(void)
{
    struct th_gen *gen = build("return { api = 1, loop = function() while true do end end }");
    struct th_call c = {.function = "loop", .phase = TH_PHASE_RULE, .cpu_us = 5000000, .wall_us = 30000};
    struct th_report r;
    TH_EQ_INT(th_task_start(gen, &c, &r), TH_RUN_WALL);
    TH_CHECK(r.wall_us >= 30000);
    th_gen_unref(gen);
}

/* A call from inside another one's binding, on the same thread: each has its own limits. */
static struct th_gen *inner_gen;

static int l_call_inner(lua_State *L)
{
    struct th_call c = {.function = "loop", .phase = TH_PHASE_RULE, .cpu_us = 20000};
    lua_pushstring(L, th_run_name(th_task_start(inner_gen, &c, NULL)));
    return 1;
}

static int open_inner(lua_State *L)
{
    lua_pushcfunction(L, l_call_inner);
    return 1;
}

static void test_a_call_inside_a_call(void)
{
    static const struct th_binding list[] = {{"inner", open_inner}, {NULL, NULL}};
    static const struct th_binding *const lists[] = {list, NULL};
    struct th_error err;
    struct th_report r;

    inner_gen = build("return { api = 1, loop = function() while true do end end }");
    struct th_gen *outer = fixture_gen(budget,
        "return { api = 1, go = function() return thing.inner(), thing.inner() end }", lists, NULL, &err);
    TH_EQ_INT(call(outer, "go", &r), TH_RUN_OK);
    TH_EQ_STR(taken, "cpu,cpu");
    th_gen_unref(outer);
    th_gen_unref(inner_gen);
}

int main(void)
{
    budget = fixture_budget();
    TH_RUN(test_arguments_and_results);
    TH_RUN(test_report_of_an_error);
    TH_RUN(test_killed_state_goes_on);
    TH_RUN(test_memory_that_stays_is_spent);
    TH_RUN(test_escape_gives_all_memory_back);
    TH_RUN(test_waits_and_goes_on);
    TH_RUN(test_waits_only_where_it_may);
    TH_RUN(test_a_waiting_coroutine_is_not_resumed_by_another);
    TH_RUN(test_cancel);
    TH_RUN(test_generation_lives_as_long_as_its_tasks);
    TH_RUN(test_limits_hold_after_a_wait);
    TH_RUN(test_wall_limit);
    TH_RUN(test_a_call_inside_a_call);
    th_budget_close(budget);
    return TH_END();
}
