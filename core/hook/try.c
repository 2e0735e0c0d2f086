/* SPDX-License-Identifier: Apache-2.0 */
#include <lauxlib.h>
#include <stdio.h>

#include "base/clock.h"
#include "bind/bind.h"
#include "bind/scripts.h"
#include "bind/try.h"
#include "hook/interpret.h"
#include "store/dead_letter.h"

#define LOAD_CPU_US 500000
#define TRIAL_CPU_US 2000000 /* of all calls together: the thread is one of few */
#define DEFAULT_REST "thing/event/property/post"

struct trial {
    struct th_runner runner;
    struct th_try *t;
    struct th_gen *gen;
    struct th_product product;
    struct th_device device;
    struct th_store store; /* only conf is looked at */
    uint64_t serial, cpu_us;
    size_t memory;
};

static void put_error(struct th_buf *out, const struct th_report *r)
{
    th_buf_puts(out, "{\"message\":");
    th_json_put_str(out, th_str(r->message));
    th_buf_puts(out, ",\"where\":");
    th_json_put_str(out, th_str(r->where));
    th_buf_printf(out, ",\"line\":%d,\"column\":%d}", r->line, r->column);
}

static bool run(struct th_runner *r, struct th_call_context *c, const char *function, enum th_phase phase,
    th_push_cb push, th_take_cb take, struct th_report *report)
{
    struct trial *trial = th_container_of(r, struct trial, runner);
    struct th_call call = {.function = function, .phase = phase, .ctx = c, .push = push, .take = take};
    c->serial = ++trial->serial;
    if (trial->cpu_us > TRIAL_CPU_US) {
        *report = (struct th_report){.run = TH_RUN_ERROR};
        snprintf(report->message, sizeof report->message, "not run: all calls before took %d ms of CPU time",
            TRIAL_CPU_US / 1000);
        return false;
    }
    enum th_run run = th_task_start(trial->gen, &call, report);
    trial->cpu_us += report->cpu_us;
    if (report->mem_peak > trial->memory)
        trial->memory = report->mem_peak;
    return run == TH_RUN_OK || run == TH_RUN_NO_FUNCTION;
}

static void failed(struct th_runner *r, struct th_message *m, const struct th_report *report)
{
    char detail[800];
    snprintf(detail, sizeof detail, "%s:%d: %s: %s", report->where, report->line, th_run_name(report->run),
        report->message);
    m->effects = NULL;
    m->effects_tail = &m->effects;
    th_refuse(m, TH_DEAD_SCRIPT, 500, detail);
}

static void put_rows(
    struct th_buf *out, const struct th_message *m, enum th_effect_kind kind, const char *name)
{
    bool first = true;
    th_buf_printf(out, "\"%s\":[", name);
    for (const struct th_effect *e = m->effects; e != NULL; e = e->next) {
        if (e->kind != kind)
            continue;
        if (!first)
            th_buf_putc(out, ',');
        first = false;
        if (kind == TH_EFFECT_COMMAND) {
            th_buf_puts(out, "{\"name\":");
            th_json_put_str(out, e->command.name);
            th_buf_puts(out, ",\"params\":");
            th_buf_str(out, e->command.params);
            th_buf_putc(out, '}');
            continue;
        }
        th_buf_putc(out, '{');
        if (kind == TH_EFFECT_EVENT) {
            th_buf_puts(out, "\"type\":");
            th_json_put_str(out, e->row.type);
            th_buf_putc(out, ',');
        }
        th_buf_printf(out, "\"time\":%lld,\"params\":", (long long)e->row.time);
        th_buf_str(out, e->row.params);
        th_buf_putc(out, '}');
    }
    th_buf_putc(out, ']');
}

