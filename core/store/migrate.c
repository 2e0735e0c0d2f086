/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/hex.h"
#include "base/log.h"
#include "base/str.h"
#include "sec/digest.h"
#include "store/migrate.h"

#define LOCK "7239108501" /* any constant: the name of the advisory lock */

static const char ledger_sql[] =
    "create table if not exists schema_migration (number integer primary key, name text not null,"
    " checksum text not null, applied_at timestamptz not null default now())";

static int failed(PGconn *pg, PGresult *res, const char *what, struct th_error *err)
{
    int rc = th_fail(err, TH_EDB, "%s: %s", what, PQerrorMessage(pg));
    PQclear(res);
    return rc;
}

static int run(PGconn *pg, const char *sql, const char *what, struct th_error *err)
{
    PGresult *res = PQexec(pg, sql);
    if (PQresultStatus(res) != PGRES_COMMAND_OK && PQresultStatus(res) != PGRES_TUPLES_OK)
        return failed(pg, res, what, err);
    PQclear(res);
    return 0;
}

static int is_migration(const struct dirent *e)
{
    size_t n = strlen(e->d_name);
    return n > 9 && strspn(e->d_name, "0123456789") == 4 && e->d_name[4] == '_' &&
           strcmp(e->d_name + n - 4, ".sql") == 0;
}

static int read_file(const char *path, struct th_buf *out, struct th_error *err)
{
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return th_fail(err, TH_EIO, "%s: %m", path);
    char piece[8192];
    size_t n;
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        th_buf_put(out, piece, n);
    fclose(f);
    return 0;
}

static int apply(PGconn *pg, const char *name, const char *sql, const char *checksum, struct th_error *err)
{
    int rc = run(pg, "begin", name, err);
    if (rc == 0)
        rc = run(pg, sql, name, err);
    if (rc == 0) {
        char number[5] = {name[0], name[1], name[2], name[3], 0};
        const char *params[] = {number, name, checksum};
        PGresult *res =
            PQexecParams(pg, "insert into schema_migration (number, name, checksum) values ($1, $2, $3)", 3,
                NULL, params, NULL, NULL, 0);
        if (PQresultStatus(res) != PGRES_COMMAND_OK)
            return failed(pg, res, name, err);
        PQclear(res);
        rc = run(pg, "commit", name, err);
    }
    if (rc != 0)
        PQclear(PQexec(pg, "rollback"));
    return rc;
}

/* 1: already applied, 0: to be applied. */
static int known(PGconn *pg, const char *name, const char *checksum, struct th_error *err)
{
    char number[5] = {name[0], name[1], name[2], name[3], 0};
    const char *params[] = {number};
    PGresult *res = PQexecParams(
        pg, "select name, checksum from schema_migration where number = $1", 1, NULL, params, NULL, NULL, 0);
    if (PQresultStatus(res) != PGRES_TUPLES_OK)
        return failed(pg, res, name, err);
    int rc = PQntuples(res);
    if (rc == 1 && strcmp(PQgetvalue(res, 0, 1), checksum) != 0)
        rc = th_fail(err, TH_ECONFLICT,
            "%s was applied as %s and has changed since; write a new migration instead", name,
            PQgetvalue(res, 0, 0));
    PQclear(res);
    return rc;
}

static int one(PGconn *pg, const char *folder, const char *name, bool dry, int *applied, struct th_error *err)
{
    char path[4096], checksum[65];
    unsigned char hash[32];
    struct th_buf sql = {0};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int rc = read_file(path, &sql, err);
    if (rc == 0) {
        struct th_str text = th_buf_view(&sql);
        th_sha256(hash, &text, 1);
        th_hex_encode(checksum, hash, sizeof hash);
        rc = known(pg, name, checksum, err);
        if (rc == 0) {
            ++*applied;
            if (!dry) {
                th_info("migration", "name=%s", name);
                rc = apply(pg, name, th_buf_cstr(&sql), checksum, err);
            }
        }
    }
    th_buf_free(&sql);
    return rc < 0 ? rc : 0;
}

int th_migrate(const char *database_url, const char *folder, bool dry, int *applied, struct th_error *err)
{
    struct dirent **names = NULL;
    *applied = 0;
    int count = scandir(folder, &names, is_migration, alphasort);
    if (count < 0)
        return th_fail(err, TH_EIO, "%s: %m", folder);
    PGconn *pg = PQconnectdb(database_url);
    int rc = 0;
    if (PQstatus(pg) != CONNECTION_OK)
        rc = th_fail(err, TH_EUNAVAIL, "database.url: %s", PQerrorMessage(pg));
    if (rc == 0)
        rc = run(pg,
            "set client_min_messages = warning; set timezone = 'UTC'; select pg_advisory_lock(" LOCK ")",
            "lock", err);
    if (rc == 0)
        rc = run(pg, ledger_sql, "schema_migration", err);
    for (int i = 0; i < count; i++) {
        if (rc == 0)
            rc = one(pg, folder, names[i]->d_name, dry, applied, err);
        free(names[i]);
    }
    free(names);
    PQfinish(pg); /* which frees the lock */
    return rc;
}
