/* SPDX-License-Identifier: Apache-2.0
 *
 * What a script may declare, and what follows from it. */
#include "../test.h"
#include "store/manifest.h"

static int read_topics(struct th_manifest *m, const char *topics, struct th_error *err)
{
    struct th_buf text = {0};
    th_buf_printf(&text, "{\"topics\":%s,\"functions\":[\"on_message\",\"helper\"]}", topics);
    int rc = th_manifest_read(m, th_buf_view(&text), err);
    th_buf_free(&text);
    return rc;
}

#define F16 "\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\""
#define L32 "abcdefghijklmnopqrstuvwxyz012345"

static void test_read(void)
{
    static const struct {
        const char *topics, *why; /* NULL: fine */
    } all[] = {
        {"{}", NULL},
        {"{\"publish\":{},\"subscribe\":[]}", NULL},
        {"{\"publish\":[\"up\",\"raw/+\",\"a/b/c\",\"A-z_0.9:x\"]}", NULL},
        {"{\"subscribe\":[\"down/#\",\"a/+/b\",\"1/2/3/4/5/6/7/8\"]}", NULL},
        {"{\"raw\":[\"thing/event/property/post\",\"thing/event/+/post\",\"thing/event/door/post\"]}", NULL},
        {"{\"raw\":[\"thing/service/property/set_reply\",\"thing/service/+/call_reply\"]}", NULL},
        {"{\"publish\":[" F16 "]}", NULL},
        {"{\"publish\":[" F16 ",\"a\"]}", "more than 16"},
        {"{\"publish\":[\"" L32 "/" L32 "/" L32 "/\"]}", "has a level"},
        {"{\"publish\":[\"" L32 L32 L32 L32 "\"]}", NULL},
        {"{\"publish\":[\"" L32 L32 L32 L32 "x\"]}", "longer than 128"},
        {"{\"publish\":[\"#\"]}", "has a #"},
        {"{\"publish\":[\"up/#\"]}", "has a #"},
        {"{\"publish\":[\"+\"]}", "begins with a wildcard"},
        {"{\"publish\":[\"+/up\"]}", "begins with a wildcard"},
        {"{\"publish\":[\"a/b/c/d\"]}", "more than three levels"},
        {"{\"publish\":[\"thing/x\"]}", "the platform's"},
        {"{\"publish\":[\"thing\"]}", "the platform's"},
        {"{\"publish\":[\"ota/version\"]}", "the platform's"},
        {"{\"publish\":[\"\"]}", "has a level"},
        {"{\"publish\":[\"/up\"]}", "has a level"},
        {"{\"publish\":[\"up/\"]}", "has a level"},
        {"{\"publish\":[\"a//b\"]}", "has a level"},
        {"{\"publish\":[\"a+\"]}", "has a level"},
        {"{\"publish\":[\"a b\"]}", "has a level"},
        {"{\"publish\":[\"$SYS/x\"]}", "has a level"},
        {"{\"publish\":[\"\\u00fc\"]}", "has a level"},
        {"{\"publish\":[\"a\\\"b\"]}", "has a level"},
        {"{\"publish\":[\"${username}\"]}", "has a level"},
        {"{\"publish\":[\"%c\"]}", "has a level"},
        {"{\"publish\":[7]}", "a list of texts"},
        {"{\"publish\":\"up\"}", "a list of texts"},
        {"{\"publish\":{\"up\":1}}", "a list of texts"},
        {"{\"subscribe\":[\"#\"]}", "begins with a wildcard"},
        {"{\"subscribe\":[\"+/#\"]}", "begins with a wildcard"},
        {"{\"subscribe\":[\"a/#/b\"]}", "not the last level"},
        {"{\"subscribe\":[\"a/b#\"]}", "has a level"},
        {"{\"subscribe\":[\"1/2/3/4/5/6/7/8/9\"]}", "more than eight levels"},
        {"{\"subscribe\":[\"$share/g/a\"]}", "has a level"},
        {"{\"raw\":[\"up\"]}", "none of the topics"},
        {"{\"raw\":[\"thing/#\"]}", "none of the topics"},
        {"{\"raw\":[\"thing/service/property/set\"]}", "none of the topics"},
        {"{\"raw\":[\"ota/version\"]}", "none of the topics"},
        {"{\"publsh\":[]}", "there are publish"},
        {"[]", "is a table"},
        {"7", "is a table"},
    };
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        struct th_manifest m;
        struct th_error err = {0};
        TH_ROW("%s", all[i].topics);
        int rc = read_topics(&m, all[i].topics, &err);
        TH_EQ_INT(rc == 0, all[i].why == NULL);
        if (all[i].why != NULL)
            TH_CHECK(strstr(err.msg, all[i].why) != NULL);
        th_manifest_free(&m);
    }
}

