/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/json.h"
#include "base/log.h"
#include "hook/acl.h"
#include "hook/auth.h"
#include "hook/auth_nonce.h"
#include "hook/auth_script.h"
#include "hook/identity.h"
#include "io/pg.h"
#include "sec/password.h"
#include "store/store.h"

/* Takes the product's key pattern and the hourly limit into the statement, so that instances cannot add up
 * past it. */
static const char provision_sql[] =
    "insert into device (product_id, key, source) select p.id, $2, 'auto' from product p where p.id = "
    "$1::bigint"
    " and (select count(*) from device d where d.product_id = p.id and d.source = 'auto'"
    "  and d.created_at > now() - interval '1 hour') < $3::bigint"
    " on conflict (key) do nothing returning id";

static const char *const words[] = {
    [TH_AUTH_ALLOW] = "allow",
    [TH_AUTH_MALFORMED] = "malformed",
    [TH_AUTH_UNKNOWN] = "unknown",
    [TH_AUTH_DISABLED] = "disabled",
    [TH_AUTH_WRONG_PRODUCT] = "wrong_product",
    [TH_AUTH_CLOCK] = "clock",
    [TH_AUTH_MISMATCH] = "mismatch",
    [TH_AUTH_REPLAY] = "replay",
    [TH_AUTH_LIMIT] = "provision_limit",
    [TH_AUTH_SCRIPT] = "script",
    [TH_AUTH_BACKEND] = "backend",
};

static void deliver(struct th_worker *to, struct th_mail *mail)
{
    struct th_auth *a = th_container_of(mail, struct th_auth, mail);
    a->done(a);
}

static void decide(struct th_auth *a, enum th_auth_verdict verdict)
{
    a->verdict = verdict;
    if (a->store != NULL) {
        if (verdict == TH_AUTH_ALLOW)
            th_count(a->store->metrics, auth_allowed);
        else
            th_count(a->store->metrics, auth_denied);
        if (verdict == TH_AUTH_CLOCK)
            th_count(a->store->metrics, auth_clock);
    }
    if (verdict != TH_AUTH_ALLOW)
        th_info("auth_denied", "product=\"%.*s\" device=\"%.*s\" reason=%s skew_s=%lld why=\"%s\"",
            TH_STR_FMT(a->product), TH_STR_FMT(a->device), words[verdict], (long long)a->skew_s,
            a->why != NULL ? a->why : "");
    a->mail.run = deliver;
    th_worker_post(a->home, &a->mail);
}

static int64_t window_of(const struct th_auth *a, const struct th_product *p)
{
    return p->auth_window_ms > 0 ? p->auth_window_ms : a->store->conf->auth_window;
}

static enum th_auth_verdict check_password(
    struct th_auth *a, const struct th_product *p, const struct th_keys *keys)
{
    switch (th_password_check(a->device, a->password, keys->list, keys->count, th_clock_ms() / 1000,
        window_of(a, p) / 1000, &a->skew_s)) {
    case TH_PASSWORD_OK:
        return TH_AUTH_ALLOW;
    case TH_PASSWORD_CLOCK:
        return TH_AUTH_CLOCK;
    case TH_PASSWORD_MALFORMED:
        return TH_AUTH_MALFORMED;
    case TH_PASSWORD_MISMATCH:
        break;
    }
    return TH_AUTH_MISMATCH;
}

/* On the way back to home the product is not there any more: what it adds to the ACL travels along. */
static void keep_own_rules(struct th_auth *a, const struct th_product *p)
{
    struct th_buf text = {0};
    th_acl_put_own(&text, a->product, a->device, &p->script.manifest);
    th_acl_put_own(&text, a->product, a->device, &p->canary.manifest);
    a->own = (struct th_str){th_arena_dup(&a->arena, text.p, text.n), text.n};
    th_buf_free(&text);
}

static void on_provisioned(void *arg, const struct th_pg_outcome *o)
{
    struct th_auth *a = arg;
    if (o->code != 0) {
        decide(a, TH_AUTH_BACKEND);
        return;
    }
    th_device_forget_key(a->store, a->device); /* it was known as absent */
    if (PQntuples(o->res) == 0) {
        decide(a, TH_AUTH_LIMIT); /* or made by another instance this moment: the device tries again */
        return;
    }
    th_count(a->store->metrics, auth_provisioned);
    th_info("device_provisioned", "product=%.*s device=%.*s", TH_STR_FMT(a->product), TH_STR_FMT(a->device));
    decide(a, TH_AUTH_ALLOW);
}

