/* SPDX-License-Identifier: Apache-2.0
 *
 * What a device in memory knows of its properties and of the messages it has seen. */
#include "../test.h"
#include "store/device.h"
#include "store/store.h"

static struct th_metrics metrics;
static struct th_store store = {.metrics = &metrics};

static struct th_device *make(void)
{
    struct th_device *d = th_calloc(1, sizeof *d);
    d->store = &store;
    d->refs = 1;
    th_list_init(&d->waiting);
    th_list_init(&d->uncommitted);
    return d;
}

static void expect(const struct th_device *d, const char *name, const char *value, int64_t time)
{
    const struct th_property *p = th_device_property(d, th_str(name));
    if (!TH_CHECK(p != NULL))
        return;
    TH_EQ_SLICE(p->name, name);
    TH_EQ_SLICE(p->value, value);
    TH_EQ_INT(p->time, time);
}

static void test_newest_wins(void)
{
    static const struct {
        const char *value;
        int64_t time;
        bool taken;
        const char *then;
    } all[] = {{"1", 100, true, "1"}, {"2", 99, false, "1"}, {"3", 100, true, "3"}, {"4", 101, true, "4"},
        {"\"a value that is longer than the room of the first one\"", 102, true,
            "\"a value that is longer than the room of the first one\""},
        {"5", 103, true, "5"},
        {"\"back to a length that has room again ..........\"", 104, true,
            "\"back to a length that has room again ..........\""},
        {"null", -5, false, "\"back to a length that has room again ..........\""},
        {"null", 105, true, "null"}};
    struct th_device *d = make();
    int64_t newest = 0;
    TH_CHECK(th_device_report(d, TH_STR("other"), TH_STR("0"), 1));
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        TH_ROW("%zu", i);
        newest = all[i].taken ? all[i].time : newest;
        TH_EQ_INT(th_device_report(d, TH_STR("t"), th_str(all[i].value), all[i].time), all[i].taken);
        expect(d, "t", all[i].then, newest);
        expect(d, "other", "0", 1);
    }
    TH_EQ_INT(d->nreported, 2);
    th_device_unref(d);
}

/* In whatever order reports come, each property ends with its newest value. */
static void test_every_order(void)
{
    int orders = 0;
    for (int code = 0; code < 256; code++) {
        int order[] = {code & 3, code >> 2 & 3, code >> 4 & 3, code >> 6 & 3};
        if ((1 << order[0] | 1 << order[1] | 1 << order[2] | 1 << order[3]) != 15)
            continue;
        struct th_device *d = make();
        orders++;
        for (int i = 0; i < 4; i++) {
            char value[16];
            snprintf(value, sizeof value, "%d", order[i]);
            th_device_report(d, TH_STR("t"), th_str(value), 1000 + order[i]);
            if (order[i] % 2 == 0)
                th_device_report(d, TH_STR("even"), th_str(value), 1000 + order[i]);
        }
        expect(d, "t", "3", 1003);
        expect(d, "even", "2", 1002);
        th_device_unref(d);
    }
    TH_EQ_INT(orders, 24);
}

static void test_names(void)
{
    struct th_device *d = make();
    static const char *const names[] = {"", "a", "A", "a ", "\xc3\xa9", "\"quoted\"", "a.b", "__proto__"};
    for (size_t i = 0; i < TH_COUNT(names); i++)
        TH_CHECK(th_device_report(d, th_str(names[i]), th_str(names[i]), (int64_t)i));
    for (size_t i = 0; i < TH_COUNT(names); i++)
        expect(d, names[i], names[i], (int64_t)i);
    TH_CHECK(th_device_property(d, TH_STR("b")) == NULL);
    th_device_unref(d);
}

/* A device that makes up names neither fills the memory nor loses the values it had. */
static void test_too_many_names(void)
{
    struct th_device *d = make();
    char name[24];
    for (int i = 0; i < TH_PROPERTIES_MAX + 50; i++) {
        snprintf(name, sizeof name, "n%d", i);
        TH_EQ_INT(th_device_report(d, th_str(name), TH_STR("1"), 1), i < TH_PROPERTIES_MAX);
    }
    TH_EQ_INT(d->nreported, TH_PROPERTIES_MAX);
    TH_EQ_INT(metrics.properties_over, 50);
    TH_CHECK(th_device_report(d, TH_STR("n0"), TH_STR("2"), 2));
    expect(d, "n0", "2", 2);
    th_device_unref(d);
}

static void test_recent_keys(void)
{
    struct th_device *d = make();
    unsigned char key[TH_DIGEST_LEN] = {1};
    for (int i = 0; i < 3 * TH_RECENT_KEYS; i++) {
        key[15] = (unsigned char)i;
        TH_CHECK(!th_device_saw(d, key));
        th_device_remember(d, key);
        TH_CHECK(th_device_saw(d, key));
    }
    for (int i = 0; i < 3 * TH_RECENT_KEYS; i++) {
        key[15] = (unsigned char)i;
        TH_ROW("%d", i);
        TH_EQ_INT(th_device_saw(d, key), i >= 2 * TH_RECENT_KEYS);
    }
    th_device_unref(d);
}

int main(void)
{
    TH_RUN(test_newest_wins);
    TH_RUN(test_every_order);
    TH_RUN(test_names);
    TH_RUN(test_too_many_names);
    TH_RUN(test_recent_keys);
    return TH_END();
}
