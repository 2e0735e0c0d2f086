/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"
#include "fixture.h"
#include "store/dead_letter.h"

static struct th_arena arena;

static void test_recorded(void)
{
    static const struct {
        const char *file;
        enum th_hook_kind kind;
        const char *device, *product, *dead; /* dead NULL: alive */
        bool mtls;
    } all[] = {
        {"client_connected-mqtt4.json", TH_HOOK_CONNECTED, "dev2", "demo", NULL, false},
        {"client_connected-mqtt5.json", TH_HOOK_CONNECTED, "dev1", "demo", NULL, false},
        {"client_disconnected.json", TH_HOOK_DISCONNECTED, "dev1", "demo", NULL, false},
        {"client_disconnected-publish-refused.json", TH_HOOK_DISCONNECTED, "dev1", "demo", NULL, false},
        {"client_subscribe.json", TH_HOOK_SUBSCRIBE, "dev2", "demo", NULL, false},
        {"message_publish-qos0-not-json.json", TH_HOOK_PUBLISH, "dev3", "demo", NULL, false},
        {"message_publish-qos1-empty.json", TH_HOOK_PUBLISH, "dev3", "demo", NULL, false},
        {"message_publish-qos1.json", TH_HOOK_PUBLISH, "dev1", "demo", NULL, false},
        {"message_publish-qos2-retain.json", TH_HOOK_PUBLISH, "dev3", "demo", NULL, false},
        {"message_publish-qos0-mtls.json", TH_HOOK_PUBLISH, "dev1", "demo", NULL, true},
        {"message_publish-qos0-mtls.json", TH_HOOK_PUBLISH, "dev1", NULL, TH_DEAD_FORGED, false},
        {"message_publish-qos1.json", TH_HOOK_PUBLISH, "dev1", NULL, TH_DEAD_FORGED, true},
        {"client_connected-mqtt5.json", TH_HOOK_CONNECTED, "dev1", NULL, TH_DEAD_FORGED, true},
        {"auth.json", TH_HOOK_OTHER, NULL, NULL, TH_DEAD_NOT_HOOK, false},
        {"acl-publish.json", TH_HOOK_OTHER, NULL, NULL, TH_DEAD_NOT_HOOK, false},
    };
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        struct th_message m;
        TH_ROW("%s at the %s door", all[i].file, all[i].mtls ? "mtls" : "plain");
        fixture_take(&m, fixture_read(&arena, all[i].file), 1, all[i].mtls);
        TH_EQ_INT(m.kind, all[i].kind);
        TH_EQ_STR(m.dead_reason, all[i].dead);
        if (all[i].device != NULL)
            TH_EQ_SLICE(m.device_key, all[i].device);
        if (all[i].product != NULL)
            TH_EQ_SLICE(m.product_key, all[i].product);
        TH_EQ_INT(m.node, 1);
        th_arena_free(&m.arena);
    }
}

static void test_recorded_members(void)
{
    struct th_message m;
    fixture_take(&m, fixture_read(&arena, "message_publish-qos1.json"), 0, false);
    TH_EQ_SLICE(m.payload, "{\"id\":\"1\",\"params\":{\"t\":1},\"ack\":1}");
    TH_EQ_SLICE(m.address, "127.0.0.1:35124");
    TH_EQ_SLICE(m.topic.rest, "thing/event/property/post");
    TH_CHECK(m.qos == 1 && m.packet_id == 1 && !m.dup && th_clock_ms() - m.time_ms < 60000);
    th_arena_free(&m.arena);
    fixture_take(&m, fixture_read(&arena, "message_publish-qos0-mtls.json"), 0, true);
    TH_CHECK(m.qos == 0 && m.packet_id == -1);
    th_arena_free(&m.arena);
    fixture_take(&m, fixture_read(&arena, "message_publish-qos1-empty.json"), 0, false);
    TH_CHECK(m.dead_reason == NULL && m.payload.n == 0 && m.payload.p != NULL);
    th_arena_free(&m.arena);
    fixture_take(&m, fixture_read(&arena, "client_connected-mqtt5.json"), 0, false);
    TH_EQ_INT(m.protocol, 5);
    TH_EQ_SLICE(m.reason, "");
    th_arena_free(&m.arena);
    fixture_take(&m, fixture_read(&arena, "client_disconnected-publish-refused.json"), 0, false);
    TH_EQ_SLICE(m.reason, "PublishRefused");
    th_arena_free(&m.arena);
    fixture_take(&m, fixture_read(&arena, "client_subscribe.json"), 0, false);
    TH_EQ_SLICE(m.topic.rest, "thing/service/property/set");
    th_arena_free(&m.arena);
}