static void test_whole(void)
{
    struct th_manifest m;
    struct th_error err;
    static const char *const broken[] = {"", "[]", "{}", "{\"topics\":{}}", "{\"functions\":[]}",
        "{\"topics\":{},\"functions\":7}", "{\"topics\":{\"publish\":[\"up\"]},\"functions\":[\"on_event\"]}",
        "{\"topics\":{\"raw\":[\"thing/event/+/post\"]},\"functions\":[]}"};
    for (size_t i = 0; i < TH_COUNT(broken); i++) {
        TH_ROW("%s", broken[i]);
        TH_CHECK(th_manifest_read(&m, th_str(broken[i]), &err) < 0);
        TH_CHECK(!m.known && m.publish.count == 0);
    }
}

/* Read, written and read again it is the same. */
static void test_write(void)
{
    static const char text[] = "{\"topics\":{\"publish\":[\"up\",\"raw/+\"],\"subscribe\":[\"down/#\"],"
                               "\"raw\":[]},\"functions\":[\"on_message\",\"on_auth\"]}";
    struct th_manifest m;
    struct th_error err;
    struct th_buf out = {0};
    TH_EQ_INT(th_manifest_read(&m, th_str(text), &err), 0);
    th_manifest_write(&m, &out);
    TH_EQ_STR(th_buf_cstr(&out), text);
    th_buf_free(&out);
    th_manifest_free(&m);
}

static void test_rights(void)
{
    static const struct {
        const char *topic;
        bool takes, raw, hears, sends;
    } all[] = {
        {"up", true, false, false, false},
        {"raw/1", true, false, false, false},
        {"raw", false, false, false, false},
        {"raw/1/2", false, false, false, false},
        {"raw/", true, false, false, false},
        {"thing/event/property/post", false, true, false, false},
        {"thing/event/door/post", false, true, false, false},
        {"thing/event/door/post_reply", false, false, false, false},
        {"down", false, false, true, true},
        {"down/a/b", false, false, true, true},
        {"down/+", false, false, true, false},
        {"down/#", false, false, true, false},
        {"down/a b", false, false, true, false},
        {"down//x", false, false, true, false},
        {"cfg/a/x", false, false, true, true},
        {"cfg/+/x", false, false, true, false},
        {"cfg/#", false, false, false, false},
        {"cfg/+/+", false, false, false, false},
        {"#", false, false, false, false},
        {"+", false, false, false, false},
        {"", false, false, false, false},
    };
    struct th_manifest m;
    struct th_error err;
    TH_EQ_INT(read_topics(&m,
                  "{\"publish\":[\"up\",\"raw/+\"],\"subscribe\":[\"down/#\",\"cfg/+/x\"],"
                  "\"raw\":[\"thing/event/+/post\"]}",
                  &err),
        0);
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        struct th_str topic = th_str(all[i].topic);
        TH_ROW("%s", all[i].topic);
        TH_EQ_INT(th_manifest_takes(&m, topic), all[i].takes);
        TH_EQ_INT(th_manifest_is_raw(&m, topic), all[i].raw);
        TH_EQ_INT(th_manifest_may_hear(&m, topic), all[i].hears);
        TH_EQ_INT(th_manifest_may_send(&m, topic), all[i].sends);
    }
    TH_CHECK(th_manifest_has(&m, TH_FUNCTION_MESSAGE) && !th_manifest_has(&m, TH_FUNCTION_AUTH));
    th_manifest_free(&m);
    /* Of a version without a manifest any function may be there, and no topic is declared. */
    TH_CHECK(th_manifest_has(&m, TH_FUNCTION_AUTH) && !th_manifest_takes(&m, TH_STR("up")));
}

int main(void)
{
    TH_RUN(test_read);
    TH_RUN(test_whole);
    TH_RUN(test_write);
    TH_RUN(test_rights);
    return TH_END();
}
