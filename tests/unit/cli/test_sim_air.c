/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sim_air.h"
#include "test.h"

#define HOUR_MS 3600000LL
#define START_MS 1795500000000LL

static void read_into(struct th_json *j, struct th_arena *arena, const char *text)
{
    struct th_error err;

    th_arena_init(arena);
    TH_EQ_INT(th_json_read(j, arena, th_str(text), &err), 0);
}

static void stays_in_bounds_for_a_week(void)
{
    for (unsigned number = 0; number < 8; number++) {
        struct th_sim_air a;

        th_sim_air_init(&a, number, START_MS);
        for (int64_t ms = 0; ms < 7 * 24 * HOUR_MS; ms += 5000) {
            th_sim_air_step(&a, START_MS + ms);
            bool good = a.temperature > 5 && a.temperature < 40 && a.humidity >= 15 && a.humidity <= 95 &&
                        a.pm25 >= 0.5 && a.pm25 < 1500 && a.co2 > 300 && a.co2 < 3000 && a.battery >= 0 &&
                        a.battery <= 100 && a.drift >= -1.5 && a.drift <= 1.5;
            TH_ROW("room %u after %lld ms", number, (long long)ms);
            if (!TH_CHECK(good))
                return;
        }
    }
}

static void moves_and_rooms_differ(void)
{
    struct th_sim_air a, b;

    th_sim_air_init(&a, 1, START_MS);
    th_sim_air_init(&b, 2, START_MS);
    TH_CHECK(a.temperature != b.temperature);
    double before = a.co2;
    th_sim_air_step(&a, START_MS + 60000);
    TH_CHECK(a.co2 != before);
}

static void time_that_does_not_pass_changes_nothing(void)
{
    struct th_sim_air a, copy;

    th_sim_air_init(&a, 1, START_MS);
    copy = a;
    th_sim_air_step(&a, START_MS);
    th_sim_air_step(&a, START_MS - HOUR_MS);
    TH_CHECK(a.temperature == copy.temperature && a.battery == copy.battery && a.at_ms == copy.at_ms);
}

static void a_fan_cleans_the_air(void)
{
    struct th_sim_air calm, windy;

    th_sim_air_init(&calm, 1, START_MS);
    windy = calm;
    calm.spike = windy.spike = 100;
    windy.fan_speed = 3;
    th_sim_air_step(&calm, START_MS + 120000);
    th_sim_air_step(&windy, START_MS + 120000);
    TH_CHECK(windy.spike < calm.spike);
}

static void writes_json_that_reads_back(void)
{
    struct th_buf out = {0};
    struct th_sim_air a;
    struct th_arena arena;
    struct th_json j;

    th_sim_air_init(&a, 1, START_MS);
    th_sim_air_put(&a, &out, false);
    read_into(&j, &arena, th_buf_cstr(&out));
    TH_EQ_INT(j.nodes[0].count, 6);
    th_arena_free(&arena);
    th_buf_reset(&out);
    th_sim_air_put(&a, &out, true);
    read_into(&j, &arena, th_buf_cstr(&out));
    TH_EQ_INT(j.nodes[0].count, 8);
    const struct th_json_node *led = th_json_get(&j, 0, TH_STR("led"));
    TH_CHECK(led != NULL && led->type == TH_JSON_BOOL && led->truth);
    th_arena_free(&arena);
    th_buf_free(&out);
}

static void checks_and_takes_settings(void)
{
    static const struct {
        const char *json;
        bool good;
    } rows[] = {
        {"{\"fan_speed\":0}", true},
        {"{\"fan_speed\":3}", true},
        {"{\"fan_speed\":4}", false},
        {"{\"fan_speed\":-1}", false},
        {"{\"fan_speed\":1.5}", false},
        {"{\"fan_speed\":\"1\"}", false},
        {"{\"fan_speed\":null}", false},
        {"{\"led\":true}", true},
        {"{\"led\":1}", false},
        {"{\"reporting_interval\":1}", true},
        {"{\"reporting_interval\":3600}", true},
        {"{\"reporting_interval\":0}", false},
        {"{\"reporting_interval\":3601}", false},
        {"{\"temperature\":20}", false},
    };

    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        struct th_arena arena;
        struct th_json j;

        TH_ROW("%s", rows[i].json);
        read_into(&j, &arena, rows[i].json);
        TH_CHECK((th_sim_air_check(j.nodes[1].key, &j.nodes[1]) == NULL) == rows[i].good);
        th_arena_free(&arena);
    }
}

static void sets_what_was_checked(void)
{
    struct th_sim_air a;
    struct th_arena arena;
    struct th_json j;

    th_sim_air_init(&a, 1, START_MS);
    read_into(&j, &arena, "{\"fan_speed\":2,\"led\":false,\"reporting_interval\":60}");
    TH_JSON_EACH (&j, 0, i)
        th_sim_air_set(&a, j.nodes[i].key, &j.nodes[i]);
    TH_EQ_INT(a.fan_speed, 2);
    TH_EQ_INT(a.reporting_interval, 60);
    TH_CHECK(!a.led);
    th_arena_free(&arena);
}

int main(void)
{
    TH_RUN(stays_in_bounds_for_a_week);
    TH_RUN(moves_and_rooms_differ);
    TH_RUN(time_that_does_not_pass_changes_nothing);
    TH_RUN(a_fan_cleans_the_air);
    TH_RUN(writes_json_that_reads_back);
    TH_RUN(checks_and_takes_settings);
    TH_RUN(sets_what_was_checked);
    return TH_END();
}
