/* SPDX-License-Identifier: Apache-2.0
 *
 * What a payload means by its topic: taken by a function of the script (played: it fails silently, so that
 * nothing else becomes of the message), or refused with or without a reply. */
#include "../test.h"
#include "fixture.h"
#include "hook/interpret.h"
#include "store/dead_letter.h"

static struct th_arena arena;
static struct th_conf *conf;

static const struct th_effect *only_effect(const struct th_message *m)
{
    TH_CHECK(m->effects == NULL || m->effects->next == NULL);
    return m->effects;
}

static const char *called; /* the last function */
static enum th_run ends;

static bool play_run(struct th_runner *r, struct th_call_context *c, const char *function,
    enum th_phase phase, th_push_cb push, th_take_cb take, struct th_report *report)
{
    called = function;
    report->run = ends;
    return ends == TH_RUN_NO_FUNCTION;
}

static void play_failed(struct th_runner *r, struct th_message *m, const struct th_report *report)
{
}

static char product_name[] = "demo", device_name[] = "dev1";
static struct th_product product = {.key = product_name};
static struct th_device device = {.key = device_name, .product = &product};
static struct th_runner runner = {play_run, play_failed};

/* As at the device's worker. */
static void interpret(struct th_message *m)
{
    called = NULL;
    m->device = &device;
    th_interpret_read(m, conf);
    if (m->dead_reason == NULL)
        th_interpret(&runner, m);
}

static void declare(const char *manifest)
{
    struct th_error err;
    th_manifest_free(&product.script.manifest);
    TH_EQ_INT(th_manifest_read(&product.script.manifest, th_str(manifest), &err), 0);
}

#define POST "thing/event/property/post"
#define DOOR "thing/event/door/post"
#define SET_REPLY "thing/service/property/set_reply"
#define CALL_REPLY "thing/service/reboot/call_reply"

