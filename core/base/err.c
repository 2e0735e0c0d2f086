/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>

#include "base/err.h"

static const struct {
    const char *name;
    int status;
    bool retry;
} table[TH_ERR_COUNT] = {[TH_OK] = {"ok", 200, false},
#define X(code, name, status, retry) [code] = {name, status, retry},
    TH_ERRORS(X)
#undef X
};

int th_fail(struct th_error *err, enum th_err code, const char *fmt, ...)
{
    if (err != NULL) {
        va_list ap;
        va_start(ap, fmt);
        err->code = code;
        vsnprintf(err->msg, sizeof err->msg, fmt, ap);
        va_end(ap);
    }
    return -(int)code;
}

static int index_of(int code)
{
    int i = code < 0 ? -code : code;
    return i < TH_ERR_COUNT ? i : TH_EINTERNAL;
}

const char *th_err_name(int code)
{
    return table[index_of(code)].name;
}

int th_err_status(int code)
{
    return table[index_of(code)].status;
}

bool th_err_retry(int code)
{
    return table[index_of(code)].retry;
}