#define A40 "1234567890123456789012345678901234567890"

static void test_publish(void)
{
    static const struct {
        struct fixture_publish p;
        int node;
        bool mtls;
        const char *dead; /* NULL: alive, "": alive, but of a kind that changes nothing */
    } all[] = {
        {{0}, 0, false, NULL}, {{0}, 1, false, NULL},
        /* whose topic */
        {{.topic = "\"/demo/dev1/thing/event/property/post\""}, 0, false, NULL},
        {{.topic = "\"demo/dev1/thing/event/door/post\""}, 0, false, NULL},
        {{.topic = "\"demo/dev1/thing/service/property/set_reply\""}, 0, false, NULL},
        {{.topic = "\"demo/dev1/anything/else\""}, 0, false, NULL},
        {{.topic = "\"demo/dev2/thing/event/property/post\""}, 0, false, TH_DEAD_FORGED},
        {{.topic = "\"other/dev1/thing/event/property/post\""}, 0, false, TH_DEAD_FORGED},
        {{.topic = "\"demo/Dev1/thing/event/property/post\""}, 0, false, TH_DEAD_FORGED},
        {{.topic = "\"//demo/dev1/thing/event/property/post\""}, 0, false, TH_DEAD_TOPIC},
        {{.topic = "\"demo/dev1\""}, 0, false, TH_DEAD_TOPIC}, {{.topic = "\"\""}, 0, false, TH_DEAD_TOPIC},
        {{.topic = ""}, 0, false, TH_DEAD_TOPIC}, {{.topic = "null"}, 0, false, TH_DEAD_TOPIC},
        {{.topic = "\"demo/+/thing/event/property/post\""}, 0, false, TH_DEAD_TOPIC},
        /* what a device may say */
        {{.topic = "\"demo/dev1/thing/service/property/set\""}, 0, false, TH_DEAD_FORGED},
        {{.topic = "\"demo/dev1/thing/service/reboot/call\""}, 0, false, TH_DEAD_FORGED},
        {{.from = "\"lastwill\""}, 0, false, NULL},
        {{.from = "\"lastwill\"", .packet = "null"}, 0, false, NULL},
        {{.from = "\"lastwill\"", .topic = "\"demo/dev1/thing/event/lost/post\""}, 0, false, NULL},
        {{.from = "\"lastwill\"", .topic = "\"demo/dev1/thing/service/property/set_reply\""}, 0, false,
            TH_DEAD_FORGED},
        {{.from = "\"lastwill\"", .topic = "\"demo/dev1/thing/service/property/set\""}, 0, false,
            TH_DEAD_FORGED},
        {{.from = "\"lastwill\"", .topic = "\"demo/dev2/thing/event/property/post\""}, 0, false,
            TH_DEAD_FORGED},
        {{.from = "\"lastwill\"", .topic = "\"demo/dev1/ota/version\""}, 0, false, TH_DEAD_FORGED},
        {{.from = "", .topic = "\"demo/dev1/thing/service/property/set_reply\""}, 0, false, TH_DEAD_FORGED},
        {{.from = "\"bridge\"", .topic = "\"demo/dev1/ota/version\""}, 0, false, TH_DEAD_FORGED},
        /* who */
        {{.client = "\"dev2\""}, 0, false, TH_DEAD_FORGED}, {{.user = "\"other\""}, 0, false, TH_DEAD_FORGED},
        {{.user = "\"\""}, 0, false, TH_DEAD_FORGED}, {{.user = ""}, 0, false, TH_DEAD_FORGED},
        {{.user = "null"}, 0, false, TH_DEAD_FORGED}, {{.user = "\"demo/dev1\""}, 0, false, TH_DEAD_FORGED},
        {{.client = ""}, 0, false, TH_DEAD_FORGED}, {{.client = "17"}, 0, false, TH_DEAD_FORGED},
        {{.user = "\"demo/dev1\""}, 0, true, NULL},
        {{.user = "\"O=thingd, serialNumber=0A1B2C, CN=demo/dev1\""}, 0, true, NULL},
        {{.user = "\"O=thingd, serialNumber=0A1B2C, CN=demo/dev1\""}, 0, false, TH_DEAD_FORGED},
        {{.user = "\"CN=demo/dev1, CN=demo/dev2\""}, 0, true, TH_DEAD_FORGED},
        {{.user = "\"CN=demo/dev2\""}, 0, true, TH_DEAD_FORGED},
        {{.user = "\"demo\""}, 0, true, TH_DEAD_FORGED}, {{.client = "\"rmqtt_things\""}, 0, false, ""},
        {{.client = "\"thingd-1\"", .topic = "\"x\""}, 0, false, ""},
        /* node */
        {{.node = "2"}, 1, false, TH_DEAD_NODE}, {{.node = "2"}, 2, false, NULL},
        {{.node = "0"}, 0, false, NULL}, {{.node = ""}, 0, false, TH_DEAD_NOT_HOOK},
        {{.node = "\"1\""}, 1, false, TH_DEAD_NOT_HOOK}, {{.node = "-1"}, 0, false, TH_DEAD_NOT_HOOK},
        {{.node = "1.0"}, 1, false, TH_DEAD_NOT_HOOK}, {{.node = "2147483648"}, 0, false, TH_DEAD_NOT_HOOK},
        /* address */
        {{.address = "\"[fe80::1%2]:1883\""}, 0, false, NULL}, {{.address = "\"\""}, 0, false, NULL},
        {{.address = ""}, 0, false, NULL},
        {{.address = "\"127.0.0.1:35124' or\""}, 0, false, TH_DEAD_NOT_HOOK},
        {{.address = "\"host.example:1\""}, 0, false, TH_DEAD_NOT_HOOK},
        {{.address = "\"1,2\""}, 0, false, TH_DEAD_NOT_HOOK},
        {{.address = "\"" A40 "12345678901234567890123\""}, 0, false, NULL},
        {{.address = "\"" A40 "123456789012345678901234\""}, 0, false, TH_DEAD_NOT_HOOK},
        /* time */
        {{.ts = "946684800000"}, 0, false, NULL}, {{.ts = "946684799999"}, 0, false, TH_DEAD_NOT_HOOK},
        {{.ts = "-1"}, 0, false, TH_DEAD_NOT_HOOK}, {{.ts = "99999999999999"}, 0, false, TH_DEAD_NOT_HOOK},
        {{.ts = "9223372036854775807"}, 0, false, TH_DEAD_NOT_HOOK}, {{.ts = ""}, 0, false, TH_DEAD_NOT_HOOK},
        {{.ts = "null"}, 0, false, TH_DEAD_NOT_HOOK},
        {{.ts = "\"1795555683725\""}, 0, false, TH_DEAD_NOT_HOOK},
        {{.ts = "1e12"}, 0, false, TH_DEAD_NOT_HOOK},
        /* payload */
        {{.payload = "\"\""}, 0, false, NULL}, {{.payload = "\"AA==\""}, 0, false, NULL},
        {{.payload = ""}, 0, false, TH_DEAD_NOT_HOOK}, {{.payload = "null"}, 0, false, TH_DEAD_NOT_HOOK},
        {{.payload = "{}"}, 0, false, TH_DEAD_NOT_HOOK},
        {{.payload = "\"not base64\""}, 0, false, TH_DEAD_NOT_HOOK},
        {{.payload = "\"AAA\""}, 0, false, TH_DEAD_NOT_HOOK},
        {{.payload = "\"AB==\""}, 0, false, TH_DEAD_NOT_HOOK},
        {{.payload = "\"AA==\\n\""}, 0, false, TH_DEAD_NOT_HOOK},
        /* the rest is taken as it comes */
        {{.packet = "", .dup = "", .qos = ""}, 0, false, NULL},
        {{.packet = "\"x\"", .dup = "\"yes\"", .qos = "[]"}, 0, false, NULL},
        /* what kind */
        {{.action = ""}, 0, false, TH_DEAD_NOT_HOOK}, {{.action = "null"}, 0, false, TH_DEAD_NOT_HOOK},
        {{.action = "\"\""}, 0, false, TH_DEAD_NOT_HOOK}, {{.action = "\"message_delivered\""}, 0, false, ""},
        {{.action = "\"Message_publish\""}, 0, false, ""},
        {{.action = "\"client_connected\""}, 0, false,
            TH_DEAD_NOT_HOOK}, /* has its members under other names */
    };
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        struct th_message m;
        struct th_str body = fixture_publish(&arena, &all[i].p);
        fixture_take(&m, body, all[i].node, all[i].mtls);
        TH_ROW("%zu: %.220s", i, body.p);
        TH_EQ_STR(m.dead_reason, all[i].dead != NULL && all[i].dead[0] == 0 ? NULL : all[i].dead);
        TH_EQ_INT(m.dead_detail != NULL, m.dead_reason != NULL);
        if (all[i].dead == NULL)
            TH_EQ_INT(m.kind, TH_HOOK_PUBLISH);
        else if (all[i].dead[0] == 0)
            TH_EQ_INT(m.kind, TH_HOOK_OTHER);
        th_arena_free(&m.arena);
    }
}