static void test_read(void)
{
    static const struct {
        const char *rest, *payload, *dead, *reply; /* dead NULL: taken; reply NULL: none */
    } all[] = {
        {POST, "{\"id\":\"1\",\"params\":{\"t\":1},\"ack\":1}", NULL,
            NULL}, /* the reply comes after the handler */
        {POST, "{\"params\":{}}", NULL, NULL},
        {POST, "{\"params\":[{\"params\":{\"t\":1}}]}", NULL, NULL},
        {POST, "", TH_DEAD_PAYLOAD, NULL},
        {POST, "not json", TH_DEAD_PAYLOAD, NULL},
        {POST, "[]", TH_DEAD_PAYLOAD, NULL},
        {POST, "{\"id\":\"1\",\"ack\":1", TH_DEAD_PAYLOAD, NULL},
        {POST, "{\"id\":\"1\",\"ack\":1}", TH_DEAD_PAYLOAD, "{\"id\":\"1\",\"code\":400,\"data\":null}"},
        {POST, "{\"ack\":1,\"params\":null,\"id\":\"1\"}", TH_DEAD_PAYLOAD,
            "{\"id\":\"1\",\"code\":400,\"data\":null}"},
        {POST, "{\"id\":7,\"params\":1,\"ack\":1}", TH_DEAD_PAYLOAD,
            "{\"id\":\"7\",\"code\":400,\"data\":null}"},
        {POST, "{\"id\":\"a\\\"\\n\\u00e9\",\"params\":1,\"ack\":true}", TH_DEAD_PAYLOAD,
            "{\"id\":\"a\\\"\\n\xc3\xa9\",\"code\":400,\"data\":null}"},
        {POST, "{\"id\":\"1\",\"params\":{},\"time\":\"x\",\"ack\":1}", TH_DEAD_PAYLOAD,
            "{\"id\":\"1\",\"code\":400,\"data\":null}"},
        {POST, "{\"id\":\"1\",\"params\":[],\"ack\":1}", TH_DEAD_PAYLOAD,
            "{\"id\":\"1\",\"code\":400,\"data\":null}"},
        {POST, "{\"id\":\"1\",\"ack\":0}", TH_DEAD_PAYLOAD, NULL},
        {POST, "{\"id\":\"1\"}", TH_DEAD_PAYLOAD, NULL},
        {POST, "{\"ack\":1}", TH_DEAD_PAYLOAD, NULL}, /* nothing to reply to */
        {POST, "{\"id\":true,\"params\":{},\"ack\":1}", TH_DEAD_PAYLOAD, NULL},
        {POST, "{\"id\":\"1\",\"params\":{},\"ack\":2}", TH_DEAD_PAYLOAD, NULL},
        {POST, "{\"id\":\"1\",\"id\":\"2\",\"params\":{},\"ack\":1}", TH_DEAD_PAYLOAD, NULL},
        {DOOR, "{\"id\":\"1\",\"params\":\"open\",\"ack\":1}", NULL, NULL},
        {DOOR, "{\"id\":\"1\",\"ack\":1}", TH_DEAD_PAYLOAD, "{\"id\":\"1\",\"code\":400,\"data\":null}"},
        {SET_REPLY, "{\"id\":\"5\",\"code\":200,\"data\":[1]}", NULL, NULL},
        {SET_REPLY, "{\"id\":\"5\",\"code\":-1}", NULL, NULL},
        {SET_REPLY, "{\"code\":500,\"data\":{}}", NULL, NULL},
        {SET_REPLY, "{\"id\":\"5\",\"ack\":1}", TH_DEAD_PAYLOAD, NULL}, /* a reply is not replied to */
        {SET_REPLY, "{\"id\":\"5\",\"code\":\"200\"}", TH_DEAD_PAYLOAD, NULL},
        {SET_REPLY, "{\"id\":\"5\",\"code\":200.0}", TH_DEAD_PAYLOAD, NULL},
        {SET_REPLY, "{\"id\":\"5\",\"code\":null}", TH_DEAD_PAYLOAD, NULL},
        {SET_REPLY, "200", TH_DEAD_PAYLOAD, NULL},
        {CALL_REPLY, "{\"id\":\"5\",\"code\":204}", NULL, NULL},
        {CALL_REPLY, "{\"id\":\"5\"}", TH_DEAD_PAYLOAD, NULL},
        {"anything/else", "{\"id\":\"1\",\"params\":{},\"ack\":1}", TH_DEAD_NO_HANDLER, NULL},
        {"thing/event/property/post_reply", "{}", TH_DEAD_NO_HANDLER, NULL},
    };
    static const char *const leads[] = {"", "/"};
    for (size_t i = 0; i < 2 * TH_COUNT(all); i++) {
        struct th_message m;
        char topic[100], reply[100];
        size_t row = i / 2;
        snprintf(topic, sizeof topic, "\"%sdemo/dev1/%s\"", leads[i % 2], all[row].rest);
        snprintf(reply, sizeof reply, "demo/dev1/%s_reply", all[row].rest);
        struct fixture_publish p = {.topic = topic, .payload = fixture_payload(&arena, all[row].payload)};
        fixture_take(&m, fixture_publish(&arena, &p), 0, false);
        TH_ROW("%s %s", topic, all[row].payload);
        TH_CHECK(m.dead_reason == NULL && m.kind == TH_HOOK_PUBLISH);
        interpret(&m);
        TH_EQ_STR(m.dead_reason, all[row].dead);
        TH_CHECK((called != NULL) == (all[row].dead == NULL));
        const struct th_effect *e = only_effect(&m);
        if (TH_CHECK((e != NULL) == (all[row].reply != NULL)) && e != NULL) {
            TH_EQ_INT(e->kind, TH_EFFECT_REPLY);
            TH_EQ_SLICE(e->reply.payload, all[row].reply);
            TH_EQ_SLICE(e->reply.topic, reply);
        }
        th_arena_free(&m.arena);
    }
}

