/* SPDX-License-Identifier: Apache-2.0
 *
 * `thingd doctor`: looks at everything that a running system needs and says what is wrong with each, in words
 * that say what to do. Exit status 1 when anything failed. */
#include <curl/curl.h>
#include <hiredis/hiredis.h>
#include <libpq-fe.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>

#include "base/clock.h"
#include "base/json.h"
#include "cli/cli.h"
#include "cli/doctor.h"
#include "io/redis.h"
#include "io/redis_url.h"
#include "sec/seal.h"
#include "sec/token.h"
#include "store/migrate.h"

#define TIMEOUT_MS 5000L
#define CLOCK_MAX_MS 2000
#define FREE_MIN (256u << 20)

static unsigned failures;

void th_doctor_say(bool ok, const char *what, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    printf("%s  %-22s ", ok ? "ok  " : "FAIL", what);
    vprintf(fmt, ap);
    putchar('\n');
    va_end(ap);
    failures += !ok;
}

static const char *value_of(PGconn *pg, const char *sql, char out[200])
{
    PGresult *r = PQexec(pg, sql);
    bool ok = PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 1;
    snprintf(out, 200, "%s", ok ? PQgetvalue(r, 0, 0) : "");
    PQclear(r);
    return ok ? out : NULL;
}

static void check_rows(PGconn *pg)
{
    static const char partitions[] =
        "select count(*) from "
        "unnest(array['property_history','event_history','connection_history','command_log',"
        "'dead_letter','alarm_closed','alarm_log']) t where to_regclass(t || to_char(now() at time zone 'UTC' + interval '1 day', "
        "'_YYYYMMDD'))"
        " is null";
    char v[200];
    const char *missing = value_of(pg, partitions, v);
    th_doctor_say(missing != NULL && atoi(missing) == 0, "partitions",
        "%s table(s) lack tomorrow's partition", missing != NULL ? missing : "?");
    const char *rest = value_of(pg, "select count(*) from property_history_rest", v);
    th_doctor_say(rest != NULL, "late reports", "%s outside of all partitions", rest != NULL ? rest : "?");
    const char *fsync = value_of(pg, "show fsync", v);
    th_doctor_say(fsync != NULL && strcmp(fsync, "on") == 0, "fsync", "%s", fsync != NULL ? fsync : "?");
    const char *sync = value_of(pg, "show synchronous_commit", v);
    th_doctor_say(sync != NULL && strcmp(sync, "off") != 0, "synchronous_commit",
        "%s (off: an answer may come before its message is durable)", sync != NULL ? sync : "?");
}

static void check_database(const struct th_conf *conf, const char *home)
{
    char path[4200], v[200];
    struct th_error err;
    int missing = 0;
    PGconn *pg = PQconnectdb(conf->database_url);
    if (PQstatus(pg) != CONNECTION_OK) {
        th_doctor_say(false, "database", "%s", PQerrorMessage(pg));
        PQfinish(pg);
        return;
    }
    int version = PQserverVersion(pg);
    th_doctor_say(version >= 150000, "database", "PostgreSQL %d.%d (15 or newer is needed)", version / 10000,
        version % 10000);
    snprintf(path, sizeof path, "%s/migrations", home);
    int rc = th_migrate(conf->database_url, path, true, &missing, &err);
    if (rc != 0)
        th_doctor_say(false, "migrations", "%s", err.msg);
    else
        th_doctor_say(missing == 0, "migrations", "%d to apply%s", missing,
            missing > 0 ? ": run `thingd migrate`" : "");
    int64_t before = th_clock_ms();
    const char *now = value_of(pg, "select (extract(epoch from clock_timestamp()) * 1000)::bigint", v);
    int64_t skew = now != NULL ? atoll(now) - (before + th_clock_ms()) / 2 : INT64_MAX;
    th_doctor_say(llabs(skew) <= CLOCK_MAX_MS, "clock", "the database's is %+lld ms from this machine's",
        (long long)skew);
    if (rc == 0 && missing == 0)
        check_rows(pg);
    PQfinish(pg);
}

static size_t on_body(char *p, size_t size, size_t n, void *buf)
{
    th_buf_put(buf, p, size * n);
    return size * n;
}

