/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/broker_config.h"
#include "cli/broker_peers.h"
#include "sec/token.h"

struct writer {
    const struct th_conf *conf;
    const char *folder; /* absolute */
    const char *token;
    bool mtls;
    char cert[PATH_MAX], key[PATH_MAX], client_ca[PATH_MAX]; /* of an mTLS node; absolute */
    struct th_broker_peers peers;
};

static const char *const auto_subscriptions[] = {
    "thing/event/+/post_reply",
    "thing/service/property/set",
    "thing/service/+/call",
    "thing/file/upload_reply",
    "thing/factory-metadata/get_reply",
    "ota/version_reply",
    "ota/upgrade",
};

/* What devices say; what the platform says itself stays out, so that it does not come back as hooks. Some
 * devices put a slash in front. What scripts declare changes while the broker runs: the last three are all
 * topics that may be theirs (store/manifest.h), and those about files and OTA; one rule with the others,
 * since a message is sent once for each rule it fits. Of what the platform says only the rare replies about
 * files and OTA have no more levels. */
static const char *const published[] = {
    "+/+/thing/event/+/post",
    "+/+/thing/service/property/set_reply",
    "+/+/thing/service/+/call_reply",
    "+/+/+",
    "+/+/+/+",
    "+/+/+/+/+",
};
/* Of all that a device subscribes to (its auto-subscriptions too), only these wake a command: its services',
 * and own topics of one and two levels. A wildcard in the device's filter is a level like any other here. */
static const char *const subscribed[] = {"+/+/thing/service/#", "+/+/+", "+/+/+/+"};
#define COUNT(a) (sizeof(a) / sizeof *(a))
#define HOOK_TIMEOUT_MS 8000

static int write_file(const struct writer *w, const char *name, struct th_buf *text, struct th_error *err)
{
    char path[PATH_MAX], temporary[PATH_MAX + 8];
    snprintf(path, sizeof path, "%s/%s", w->folder, name);
    snprintf(temporary, sizeof temporary, "%s.new", path);
    unlink(temporary); /* of a run that was cut off */
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return th_fail(err, TH_EIO, "%s: %m", temporary);
    bool ok = write(fd, text->p, text->n) == (ssize_t)text->n && fsync(fd) == 0;
    ok = close(fd) == 0 && ok && rename(temporary, path) == 0;
    int rc = ok ? 0 : th_fail(err, TH_EIO, "%s: %m", path);
    if (!ok)
        unlink(temporary);
    th_buf_reset(text);
    return rc;
}

/* A TOML basic string has JSON's escapes. */
static void put(struct th_buf *b, const char *key, const char *text)
{
    th_buf_puts(b, key);
    th_buf_puts(b, " = ");
    th_json_put_str(b, th_str(text));
    th_buf_putc(b, '\n');
}

/* Address and token hold nothing that a TOML string would escape (checked before). */
static void put_url(struct th_buf *b, const struct writer *w, const char *door)
{
    th_buf_printf(b, "\"http://%s/%s/%s\"", w->conf->hook_listen, door, w->token);
}

/* Of events with a topic only those that match one of the filters, a slash in front or not. */
static void put_rule(struct th_buf *b, const char *action, const char *const *filters, size_t n)
{
    th_buf_printf(b, "rule.%s = [{ action = \"%s\", topics = [\n", action, action);
    for (size_t i = 0; i < n; i++)
        th_buf_printf(b, "    \"%s\", \"/%s\",\n", filters[i], filters[i]);
    th_buf_puts(b, "] }]\n");
}

static void listener(struct th_buf *b, const struct writer *w)
{
    th_buf_printf(b, "\n[listener.%s]\n", w->mtls ? "tls.mtls" : "tcp.plain");
    put(b, "addr", w->mtls ? w->conf->broker_mqtts_listen : w->conf->broker_mqtt_listen);
    th_buf_printf(b, "allow_anonymous = false\nmax_connections = %lld\nmax_packet_size = \"%lldB\"\n",
        (long long)w->conf->broker_max_connections, (long long)w->conf->broker_max_packet_size);
    th_buf_puts(b,
        "max_handshaking_limit = 1000\nhandshake_timeout = \"30s\"\nbacklog = 4096\nnodelay = true\n"
        "max_inflight = 16\nmax_mqueue_len = 1000\nmqueue_rate_limit = \"10000,1s\"\nmax_clientid_len = 128\n"
        "max_qos_allowed = 2\nmax_topic_levels = 16\nsession_expiry_interval = \"2h\"\n"
        "message_retry_interval = \"20s\"\nmessage_expiry_interval = \"5m\"\nmax_subscriptions = 64\n"
        "max_topic_aliases = 32\n");
    if (!w->mtls)
        return;
    th_buf_puts(b, "cross_certificate = true\ncert_subject_dn_as_username = true\n");
    put(b, "cert", w->cert);
    put(b, "key", w->key);
    put(b, "client_ca_certs", w->client_ca);
}

