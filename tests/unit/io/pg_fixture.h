/* SPDX-License-Identifier: Apache-2.0
 *
 * The test's own PostgreSQL (see the script of the same name), and blocking access to it for checks. */
#ifndef TH_TEST_PG_FIXTURE_H
#define TH_TEST_PG_FIXTURE_H

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char pg_dir[256];
static char pg_url[512];

static inline void pg_fixture(const char *command)
{
    char line[1024], script[512];
    snprintf(script, sizeof(script), "%.*s/pg_fixture", (int)(strrchr(__FILE__, '/') - __FILE__), __FILE__);
    snprintf(line, sizeof(line), "'%s' %s %s", script, command, pg_dir);
    FILE *out = popen(line, "r");
    if (strcmp(command, "make") == 0 && fgets(pg_dir, sizeof(pg_dir), out) != NULL)
        pg_dir[strcspn(pg_dir, "\n")] = '\0';
    if (pclose(out) != 0 || pg_dir[0] == '\0') {
        fprintf(stderr, "pg_fixture %s failed\n", command);
        exit(1);
    }
}

static inline void pg_remove(void)
{
    pg_fixture("remove");
}

/* Removed when the test ends. */
static inline void pg_make(void)
{
    pg_fixture("make");
    atexit(pg_remove);
    const char *port = getenv("PG_FIXTURE_PORT");
    snprintf(pg_url, sizeof(pg_url), "host=%s port=%s user=postgres dbname=postgres", pg_dir,
        port != NULL ? port : "5432");
}

static inline void pg_crash(void)
{
    pg_fixture("crash");
}

static inline void pg_boot(void)
{
    pg_fixture("boot");
}

/* The first value of the answer as a number; ends the test on an error. */
static inline long pg_ask(const char *sql)
{
    PGconn *pg = PQconnectdb(pg_url);
    PGresult *res = PQexec(pg, sql);
    if (PQresultStatus(res) != PGRES_TUPLES_OK && PQresultStatus(res) != PGRES_COMMAND_OK) {
        fprintf(stderr, "%s: %s\n", sql, PQerrorMessage(pg));
        exit(1);
    }
    long value = PQntuples(res) > 0 && PQnfields(res) > 0 ? atol(PQgetvalue(res, 0, 0)) : 0;
    PQclear(res);
    PQfinish(pg);
    return value;
}

#endif
