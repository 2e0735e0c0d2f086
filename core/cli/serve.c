/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

#include "base/clock.h"
#include "base/log.h"
#include "bind/api_engine.h"
#include "bind/try.h"
#include "cli/cli.h"
#include "hook/hooks.h"
#include "http/admin.h"
#include "io/broker.h"
#include "io/files.h"
#include "io/http_client.h"
#include "io/pg.h"
#include "io/redis.h"
#include "io/smtp.h"
#include "sec/rand.h"
#include "sec/seal.h"
#include "store/live.h"
#include "store/migrate.h"
#include "store/script_log.h"
#include "store/spool.h"
#include "store/store.h"

#define DRAIN_MS 15000

static const struct th_worker_part pg_part = {
    "postgresql", th_pg_pool_start, th_pg_pool_drain, th_pg_pool_stop};
static const struct th_worker_part http_client_part = {
    "http_client", th_http_client_start, NULL, th_http_client_stop};
static const struct th_worker_part redis_part = {"redis", th_redis_start, NULL, th_redis_stop};
static const struct th_worker_part smtp_part = {"mail", th_smtp_start, NULL, th_smtp_stop};
static const struct th_worker_part broker_part = {"broker", th_broker_start, th_broker_drain, th_broker_stop};

/* Doors last, so that nothing comes in before all is there, and they close first. */
static const struct th_worker_part *const parts[] = {&pg_part, &redis_part, &http_client_part, &smtp_part,
    &broker_part, &th_store_part, &th_live_part, &th_api_part, &th_admin_part, &th_hooks_part, NULL};

static int worker_count(const struct th_conf *conf)
{
    return conf->workers > 0 ? (int)conf->workers : (int)uv_available_parallelism();
}

static int open_all(struct th_shared *shared, const struct th_conf *conf, struct th_error *err)
{
    char migrations[4200];
    int applied;
    snprintf(migrations, sizeof migrations, "%s/migrations", shared->home);
    int rc = th_redis_check(conf, err);
    if (rc == 0)
        rc = th_admin_door_open(&shared->admin_door, conf, shared->home, err);
    if (rc == 0)
        rc = th_hook_door_open(&shared->hook_door, conf, err);
    if (rc == 0)
        rc = th_keyring_load(&shared->keyring, conf->secrets_key_file, err);
    if (rc == 0 && conf->spool_dir[0] != 0)
        rc = th_spool_open(&shared->spool, conf, err);
    if (rc == 0 && conf->files_dir[0] != 0)
        rc = th_files_open(conf->files_dir, err);
    if (rc == 0)
        rc = th_migrate(conf->database_url, migrations, true, &applied, err);
    if (rc == -TH_EUNAVAIL && shared->spool != NULL) {
        /* Hooks are taken in all the same. A database that lacks tables never becomes ready for the batch
         * connection, whose statements are prepared first. */
        th_warn("database_away_at_start", "error=\"%s\"", err->msg);
        return 0;
    }
    if (rc == 0 && applied > 0)
        rc = th_fail(
            err, TH_ECONFLICT, "the database lacks %d migration(s): run `thingd migrate` first", applied);
    return rc;
}

static void close_all(struct th_shared *shared)
{
    th_hook_door_close(shared->hook_door);
    th_admin_door_close(shared->admin_door);
    th_spool_close(shared->spool);
    th_keyring_free(shared->keyring);
    th_script_log_free(shared->script_log);
    free(shared->metrics);
}

static int wait_for_signal(const sigset_t *set)
{
    int number;
    while (sigwait(set, &number) != 0 || number == SIGPIPE)
        ;
    return number;
}

/* What may change while we run is the log's level; a file with an error changes nothing. */
static void reload(const char *conf_path)
{
    struct th_conf *conf;
    struct th_error err;
    if (th_conf_load(&conf, conf_path, &err) != 0) {
        th_erro("reload_refused", "error=\"%s\"", err.msg);
        return;
    }
    th_cli_log(conf);
    th_info("reloaded", "level=%s", conf->log_level);
    th_conf_free(conf);
}

static int serve(const struct th_conf *conf, const char *home, const char *conf_path)
{
    struct th_shared shared = {
        .started_ms = th_clock_ms(), .home = home, .revive = th_hooks_revive, .try_script = th_try_run};
    struct th_runtime rt = {0};
    struct th_error err;
    sigset_t set;
    th_rand_text(shared.instance, sizeof shared.instance - 1);
    /* Before any thread starts, so that all inherit it: signals come to this thread alone. */
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    size_t blocks = (size_t)worker_count(conf) * sizeof *shared.metrics;
    if (posix_memalign((void **)&shared.metrics, 64, blocks) != 0)
        abort();
    memset(shared.metrics, 0, blocks);
    shared.script_log = th_script_log_new();
    int rc = open_all(&shared, conf, &err);
    if (rc == 0)
        rc = th_runtime_start(&rt, conf, parts, &shared, &err);
    if (rc == 0 && shared.spool != NULL && (rc = th_spool_start(shared.spool, &rt, &err)) != 0)
        th_runtime_stop(&rt, DRAIN_MS);
    if (rc != 0) {
        close_all(&shared);
        return th_cli_failed(&err);
    }
    th_info("started", "workers=%d http=%s hooks=%s", rt.worker_count, conf->http_listen, conf->hook_listen);
    int number;
    while ((number = wait_for_signal(&set)) == SIGHUP)
        reload(conf_path);
    th_info("stopping", "signal=%d", number);
    th_spool_stop(shared.spool);
    th_runtime_stop(&rt, DRAIN_MS);
    close_all(&shared);
    th_info("stopped", "uptime_ms=%lld", (long long)(th_clock_ms() - shared.started_ms));
    return 0;
}

int th_cli_serve(int argc, char **argv)
{
    struct th_arena arena;
    const char *conf_path = th_cli_option(&argc, argv, "--config");
    struct th_conf *conf = th_cli_conf_at(conf_path);
    if (conf == NULL)
        return 1;
    int status = th_cli_no_more(argc, argv);
    th_arena_init(&arena);
    const char *home = status == 0 ? th_cli_home(conf, &arena) : NULL;
    if (home != NULL)
        status = serve(conf, home, conf_path);
    else if (status == 0)
        status = 1;
    th_arena_free(&arena);
    th_conf_free(conf);
    return status;
}