static void put_own_grpc(struct th_buf *b, const struct writer *w)
{
    for (int i = 0; i < w->peers.count; i++)
        if (w->peers.list[i].node == w->conf->broker_node)
            th_buf_printf(b, "rpc.server_addr = \"%.*s\"\nrpc.reuseaddr = true\nrpc.reuseport = false\n\n",
                TH_STR_FMT(w->peers.list[i].grpc));
}

static int main_file(const struct writer *w, struct th_buf *b, struct th_error *err)
{
    /* The busy check refuses connections while the machine's CPU is above 90 %. */
    th_buf_printf(b,
        "task.exec_workers = 1000\ntask.exec_queue_max = 300_000\n\nnode.id = %lld\n"
        "node.busy.check_enable = false\n\n",
        (long long)w->conf->broker_node);
    put_own_grpc(b, w);
    char plugins[PATH_MAX + 16];
    snprintf(plugins, sizeof plugins, "%s/plugins", w->folder);
    th_buf_puts(b, "log.to = \"console\"\nlog.level = \"warn\"\n\nmqtt.max_sessions = 0\n\n");
    put(b, "plugins.dir", plugins);
    th_buf_printf(b,
        "plugins.default_startups = [\n    \"rmqtt-acl\", \"rmqtt-auth-http\", \"rmqtt-auto-subscription\","
        " \"rmqtt-counter\", \"rmqtt-web-hook\",\n    \"rmqtt-shared-subscription\",%s "
        "\"rmqtt-http-api\",\n]\n",
        w->peers.count > 0 ? " \"rmqtt-cluster-raft\"," : "");
    listener(b, w);
    return write_file(w, "rmqtt.toml", b, err);
}

/* A 2xx answer that is neither JSON nor one of its words would count as allow, and a 4xx as ignore. */
static int auth_file(const struct writer *w, struct th_buf *b, struct th_error *err)
{
    th_buf_printf(b,
        "disconnect_if_pub_rejected = true\ndisconnect_if_expiry = true\npriority = 100\n"
        "deny_if_error = true\nhttp_timeout = \"%dms\"\nhttp_headers.accept = \"application/json\"\n"
        "\nhttp_auth_req.method = \"post\"\nhttp_auth_req.url = ",
        HOOK_TIMEOUT_MS);
    put_url(b, w, "auth");
    th_buf_puts(b, "\nhttp_auth_req.headers = { content-type = \"application/json\" }\n"
                   "http_auth_req.params = { client_id = \"%c\", username = \"%u\", password = \"%P\","
                   " protocol = \"%r\", ipaddress = \"%a\" }\n"
                   "\nhttp_acl_req.method = \"post\"\nhttp_acl_req.url = ");
    put_url(b, w, "acl");
    th_buf_puts(b,
        "\nhttp_acl_req.headers = { content-type = \"application/json\" }\n"
        "http_acl_req.params = { access = \"%A\", username = \"%u\", client_id = \"%c\", ip = \"%a\","
        " topic = \"%t\", protocol = \"%r\" }\n");
    return write_file(w, "plugins/rmqtt-auth-http.toml", b, err);
}

static int hook_file(const struct writer *w, struct th_buf *b, struct th_error *err)
{
    th_buf_puts(b, "queue_capacity = 300_000\nconcurrency_limit = 128\nurls = [");
    put_url(b, w, "hook");
    th_buf_printf(b,
        "]\nhttp_timeout = \"%dms\"\nretry_max_elapsed_time = \"60s\"\nretry_multiplier = 2.5\n"
        "rule.client_connected = [{ action = \"client_connected\" }]\n"
        "rule.client_disconnected = [{ action = \"client_disconnected\" }]\n",
        HOOK_TIMEOUT_MS);
    put_rule(b, "client_subscribe", subscribed, COUNT(subscribed));
    put_rule(b, "message_publish", published, COUNT(published));
    return write_file(w, "plugins/rmqtt-web-hook.toml", b, err);
}

