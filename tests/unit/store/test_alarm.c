/* SPDX-License-Identifier: Apache-2.0 */
#include "store/alarm.h"

#include "../test.h"
#include "store/alarm_batch.h"

static struct th_arena arena;

static struct th_alarm_call call(const char *key, int severity, int64_t time)
{
    struct th_alarm_call c = {.key = th_str(key), .time = time, .clear = severity < 0};
    if (severity >= 0)
        c.severity = (enum th_severity)severity;
    return c;
}

static enum th_alarm_event apply(struct th_alarms *a, const char *key, int severity, int64_t time, bool *rose)
{
    struct th_alarm_call c = call(key, severity, time);
    th_alarms_apply(a, &c, rose);
    return c.event;
}

static void test_read(void)
{
    struct th_alarms a;
    th_alarms_read(
        &a, TH_STR("{\"hot\":{\"severity\":\"critical\",\"message\":\"81\\u00b0\",\"since\":5,\"last\":9,"
                   "\"count\":3,\"acknowledged\":true},\"wet\":{},\"no\":1}"));
    TH_EQ_INT(a.count, 2);
    const struct th_alarm *hot = th_alarms_find(&a, TH_STR("hot")), *wet = th_alarms_find(&a, TH_STR("wet"));
    if (TH_CHECK(hot != NULL && wet != NULL)) {
        TH_CHECK(hot->severity == TH_SEVERITY_CRITICAL && hot->acknowledged);
        TH_EQ_SLICE(hot->message, "81\xc2\xb0");
        TH_CHECK(hot->since == 5 && hot->last == 9 && hot->count == 3);
        TH_CHECK(wet->severity == TH_SEVERITY_WARNING && wet->count == 1 && !wet->acknowledged);
    }
    TH_CHECK(th_alarms_find(&a, TH_STR("no")) == NULL);
    th_alarms_free(&a);
    TH_CHECK(a.count == 0 && a.first == NULL);
    static const char *const none[] = {"", "[]", "null", "{"};
    for (size_t i = 0; i < TH_COUNT(none); i++) {
        th_alarms_read(&a, th_str(none[i]));
        TH_EQ_INT(a.count, 0);
    }
}

static void test_life(void)
{
    struct th_alarms a = {0};
    bool rose;
    TH_CHECK(apply(&a, "hot", -1, 1, &rose) == TH_ALARM_NOTHING);
    TH_CHECK(apply(&a, "hot", TH_SEVERITY_WARNING, 10, &rose) == TH_ALARM_RAISED && !rose);
    TH_CHECK(apply(&a, "hot", TH_SEVERITY_WARNING, 8, &rose) == TH_ALARM_COUNTED && !rose);
    const struct th_alarm *hot = th_alarms_find(&a, TH_STR("hot"));
    TH_CHECK(hot->since == 10 && hot->last == 10 && hot->count == 2);
    ((struct th_alarm *)hot)->acknowledged = true;
    TH_CHECK(apply(&a, "hot", TH_SEVERITY_INFO, 11, &rose) == TH_ALARM_CHANGED && !rose);
    TH_CHECK(th_alarms_find(&a, TH_STR("hot"))->acknowledged);
    TH_CHECK(apply(&a, "hot", TH_SEVERITY_CRITICAL, 12, &rose) == TH_ALARM_CHANGED && rose);
    TH_CHECK(!th_alarms_find(&a, TH_STR("hot"))->acknowledged);
    TH_CHECK(apply(&a, "hot", TH_SEVERITY_INFO, 13, &rose) == TH_ALARM_CHANGED && !rose);
    struct th_alarm_call clear = call("hot", -1, 5);
    th_alarms_apply(&a, &clear, &rose);
    TH_CHECK(clear.event == TH_ALARM_CLEARED && clear.severity == TH_SEVERITY_INFO);
    TH_EQ_INT(clear.time, 13); /* not before the newest raise */
    TH_EQ_INT(a.count, 0);
}

static int try(const struct th_alarms *a, struct th_alarm_view *view, const char *key, int severity)
{
    struct th_alarm_call c = call(key, severity, 20);
    return th_alarm_try(a, view, &arena, &c, NULL);
}

static void test_view(void)
{
    struct th_alarms a;
    struct th_alarm_view view = {0};
    th_alarms_read(&a, TH_STR("{\"hot\":{\"message\":\"m\",\"count\":2},\"wet\":{}}"));
    TH_EQ_INT(try(&a, &view, "hot", TH_SEVERITY_INFO), 0);
    const struct th_alarm *hot = th_alarm_see(&a, &view, TH_STR("hot"));
    TH_CHECK(hot->count == 3 && hot->severity == TH_SEVERITY_INFO && hot->last == 20);
    TH_EQ_SLICE(hot->message, "m");
    TH_EQ_INT(try(&a, &view, "wet", -1), 0);
    TH_CHECK(th_alarm_see(&a, &view, TH_STR("wet")) == NULL);
    TH_EQ_INT(try(&a, &view, "never", -1), 0);
    TH_EQ_INT(view.more, -1);
    TH_EQ_INT(try(&a, &view, "wet", TH_SEVERITY_WARNING), 0);
    TH_EQ_INT(th_alarm_see(&a, &view, TH_STR("wet"))->count, 1);
    TH_EQ_INT(view.more, 0);
    TH_CHECK(th_alarms_find(&a, TH_STR("hot"))->count == 2); /* the device's are as they were */
    th_alarms_free(&a);
    TH_EQ_SLICE(th_alarm_see(&a, &view, TH_STR("hot"))->message, "m"); /* the view has its own texts */
}

