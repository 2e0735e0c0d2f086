/* SPDX-License-Identifier: Apache-2.0
 *
 * Tiny asserts. A failed one tells file, line and both values and lets the test go on; TH_RUN prints `ok
 * NAME` or `not ok NAME`; TH_END is main's exit status: 0 only when something ran and nothing failed. Asserts
 * may be used from any thread, but a thread has to be joined before its test returns. In a loop over a table
 * TH_ROW(format, ...) says which row is looked at; it is shown with what fails, and forgotten when the test
 * returns. */
#ifndef TH_TEST_H
#define TH_TEST_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

static _Atomic unsigned th_test_wrong; /* asserts that failed, over all tests */
static unsigned th_test_ran;
static _Thread_local char th_test_row[256];

static inline bool th_test_assert(bool good, const char *file, int line, const char *what)
{
    if (!good) {
        th_test_wrong++;
        fprintf(stderr, "%s:%d: %s%s%s\n", file, line, what, th_test_row[0] != 0 ? "    in row " : "",
            th_test_row);
    }
    return good;
}

static inline void th_test_int(long long got, long long want, const char *file, int line, const char *what)
{
    if (!th_test_assert(got == want, file, line, what))
        fprintf(stderr, "    got %lld, not %lld\n", got, want);
}

static inline void th_test_str(
    struct th_str got, struct th_str want, const char *file, int line, const char *what)
{
    bool same = (got.p == NULL) == (want.p == NULL) && th_str_eq(got, want);
    if (!th_test_assert(same, file, line, what))
        fprintf(stderr, "    got  %s%.*s\n    want %s%.*s\n", got.p == NULL ? "NULL" : "", TH_STR_FMT(got),
            want.p == NULL ? "NULL" : "", TH_STR_FMT(want));
}

static inline void th_test_run(const char *name, void (*test)(void))
{
    unsigned before = th_test_wrong;
    test();
    th_test_row[0] = 0;
    th_test_ran++;
    printf("%s %s\n", th_test_wrong == before ? "ok" : "not ok", name);
    fflush(stdout);
}

static inline int th_test_end(void)
{
    printf("%u tests, %u asserts failed\n", th_test_ran, th_test_wrong);
    return th_test_ran > 0 && th_test_wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#define TH_CHECK(cond) th_test_assert(cond, __FILE__, __LINE__, #cond)
#define TH_EQ_INT(got, want) th_test_int(got, want, __FILE__, __LINE__, #got)
#define TH_EQ_STR(got, want)                                                                                 \
    th_test_str(th_str(got), th_str(want), __FILE__, __LINE__, #got) /* C strings                            \
                                                                      */
#define TH_EQ_SLICE(got, want)                                                                               \
    th_test_str(got, th_str(want), __FILE__, __LINE__, #got) /* th_str, C string                             \
                                                              */
#define TH_EQ_BYTES(got, want, n)                                                                            \
    th_test_assert(memcmp(got, want, n) == 0, __FILE__, __LINE__, #got " differs")
#define TH_ROW(...) ((void)snprintf(th_test_row, sizeof th_test_row, __VA_ARGS__))
#define TH_COUNT(array) (sizeof(array) / sizeof *(array))
/* For tables: names the case when the assert fails. */
#define TH_CHECK_CASE(cond, name)                                                                            \
    do {                                                                                                     \
        if (!TH_CHECK(cond))                                                                                 \
            fprintf(stderr, "    in the case \"%s\"\n", name);                                               \
    } while (0)
#define TH_RUN(test) th_test_run(#test, test)
#define TH_END() th_test_end()

#endif