/* Own topics and standard ones declared as raw go to on_message, whatever the payload is; the others do not.
 */
static void test_bytes(void)
{
    static const struct {
        const char *rest, *payload, *called, *dead;
    } all[] = {
        {"up", "\x01\xff", "on_message", NULL},
        {"up", "", "on_message", NULL},
        {"up", "{\"id\":\"1\",\"params\":{},\"ack\":1}", "on_message", NULL},
        {"raw/a", "x", "on_message", NULL},
        {"raw", "x", NULL, TH_DEAD_NO_HANDLER},
        {"raw/a/b", "x", NULL, TH_DEAD_NO_HANDLER},
        {"other", "x", NULL, TH_DEAD_NO_HANDLER},
        {"down", "x", NULL, TH_DEAD_NO_HANDLER},
        {POST, "\x01\xff", "on_message", NULL},
        {POST, "{\"id\":\"1\",\"params\":{},\"ack\":1}", "on_message", NULL},
        {CALL_REPLY, "ok", "on_message", NULL},
        {SET_REPLY, "ok", NULL, TH_DEAD_PAYLOAD},
        {DOOR, "x", NULL, TH_DEAD_PAYLOAD},
        {DOOR, "{\"params\":1}", "on_event", NULL},
    };
    declare("{\"topics\":{\"publish\":[\"up\",\"raw/+\"],\"subscribe\":[\"down\"],"
            "\"raw\":[\"thing/event/property/post\",\"thing/service/+/call_reply\"]},"
            "\"functions\":[\"on_message\"]}");
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        struct th_message m;
        char topic[100];
        snprintf(topic, sizeof topic, "\"demo/dev1/%s\"", all[i].rest);
        struct fixture_publish p = {.topic = topic, .payload = fixture_payload(&arena, all[i].payload)};
        fixture_take(&m, fixture_publish(&arena, &p), 0, false);
        TH_ROW("%s %s", topic, all[i].payload);
        interpret(&m);
        TH_EQ_STR(called, all[i].called);
        TH_EQ_STR(m.dead_reason, all[i].dead);
        if (all[i].called != NULL && strcmp(all[i].called, "on_message") == 0)
            TH_CHECK(!m.parsed.ack && !m.parsed.has_id); /* no reply to what is not of the protocol */
        th_arena_free(&m.arena);
    }
}

/* What a script asked for is dropped; the rows are the device's own, marked, and it is told that they are
 * stored. */
static void test_raw(void)
{
    static const char *const params[] = {"{\"t\":1.50}", "{\"t\":2}"};
    struct th_message m;
    const char *text =
        "{\"id\":\"9\",\"params\":[{\"params\":{\"t\":1.50}},{\"params\":{\"t\":2}}],\"ack\":1}";
    struct fixture_publish p = {.payload = fixture_payload(&arena, text)};
    fixture_take(&m, fixture_publish(&arena, &p), 0, false);
    interpret(&m);
    th_message_effect(&m, TH_EFFECT_COMMAND);
    th_interpret_raw(&m);
    const struct th_effect *e = m.effects;
    for (unsigned i = 0; i < 2; i++, e = e->next) {
        TH_EQ_INT(e->kind, TH_EFFECT_STORE);
        TH_CHECK(th_str_eq(e->row.params, th_str(params[i])));
        TH_EQ_INT(e->row.index, i);
        TH_EQ_INT(e->row.flags, TH_ROW_RAW);
    }
    TH_EQ_INT(e->kind, TH_EFFECT_REPLY);
    TH_CHECK(th_str_eq(e->reply.payload, TH_STR("{\"id\":\"9\",\"code\":200,\"data\":null}")));
    TH_CHECK(e->next == NULL && m.dead_reason == NULL);
    th_arena_free(&m.arena);
}

