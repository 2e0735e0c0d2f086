/* SPDX-License-Identifier: Apache-2.0
 *
 * RFC 3339: what is read lies in the years 0000 to 10000 and is written and read again as the same moment. */
#include "base/clock.h"
#include "fuzz.h"

#define YEAR_0 (-62167219200000LL)
#define YEAR_10001 253433923200000LL

static void check_text(struct th_str text)
{
    char again[TH_RFC3339_LEN];
    int64_t ms, back;
    if (!th_clock_parse(text, &ms))
        return;
    TH_FUZZ_CHECK(text.n >= 20 && text.n <= 35);
    TH_FUZZ_CHECK(ms >= YEAR_0 && ms < YEAR_10001);
    th_clock_rfc3339(ms, again);
    TH_FUZZ_CHECK(th_clock_parse(th_str(again), &back));
    /* An offset can carry a moment out of the years that can be written; it is clamped there. */
    TH_FUZZ_CHECK(back == ms || ms < -62135596800000LL || ms > 253402300799999LL);
}

static void check_number(const uint8_t *data, size_t size)
{
    char text[TH_RFC3339_LEN];
    int64_t ms, back;
    if (size < sizeof ms)
        return;
    memcpy(&ms, data, sizeof ms);
    th_clock_rfc3339(ms, text);
    TH_FUZZ_CHECK(strlen(text) == TH_RFC3339_LEN - 1);
    TH_FUZZ_CHECK(th_clock_parse(th_str(text), &back));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_text(fuzz_input(data, size));
    check_number(data, size);
    return 0;
}
