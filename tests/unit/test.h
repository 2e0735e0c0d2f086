/* SPDX-License-Identifier: Apache-2.0
 *
 * Asserts for unit tests. A failed one tells file, line, what was got and what was wanted, and the test goes
 * on; the program ends with status 1. One main() per test program: TH_RUN(test_a); TH_RUN(test_b); return
 * TH_END();
 *
 * In a loop over a table TH_ROW says which row is being looked at; it is shown with a failure. */
#ifndef TH_TEST_H
#define TH_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/str.h"

static unsigned long th_test_failures;
static char th_test_row[256];

#define TH_FAIL(...)                                                                                         \
    do {                                                                                                     \
        th_test_failures++;                                                                                  \
        fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);                                                      \
        fprintf(stderr, __VA_ARGS__);                                                                        \
        fprintf(stderr, "%s%s%s\n", th_test_row[0] ? "  [" : "", th_test_row, th_test_row[0] ? "]" : "");    \
    } while (0)

#define TH_ROW(...) snprintf(th_test_row, sizeof th_test_row, __VA_ARGS__)

#define TH_CHECK(cond)                                                                                       \
    do {                                                                                                     \
        if (!(cond))                                                                                         \
            TH_FAIL("%s", #cond);                                                                            \
    } while (0)

#define TH_EQ_INT(got, want)                                                                                 \
    do {                                                                                                     \
        long long got_ = (long long)(got), want_ = (long long)(want);                                        \
        if (got_ != want_)                                                                                   \
            TH_FAIL("%s is %lld, not %lld", #got, got_, want_);                                              \
    } while (0)

#define TH_EQ_STR(got, want)                                                                                 \
    do {                                                                                                     \
        const char *got_ = (got), *want_ = (want);                                                           \
        if (got_ == NULL || want_ == NULL ? got_ != want_ : strcmp(got_, want_) != 0)                        \
            TH_FAIL("%s is '%s', not '%s'", #got, got_ ? got_ : "(null)", want_ ? want_ : "(null)");         \
    } while (0)

/* got: a struct th_str; want: text, its length known by strlen. */
#define TH_EQ_SLICE(got, want)                                                                               \
    do {                                                                                                     \
        struct th_str got_ = (got), want_ = th_str(want);                                                    \
        if (!th_str_eq(got_, want_))                                                                         \
            TH_FAIL("%s is '%.*s', not '%.*s'", #got, TH_STR_FMT(got_), TH_STR_FMT(want_));                  \
    } while (0)

#define TH_EQ_BYTES(got, want, n)                                                                            \
    do {                                                                                                     \
        if (memcmp(got, want, n) != 0)                                                                       \
            TH_FAIL("%s differs from %s", #got, #want);                                                      \
    } while (0)

#define TH_COUNT(array) (sizeof(array) / sizeof *(array))

#define TH_RUN(test)                                                                                         \
    do {                                                                                                     \
        unsigned long before_ = th_test_failures;                                                            \
        th_test_row[0] = 0;                                                                                  \
        test();                                                                                              \
        printf("%-6s %s\n", th_test_failures == before_ ? "ok" : "FAILED", #test);                           \
        fflush(stdout);                                                                                      \
    } while (0)

#define TH_END() (th_test_failures != 0)

#endif
