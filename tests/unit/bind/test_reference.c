/* SPDX-License-Identifier: Apache-2.0
 *
 * The reference of `thing` tells what is there: names, phases, and examples that give what they say. */
#include "bind/bind.h"
#include "bind/call.h"
#include "script/gen.h"
#include "script/load.h"
#include "test.h"

static struct th_budget *budget;
static const struct th_binding *const bindings[] = {th_bind_pure, th_bind_effects, NULL};

static void read_file(const char *name, struct th_buf *out)
{
    FILE *f = fopen(name, "rb");
    size_t n;
    TH_ROW("%s", name);
    if (!TH_CHECK(f != NULL))
        return;
    while ((n = fread(th_buf_room(out, 4096), 1, 4096, f)) > 0)
        out->n += n;
    fclose(f);
}

static struct th_gen *build(const struct th_source *sources, size_t count)
{
    struct th_gen *gen = NULL;
    struct th_error err = {0};
    struct th_gen_spec spec = {.budget = budget,
        .name = "reference",
        .sources = sources,
        .source_count = count,
        .bindings = bindings};
    if (th_gen_new(&gen, &spec, NULL, &err) != 0)
        TH_EQ_STR(err.msg, "");
    return gen;
}

static int push_phase(lua_State *L, void *ctx)
{
    lua_pushstring(L, th_phase_name(th_task_phase(L)));
    return 1;
}

static void take_text(lua_State *L, int count, void *ctx)
{
    size_t n;
    const char *p = luaL_checklstring(L, 1, &n);
    th_buf_put(ctx, p, n);
}

static void run(struct th_gen *gen, const char *function, enum th_phase phase, th_take_cb take, void *ctx)
{
    struct th_call call = {.function = function,
        .phase = phase,
        .push = push_phase,
        .take = take,
        .ctx = ctx,
        .cpu_us = 1000000};
    struct th_report report;
    TH_ROW("%s in phase %s", function, th_phase_name(phase));
    if (th_task_start(gen, &call, &report) != TH_RUN_OK)
        TH_EQ_STR(report.message, "");
}

static struct th_gen *reference;

static void test_names(void)
{
    run(reference, "listed_exist", TH_PHASE_API, NULL, NULL);
    run(reference, "existing_are_listed", TH_PHASE_API, NULL, NULL);
}

static void test_phases(void)
{
#define X(id, bit, name) run(reference, "phases", TH_PHASE_##id, NULL, NULL);
    TH_PHASES(X)
#undef X
}

static void test_examples(void)
{
    struct th_buf text = {0};
    run(reference, "examples", TH_PHASE_API, take_text, &text);
    struct th_source src = {TH_ROLE_PRODUCT, "main", "examples", th_buf_view(&text)};
    struct th_gen *gen = build(&src, 1);
    if (gen != NULL)
        run(gen, "check", TH_PHASE_API, NULL, NULL);
    th_gen_unref(gen);
    th_buf_free(&text);
}

/* Each handler as a script of its own: its example loads, and the platform has a use for the name. */
static void test_handlers(void)
{
    struct th_buf text = {0};
    run(reference, "handlers", TH_PHASE_API, take_text, &text);
    char *save = NULL;
    unsigned count = 0;
    th_buf_putc(&text, 0);
    for (char *p = strtok_r(text.p, "\1", &save); p != NULL; p = strtok_r(NULL, "\1", &save)) {
        struct th_source src = {TH_ROLE_PRODUCT, "main", "init.lua", th_str(p)};
        TH_ROW("%s", p);
        th_gen_unref(build(&src, 1));
        count++;
    }
    unsigned entries = 0;
    while (th_load_entries[entries] != NULL)
        entries++;
    TH_EQ_INT(count, entries); /* with the above: each is described, once */
    th_buf_free(&text);
}

int main(void)
{
    struct th_buf table = {0}, entries = {0}, check = {0};
    struct th_error err;

    if (th_budget_open(&budget, &err) != 0)
        return 1;
    read_file(TH_ROOT "/lua/thing/reference.lua", &table);
    read_file(TH_ROOT "/lua/thing/handlers.lua", &entries);
    read_file(TH_ROOT "/tests/unit/bind/reference.lua", &check);
    const struct th_source sources[] = {
        {TH_ROLE_TRUSTED, "thing.handlers", "handlers.lua", th_buf_view(&entries)},
        {TH_ROLE_TRUSTED, "reference", "reference.lua", th_buf_view(&table)},
        {TH_ROLE_PRODUCT, "main", "check.lua", th_buf_view(&check)}};
    reference = build(sources, 3);
    if (reference != NULL) {
        TH_RUN(test_names);
        TH_RUN(test_phases);
        TH_RUN(test_examples);
        TH_RUN(test_handlers);
    }
    th_gen_unref(reference);
    th_budget_close(budget);
    th_buf_free(&table);
    th_buf_free(&entries);
    th_buf_free(&check);
    return TH_END();
}
