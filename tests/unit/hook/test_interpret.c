/* SPDX-License-Identifier: Apache-2.0
 *
 * What a payload means by its topic, before any script runs: taken, or refused with or without a reply. */
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
        th_interpret_read(&m, conf);
        TH_EQ_STR(m.dead_reason, all[row].dead);
        const struct th_effect *e = only_effect(&m);
        if (TH_CHECK((e != NULL) == (all[row].reply != NULL)) && e != NULL) {
            TH_EQ_INT(e->kind, TH_EFFECT_REPLY);
            TH_EQ_SLICE(e->reply.payload, all[row].reply);
            TH_EQ_SLICE(e->reply.topic, reply);
        }
        th_arena_free(&m.arena);
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
    TH_RUN(test_read);
    TH_RUN(test_code);
    TH_RUN(test_clock);
    th_conf_free(conf);
    th_arena_free(&arena);
    return TH_END();
}
