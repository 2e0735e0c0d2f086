/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/json.h"
#include "base/log.h"
#include "hook/auth.h"
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
    [TH_AUTH_LIMIT] = "provision_limit",
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
        th_info("auth_denied", "product=\"%.*s\" device=\"%.*s\" reason=%s skew_s=%lld",
            TH_STR_FMT(a->product), TH_STR_FMT(a->device), words[verdict], (long long)a->skew_s);
    a->mail.run = deliver;
    th_worker_post(a->home, &a->mail);
}

static enum th_auth_verdict check_password(
    struct th_auth *a, const struct th_product *p, const struct th_keys *keys)
{
    int64_t window = p->auth_window_ms > 0 ? p->auth_window_ms : a->store->conf->auth_window;
    switch (th_password_check(
        a->device, a->password, keys->list, keys->count, th_clock_ms() / 1000, window / 1000, &a->skew_s)) {
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
    if (verdict != TH_AUTH_ALLOW) {
        decide(a, verdict);
        return;
    }
    char id[24], limit[24];
    snprintf(id, sizeof id, "%lld", (long long)p->id);
    snprintf(limit, sizeof limit, "%lld", (long long)a->store->conf->auth_provision_per_hour);
    const char *params[] = {id, th_arena_dup(&a->arena, a->device.p, a->device.n), limit};
    if (th_pg_query(a->store->w->pg, provision_sql, true, 3, params, on_provisioned, a, NULL) != 0)
        decide(a, TH_AUTH_BACKEND);
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
    } else if (!th_str_eq(th_str(d->product->key), a->product)) {
        decide(a, TH_AUTH_WRONG_PRODUCT);
    } else if (!d->enabled || !d->product->enabled) {
        decide(a, TH_AUTH_DISABLED);
    } else if (a->door.mtls) {
        decide(a, TH_AUTH_ALLOW); /* the broker has checked the certificate */
    } else {
        decide(a, check_password(
                      a, d->product, d->product->auth == TH_AUTH_PRODUCT_KEY ? &d->product->keys : &d->keys));
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

static struct th_str member(const struct th_json *j, struct th_str name)
{
    const struct th_json_node *n = th_json_get(j, 0, name);
    return n != NULL && n->type == TH_JSON_STRING ? n->text : (struct th_str){"", 0};
}

void th_auth_ask(struct th_auth *a, struct th_str body)
{
    struct th_json j;
    struct th_identity who;
    if (th_json_read(&j, &a->arena, body, NULL) != 0 || j.nodes[0].type != TH_JSON_OBJECT) {
        decide(a, TH_AUTH_MALFORMED);
        return;
    }
    a->product = member(&j, TH_STR("username"));
    a->device = member(&j, TH_STR("client_id"));
    a->password = member(&j, TH_STR("password"));
    if (!th_identity_read(a->product, a->device, a->door.mtls, &who)) {
        decide(a, TH_AUTH_MALFORMED);
        return;
    }
    a->product = who.product;
    a->device = who.device;
    a->mail.run = on_owner;
    th_worker_post(th_worker_of_device(a->home->rt, a->device), &a->mail);
}

/* action, and what follows {product}/{device}/. The same rules as th_topic_may_publish and
 * th_topic_may_subscribe. */
static const char *const acl[][2] = {
    {"publish", "thing/event/+/post"},
    {"publish", "thing/service/property/set_reply"},
    {"publish", "thing/service/+/call_reply"},
    {"publish", "thing/file/upload"},
    {"publish", "thing/factory-metadata/get"},
    {"publish", "ota/version"},
    {"subscribe", "thing/event/#"},
    {"subscribe", "thing/service/#"},
    {"subscribe", "thing/file/#"},
    {"subscribe", "thing/factory-metadata/#"},
    {"subscribe", "ota/version_reply"},
    {"subscribe", "ota/upgrade"},
};

static void put_rule(struct th_buf *out, const char *action, const char *lead, struct th_str product,
    struct th_str device, const char *rest)
{
    th_buf_printf(out, "{\"action\":\"%s\",\"permission\":\"allow\",\"topic\":\"%s%.*s/%.*s/%s\"},", action,
        lead, TH_STR_FMT(product), TH_STR_FMT(device), rest);
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
    for (size_t i = 0; i < sizeof acl / sizeof *acl; i++) {
        put_rule(out, acl[i][0], "", a->product, a->device, acl[i][1]);
        put_rule(out, acl[i][0], "/", a->product, a->device, acl[i][1]);
        /* A device key is unique over all products, so `+` for the product reaches nothing of another's. */
        if (acl[i][0][0] == 's')
            put_rule(out, acl[i][0], "", TH_STR("+"), a->device, acl[i][1]);
    }
    th_buf_puts(out, "{\"action\":\"all\",\"permission\":\"deny\",\"topic\":\"#\"}]}");
}

bool th_acl_allows(struct th_str body, const struct th_door *door, struct th_arena *arena)
{
    struct th_json j;
    struct th_identity who;
    if (th_json_read(&j, arena, body, NULL) != 0 || j.nodes[0].type != TH_JSON_OBJECT)
        return false;
    if (!th_identity_read(member(&j, TH_STR("username")), member(&j, TH_STR("client_id")), door->mtls, &who))
        return false;
    struct th_str topic = member(&j, TH_STR("topic")), access = member(&j, TH_STR("access")), product, device;
    if (topic.n > 0 && topic.p[0] == '/')
        topic = (struct th_str){topic.p + 1, topic.n - 1};
    if (topic.n == 0 || !th_str_split(&topic, '/', &product) || topic.p == NULL ||
        !th_str_split(&topic, '/', &device) || topic.p == NULL || !th_str_eq(device, who.device))
        return false;
    if (th_str_eq(access, TH_STR("2")))
        return th_str_eq(product, who.product) && th_topic_may_publish(topic);
    return th_str_eq(access, TH_STR("1")) &&
           (th_str_eq(product, who.product) || th_str_eq(product, TH_STR("+"))) &&
           th_topic_may_subscribe(topic);
}