static void put_effects(struct th_buf *out, const struct th_message *m)
{
    th_buf_putc(out, '{');
    put_rows(out, m, TH_EFFECT_STORE, "store");
    th_buf_putc(out, ',');
    put_rows(out, m, TH_EFFECT_EVENT, "events");
    th_buf_putc(out, ',');
    put_rows(out, m, TH_EFFECT_COMMAND, "commands");
    for (const struct th_effect *e = m->effects; e != NULL; e = e->next) {
        if (e->kind == TH_EFFECT_REPLY) {
            th_buf_puts(out, ",\"reply\":");
            th_buf_str(out, e->reply.payload);
        } else if (e->kind == TH_EFFECT_RESULT) {
            th_buf_puts(out, ",\"result\":{\"id\":");
            th_json_put_str(out, e->result.message_id);
            th_buf_printf(out, ",\"code\":%lld,\"data\":", (long long)e->result.code);
            th_buf_str(out, e->result.data);
            th_buf_putc(out, '}');
        }
    }
    if (m->dead_reason != NULL) {
        th_buf_printf(out, ",\"dead\":{\"reason\":\"%s\",\"detail\":", m->dead_reason);
        th_json_put_str(out, th_str(m->dead_detail));
        th_buf_putc(out, '}');
    }
    th_buf_putc(out, '}');
}

/* One message through the script; its effects are written to out. False when it failed in the script. */
static bool one_message(struct trial *trial, const char *rest, struct th_str payload, struct th_buf *out)
{
    struct th_message *m = th_calloc(1, sizeof *m);
    th_arena_init(&m->arena);
    m->effects_tail = &m->effects;
    m->kind = TH_HOOK_PUBLISH;
    m->time_ms = th_clock_ms();
    m->device = &trial->device;
    m->product_key = th_str(trial->product.key);
    m->device_key = th_str(trial->device.key);
    m->topic_text =
        th_str(th_arena_printf(&m->arena, "%s/%s/%s", trial->product.key, trial->device.key, rest));
    m->payload = payload;
    if (!th_topic_parse(m->topic_text, &m->topic))
        th_message_dead(m, TH_DEAD_TOPIC, "not a topic of a device");
    else
        th_interpret_read(m, trial->t->conf);
    if (m->dead_reason == NULL)
        th_interpret(&trial->runner, m);
    put_effects(out, m);
    bool ok = m->dead_reason == NULL || strcmp(m->dead_reason, TH_DEAD_SCRIPT) != 0;
    th_arena_free(&m->arena);
    th_free(m);
    return ok;
}

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

