/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <time.h>

#include "base/clock.h"

#define DAY_MS 86400000LL
#define MIN_MS (-62135596800000LL) /* 0001-01-01 */
#define MAX_MS 253402300799999LL   /* 9999-12-31T23:59:59.999 */

int64_t th_clock_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t th_clock_ms(void)
{
    return th_clock_us() / 1000;
}

uint64_t th_clock_mono_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* Days since 1970-01-01 and back, for the proleptic Gregorian calendar (Howard Hinnant, chrono-compatible
 * low-level date algorithms). */
static int64_t days_of(int64_t y, int m, int d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void date_of(int64_t days, int64_t *y, int *m, int *d)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t doe = days - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *d = (int)(doy - (153 * mp + 2) / 5 + 1);
    *m = (int)(mp < 10 ? mp + 3 : mp - 9);
    *y = yoe + era * 400 + (*m <= 2);
}

void th_clock_rfc3339(int64_t ms, char out[TH_RFC3339_LEN])
{
    ms = ms < MIN_MS ? MIN_MS : ms > MAX_MS ? MAX_MS : ms;
    int64_t days = ms / DAY_MS, rest = ms % DAY_MS, y;
    int m, d;
    if (rest < 0) {
        rest += DAY_MS;
        days--;
    }
    date_of(days, &y, &m, &d);
    char text[64];
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", (int)y, m, d, (int)(rest / 3600000),
        (int)(rest / 60000 % 60), (int)(rest / 1000 % 60), (int)(rest % 1000));
    memcpy(out, text, TH_RFC3339_LEN);
}

static bool digits(struct th_str s, size_t at, int count, int *out)
{
    *out = 0;
    for (int i = 0; i < count; i++) {
        unsigned digit = at + (size_t)i < s.n ? (unsigned char)s.p[at + (size_t)i] - '0' : 10;
        if (digit > 9)
            return false;
        *out = *out * 10 + (int)digit;
    }
    return true;
}

static bool at_is(struct th_str s, size_t i, const char *one_of)
{
    return i < s.n && s.p[i] != 0 && strchr(one_of, s.p[i]) != NULL;
}

static bool offset_of(struct th_str s, size_t i, int64_t *ms)
{
    int h, m;
    *ms = 0;
    if (at_is(s, i, "Zz"))
        return i + 1 == s.n;
    if (!at_is(s, i, "+-") || i + 6 != s.n || !digits(s, i + 1, 2, &h) || s.p[i + 3] != ':' ||
        !digits(s, i + 4, 2, &m) || h > 23 || m > 59)
        return false;
    *ms = (h * 60 + m) * (s.p[i] == '-' ? -60000LL : 60000LL);
    return true;
}

bool th_clock_parse(struct th_str s, int64_t *ms)
{
    static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int y, mo, d, h, mi, sec, frac = 0;
    if (!digits(s, 0, 4, &y) || !at_is(s, 4, "-") || !digits(s, 5, 2, &mo) || !at_is(s, 7, "-") ||
        !digits(s, 8, 2, &d) || !at_is(s, 10, "Tt ") || !digits(s, 11, 2, &h) || !at_is(s, 13, ":") ||
        !digits(s, 14, 2, &mi) || !at_is(s, 16, ":") || !digits(s, 17, 2, &sec))
        return false;
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    if (y < 1 || mo < 1 || mo > 12 || d < 1 || d > month_days[mo - 1] + (mo == 2 && leap) || h > 23 ||
        mi > 59 || sec > 60)
        return false;
    size_t i = 19;
    if (at_is(s, i, ".")) {
        int count = 0, one;
        for (i++; digits(s, i, 1, &one); i++, count++)
            if (count < 3)
                frac = frac * 10 + one;
        if (count < 1 || count > 9)
            return false;
        for (; count < 3; count++)
            frac *= 10;
    }
    int64_t offset;
    if (!offset_of(s, i, &offset))
        return false;
    *ms = days_of(y, mo, d) * DAY_MS + h * 3600000LL + mi * 60000LL + sec * 1000LL + frac - offset;
    return true;
}
