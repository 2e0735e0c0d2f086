/* SPDX-License-Identifier: Apache-2.0
 *
 * migrate, check-config, broker-config: what is done before and beside a running server. */
#include <libpq-fe.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/broker_config.h"
#include "cli/cli.h"
#include "sec/seal.h"
#include "store/migrate.h"

/* A new key is made only while nothing is sealed: a lost one must not be replaced in silence. */
static int ensure_key(const struct th_conf *conf, struct th_error *err)
{
    static const char sealed[] = "select exists (select from device_key) or exists (select from product_key)";
    if (conf->secrets_key_file[0] == 0)
        return th_fail(err, TH_EINVAL, "secrets.key_file is not set");
    if (access(conf->secrets_key_file, F_OK) == 0)
        return 0;
    PGconn *pg = PQconnectdb(conf->database_url);
    PGresult *res = PQexec(pg, sealed);
    bool known = PQresultStatus(res) == PGRES_TUPLES_OK;
    bool any = known && PQgetvalue(res, 0, 0)[0] == 't';
    PQclear(res);
    int rc = 0;
    if (!known)
        rc = th_fail(err, TH_EDB, "%s", PQerrorMessage(pg));
    else if (any)
        rc = th_fail(err, TH_ENOTFOUND, "%s is missing, and the database holds secrets sealed with it",
            conf->secrets_key_file);
    else
        rc = th_keyring_create(conf->secrets_key_file, err);
    PQfinish(pg);
    return rc;
}

int th_cli_migrate(int argc, char **argv)
{
    struct th_arena arena;
    struct th_error err;
    int applied = 0, rc = -1;
    struct th_conf *conf = th_cli_conf(&argc, argv);
    if (conf == NULL)
        return 1;
    th_arena_init(&arena);
    const char *home = th_cli_no_more(argc, argv) == 0 ? th_cli_home(conf, &arena) : NULL;
    if (home != NULL) {
        rc = th_migrate(
            conf->database_url, th_arena_printf(&arena, "%s/migrations", home), false, &applied, &err);
        if (rc == 0)
            rc = ensure_key(conf, &err);
        if (rc == 0)
            printf("%d migration(s) applied\n", applied);
        else
            th_cli_failed(&err);
    }
    th_arena_free(&arena);
    th_conf_free(conf);
    return rc == 0 ? 0 : 1;
}

int th_cli_check_config(int argc, char **argv)
{
    struct th_buf out = {0};
    if (th_cli_flag(&argc, argv, "--sample")) {
        th_conf_sample(&out);
    } else {
        struct th_conf *conf = th_cli_conf(&argc, argv);
        if (conf == NULL)
            return 1;
        th_conf_show(conf, &out);
        th_conf_free(conf);
    }
    int status = th_cli_no_more(argc, argv);
    if (status == 0)
        fwrite(out.p, 1, out.n, stdout);
    th_buf_free(&out);
    return status;
}

int th_cli_broker_config(int argc, char **argv)
{
    struct th_error err;
    const char *folder = th_cli_option(&argc, argv, "--out");
    struct th_conf *conf = th_cli_conf(&argc, argv);
    if (conf == NULL)
        return 1;
    int status = th_cli_no_more(argc, argv);
    if (status == 0 && folder == NULL) {
        fputs("thingd broker-config: --out FOLDER is missing\n", stderr);
        status = 2;
    }
    if (status == 0 && th_broker_config_write(conf, folder, &err) != 0)
        status = th_cli_failed(&err);
    th_conf_free(conf);
    return status;
}
