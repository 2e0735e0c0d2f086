/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "bind/manifest.h"
#include "bind/scripts.h"
#include "hook/try_private.h"
#include "store/dead_letter.h"
#include "store/script_log.h"

#define LOG_MAX 65536        /* bytes of the answer */
#define TRIAL_CPU_US 2000000 /* of all calls together: the thread is one of few */

static void put_error(struct th_buf *out, const struct th_report *r)
{
    th_buf_puts(out, "{\"message\":");
    th_json_put_str(out, th_str(r->message));
    th_buf_puts(out, ",\"where\":");
    th_json_put_str(out, th_str(r->where));
    th_buf_printf(out, ",\"line\":%d,\"column\":%d}", r->line, r->column);
}

/* What the script logs goes into the answer. */
static void on_log(
    struct th_gen *gen, void *ctx, enum th_log_level level, struct th_str text, const char *where, int line)
{
    struct th_buf *out = &((struct trial *)th_gen_owner(gen))->log;
    if (out->n > LOG_MAX)
        return;
    th_buf_printf(out, "%s{\"level\":\"%s\",\"where\":", out->n > 0 ? "," : "", th_script_level_name(level));
    th_json_put_str(out, th_str(where));
    th_buf_printf(out, ",\"line\":%d,\"text\":", line);
    th_json_put_str(out, out->n < LOG_MAX ? text : TH_STR("more was logged than is shown"));
    th_buf_putc(out, '}');
}

static void put_end(struct trial *trial)
{
    struct th_buf *out = &trial->t->out;
    th_buf_puts(out, ",\"log\":[");
    th_buf_str(out, th_buf_view(&trial->log));
    th_buf_printf(out, "],\"cpu_us\":%llu,\"memory\":%zu}", (unsigned long long)trial->cpu_us, trial->memory);
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

/* False: the input makes no sense, and the answer says so. */
static bool try_input(struct trial *trial)
{
    struct th_try *t = trial->t;
    struct th_trial_input in = {.topic = th_str(t->rest),
        .function = t->function,
        .payload = t->payload,
        .kv = t->kv,
        .alarms = t->alarms,
        .received_ms = t->received_ms};
    struct th_arena arena;
    struct th_json j;
    th_arena_init(&arena);
    bool ok = t->input == NULL ||
              (th_json_read(&j, &arena, th_str(t->input), NULL) == 0 && th_trial_read(&in, &arena, &j, 0));
    th_buf_puts(&t->out, ",\"effects\":");
    if (ok)
        ok = th_trial_run(trial, &in, &t->out);
    else
        th_buf_puts(&t->out, "{\"dead\":{\"reason\":\"bad_input\",\"detail\":\"not an input\"}}");
    th_arena_free(&arena);
    return ok;
}

static void loaded(struct trial *trial)
{
    struct th_try *t = trial->t;
    th_buf_puts(&t->out, "{\"loaded\":true,\"manifest\":");
    th_manifest_write(&trial->product.script.manifest, &t->out);
    bool ok = th_trial_tests(trial);
    if (t->rest != NULL || t->function != NULL || t->input != NULL)
        ok = try_input(trial) && ok;
    th_buf_printf(&t->out, ",\"ok\":%s", ok ? "true" : "false");
    put_end(trial);
}

static void not_loaded(struct trial *trial, const struct th_report *report, const struct th_error *err)
{
    struct th_try *t = trial->t;
    struct th_report shown = *report;
    if (shown.message[0] == 0) {
        snprintf(shown.message, sizeof shown.message, "%s", err->msg);
        snprintf(shown.where, sizeof shown.where, "init.lua");
    }
    th_buf_puts(&t->out, "{\"loaded\":false,\"ok\":false,\"tests\":[],\"error\":");
    put_error(&t->out, &shown);
    put_end(trial);
}

static int build(struct trial *trial, struct th_budget *budget, struct th_str default_text,
    struct th_report *report, struct th_error *err)
{
    struct th_script_host host = {budget, trial->t->conf, default_text, on_log, trial};
    return th_scripts_build(
        &host, trial->t->product, 0, trial->t->source, trial->t->modules, &trial->gen, report, err);
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
        rc = build(&trial, budget, th_buf_view(&text), &report, &err);
    if (rc == 0)
        rc = th_scripts_manifest(trial.gen, &trial.product.script.manifest, &err);
    if (rc == 0)
        loaded(&trial);
    else
        not_loaded(&trial, &report, &err);
    th_manifest_free(&trial.product.script.manifest);
    if (trial.gen != NULL)
        th_gen_unref(trial.gen);
    if (budget != NULL)
        th_budget_close(budget);
    th_buf_free(&text);
    th_buf_free(&trial.log);
}