/* test: {"name", "input": {"topic"?, "payload"}, "expect": {...}} */
static bool one_test(struct trial *trial, const struct th_json *tests, uint32_t at, struct th_arena *arena)
{
    struct th_buf *out = &trial->t->out, effects = {0};
    struct th_json got;
    const struct th_json_node *name = th_json_get(tests, at, TH_STR("name"));
    const struct th_json_node *input = th_json_get(tests, at, TH_STR("input"));
    const struct th_json_node *expect = th_json_get(tests, at, TH_STR("expect"));
    const struct th_json_node *topic = NULL, *payload = NULL;
    const char *why = NULL;
    if (input != NULL) {
        topic = th_json_get(tests, th_json_index(tests, input), TH_STR("topic"));
        payload = th_json_get(tests, th_json_index(tests, input), TH_STR("payload"));
    }
    if (name == NULL || name->type != TH_JSON_STRING || payload == NULL || expect == NULL ||
        (topic != NULL && topic->type != TH_JSON_STRING)) {
        why = "a test is { name, input = { topic, payload }, expect }";
        th_buf_puts(&effects, "null");
    } else {
        const char *rest = topic != NULL ? th_arena_dup(arena, topic->text.p, topic->text.n) : DEFAULT_REST;
        one_message(trial, rest, payload->type == TH_JSON_STRING ? payload->text : payload->raw, &effects);
        if (th_json_read(&got, arena, th_buf_view(&effects), NULL) != 0 ||
            !meets(tests, th_json_index(tests, expect), &got, 0))
            why = "the effects are not what is expected";
    }
    th_buf_puts(out, "{\"name\":");
    th_json_put_str(out, name != NULL ? name->text : TH_STR("?"));
    th_buf_printf(out, ",\"passed\":%s", why == NULL ? "true" : "false");
    if (why != NULL) {
        th_buf_puts(out, ",\"message\":");
        th_json_put_str(out, th_str(why));
    }
    th_buf_puts(out, ",\"effects\":");
    th_buf_put(out, strlen(th_buf_cstr(&effects)) > 0 ? effects.p : "null", effects.n > 0 ? effects.n : 4);
    th_buf_putc(out, '}');
    th_buf_free(&effects);
    return why == NULL;
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

static bool all_tests(struct trial *trial)
{
    struct th_buf text = {0}, *out = &trial->t->out;
    struct th_arena arena;
    struct th_json tests;
    struct th_report report;
    bool ok = true;
    th_arena_init(&arena);
    th_buf_puts(out, ",\"tests\":[");
    if (th_gen_call(trial->gen, read_tests, TH_PHASE_LOAD, &text, LOAD_CPU_US, &report) != TH_RUN_OK)
        ok = false;
    if (text.n > 0 && !is_list(&tests, &arena, th_buf_view(&text))) {
        ok = false;
    } else if (text.n > 0) {
        TH_JSON_EACH (&tests, 0, i) {
            if (i > 1)
                th_buf_putc(out, ',');
            ok = one_test(trial, &tests, i, &arena) && ok;
        }
    }
    th_buf_putc(out, ']');
    th_buf_free(&text);
    th_arena_free(&arena);
    return ok;
}

static void loaded(struct trial *trial)
{
    struct th_try *t = trial->t;
    struct th_buf tried = {0};
    th_buf_puts(&t->out, "{\"loaded\":true");
    bool ok = all_tests(trial);
    if (t->rest != NULL) {
        ok = one_message(trial, t->rest, t->payload, &tried) && ok;
        th_buf_puts(&t->out, ",\"effects\":");
        th_buf_str(&t->out, th_buf_view(&tried));
        th_buf_free(&tried);
    }
    th_buf_printf(&t->out, ",\"ok\":%s,\"cpu_us\":%llu,\"memory\":%zu}", ok ? "true" : "false",
        (unsigned long long)trial->cpu_us, trial->memory);
}

static void not_loaded(struct th_try *t, const struct th_report *report, const struct th_error *err)
{
    struct th_report shown = *report;
    if (shown.message[0] == 0)
        snprintf(shown.message, sizeof shown.message, "%s", err->msg);
    th_buf_puts(&t->out, "{\"loaded\":false,\"ok\":false,\"tests\":[],\"error\":");
    put_error(&t->out, &shown);
    th_buf_puts(&t->out, ",\"cpu_us\":0,\"memory\":0}");
}

void th_try_run(struct th_try *t)
{
    struct trial trial = {.runner = {run, failed}, .t = t};
    struct th_budget *budget = NULL;
    struct th_report report = {0};
    struct th_error err = {0};
    struct th_buf text = {0};
    trial.product =
        (struct th_product){.key = (char *)t->product, .refs = 1, .payload_limit = TH_PAYLOAD_LIMIT};
    trial.store.conf = t->conf;
    trial.device = (struct th_device){
        .key = (char *)t->device, .refs = 1, .product = &trial.product, .store = &trial.store};
    int rc = th_scripts_default_text(t->home, &text, &err);
    if (rc == 0)
        rc = th_budget_open(&budget, &err);
    if (rc == 0)
        rc = th_scripts_build(
            budget, t->conf, th_buf_view(&text), t->product, 0, t->source, NULL, &trial.gen, &report, &err);
    if (rc == 0) {
        loaded(&trial);
        th_gen_unref(trial.gen);
    } else {
        not_loaded(t, &report, &err);
    }
    if (budget != NULL)
        th_budget_close(budget);
    th_buf_free(&text);
}