static void on_product(struct th_product_wait *wait, struct th_product *p, int code)
{
    struct th_auth *a = th_container_of(wait, struct th_auth, product_wait);
    if (code != 0) {
        decide(a, TH_AUTH_BACKEND);
        return;
    }
    /* An unknown device has no key of its own: only the product's key can vouch for it. */
    if (p->absent || !p->provision || p->auth != TH_AUTH_PRODUCT_KEY ||
        !th_str_starts(a->device, th_str(p->provision_prefix)) || a->door.mtls) {
        decide(a, TH_AUTH_UNKNOWN);
        return;
    }
    enum th_auth_verdict verdict = p->enabled ? check_password(a, p, &p->keys) : TH_AUTH_DISABLED;
    struct th_device fresh = {
        .key = th_arena_dup(&a->arena, a->device.p, a->device.n), .product = p, .store = a->store};
    if (verdict == TH_AUTH_ALLOW)
        verdict = th_auth_by_script(a, &fresh, false, false, &p->keys);
    if (verdict != TH_AUTH_ALLOW) {
        decide(a, verdict);
        return;
    }
    keep_own_rules(a, p);
    char id[24], limit[24];
    snprintf(id, sizeof id, "%lld", (long long)p->id);
    snprintf(limit, sizeof limit, "%lld", (long long)a->store->conf->auth_provision_per_hour);
    const char *params[] = {id, th_arena_dup(&a->arena, a->device.p, a->device.n), limit};
    if (th_pg_query(a->store->w->pg, provision_sql, true, 3, params, on_provisioned, a, NULL) != 0)
        decide(a, TH_AUTH_BACKEND);
}

static enum th_auth_verdict check_known(struct th_auth *a, struct th_device *d)
{
    static const struct th_keys none;
    struct th_product *p = d->product;
    const struct th_keys *keys = p->auth == TH_AUTH_PRODUCT_KEY ? &p->keys : &d->keys;
    if (!th_str_eq(th_str(p->key), a->product))
        return TH_AUTH_WRONG_PRODUCT;
    if (!d->enabled || !p->enabled)
        return TH_AUTH_DISABLED;
    if (a->door.mtls) /* the broker has checked the certificate */
        return th_auth_by_script(a, d, true, false, &none);
    if (p->auth == TH_AUTH_SCRIPT_DECIDES)
        return th_auth_by_script(a, d, true, true, keys);
    enum th_auth_verdict verdict = check_password(a, p, keys);
    return verdict == TH_AUTH_ALLOW ? th_auth_by_script(a, d, true, false, keys) : verdict;
}

static void on_nonce(struct th_auth *a, bool fresh)
{
    decide(a, fresh ? TH_AUTH_ALLOW : TH_AUTH_REPLAY);
}

static void on_known(struct th_auth *a, struct th_device *d)
{
    const struct th_product *p = d->product;
    enum th_auth_verdict verdict = check_known(a, d);
    if (verdict == TH_AUTH_ALLOW)
        keep_own_rules(a, p);
    if (verdict == TH_AUTH_ALLOW && p->auth_once && !a->door.mtls && p->auth != TH_AUTH_SCRIPT_DECIDES)
        th_auth_nonce_take(a, d, window_of(a, p), on_nonce);
    else
        decide(a, verdict);
}

static void on_device(struct th_device_wait *wait, struct th_device *d, int code)
{
    struct th_auth *a = th_container_of(wait, struct th_auth, wait);
    int64_t away = th_store_away_ms(a->store);
    if (code != 0 || away > a->store->conf->auth_offline) {
        decide(a, TH_AUTH_BACKEND);
    } else if (d->absent) {
        a->product_wait.ready = on_product;
        th_list_init(&a->product_wait.link);
        th_product_get(a->store, a->product, &a->product_wait);
    } else {
        on_known(a, d);
    }
}

static void on_owner(struct th_worker *w, struct th_mail *mail)
{
    struct th_auth *a = th_container_of(mail, struct th_auth, mail);
    a->store = w->store;
    a->wait.ready = on_device;
    th_list_init(&a->wait.link);
    th_device_get(w->store, a->device, &a->wait);
}

void th_auth_ask(struct th_auth *a, struct th_str body)
{
    struct th_json j;
    struct th_identity who;
    if (th_json_read(&j, &a->arena, body, NULL) != 0 || j.nodes[0].type != TH_JSON_OBJECT) {
        decide(a, TH_AUTH_MALFORMED);
        return;
    }
    a->product = th_json_text(&j, 0, TH_STR("username"));
    a->device = th_json_text(&j, 0, TH_STR("client_id"));
    a->password = th_json_text(&j, 0, TH_STR("password"));
    a->address = th_json_text(&j, 0, TH_STR("ipaddress"));
    a->protocol = th_json_text(&j, 0, TH_STR("protocol"));
    if (!th_identity_read(a->product, a->device, a->door.mtls, &who)) {
        decide(a, TH_AUTH_MALFORMED);
        return;
    }
    a->product = who.product;
    a->device = who.device;
    a->mail.run = on_owner;
    th_worker_post(th_worker_of_device(a->home->rt, a->device), &a->mail);
}

void th_auth_answer(const struct th_auth *a, int64_t session_ms, struct th_buf *out)
{
    if (a->verdict != TH_AUTH_ALLOW) {
        th_buf_puts(out, "{\"result\":\"deny\",\"superuser\":false}");
        return;
    }
    /* A fleet that connected together does not end together. */
    int64_t jitter = (int64_t)(th_str_hash(a->device) % 1000) * session_ms / 5000 - session_ms / 10;
    th_buf_printf(out, "{\"result\":\"allow\",\"superuser\":false,\"expire_at\":%lld,\"acl\":[",
        (long long)((th_clock_ms() + session_ms + jitter) / 1000));
    th_acl_put(out, a->product, a->device);
    th_buf_str(out, a->own);
    th_buf_puts(out, "{\"action\":\"all\",\"permission\":\"deny\",\"topic\":\"#\"}]}");
}
