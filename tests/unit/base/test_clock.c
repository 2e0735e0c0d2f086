/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"
#include "base/clock.h"

#define S(literal)                                                                                           \
    {                                                                                                        \
        literal, sizeof(literal) - 1                                                                         \
    }

static void test_parse(void)
{
    static const struct {
        const char *text;
        int64_t ms;
    } all[] = {{"1970-01-01T00:00:00Z", 0}, {"1970-01-01T00:00:00.001Z", 1}, {"1969-12-31T23:59:59.999Z", -1},
        {"2026-11-24T20:00:00Z", 1795550400000}, {"2026-11-24t20:00:00z", 1795550400000},
        {"2026-11-24 20:00:00Z", 1795550400000}, {"2026-11-24T20:00:00+00:00", 1795550400000},
        {"2026-11-24T20:00:00-00:00", 1795550400000}, {"2026-11-25T04:00:00+08:00", 1795550400000},
        {"2026-11-24T14:15:00-05:45", 1795550400000}, {"2026-11-24T20:00:00.1Z", 1795550400100},
        {"2026-11-24T20:00:00.12Z", 1795550400120}, {"2026-11-24T20:00:00.123999999Z", 1795550400123},
        {"2024-02-29T12:00:00Z", 1709208000000}, {"2000-02-29T00:00:00Z", 951782400000},
        {"2016-12-31T23:59:60Z", 1483228800000}, {"0001-01-01T00:00:00Z", -62135596800000},
        {"9999-12-31T23:59:59.999Z", 253402300799999}, {"1582-10-10T00:00:00Z", -12219724800000},
        {"2026-01-01T00:00:00+23:59", 1767139260000}};
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        int64_t ms = 77;
        TH_ROW("%s", all[i].text);
        TH_CHECK(th_clock_parse(th_str(all[i].text), &ms));
        TH_EQ_INT(ms, all[i].ms);
    }
}

static void test_refused(void)
{
    static const struct th_str all[] = {S(""), S("2026"), S("2026-11-24"), S("2026-11-24T20:00:00"),
        S("2026-11-24T20:00Z"), S("2026-11-24T20:00:00ZZ"), S("2026-11-24T20:00:00Z "),
        S(" 2026-11-24T20:00:00Z"), S("2026-11-24T20:00:00.Z"), S("2026-11-24T20:00:00.1234567890Z"),
        S("2026-11-24T20:00:00,5Z"), S("2026-11-24T20:00:00.5"), S("2026-11-24T20:00:00+08"),
        S("2026-11-24T20:00:00+0800"), S("2026-11-24T20:00:00+8:00"), S("2026-11-24T20:00:00+08:00Z"),
        S("2026-11-24T20:00:00+24:00"), S("2026-11-24T20:00:00+08:60"), S("2026-11-24T20:00:00+"),
        S("2026-11-24T20:00:00+08:"), S("2026-11-24T24:00:00Z"), S("2026-11-24T20:60:00Z"),
        S("2026-11-24T20:00:61Z"), S("2026-00-24T20:00:00Z"), S("2026-13-24T20:00:00Z"),
        S("2026-11-00T20:00:00Z"), S("2026-11-31T20:00:00Z"), S("2026-02-29T20:00:00Z"),
        S("2100-02-29T20:00:00Z"), S("0000-01-01T00:00:00Z"), S("2026/11/24T20:00:00Z"),
        S("2026-11-24_20:00:00Z"), S("2026-11-24T20.00.00Z"), S("26-11-24T20:00:00Z"),
        S("02026-11-24T20:00:00Z"), S("2026-1-24T20:00:00Z"), S("+026-11-24T20:00:00Z"),
        S("-026-11-24T20:00:00Z"), S("2026-11-24T 2:00:00Z"), S("2026-11-24T2a:00:00Z"),
        S("2026-11-24T20:00:00\0"),
        S("2026-11-24\0"
          "20:00:00Z"),
        S("2026-11-24T20:00:00\0"
          "08:00"),
        S("1795550400000"), S("now")};
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        int64_t ms;
        TH_ROW("'%.*s'", TH_STR_FMT(all[i]));
        TH_CHECK(!th_clock_parse(all[i], &ms));
    }
}

/* From the first moment to the last, in steps that meet all hours, months, leap and century years. */
static void test_round_trip(void)
{
    unsigned long wrong = 0, count = 0;
    char before[TH_RFC3339_LEN] = "";
    for (int64_t ms = -62135596800000; ms <= 253402300799999; ms += 86399999LL * 3, count++) {
        char text[TH_RFC3339_LEN];
        int64_t back = 0;
        th_clock_rfc3339(ms, text);
        wrong += strlen(text) != TH_RFC3339_LEN - 1 || !th_clock_parse(th_str(text), &back) || back != ms;
        wrong += strcmp(before, text) >= 0; /* text sorts like time */
        memcpy(before, text, sizeof before);
    }
    TH_EQ_INT(wrong, 0);
    TH_CHECK(count > 1000000);
}

static void test_format(void)
{
    static const struct {
        int64_t ms;
        const char *text;
    } all[] = {{0, "1970-01-01T00:00:00.000Z"}, {-1, "1969-12-31T23:59:59.999Z"},
        {1795550400123, "2026-11-24T20:00:00.123Z"}, {951782399999, "2000-02-28T23:59:59.999Z"},
        {INT64_MAX, "9999-12-31T23:59:59.999Z"}, {INT64_MIN, "0001-01-01T00:00:00.000Z"},
        {253402300800000, "9999-12-31T23:59:59.999Z"}};
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        char text[TH_RFC3339_LEN];
        th_clock_rfc3339(all[i].ms, text);
        TH_EQ_STR(text, all[i].text);
    }
}

static void test_clocks(void)
{
    int64_t now = th_clock_ms();
    uint64_t first = th_clock_mono_us(), second = th_clock_mono_us();
    TH_CHECK(now > 1700000000000 && now < 32503680000000);
    TH_CHECK(second >= first && second - first < 60000000);
}

int main(void)
{
    TH_RUN(test_parse);
    TH_RUN(test_refused);
    TH_RUN(test_round_trip);
    TH_RUN(test_format);
    TH_RUN(test_clocks);
    return TH_END();
}
