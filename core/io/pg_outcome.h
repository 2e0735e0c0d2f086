/* SPDX-License-Identifier: Apache-2.0
 *
 * From libpq's results to struct th_pg_outcome. */
#ifndef TH_PG_OUTCOME_H
#define TH_PG_OUTCOME_H

#include "io/pg.h"

static inline bool th_pg_failed(const PGresult *res)
{
    ExecStatusType s = PQresultStatus(res);
    return s == PGRES_FATAL_ERROR || s == PGRES_BAD_RESPONSE || s == PGRES_NONFATAL_ERROR;
}

/* What the server said. Text points into res. */
struct th_pg_outcome th_pg_outcome_of(const PGresult *res);
/* What became of it otherwise. message is not copied. */
struct th_pg_outcome th_pg_outcome_fail(enum th_err code, bool unknown, const char *message);

#endif