#define S(literal)                                                                                           \
    {                                                                                                        \
        literal, sizeof(literal) - 1                                                                         \
    }

static void test_no_hooks(void)
{
    static const struct th_str all[] = {S(""), S(" "), S("{"), S("[]"), S("null"), S("1"),
        S("\"message_publish\""), S("{}"), S("[{\"action\":\"message_publish\"}]"), S("not json"),
        S("\xff\xfe"), S("{\"action\":\"message_publish\",\"action\":\"message_publish\"}"),
        S("{\"action\":\"client_connected\",\"x\":\"\\u0000\"}"),
        S("{\"action\":\"client_connected\",\"x\":\"\\ud800\"}"),
        S("{\"action\":\"client_connected\",\"x\":\"\xc3\"}"),
        S("{\"action\":\"message_publish\",\"x\":1e999}"), S("{\"action\":{\"message_publish\":1}}"),
        S("<xml/>"), S("\0\0\0\0"), S("client_id=dev1&username=demo&password=x")};
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        struct th_message m;
        TH_ROW("%.*s", TH_STR_FMT(all[i]));
        fixture_take(&m, all[i], 1, false);
        TH_EQ_STR(m.dead_reason, TH_DEAD_NOT_HOOK);
        TH_EQ_INT(m.kind, TH_HOOK_OTHER);
        TH_EQ_INT(m.node, 1); /* the token's, for the dead letter */
        TH_CHECK(m.device_key.n == 0 && m.product_key.n == 0);
        th_arena_free(&m.arena);
    }
}