/* On an mTLS node the username is the certificate's subject, which stands in no topic. */
static int subscription_file(const struct writer *w, struct th_buf *b, struct th_error *err)
{
    th_buf_puts(b, "subscribes = [\n");
    for (size_t i = 0; i < COUNT(auto_subscriptions); i++)
        th_buf_printf(b, "    { topic_filter = \"%s/${clientid}/%s\", qos = 2, no_local = true },\n",
            w->mtls ? "+" : "${username}", auto_subscriptions[i]);
    th_buf_puts(b, "]\n");
    return write_file(w, "plugins/rmqtt-auto-subscription.toml", b, err);
}

static int api_file(const struct writer *w, struct th_buf *b, struct th_error *err)
{
    th_buf_puts(b, "max_row_limit = 10_000\n");
    put(b, "http_laddr", w->conf->broker_http_listen);
    put(b, "http_bearer_token", w->conf->broker_api_token);
    th_buf_puts(b, "http_request_log = false\nhttp_reuseaddr = true\nhttp_reuseport = false\n"
                   "message_expiry_interval = \"5m\"\n");
    return write_file(w, "plugins/rmqtt-http-api.toml", b, err);
}

/* The same leader everywhere: without one, nodes that start together would split into clusters of one. */
static int cluster_file(const struct writer *w, struct th_buf *b, struct th_error *err)
{
    int leader = w->peers.list[0].node;
    struct th_buf raft = {0};
    th_buf_puts(b, "node_grpc_addrs = [");
    for (int i = 0; i < w->peers.count; i++) {
        int node = w->peers.list[i].node;
        th_buf_printf(b, "\"%d@%.*s\", ", node, TH_STR_FMT(w->peers.list[i].grpc));
        th_buf_printf(&raft, "\"%d@%.*s\", ", node, TH_STR_FMT(w->peers.list[i].raft));
        leader = node < leader ? node : leader;
    }
    th_buf_printf(b,
        "]\nraft_peer_addrs = [%s]\nleader_id = %d\nworker_threads = 2\nverify_addr = true\n"
        "raft.grpc_reuseaddr = true\nraft.grpc_reuseport = false\n",
        th_buf_cstr(&raft), leader);
    th_buf_free(&raft);
    return write_file(w, "plugins/rmqtt-cluster-raft.toml", b, err);
}

/* Whoever the auth endpoint neither allowed nor denied is denied. */
static int small_files(const struct writer *w, struct th_buf *b, struct th_error *err)
{
    th_buf_puts(b, "disconnect_if_pub_rejected = true\npriority = 10\nrules = [[\"deny\", \"all\"]]\n");
    int rc = write_file(w, "plugins/rmqtt-acl.toml", b, err);
    th_buf_puts(b, "strategy = \"round_robin\"\n");
    if (rc == 0)
        rc = write_file(w, "plugins/rmqtt-shared-subscription.toml", b, err);
    return rc;
}

static int write_all(const struct writer *w, struct th_error *err)
{
    static int (*const files[])(const struct writer *, struct th_buf *, struct th_error *) = {
        main_file, auth_file, hook_file, subscription_file, api_file, small_files};
    struct th_buf b = {0};
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < COUNT(files); i++)
        rc = files[i](w, &b, err);
    if (rc == 0 && w->peers.count > 0)
        rc = cluster_file(w, &b, err);
    th_buf_free(&b);
    return rc;
}

static int check_addresses(const struct writer *w, struct th_error *err)
{
    const char *const rows[][2] = {{w->mtls ? "broker.mqtts_listen" : "broker.mqtt_listen",
                                       w->mtls ? w->conf->broker_mqtts_listen : w->conf->broker_mqtt_listen},
        {"broker.http_listen", w->conf->broker_http_listen}};
    for (size_t i = 0; i < COUNT(rows); i++)
        if (!th_broker_is_listen(th_str(rows[i][1])))
            return th_fail(
                err, TH_EINVAL, "%s is IP:PORT or [IPv6]:PORT, not \"%s\"", rows[i][0], rows[i][1]);
    if (!th_broker_is_peer(th_str(w->conf->hook_listen)))
        return th_fail(err, TH_EINVAL, "hook.listen is ADDRESS:PORT, not \"%s\"", w->conf->hook_listen);
    return 0;
}

