/* SPDX-License-Identifier: Apache-2.0
 *
 * The first token and the first administrator of a database, written to it directly: whoever may read the
 * server's configuration may do that anyway. Each leaves an audit row. */
#include <ctype.h>
#include <libpq-fe.h>
#include <openssl/crypto.h>
#include <stdio.h>

#include "cli/cli.h"
#include "sec/passhash.h"
#include "sec/rand.h"
#include "sec/token.h"

#define PASSWORD_LEN 20 /* letters and digits: 119 bits */
#define NAME_MAX_LEN 128

static int refused(PGconn *pg, struct th_error *err)
{
    struct th_str why = th_str_trim(th_str(PQerrorMessage(pg)));
    return th_fail(err, TH_EDB, "%.*s", TH_STR_FMT(why));
}

static int connect_to(PGconn **pg, const struct th_conf *conf, struct th_error *err)
{
    *pg = PQconnectdb(conf->database_url);
    return PQstatus(*pg) == CONNECTION_OK ? 0 : refused(*pg, err);
}

/* One result or nothing; *out is the caller's to clear. */
static int query(
    PGconn *pg, const char *sql, int n, const char *const *values, PGresult **out, struct th_error *err)
{
    *out = PQexecParams(pg, sql, n, NULL, values, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(*out);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return 0;
    return refused(pg, err);
}

static int command(PGconn *pg, const char *sql, int n, const char *const *values, struct th_error *err)
{
    PGresult *res;
    int rc = query(pg, sql, n, values, &res, err);
    PQclear(res);
    return rc;
}

/* ---- token create ---- */

static int insert_token(
    const struct th_conf *conf, const char *name, const char *role, const char *token, struct th_error *err)
{
    static const char sql[] = "with made as (insert into api_token (name, hash, role, created_by)"
                              " values ($1, decode($2, 'hex'), $3, 'command line') returning id)"
                              " insert into audit (actor_kind, actor, action, target, after)"
                              " select 'system', 'command line', 'tokens:create', id::text,"
                              " jsonb_build_object('id', id, 'name', $1::text, 'role', $3::text) from made";
    char hash[65];
    th_token_hash(th_str(token), hash);
    PGconn *pg;
    int rc = connect_to(&pg, conf, err);
    if (rc == 0)
        rc = command(pg, sql, 3, (const char *[]){name, hash, role}, err);
    PQfinish(pg);
    return rc;
}

int th_cli_token(int argc, char **argv)
{
    char token[TH_TOKEN_LEN + 1];
    struct th_error err;
    const char *name = th_cli_option(&argc, argv, "--name"), *role = th_cli_option(&argc, argv, "--role");
    struct th_conf *conf = th_cli_conf(&argc, argv);
    if (conf == NULL)
        return 1;
    int status = th_cli_no_more(argc, argv);
    if (status == 0) {
        th_token_make(token);
        if (insert_token(conf, name, role, token, &err) == 0)
            puts(token);
        else
            status = th_cli_failed(&err);
    }
    th_conf_free(conf);
    return status;
}

/* ---- user bootstrap ---- */

/* As migrations/0011 has it. */
static bool is_account_name(const char *name)
{
    size_t n = strlen(name);
    if (n == 0 || n > NAME_MAX_LEN || !(islower((unsigned char)name[0]) || isdigit((unsigned char)name[0])))
        return false;
    for (const char *p = name; *p != '\0'; p++)
        if (!islower((unsigned char)*p) && !isdigit((unsigned char)*p) && strchr("._@+-", *p) == NULL)
            return false;
    return true;
}

/* The account with a password that its owner must change, an administrator of all products; with nothing left
 * that would keep the owner out or a stranger in. $1: name, $2: hash. */
static const struct {
    int values;
    const char *sql;
} steps[] = {
    {2, "insert into account (key, password, password_at, must_change) values ($1, $2, now(), true)"
        " on conflict (key) do update set password = $2, password_at = now(), must_change = true,"
        " enabled = true, totp = null, totp_on = false, totp_step = 0, recovery = '{}',"
        " rev = account.rev + 1, updated_at = now()"},
    {1, "insert into account_grant (account_id, role) select id, 'admin' from account where key = $1"
        " on conflict do nothing"},
    {1, "delete from session where account_id = (select id from account where key = $1)"},
    {1, "delete from account_reset where account_id = (select id from account where key = $1)"},
    {1, "delete from sign_in_failure where who = $1"},
    {1, "insert into audit (actor_kind, actor, action, target)"
        " values ('system', 'command line', 'accounts:bootstrap', $1)"},
};

/* *done: false when there was nothing to do. The same lock as in api/resources/accounts.lua. */
static int make_administrator(
    PGconn *pg, const char *name, const char *hash, bool reset, bool *done, struct th_error *err)
{
    static const char lock[] = "select pg_advisory_xact_lock(hashtext('thingd accounts'))";
    static const char look[] = "select 1 from account where key = $1 and password is not null for update";
    PGresult *found = NULL;

    *done = false;
    int rc = command(pg, "begin", 0, NULL, err);
    if (rc == 0)
        rc = command(pg, lock, 0, NULL, err);
    if (rc == 0)
        rc = query(pg, look, 1, (const char *[]){name}, &found, err);
    bool there = rc == 0 && PQntuples(found) > 0;
    PQclear(found);
    if (rc != 0 || (there && !reset))
        return rc; /* the connection's end rolls back */
    for (size_t i = 0; rc == 0 && i < sizeof steps / sizeof *steps; i++)
        rc = command(pg, steps[i].sql, steps[i].values, (const char *[]){name, hash}, err);
    if (rc == 0)
        rc = command(pg, "commit", 0, NULL, err);
    *done = rc == 0;
    return rc;
}

static int bootstrap(const struct th_conf *conf, const char *name, bool reset)
{
    char password[PASSWORD_LEN + 1], hash[TH_PASSHASH_MAX];
    struct th_error err;
    PGconn *pg;
    bool done = false;

    if (!is_account_name(name)) {
        fputs("thingd: an account's name is made of a-z 0-9 . _ @ + - and begins with a letter or digit\n",
            stderr);
        return 2;
    }
    th_rand_text(password, PASSWORD_LEN);
    th_passhash_make(hash, th_str(password));
    int rc = connect_to(&pg, conf, &err);
    if (rc == 0)
        rc = make_administrator(pg, name, hash, reset, &done, &err);
    PQfinish(pg);
    if (done)
        puts(password);
    OPENSSL_cleanse(password, sizeof password);
    return rc == 0 ? 0 : th_cli_failed(&err);
}

int th_cli_user(int argc, char **argv)
{
    const char *name = th_cli_option(&argc, argv, "--name");
    bool reset = th_cli_flag(&argc, argv, "--reset");
    struct th_conf *conf = th_cli_conf(&argc, argv);
    if (conf == NULL)
        return 1;
    int status = th_cli_no_more(argc, argv);
    if (status == 0)
        status = bootstrap(conf, name, reset);
    th_conf_free(conf);
    return status;
}