long th_doctor_fetch(const char *url, const char *header, struct th_buf *body)
{
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = header != NULL ? curl_slist_append(NULL, header) : NULL;
    long status = 0;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, TIMEOUT_MS);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
    CURLcode code = curl_easy_perform(curl);
    if (code == CURLE_OK) {
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    } else {
        th_buf_reset(body);
        th_buf_puts(body, curl_easy_strerror(code));
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return status;
}

/* Each node answers with the token, and does not without. */
static void check_broker(struct th_str node, struct th_str url, const struct th_conf *conf)
{
    char what[40], address[600], header[600];
    struct th_buf body = {0};
    snprintf(what, sizeof what, "broker node %.*s", TH_STR_FMT(node));
    snprintf(address, sizeof address, "%.*s/api/v1/nodes", TH_STR_FMT(url));
    snprintf(header, sizeof header, "Authorization: Bearer %s", conf->broker_api_token);
    long status = th_doctor_fetch(address, header, &body);
    if (status == 0)
        th_doctor_say(false, what, "%.*s: %s", TH_STR_FMT(url), th_buf_cstr(&body));
    else
        th_doctor_say(status == 200, what, "%.*s answers %ld%s", TH_STR_FMT(url), status,
            status == 401 ? ": broker.api_token is not its http_bearer_token" : "");
    if (status == 200) {
        th_buf_reset(&body);
        long open = th_doctor_fetch(address, NULL, &body);
        th_doctor_say(open == 401, what, "without a token it answers %ld%s", open,
            open == 200 ? ": its API is open to all" : "");
    }
    th_buf_free(&body);
}

static void check_brokers(const struct th_conf *conf)
{
    struct th_str rest = th_str(conf->broker_nodes), item, url, node;
    while (th_str_split(&rest, ',', &item)) {
        url = th_str_trim(item);
        if (th_str_split(&url, '=', &node) && url.p != NULL)
            check_broker(node, url, conf);
        else
            th_doctor_say(false, "broker.nodes", "\"%.*s\" is not NODE=URL", TH_STR_FMT(item));
    }
    puts("note  will guard             a stock rmqttd publishes last wills without asking the ACL; the "
         "launcher in\n"
         "                             examples/broker refuses foreign ones. thingd stores no foreign will "
         "either way,\n"
         "                             but with stock rmqttd one device can send another a forged command by "
         "its will.");
}

/* The last number on the line that begins with name, or NAN. */
static double metric(const char *text, const char *name)
{
    size_t n = strlen(name);
    for (const char *line = text; line != NULL && *line != 0; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, n) == 0 && line[n] == ' ')
            return atof(line + n + 1);
    }
    return NAN;
}

static void check_server(const struct th_conf *conf)
{
    char url[300];
    struct th_buf body = {0};
    snprintf(url, sizeof url, "http://%s/metrics", conf->http_listen);
    long status = th_doctor_fetch(url, NULL, &body);
    if (status != 200) {
        th_doctor_say(
            false, "server", "%s: %s", url, status == 0 ? th_buf_cstr(&body) : "does not answer 200");
        th_buf_free(&body);
        return;
    }
    const char *text = th_buf_cstr(&body);
    th_doctor_say(true, "server", "%s", conf->http_listen);
    double difference = metric(text, "thingd_accounting_difference");
    double busy = metric(text, "thingd_hook_in_flight");
    th_doctor_say(fabs(difference) <= busy + 1, "accounting",
        "received %.0f = stored %.0f + duplicate %.0f + dead %.0f + refused %.0f + ignored %.0f + retry %.0f"
        " + in flight %.0f + spooled (difference %.0f)",
        metric(text, "thingd_hook_received_total"), metric(text, "thingd_hook_stored_total"),
        metric(text, "thingd_hook_duplicate_total"), metric(text, "thingd_hook_dead_total"),
        metric(text, "thingd_hook_refused_total"), metric(text, "thingd_hook_ignored_total"),
        metric(text, "thingd_hook_retry_total"), busy, difference);
    double spooled = metric(text, "thingd_spool_messages");
    if (!isnan(spooled))
        th_doctor_say(metric(text, "thingd_spool_damaged_bytes") == 0, "spool",
            "%.0f message(s) wait, %.0f byte(s) damaged", spooled,
            metric(text, "thingd_spool_damaged_bytes"));
    th_buf_free(&body);
}

