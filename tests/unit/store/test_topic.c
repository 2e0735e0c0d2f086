/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"
#include "store/topic.h"

#define K16 "kkkkkkkkkkkkkkkk"
#define K128 K16 K16 K16 K16 K16 K16 K16 K16

static void test_parse(void)
{
    static const struct {
        const char *topic;
        enum th_topic_kind kind;
        const char *product, *device, *rest, *name;
    } all[] = {
        {"p/d/thing/event/property/post", TH_TOPIC_PROPERTY_POST, "p", "d", "thing/event/property/post",
            "property"},
        {"/p/d/thing/event/property/post", TH_TOPIC_PROPERTY_POST, "p", "d", "thing/event/property/post",
            "property"},
        {"p/d/thing/event/door_1/post", TH_TOPIC_EVENT_POST, "p", "d", "thing/event/door_1/post", "door_1"},
        {"p/d/thing/event/Property/post", TH_TOPIC_EVENT_POST, "p", "d", "thing/event/Property/post",
            "Property"},
        {"p/d/thing/service/property/set", TH_TOPIC_PROPERTY_SET, "p", "d", "thing/service/property/set",
            "property"},
        {"p/d/thing/service/property/set_reply", TH_TOPIC_SET_REPLY, "p", "d",
            "thing/service/property/set_reply", "property"},
        {"p/d/thing/service/reboot/call", TH_TOPIC_SERVICE_CALL, "p", "d", "thing/service/reboot/call",
            "reboot"},
        {"p/d/thing/service/reboot/call_reply", TH_TOPIC_SERVICE_REPLY, "p", "d",
            "thing/service/reboot/call_reply", "reboot"},
        {"p/d/thing/service/property/call", TH_TOPIC_SERVICE_CALL, "p", "d", "thing/service/property/call",
            "property"},
        {"p/d/thing/service/reboot/set", TH_TOPIC_OWN, "p", "d", "thing/service/reboot/set", NULL},
        {"p/d/thing/file/upload", TH_TOPIC_FILE_UPLOAD, "p", "d", "thing/file/upload", NULL},
        {"p/d/ota/version", TH_TOPIC_OTA_VERSION, "p", "d", "ota/version", NULL},
        {"p/d/thing/factory-metadata/get", TH_TOPIC_FACTORY_GET, "p", "d", "thing/factory-metadata/get",
            NULL},
        {"p/d/ota/upgrade", TH_TOPIC_OWN, "p", "d", "ota/upgrade", NULL},
        {"p/d/ota/version_reply", TH_TOPIC_OWN, "p", "d", "ota/version_reply", NULL},
        {"p/d/thing/event/property/post_reply", TH_TOPIC_OWN, "p", "d", "thing/event/property/post_reply",
            NULL},
        {"p/d/thing/event/property/post/x", TH_TOPIC_OWN, "p", "d", "thing/event/property/post/x", NULL},
        {"p/d/thing/event/property", TH_TOPIC_OWN, "p", "d", "thing/event/property", NULL},
        {"p/d/thing/event//post", TH_TOPIC_OWN, "p", "d", "thing/event//post", NULL},
        {"p/d/thing/event/a b/post", TH_TOPIC_OWN, "p", "d", "thing/event/a b/post", NULL},
        {"p/d/thing/event/../post", TH_TOPIC_OWN, "p", "d", "thing/event/../post", NULL},
        {"p/d/thing/event/" K128 "/post", TH_TOPIC_EVENT_POST, "p", "d", "thing/event/" K128 "/post", K128},
        {"p/d/thing/event/" K128 "k/post", TH_TOPIC_OWN, "p", "d", "thing/event/" K128 "k/post", NULL},
        {"p/d/Thing/event/property/post", TH_TOPIC_OWN, "p", "d", "Thing/event/property/post", NULL},
        {"p/d//thing/event/property/post", TH_TOPIC_OWN, "p", "d", "/thing/event/property/post", NULL},
        {"p/d/thing/event/property/post/", TH_TOPIC_OWN, "p", "d", "thing/event/property/post/", NULL},
        {"p/d/x", TH_TOPIC_OWN, "p", "d", "x", NULL},
        {"p/d//", TH_TOPIC_OWN, "p", "d", "/", NULL},
        {K128 "/" K128 "/ota/version", TH_TOPIC_OTA_VERSION, K128, K128, "ota/version", NULL},
    };
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        struct th_topic t;
        TH_ROW("%.200s", all[i].topic);
        if (!TH_CHECK(th_topic_parse(th_str(all[i].topic), &t)))
            continue;
        TH_EQ_INT(t.kind, all[i].kind);
        TH_EQ_SLICE(t.product, all[i].product);
        TH_EQ_SLICE(t.device, all[i].device);
        TH_EQ_SLICE(t.rest, all[i].rest);
        if (all[i].name != NULL)
            TH_EQ_SLICE(t.name, all[i].name);
    }
}

