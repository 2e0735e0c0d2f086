/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.c"

#include <string.h>

#include "../test.h"

static int give_up(struct th_error *err)
{
    return th_fail(err, TH_ECONFLICT, "%s %d", "rev", 7);
}

static void test_fail(void)
{
    struct th_error err;
    TH_EQ_INT(give_up(&err), -TH_ECONFLICT);
    TH_EQ_INT(err.code, TH_ECONFLICT);
    TH_EQ_STR(err.msg, "rev 7");
    TH_EQ_INT(give_up(NULL), -TH_ECONFLICT);
    TH_EQ_INT(th_fail(&err, TH_EIO, "%2000d", 1), -TH_EIO);
    TH_EQ_INT(strlen(err.msg), sizeof err.msg - 1);
}

static void test_table(void)
{
    for (int code = 0; code < TH_ERR_COUNT; code++) {
        TH_ROW("%d", code);
        TH_CHECK(th_err_name(code) != NULL && th_err_name(code)[0] != 0);
        TH_EQ_STR(th_err_name(-code), th_err_name(code));
        TH_CHECK(th_err_status(code) >= 200 && th_err_status(code) < 600);
        /* What may be tried again must be told to the broker as such. */
        TH_CHECK(th_err_retry(code) == (th_err_status(code) == 503 || th_err_status(code) == 504));
        for (int other = 0; other < code; other++)
            TH_CHECK(strcmp(th_err_name(other), th_err_name(code)) != 0);
    }
    TH_EQ_STR(th_err_name(-9999), "internal");
    TH_EQ_INT(th_err_status(9999), 500);
}

int main(void)
{
    TH_RUN(test_fail);
    TH_RUN(test_table);
    return TH_END();
}
