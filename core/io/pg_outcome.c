/* SPDX-License-Identifier: Apache-2.0 */
#include "io/pg_outcome.h"

#include <string.h>

static const char *field(const PGresult *res, int code)
{
    const char *text = PQresultErrorField(res, code);
    return text != NULL ? text : "";
}

struct th_pg_outcome th_pg_outcome_of(const PGresult *res)
{
    if (!th_pg_failed(res))
        return (struct th_pg_outcome){.res = res, .message = "", .detail = "", .constraint = ""};
    struct th_pg_outcome o = {
        .code = -TH_EDB,
        .message = field(res, PG_DIAG_MESSAGE_PRIMARY),
        .detail = field(res, PG_DIAG_MESSAGE_DETAIL),
        .constraint = field(res, PG_DIAG_CONSTRAINT_NAME),
    };
    if (o.message[0] == '\0')
        o.message = PQresultErrorMessage(res);
    strncpy(o.sqlstate, field(res, PG_DIAG_SQLSTATE), sizeof(o.sqlstate) - 1);
    return o;
}

struct th_pg_outcome th_pg_outcome_fail(enum th_err code, bool unknown, const char *message)
{
    return (struct th_pg_outcome){
        .code = -code, .unknown = unknown, .message = message, .detail = "", .constraint = ""};
}