static void check_redis(const struct th_conf *conf)
{
    struct th_redis_url url;
    struct th_error err = {0};
    if (conf->redis_url[0] == 0) {
        puts(
            "note  redis                  redis.url is not set: instances share neither live events nor rate "
            "limits");
        return;
    }
    int rc = th_redis_check(conf, &err);
    if (rc == 0)
        rc = th_redis_url_read(&url, conf->redis_url, &err);
    if (rc != 0) {
        th_doctor_say(false, "redis", "%s", err.msg);
        return;
    }
    struct timeval limit = {TIMEOUT_MS / 1000, TIMEOUT_MS % 1000 * 1000};
    redisContext *c = url.host[0] != 0 ? redisConnectWithTimeout(url.host, atoi(url.port), limit)
                                       : redisConnectUnixWithTimeout(url.path, limit);
    redisReply *reply = NULL;
    if (c->err == 0 && url.password[0] != 0 && url.user[0] != 0)
        freeReplyObject(redisCommand(c, "AUTH %s %s", url.user, url.password));
    else if (c->err == 0 && url.password[0] != 0)
        freeReplyObject(redisCommand(c, "AUTH %s", url.password));
    if (c->err == 0)
        reply = redisCommand(c, "SELECT %d", url.database);
    bool good = reply != NULL && reply->type == REDIS_REPLY_STATUS;
    th_doctor_say(good, "redis", "%s", good ? "answers" : reply != NULL ? reply->str : c->errstr);
    freeReplyObject(reply);
    redisFree(c);
}

static void check_files(const struct th_conf *conf)
{
    struct th_keyring *keyring;
    struct th_hook_tokens *tokens;
    struct th_error err = {0};
    int rc = th_keyring_load(&keyring, conf->secrets_key_file, &err);
    th_doctor_say(rc == 0, "master key", "%s", rc == 0 ? conf->secrets_key_file : err.msg);
    if (rc == 0)
        th_keyring_free(keyring);
    rc = th_hook_tokens_read(&tokens, conf->hook_tokens, &err);
    th_doctor_say(rc == 0 && conf->hook_tokens[0] != 0, "hook.tokens", "%s",
        rc != 0                     ? err.msg
        : conf->hook_tokens[0] == 0 ? "none: no broker can call"
                                    : "set");
    if (rc == 0)
        th_hook_tokens_free(tokens);
    struct statvfs fs;
    if (conf->spool_dir[0] == 0)
        puts("note  spool                  spool.dir is not set: hooks are answered 503 while PostgreSQL is "
             "away");
    else if (statvfs(conf->spool_dir, &fs) != 0)
        th_doctor_say(false, "spool.dir", "%s: %m", conf->spool_dir);
    else
        th_doctor_say((uint64_t)fs.f_bavail * fs.f_frsize >= FREE_MIN, "spool.dir", "%s: %llu MiB free",
            conf->spool_dir, (unsigned long long)fs.f_bavail * fs.f_frsize >> 20);
    if (conf->files_dir[0] == 0)
        puts("note  files                  files.dir is not set: nothing can be imported or exported");
    else if (statvfs(conf->files_dir, &fs) != 0)
        th_doctor_say(false, "files.dir", "%s: %m", conf->files_dir);
    else
        th_doctor_say((uint64_t)fs.f_bavail * fs.f_frsize >= FREE_MIN, "files.dir", "%s: %llu MiB free",
            conf->files_dir, (unsigned long long)fs.f_bavail * fs.f_frsize >> 20);
}

int th_cli_doctor(int argc, char **argv)
{
    struct th_arena arena;
    struct th_conf *conf = th_cli_conf(&argc, argv);
    if (conf == NULL)
        return 1;
    int status = th_cli_no_more(argc, argv);
    th_arena_init(&arena);
    const char *home = status == 0 ? th_cli_home(conf, &arena) : NULL;
    if (home != NULL) {
        check_files(conf);
        check_database(conf, home);
        check_redis(conf);
        check_brokers(conf);
        th_doctor_people(conf);
        check_server(conf);
        printf("%u problem(s)\n", failures);
        status = failures > 0;
    } else if (status == 0) {
        status = 1;
    }
    th_arena_free(&arena);
    th_conf_free(conf);
    return status;
}