static void test_refused(void)
{
    static const char *const all[] = {"", "/", "//", "///", "p", "p/", "p/d", "p/d/", "/p/d", "/p/d/",
        "//p/d/x", "/p//x", "p//x", "//d/x", "p /d/x", "p/d /x", "p/d\xc3\xa9/x", "+/d/x", "p/+/x", "#",
        "p/#", "$SYS/brokers/x", "p.q/d/x", "p/d.e/x", "p/d:1/x", K128 "k/d/x", "p/" K128 "k/x", "p\\d\\x",
        "CN=p/d/x", "p/CN=d/x"};
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        struct th_topic t;
        TH_ROW("%.200s", all[i]);
        TH_CHECK(!th_topic_parse(th_str(all[i]), &t));
    }
    struct th_topic t;
    TH_CHECK(!th_topic_parse((struct th_str){NULL, 0}, &t));
    TH_CHECK(!th_topic_parse(TH_STR("p\0q/d/x"), &t) && !th_topic_parse(TH_STR("p/d\0/x"), &t));
}

/* What follows {product}/{device}/, and whether a device may say it, and listen to it. */
static void test_rights(void)
{
    static const struct {
        const char *rest;
        bool publish, subscribe;
    } all[] = {
        {"thing/event/property/post", true, true},
        {"thing/event/door/post", true, true},
        {"thing/event/property/post_reply", false, true},
        {"thing/event/door/post_reply", false, true},
        {"thing/event/+/post_reply", false, true},
        {"thing/event/#", false, true},
        {"thing/event/+/post", false, true},
        {"thing/service/property/set", false, true},
        {"thing/service/property/set_reply", true, true},
        {"thing/service/reboot/call", false, true},
        {"thing/service/reboot/call_reply", true, true},
        {"thing/service/reboot/set", false, true},
        {"thing/service/#", false, true},
        {"thing/service/+/call", false, true},
        {"thing/file/upload", true, true},
        {"thing/file/upload_reply", false, true},
        {"thing/factory-metadata/get", true, true},
        {"thing/factory-metadata/get_reply", false, true},
        {"ota/version", true, false},
        {"ota/version_reply", false, true},
        {"ota/upgrade", false, true},
        {"ota/#", false, false},
        {"ota/+", false, false},
        {"ota/upgrade/x", false, false},
        {"ota", false, false},
        {"#", false, false},
        {"+", false, false},
        {"+/#", false, false},
        {"thing/#", false, false},
        {"thing/+/#", false, false},
        {"thing/+/property/set", false, false},
        {"thing", false, false},
        {"thing/event", false, false},
        {"thing/eventx/y", false, false},
        {"", false, false},
        {"/", false, false},
        {"/thing/event/property/post", false, false},
        {"other/topic", false, false},
        {"$share/g/x", false, false},
    };
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        TH_ROW("%s", all[i].rest);
        TH_EQ_INT(th_topic_may_publish(th_str(all[i].rest)), all[i].publish);
        TH_EQ_INT(th_topic_may_subscribe(th_str(all[i].rest)), all[i].subscribe);
    }
}

int main(void)
{
    TH_RUN(test_parse);
    TH_RUN(test_refused);
    TH_RUN(test_rights);
    return TH_END();
}