/* The generation that runs may be an older one than that which declared: nothing is taken as if it were. */
static void test_no_function(void)
{
    struct th_message m;
    struct fixture_publish p = {.topic = "\"demo/dev1/up\"", .payload = fixture_payload(&arena, "x")};
    fixture_take(&m, fixture_publish(&arena, &p), 0, false);
    ends = TH_RUN_NO_FUNCTION;
    interpret(&m);
    ends = TH_RUN_ERROR;
    TH_EQ_STR(called, "on_message");
    TH_EQ_STR(m.dead_reason, TH_DEAD_NO_HANDLER);
    th_arena_free(&m.arena);
}

static void test_connections(void)
{
    static const struct {
        const char *functions, *called;
        enum th_hook_kind kind;
    } all[] = {
        {"[]", NULL, TH_HOOK_CONNECTED},
        {"[\"on_connect\"]", "on_connect", TH_HOOK_CONNECTED},
        {"[\"on_connect\"]", NULL, TH_HOOK_DISCONNECTED},
        {"[\"on_disconnect\"]", "on_disconnect", TH_HOOK_DISCONNECTED},
    };
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        char text[100];
        struct th_message m = {.kind = all[i].kind, .device = &device};
        TH_ROW("%s %d", all[i].functions, (int)all[i].kind);
        snprintf(text, sizeof text, "{\"topics\":{},\"functions\":%s}", all[i].functions);
        declare(text);
        called = NULL;
        th_interpret(&runner, &m);
        TH_EQ_STR(called, all[i].called);
        TH_EQ_STR(m.dead_reason, NULL);
    }
}

static void test_code(void)
{
    struct th_message m;
    struct fixture_publish p = {.topic = "\"demo/dev1/" SET_REPLY "\"",
        .payload = fixture_payload(&arena, "{\"id\":\"x\",\"code\":9223372036854775807}")};
    fixture_take(&m, fixture_publish(&arena, &p), 0, false);
    th_interpret_read(&m, conf);
    TH_EQ_INT(m.parsed.code, INT64_MAX);
    TH_EQ_SLICE(m.parsed.id, "x");
    th_arena_free(&m.arena);
}

/* The limits of a report's own time are the configuration's, against the broker's time of the message. */
static void test_clock(void)
{
    int64_t now = th_clock_ms();
    static const struct {
        int64_t off;
        bool replaced;
    } all[] = {{0, false}, {60000, false}, {300000, false}, {300001, true}, {-2678400000, false},
        {-2678400001, true}};
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        struct th_message m;
        char ts[32], text[120];
        TH_ROW("%lld ms off", (long long)all[i].off);
        snprintf(ts, sizeof ts, "%lld", (long long)now);
        snprintf(text, sizeof text, "{\"params\":{\"t\":1},\"time\":%lld}", (long long)(now + all[i].off));
        struct fixture_publish p = {.ts = ts, .payload = fixture_payload(&arena, text)};
        fixture_take(&m, fixture_publish(&arena, &p), 0, false);
        th_interpret_read(&m, conf);
        TH_EQ_STR(m.dead_reason, NULL);
        TH_EQ_INT(m.parsed.samples[0].clock_replaced, all[i].replaced);
        TH_EQ_INT(m.parsed.samples[0].time, all[i].replaced ? now : now + all[i].off);
        th_arena_free(&m.arena);
    }
}

int main(void)
{
    struct th_error err;
    th_arena_init(&arena);
    if (!TH_CHECK(th_conf_load(&conf, NULL, &err) == 0))
        return TH_END();
    ends = TH_RUN_ERROR;
    declare("{\"topics\":{},\"functions\":[]}");
    TH_RUN(test_read);
    TH_RUN(test_raw);
    TH_RUN(test_bytes);
    TH_RUN(test_no_function);
    TH_RUN(test_connections);
    TH_RUN(test_code);
    TH_RUN(test_clock);
    th_manifest_free(&product.script.manifest);
    th_conf_free(conf);
    th_arena_free(&arena);
    return TH_END();
}
