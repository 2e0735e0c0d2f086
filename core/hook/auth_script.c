/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/conf.h"
#include "base/log.h"
#include "bind/call.h"
#include "bind/scripts.h"
#include "hook/auth_script.h"
#include "store/store.h"

/* Anyone who knows a device's name can have it run: less than what a message gets. */
#define AUTH_CPU_US 10000

static void say(struct th_auth *a, const char *text, size_t n)
{
    a->why = th_arena_dup(&a->arena, text, n);
}

static void failed(struct th_auth *a, const struct th_report *r)
{
    char text[700];
    int n = snprintf(text, sizeof text, "%s:%d: %s: %s", r->where, r->line, th_run_name(r->run), r->message);
    th_count(a->store->metrics, script_errors);
    say(a, text, n < (int)sizeof text ? (size_t)n : sizeof text - 1);
}

/* How the call ended; client says what it answered. */
static enum th_run ask(
    struct th_auth *a, const struct th_device *d, struct th_client *client, struct th_report *report)
{
    struct th_scripts *scripts = a->store->w->scripts;
    struct th_call_context c = {.arena = &a->arena, .device = d, .client = client};
    struct th_call call = {.function = "on_auth",
        .phase = TH_PHASE_AUTH,
        .ctx = &c,
        .push = th_call_push_client,
        .take = th_call_take_answer,
        .cpu_us = AUTH_CPU_US};
    int64_t version;
    const char *why = "";
    struct th_gen *gen = d->product->scripts_off ? NULL : th_scripts_of(scripts, d, &version, &why);
    if (gen == NULL) {
        *report = (struct th_report){.run = TH_RUN_ERROR};
        snprintf(report->message, sizeof report->message, "%s%s",
            d->product->scripts_off ? "scripts are switched off" : "the script could not be loaded: ", why);
        return TH_RUN_ERROR;
    }
    enum th_run run = th_task_start(gen, &call, report);
    th_scripts_note(scripts, d, "on_auth", version, report);
    if (run != TH_RUN_OK && run != TH_RUN_NO_FUNCTION)
        th_scripts_failed(scripts, d, NULL, version, report);
    return run;
}

enum th_auth_verdict th_auth_by_script(
    struct th_auth *a, const struct th_device *d, bool known, bool decides, const struct th_keys *keys)
{
    struct th_client client = {
        .address = a->address, .protocol = a->protocol, .known = known, .mtls = a->door.mtls, .keys = keys};
    const struct th_manifest *manifest = th_device_manifest(d);
    struct th_report report;
    if (decides)
        client.password = a->password;
    if (!th_manifest_has(manifest, TH_FUNCTION_AUTH))
        return decides ? TH_AUTH_SCRIPT : TH_AUTH_ALLOW;
    enum th_run run = ask(a, d, &client, &report);
    if (run == TH_RUN_OK) {
        say(a, client.why.p != NULL ? client.why.p : "", client.why.n);
        bool yes = client.answer == TH_CLIENT_ACCEPTED || (!decides && client.answer == TH_CLIENT_UNDECIDED);
        return yes ? TH_AUTH_ALLOW : TH_AUTH_SCRIPT;
    }
    /* Of a version from before there were manifests only the call tells that it has no such function. */
    if (run == TH_RUN_NO_FUNCTION && !manifest->known && !decides)
        return TH_AUTH_ALLOW;
    failed(a, &report);
    return TH_AUTH_SCRIPT;
}