static int check_limits(const struct writer *w, struct th_error *err)
{
    const struct th_conf *conf = w->conf;
    if (conf->hook_timeout >= HOOK_TIMEOUT_MS)
        return th_fail(err, TH_EINVAL, "hook.timeout must be below the %d s after which the broker gives up",
            HOOK_TIMEOUT_MS / 1000);
    if (conf->broker_max_packet_size / 3 * 4 + 16384 > conf->hook_max_inflight_bytes)
        return th_fail(err, TH_EINVAL,
            "hook.max_inflight_bytes has no room for one packet of broker.max_packet_size: at least %lld",
            (long long)(conf->broker_max_packet_size / 3 * 4 + 16384));
    if (conf->broker_api_token[0] == 0)
        return th_fail(
            err, TH_EINVAL, "broker.api_token is not set: the broker's HTTP API would be open to all");
    return 0;
}

static int check_peers(struct writer *w, struct th_error *err)
{
    int rc = th_broker_peers_read(&w->peers, w->conf->broker_peers, err);
    bool own = w->peers.count == 0;
    for (int i = 0; rc == 0 && i < w->peers.count; i++)
        own |= w->peers.list[i].node == w->conf->broker_node;
    if (rc == 0 && !own)
        rc = th_fail(err, TH_EINVAL, "broker.peers does not name node %lld", (long long)w->conf->broker_node);
    return rc;
}

/* The broker runs in a folder of its own, so its files are named from the root. */
static int find_tls_files(struct writer *w, struct th_error *err)
{
    const struct {
        const char *name, *path;
        char *absolute;
    } files[] = {{"broker.tls_cert", w->conf->broker_tls_cert, w->cert},
        {"broker.tls_key", w->conf->broker_tls_key, w->key},
        {"broker.tls_client_ca", w->conf->broker_tls_client_ca, w->client_ca}};
    for (size_t i = 0; w->mtls && i < COUNT(files); i++) {
        if (files[i].path[0] == 0)
            return th_fail(err, TH_EINVAL, "broker.mqtts_listen needs %s", files[i].name);
        if (realpath(files[i].path, files[i].absolute) == NULL)
            return th_fail(err, TH_EIO, "%s: %s: %m", files[i].name, files[i].path);
    }
    return 0;
}

/* All that can be wrong is found before the first file is touched. */
static int check(struct writer *w, struct th_error *err)
{
    int rc = check_addresses(w, err);
    if (rc == 0)
        rc = check_limits(w, err);
    if (rc == 0)
        rc = check_peers(w, err);
    return rc == 0 ? find_tls_files(w, err) : rc;
}

static int make_folder(const char *path, struct th_error *err)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return th_fail(err, TH_EIO, "%s: %m", path);
    return 0;
}

static int write_into(struct writer *w, const char *folder, struct th_error *err)
{
    char absolute[PATH_MAX], plugins[PATH_MAX + 16];
    int rc = make_folder(folder, err);
    if (rc == 0 && realpath(folder, absolute) == NULL)
        rc = th_fail(err, TH_EIO, "%s: %m", folder);
    if (rc == 0) {
        w->folder = absolute;
        snprintf(plugins, sizeof plugins, "%s/plugins", absolute);
        rc = make_folder(plugins, err);
    }
    return rc == 0 ? write_all(w, err) : rc;
}

int th_broker_config_write(const struct th_conf *conf, const char *folder, struct th_error *err)
{
    struct th_hook_tokens *tokens;
    struct writer *w = th_calloc(1, sizeof *w);
    w->conf = conf;
    w->mtls = conf->broker_mqtts_listen[0] != 0;
    int rc = check(w, err);
    if (rc == 0)
        rc = th_hook_tokens_read(&tokens, conf->hook_tokens, err);
    if (rc == 0) {
        const struct th_hook_token *token = th_hook_tokens_of_node(tokens, (int)conf->broker_node, w->mtls);
        w->token = token != NULL ? token->token : NULL;
        rc = token != NULL ? write_into(w, folder, err)
                           : th_fail(err, TH_ENOTFOUND, "hook.tokens has no %s token for node %lld",
                                 w->mtls ? "mtls" : "plain", (long long)conf->broker_node);
        th_hook_tokens_free(tokens);
    }
    th_free(w);
    return rc;
}
