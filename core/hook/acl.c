/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"
#include "hook/acl.h"
#include "hook/identity.h"
#include "store/store.h"

/* action, and what follows {product}/{device}/. The same rules as th_topic_may_publish and
 * th_topic_may_subscribe. */
static const char *const rules[][2] = {
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

static void put_one(struct th_buf *out, const char *action, const char *lead, struct th_str product,
    struct th_str device, struct th_str rest)
{
    th_buf_printf(out, "{\"action\":\"%s\",\"permission\":\"allow\",\"topic\":\"%s%.*s/%.*s/%.*s\"},", action,
        lead, TH_STR_FMT(product), TH_STR_FMT(device), TH_STR_FMT(rest));
}

static void put_rule(
    struct th_buf *out, const char *action, struct th_str product, struct th_str device, struct th_str rest)
{
    put_one(out, action, "", product, device, rest);
    put_one(out, action, "/", product, device, rest);
    /* A device key is unique over all products, so `+` for the product reaches nothing of another's. */
    if (action[0] == 's')
        put_one(out, action, "", TH_STR("+"), device, rest);
}

void th_acl_put(struct th_buf *out, struct th_str product, struct th_str device)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        put_rule(out, rules[i][0], product, device, th_str(rules[i][1]));
}

/* What a filter consists of needs no escaping in JSON (store/manifest.h). */
void th_acl_put_own(
    struct th_buf *out, struct th_str product, struct th_str device, const struct th_manifest *m)
{
    for (unsigned i = 0; i < m->publish.count; i++)
        put_rule(out, "publish", product, device, m->publish.list[i]);
    for (unsigned i = 0; i < m->subscribe.count; i++)
        put_rule(out, "subscribe", product, device, m->subscribe.list[i]);
}

/* False: the topic is not the client's, whatever its product declares. */
static bool read_question(
    struct th_acl *a, struct th_str body, const struct th_door *door, struct th_identity *who)
{
    struct th_json j;
    if (th_json_read(&j, &a->arena, body, NULL) != 0 || j.nodes[0].type != TH_JSON_OBJECT)
        return false;
    if (!th_identity_read(th_json_text(&j, 0, TH_STR("username")), th_json_text(&j, 0, TH_STR("client_id")),
            door->mtls, who))
        return false;
    struct th_str topic = th_json_text(&j, 0, TH_STR("topic")),
                  access = th_json_text(&j, 0, TH_STR("access")), product, device;
    if (topic.n > 0 && topic.p[0] == '/')
        topic = (struct th_str){topic.p + 1, topic.n - 1};
    if (topic.n == 0 || !th_str_split(&topic, '/', &product) || topic.p == NULL ||
        !th_str_split(&topic, '/', &device) || topic.p == NULL || !th_str_eq(device, who->device))
        return false;
    a->rest = topic;
    a->publish = th_str_eq(access, TH_STR("2"));
    if (!a->publish && !th_str_eq(access, TH_STR("1")))
        return false;
    return th_str_eq(product, who->product) || (!a->publish && th_str_eq(product, TH_STR("+")));
}

static void on_declared(struct th_product_wait *wait, struct th_product *p, int code)
{
    struct th_acl *a = th_container_of(wait, struct th_acl, wait);
    if (code == 0 && !p->absent)
        a->allow = a->publish ? th_product_takes(p, a->rest) : th_product_may_hear(p, a->rest);
    a->done(a);
}

void th_acl_ask(struct th_acl *a, struct th_str body, const struct th_door *door)
{
    struct th_identity who;
    a->allow = false;
    if (!read_question(a, body, door, &who)) {
        a->done(a);
        return;
    }
    a->allow = a->publish ? th_topic_may_publish(a->rest) : th_topic_may_subscribe(a->rest);
    if (a->allow) {
        a->done(a);
        return;
    }
    a->wait.ready = on_declared;
    th_list_init(&a->wait.link);
    th_product_get(a->home->store, who.product, &a->wait);
}
