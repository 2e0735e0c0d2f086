/* SPDX-License-Identifier: Apache-2.0 */
#include "store/live_ring.h"
#include "store/live_wire.h"
#include "test.h"

static struct th_live_note note_of(const char *text)
{
    struct th_live_note note;
    TH_CHECK(th_live_wire_read(th_str(text), &note));
    return note;
}

static void test_events_arrive_as_they_were(void)
{
    struct th_buf text = {0};
    struct th_live_note note;
    struct th_live_item item;
    struct th_live_event *first =
        th_live_event_new(TH_LIVE_LATEST, 7, TH_STR("d-1"), TH_STR("{\"a\":\"x\ny\"}"));
    struct th_live_event *second = th_live_event_new(TH_LIVE_JOB, 0, TH_STR(""), TH_STR("{}"));
    first->reach = TH_LIVE_NAMED;
    second->reach = TH_LIVE_ALL;
    th_live_wire_begin(&text, "events", "me");
    th_live_wire_event(&text, first);
    th_live_wire_event(&text, second);
    TH_CHECK(th_live_wire_read(th_buf_view(&text), &note));
    TH_EQ_SLICE(note.type, "events");
    TH_EQ_SLICE(note.from, "me");
    TH_CHECK(th_live_wire_item(&note, &item));
    TH_EQ_INT(item.kind, TH_LIVE_LATEST);
    TH_EQ_INT(item.reach, TH_LIVE_NAMED);
    TH_EQ_INT(item.product_id, 7);
    TH_EQ_SLICE(item.device, "d-1");
    TH_EQ_SLICE(item.data, "{\"a\":\"x\ny\"}");
    TH_CHECK(th_live_wire_item(&note, &item));
    TH_EQ_INT(item.kind, TH_LIVE_JOB);
    TH_EQ_INT(item.reach, TH_LIVE_ALL);
    TH_EQ_INT(item.device.n, 0);
    TH_CHECK(!th_live_wire_item(&note, &item));
    th_live_event_unref(first);
    th_live_event_unref(second);
    th_buf_free(&text);
}

static void test_a_kind_of_a_newer_version_is_passed_over(void)
{
    struct th_live_note note = note_of("events me\nweather all 1 d 2\n{}\nevent named 1 d 2\n[]\n");
    struct th_live_item item;
    TH_CHECK(th_live_wire_item(&note, &item));
    TH_EQ_INT(item.kind, TH_LIVE_KIND_COUNT);
    TH_CHECK(th_live_wire_item(&note, &item));
    TH_EQ_INT(item.kind, TH_LIVE_EVENT);
    TH_EQ_SLICE(item.data, "[]");
}

static void test_damaged_events_end_the_reading(void)
{
    static const char *const rows[] = {"event", "event all", "event all 1", "event all 1 d",
        "event all 1 d 2", "event all 1 d 2\n", "event all 1 d 2\n{}", "event all 1 d 3\n{}\n",
        "event all 1 d -1\n{}\n", "event all x d 2\n{}\n", "event all 1 d x\n{}\n",
        "event all 1 d 99999999999999999999\n{}\n", "\n"};
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        char text[100];
        struct th_live_item item;
        TH_ROW("%s", rows[i]);
        snprintf(text, sizeof text, "events me\n%s", rows[i]);
        struct th_live_note note = note_of(text);
        TH_CHECK(!th_live_wire_item(&note, &item));
    }
}

static void test_what_is_no_note(void)
{
    static const char *const rows[] = {"", "\n", "events", "events\n", " me\n", "events \n"};
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        struct th_live_note note;
        TH_ROW("%s", rows[i]);
        TH_CHECK(!th_live_wire_read(th_str(rows[i]), &note));
    }
}

static void test_wants(void)
{
    struct th_live_interest t = {0};
    struct th_buf text = {0};
    struct th_live_note note;
    struct th_str device;
    th_live_interest_change(&t, 1u << TH_LIVE_EVENT | 1u << TH_LIVE_PRESENCE, "", 1);
    th_live_interest_change(&t, 0, "d-1", 1);
    th_live_wire_begin(&text, "want", "me");
    th_live_wire_want(&text, &t);
    TH_CHECK(th_live_wire_read(th_buf_view(&text), &note));
    TH_EQ_INT(th_live_wire_kinds(&note), 1u << TH_LIVE_EVENT | 1u << TH_LIVE_PRESENCE);
    TH_CHECK(th_live_wire_device(&note, &device));
    TH_EQ_SLICE(device, "d-1");
    TH_CHECK(!th_live_wire_device(&note, &device));
    th_live_interest_free(&t);
    th_buf_free(&text);
}

static void test_a_crowd_wants_everything(void)
{
    struct th_live_interest t = {0};
    struct th_buf text = {0};
    struct th_live_note note;
    struct th_str device;
    for (int i = 0; i <= TH_LIVE_WIRE_DEVICES; i++) {
        char key[20];
        snprintf(key, sizeof key, "d%d", i);
        th_live_interest_change(&t, 0, key, 1);
    }
    th_live_wire_begin(&text, "want", "me");
    th_live_wire_want(&text, &t);
    TH_CHECK(th_live_wire_read(th_buf_view(&text), &note));
    TH_EQ_INT(th_live_wire_kinds(&note), (1u << TH_LIVE_KIND_COUNT) - 1);
    TH_CHECK(!th_live_wire_device(&note, &device));
    th_live_interest_free(&t);
    th_buf_free(&text);
}

int main(void)
{
    TH_RUN(test_events_arrive_as_they_were);
    TH_RUN(test_a_kind_of_a_newer_version_is_passed_over);
    TH_RUN(test_damaged_events_end_the_reading);
    TH_RUN(test_what_is_no_note);
    TH_RUN(test_wants);
    TH_RUN(test_a_crowd_wants_everything);
    return TH_END();
}
