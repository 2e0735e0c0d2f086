/* SPDX-License-Identifier: Apache-2.0
 *
 * Every error the core can report, in one table: its code, its stable name (the `code` of the API's
 * problems), the HTTP status it becomes, and whether trying again may help. Functions return 0 or the negated
 * code; where a person will read the reason, it is written into a struct th_error given as the last argument
 * (NULL is allowed). */
#ifndef TH_ERR_H
#define TH_ERR_H

#include <stdbool.h>

/* code, name, HTTP status, retry may help */
#define TH_ERRORS(X)                                                                                         \
    X(TH_EINVAL, "invalid", 400, false)                                                                      \
    X(TH_EAUTH, "unauthenticated", 401, false)                                                               \
    X(TH_EFORBIDDEN, "forbidden", 403, false)                                                                \
    X(TH_ENOTFOUND, "not_found", 404, false)                                                                 \
    X(TH_ECONFLICT, "conflict", 409, false)                                                                  \
    X(TH_ETOOBIG, "too_large", 413, false)                                                                   \
    X(TH_ESYNTAX, "syntax", 400, false)                                                                      \
    X(TH_EBUSY, "busy", 503, true)                                                                           \
    X(TH_EUNAVAIL, "unavailable", 503, true)                                                                 \
    X(TH_ETIMEOUT, "timeout", 504, true)                                                                     \
    X(TH_ECANCELED, "canceled", 503, true)                                                                   \
    X(TH_EIO, "io", 500, false)                                                                              \
    X(TH_EDB, "database", 500, false)                                                                        \
    X(TH_ECRYPTO, "crypto", 500, false)                                                                      \
    X(TH_ESCRIPT, "script", 500, false)                                                                      \
    X(TH_EINTERNAL, "internal", 500, false)

enum th_err {
    TH_OK = 0,
#define X(code, name, status, retry) code,
    TH_ERRORS(X)
#undef X
        TH_ERR_COUNT
};

struct th_error {
    enum th_err code;
    char msg[512];
};

/* Writes code and message into *err (when not NULL) and returns -code: `return th_fail(err, TH_EINVAL,
 * "...");` */
int th_fail(struct th_error *err, enum th_err code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* These take the code with either sign. */
const char *th_err_name(int code);
int th_err_status(int code);
bool th_err_retry(int code);

#define TH_MUST_CHECK __attribute__((warn_unused_result))

#endif