static void test_cap(void)
{
    struct th_alarms a = {0};
    struct th_alarm_view view = {0};
    bool rose;
    for (int i = 0; i < TH_ALARMS_MAX / 2; i++)
        apply(&a, th_arena_printf(&arena, "old%d", i), TH_SEVERITY_INFO, 1, &rose);
    for (int i = 0; i < TH_ALARMS_MAX / 2; i++)
        TH_EQ_INT(try(&a, &view, th_arena_printf(&arena, "new%d", i), TH_SEVERITY_INFO), 0);
    TH_EQ_INT(try(&a, &view, "one more", TH_SEVERITY_INFO), -TH_ETOOBIG);
    TH_CHECK(th_alarm_see(&a, &view, TH_STR("one more")) == NULL);
    TH_EQ_INT(try(&a, &view, "old1", TH_SEVERITY_INFO), 0);
    TH_EQ_INT(try(&a, &view, "old1", -1), 0);
    TH_EQ_INT(try(&a, &view, "one more", TH_SEVERITY_INFO), 0);
    TH_EQ_INT(try(&a, &view, "old1", TH_SEVERITY_INFO), -TH_ETOOBIG);
    th_alarms_free(&a);
}

static int occurrences(const char *text, const char *what)
{
    int n = 0;
    for (const char *p = text; (p = strstr(p, what)) != NULL; p++)
        n++;
    return n;
}

/* What a batch writes of one alarm is one row however often it was raised; what began in the batch is written
 * after what was there before. */
static void test_batch(void)
{
    struct th_metrics metrics = {0};
    struct th_store store = {.metrics = &metrics};
    struct th_device d = {.id = 7, .refs = 1, .store = &store};
    struct th_message m = {.script_version = 3};
    struct th_batch b;
    struct th_batch_text text = {0};
    th_alarms_read(&d.alarms, TH_STR("{\"it's\":{\"severity\":\"info\"}}"));
    th_batch_init(&b);
    struct th_touch *t = th_batch_touch(&b, &d);
    struct th_alarm_call calls[] = {call("it's", TH_SEVERITY_INFO, 10), call("it's", TH_SEVERITY_INFO, 11),
        call("none", -1, 12), call("it's", -1, 13), call("it's", TH_SEVERITY_CRITICAL, 14),
        call("it's", TH_SEVERITY_CRITICAL, 15)};
    for (size_t i = 0; i < TH_COUNT(calls); i++)
        th_alarm_apply(&b, t, &m, &calls[i]);
    TH_CHECK(calls[1].event == TH_ALARM_COUNTED && calls[3].event == TH_ALARM_CLEARED &&
             calls[4].event == TH_ALARM_RAISED && calls[5].event == TH_ALARM_COUNTED);
    th_alarm_write(&b, &text);
    const char *sql = th_buf_cstr(&text.sql);
    const char *known = strstr(sql, "execute th_alarm_known('{7}','{\"it''s\"}','{2}','{\"info\"}',"),
               *fresh = strstr(sql, "execute th_alarm_fresh('{7}','{\"it''s\"}','{2}','{\"critical\"}',");
    TH_CHECK(known != NULL && fresh != NULL && known < fresh);
    TH_EQ_INT(occurrences(sql, "\"cleared\""), 1);
    TH_EQ_INT(occurrences(sql, "\"raised\""), 1);
    th_buf_reset(&text.sql);
    th_batch_reset(&b);
    th_alarm_write(&b, &text);
    TH_EQ_INT(text.sql.n, 0);
    th_arena_free(&b.arena);
    th_batch_text_free(&text);
    th_alarms_free(&d.alarms);
}

static void test_names(void)
{
    enum th_severity s;
    for (int i = 0; i <= TH_SEVERITY_CRITICAL; i++)
        TH_CHECK(th_severity_of(th_str(th_severity_name((enum th_severity)i)), &s) && (int)s == i);
    TH_CHECK(!th_severity_of(TH_STR("fatal"), &s) && !th_severity_of(TH_STR(""), &s));
}

int main(void)
{
    th_arena_init(&arena);
    TH_RUN(test_names);
    TH_RUN(test_read);
    TH_RUN(test_life);
    TH_RUN(test_view);
    TH_RUN(test_cap);
    TH_RUN(test_batch);
    th_arena_free(&arena);
    return TH_END();
}