static void key_of(const struct fixture_publish *p, unsigned char digest[TH_DIGEST_LEN])
{
    struct th_message m;
    struct fixture_publish full = *p;
    if (full.ts == NULL)
        full.ts = "1700000000000";
    fixture_take(&m, fixture_publish(&arena, &full), 0, full.user != NULL && strchr(full.user, '=') != NULL);
    memcpy(digest, m.digest, TH_DIGEST_LEN);
    th_arena_free(&m.arena);
}

/* What makes a message another one, and what a repetition by the broker may change. The first half is the
 * payload's and topic's alone: with it a message sent again by the device (dup) is found. */
static void test_message_key(void)
{
    static const struct {
        struct fixture_publish p;
        bool same_payload, same;
    } all[] = {
        {{0}, true, true},
        {{.dup = "true"}, true, true},
        {{.qos = "2"}, true, true},
        {{.node = "7"}, true, true},
        {{.address = "\"10.0.0.1:1\""}, true, true},
        {{.from = "\"lastwill\""}, true, true},
        {{.ts = "1700000000001"}, true, false},
        {{.packet = "2"}, true, false},
        {{.packet = "null"}, true, false},
        {{.user = "\"CN=demo/dev1\""}, true, false},
        {{.payload = "\"eyJpZCI6IjEiLCJwYXJhbXMiOnsidCI6Mn0sImFjayI6MX0=\""}, false, false},
        {{.payload = "\"\""}, false, false},
        {{.topic = "\"/demo/dev1/thing/event/property/post\""}, false, false},
        {{.topic = "\"demo/dev1/thing/event/door/post\""}, false, false},
        {{.topic = "\"demo/dev2/thing/event/property/post\"", .client = "\"dev2\""}, false, false},
    };
    unsigned char first[TH_DIGEST_LEN], other[TH_DIGEST_LEN];
    key_of(&all[0].p, first);
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        TH_ROW("%zu", i);
        key_of(&all[i].p, other);
        TH_EQ_INT(memcmp(first, other, 8) == 0, all[i].same_payload);
        TH_EQ_INT(memcmp(first, other, TH_DIGEST_LEN) == 0, all[i].same);
    }
}

static void test_subscribe(void)
{
    static const struct {
        const char *filter, *rest; /* rest NULL: nothing to do */
        const char *user;
        bool mtls;
    } all[] = {
        {"demo/dev1/thing/service/property/set", "thing/service/property/set", "\"demo\"", false},
        {"/demo/dev1/ota/upgrade", "ota/upgrade", "\"demo\"", false},
        {"+/dev1/thing/service/#", "thing/service/#", "\"demo\"", false},
        {"demo/dev1/#", "#", "\"demo\"", false},
        {"+/dev1/ota/upgrade", "ota/upgrade", "\"O=x, CN=demo/dev1\"", true},
        {"demo/dev2/thing/service/property/set", NULL, "\"demo\"", false},
        {"other/dev1/thing/service/property/set", NULL, "\"demo\"", false},
        {"demo/+/thing/service/property/set", NULL, "\"demo\"", false},
        {"+/+/thing/service/property/set", NULL, "\"demo\"", false},
        {"#", NULL, "\"demo\"", false},
        {"+", NULL, "\"demo\"", false},
        {"demo/#", NULL, "\"demo\"", false},
        {"demo/dev1", NULL, "\"demo\"", false},
        {"//demo/dev1/x", NULL, "\"demo\"", false},
        {"$share/g/demo/dev1/x", NULL, "\"demo\"", false},
        {"", NULL, "\"demo\"", false},
    };
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        char body[512];
        struct th_message m;
        TH_ROW("%s", all[i].filter);
        int n = snprintf(body, sizeof body,
            "{\"action\":\"client_subscribe\",\"node\":1,\"ipaddress\":\"\",\"clientid\":\"dev1\","
            "\"username\":%s,"
            "\"topic\":\"%s\",\"opts\":{\"qos\":1}}",
            all[i].user, all[i].filter);
        fixture_take(&m, (struct th_str){body, (size_t)n}, 1, all[i].mtls);
        TH_EQ_STR(m.dead_reason, NULL);
        TH_EQ_INT(m.kind, all[i].rest != NULL ? TH_HOOK_SUBSCRIBE : TH_HOOK_OTHER);
        if (all[i].rest != NULL)
            TH_EQ_SLICE(m.topic.rest, all[i].rest);
        th_arena_free(&m.arena);
    }
}

/* The reason may carry a client's own words (MQTT 5): kept to 200 bytes, never half a character. */
static void test_long_reason(void)
{
    struct th_buf b = {0};
    struct th_message m;
    th_buf_printf(&b,
        "{\"action\":\"client_disconnected\",\"node\":1,\"clientid\":\"dev1\",\"username\":\"demo\","
        "\"disconnected_at\":%lld,\"reason\":\"a",
        (long long)th_clock_ms());
    for (int i = 0; i < 200; i++)
        th_buf_puts(&b, "\xe2\x82\xac");
    th_buf_puts(&b, "\"}");
    fixture_take(&m, th_buf_view(&b), 0, false);
    TH_EQ_STR(m.dead_reason, NULL);
    TH_CHECK(m.reason.n == 199 && th_str_is_utf8(m.reason));
    th_arena_free(&m.arena);
    th_buf_free(&b);
}

static void test_long_username(void)
{
    struct th_buf user = {0};
    struct th_message m;
    th_buf_puts(&user, "\"a");
    for (int i = 0; i < 500; i++)
        th_buf_puts(&user, "\xc3\xa9");
    th_buf_putc(&user, '"');
    fixture_take(
        &m, fixture_publish(&arena, &(struct fixture_publish){.user = th_buf_cstr(&user)}), 0, false);
    TH_EQ_STR(m.dead_reason, TH_DEAD_FORGED);
    TH_CHECK(strlen(m.dead_detail) < 200 && th_str_is_utf8(th_str(m.dead_detail)));
    th_arena_free(&m.arena);
    th_buf_free(&user);
}

int main(void)
{
    th_arena_init(&arena);
    TH_RUN(test_recorded);
    TH_RUN(test_recorded_members);
    TH_RUN(test_publish);
    TH_RUN(test_no_hooks);
    TH_RUN(test_message_key);
    TH_RUN(test_subscribe);
    TH_RUN(test_long_reason);
    TH_RUN(test_long_username);
    th_arena_free(&arena);
    return TH_END();
}
