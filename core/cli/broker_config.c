/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/broker_config.h"
#include "sec/token.h"

struct writer {
    const struct th_conf *conf;
    const char *folder; /* absolute */
    const char *token;
    bool mtls;
    bool cluster;
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

/* What devices say; what the platform says itself stays out. Some devices put a slash in front. */
static const char *const published[] = {
    "+/+/thing/event/+/post",
    "+/+/thing/service/property/set_reply",
    "+/+/thing/service/+/call_reply",
    "+/+/thing/file/upload",
    "+/+/thing/factory-metadata/get",
    "+/+/ota/version",
};
#define COUNT(a) (sizeof(a) / sizeof *(a))

static int write_file(const struct writer *w, const char *name, struct th_buf *text, struct th_error *err)
{
    char path[PATH_MAX], temporary[PATH_MAX + 8];
    snprintf(path, sizeof path, "%s/%s", w->folder, name);
    snprintf(temporary, sizeof temporary, "%s.new", path);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return th_fail(err, TH_EIO, "%s: %m", temporary);
    bool ok = write(fd, text->p, text->n) == (ssize_t)text->n && fchmod(fd, 0600) == 0 && fsync(fd) == 0;
    ok = close(fd) == 0 && ok && rename(temporary, path) == 0;
    th_buf_reset(text);
    return ok ? 0 : th_fail(err, TH_EIO, "%s: %m", path);
}

/* A TOML basic string. */
static void quoted(struct th_buf *b, const char *text)
{
    th_buf_putc(b, '"');
    for (; *text != 0; text++) {
        if (*text == '"' || *text == '\\')
            th_buf_putc(b, '\\');
        th_buf_putc(b, *text);
    }
    th_buf_putc(b, '"');
}

static void listener(struct th_buf *b, const struct writer *w)
{
    const char *name = w->mtls ? "listener.tls.mtls" : "listener.tcp.plain";
    th_buf_printf(b, "\n%s.addr = ", name);
    quoted(b, w->mtls ? w->conf->broker_mqtts_listen : w->conf->broker_mqtt_listen);
    th_buf_printf(b,
        "\n%s.allow_anonymous = false\n%s.max_connections = %lld\n%s.max_packet_size = \"%lldB\"\n", name,
        name, (long long)w->conf->broker_max_connections, name, (long long)w->conf->broker_max_packet_size);
    th_buf_printf(b,
        "%1$s.max_handshaking_limit = 1000\n%1$s.handshake_timeout = \"30s\"\n%1$s.backlog = 4096\n"
        "%1$s.nodelay = true\n%1$s.max_inflight = 16\n%1$s.max_mqueue_len = 1000\n"
        "%1$s.mqueue_rate_limit = \"10000,1s\"\n%1$s.max_clientid_len = 128\n%1$s.max_qos_allowed = 2\n"
        "%1$s.max_topic_levels = 16\n%1$s.session_expiry_interval = \"2h\"\n"
        "%1$s.message_retry_interval = \"20s\"\n%1$s.message_expiry_interval = \"5m\"\n"
        "%1$s.max_subscriptions = 64\n%1$s.max_topic_aliases = 32\n",
        name);
    if (!w->mtls)
        return;
    const char *const files[][2] = {{"cert", w->conf->broker_tls_cert}, {"key", w->conf->broker_tls_key},
        {"client_ca_certs", w->conf->broker_tls_client_ca}};
    th_buf_printf(b, "%s.cross_certificate = true\n%s.cert_subject_dn_as_username = true\n", name, name);
    for (size_t i = 0; i < COUNT(files); i++) {
        th_buf_printf(b, "%s.%s = ", name, files[i][0]);
        quoted(b, files[i][1]);
        th_buf_putc(b, '\n');
    }
}

/* NODE=GRPC/RAFT[,...]: calls each() with the parts; false when an entry has another form. */
static bool each_peer(
    const char *peers, void (*each)(void *arg, int node, struct th_str grpc, struct th_str raft), void *arg)
{
    struct th_str rest = th_str(peers), item, name, grpc, raft;
    int64_t node;
    while (th_str_split(&rest, ',', &item)) {
        item = th_str_trim(item);
        raft = item;
        if (!th_str_split(&raft, '=', &name) || raft.p == NULL || !th_str_split(&raft, '/', &grpc) ||
            raft.p == NULL || !th_str_int(name, &node) || node < 1 || node > 65535)
            return false;
        each(arg, (int)node, grpc, raft);
    }
    return true;
}

struct own_grpc {
    int node;
    struct th_str address;
};

static void find_grpc(void *arg, int node, struct th_str grpc, struct th_str raft)
{
    struct own_grpc *own = arg;
    if (node == own->node)
        own->address = grpc;
}

static int main_file(const struct writer *w, struct th_buf *b, struct th_error *err)
{
    /* The busy check refuses connections while the machine's CPU is above 90 %. */
    th_buf_printf(b,
        "task.exec_workers = 1000\ntask.exec_queue_max = 300_000\n\nnode.id = %lld\n"
        "node.busy.check_enable = false\n\n",
        (long long)w->conf->broker_node);
    if (w->cluster) {
        struct own_grpc own = {(int)w->conf->broker_node, {NULL, 0}};
        if (!each_peer(w->conf->broker_peers, find_grpc, &own))
            return th_fail(err, TH_EINVAL, "broker.peers: an entry is NODE=GRPC_ADDRESS/RAFT_ADDRESS");
        if (own.address.p == NULL)
            return th_fail(err, TH_EINVAL, "broker.peers does not name node %d", own.node);
        th_buf_printf(b, "rpc.server_addr = \"%.*s\"\nrpc.reuseaddr = true\nrpc.reuseport = false\n\n",
            TH_STR_FMT(own.address));
    }
    th_buf_puts(b, "log.to = \"console\"\nlog.level = \"warn\"\n\nmqtt.max_sessions = 0\n\nplugins.dir = ");
    char plugins[PATH_MAX];
    snprintf(plugins, sizeof plugins, "%s/plugins", w->folder);
    quoted(b, plugins);
    th_buf_printf(b,
        "\nplugins.default_startups = [\n    \"rmqtt-acl\", \"rmqtt-auth-http\", \"rmqtt-auto-subscription\","
        " \"rmqtt-counter\", \"rmqtt-web-hook\",\n    \"rmqtt-shared-subscription\",%s "
        "\"rmqtt-http-api\",\n]\n",
        w->cluster ? " \"rmqtt-cluster-raft\"," : "");
    listener(b, w);
    return write_file(w, "rmqtt.toml", b, err);
}

/* A 2xx answer that is neither JSON nor one of its words would count as allow, and a 4xx as ignore. */
static int auth_file(const struct writer *w, struct th_buf *b, struct th_error *err)
{
    th_buf_printf(b,
        "disconnect_if_pub_rejected = true\ndisconnect_if_expiry = true\npriority = 100\ndeny_if_error = "
        "true\n"
        "http_timeout = \"8s\"\nhttp_headers.accept = \"application/json\"\n\n"
        "http_auth_req.url = \"http://%1$s/auth/%2$s\"\nhttp_auth_req.method = \"post\"\n"
        "http_auth_req.headers = { content-type = \"application/json\" }\n"
        "http_auth_req.params = { client_id = \"%%c\", username = \"%%u\", password = \"%%P\", protocol = "
        "\"%%r\","
        " ipaddress = \"%%a\" }\n\n"
        "http_acl_req.url = \"http://%1$s/acl/%2$s\"\nhttp_acl_req.method = \"post\"\n"
        "http_acl_req.headers = { content-type = \"application/json\" }\n"
        "http_acl_req.params = { access = \"%%A\", username = \"%%u\", client_id = \"%%c\", ip = \"%%a\","
        " topic = \"%%t\", protocol = \"%%r\" }\n",
        w->conf->hook_listen, w->token);
    return write_file(w, "plugins/rmqtt-auth-http.toml", b, err);
}

static int hook_file(const struct writer *w, struct th_buf *b, struct th_error *err)
{
    th_buf_printf(b,
        "queue_capacity = 300_000\nconcurrency_limit = 128\nurls = [\"http://%s/hook/%s\"]\nhttp_timeout = "
        "\"8s\"\n"
        "retry_max_elapsed_time = \"60s\"\nretry_multiplier = 2.5\n"
        "rule.client_connected = [{ action = \"client_connected\" }]\n"
        "rule.client_disconnected = [{ action = \"client_disconnected\" }]\n"
        "rule.client_subscribe = [{ action = \"client_subscribe\" }]\n"
        "rule.message_publish = [{ action = \"message_publish\", topics = [\n",
        w->conf->hook_listen, w->token);
    for (size_t i = 0; i < COUNT(published); i++)
        th_buf_printf(b, "    \"%s\", \"/%s\",\n", published[i], published[i]);
    th_buf_puts(b, "] }]\n");
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
    th_buf_printf(
        b, "max_row_limit = 10_000\nhttp_laddr = \"%s\"\nhttp_bearer_token = ", w->conf->broker_http_listen);
    quoted(b, w->conf->broker_api_token);
    th_buf_puts(b, "\nhttp_request_log = false\nhttp_reuseaddr = true\nhttp_reuseport = false\n"
                   "message_expiry_interval = \"5m\"\n");
    return write_file(w, "plugins/rmqtt-http-api.toml", b, err);
}

struct peer_list {
    struct th_buf *out;
    bool raft;
};

static void put_peer(void *arg, int node, struct th_str grpc, struct th_str raft)
{
    struct peer_list *list = arg;
    struct th_str address = list->raft ? raft : grpc;
    th_buf_printf(list->out, "\"%d@%.*s\", ", node, TH_STR_FMT(address));
}

/* leader_id 1: with 0 nodes that start together would split into clusters of one. */
static int cluster_file(const struct writer *w, struct th_buf *b, struct th_error *err)
{
    struct peer_list grpc = {b, false}, raft = {b, true};
    th_buf_puts(b, "node_grpc_addrs = [");
    each_peer(w->conf->broker_peers, put_peer, &grpc);
    th_buf_puts(b, "]\nraft_peer_addrs = [");
    each_peer(w->conf->broker_peers, put_peer, &raft);
    th_buf_puts(b, "]\nleader_id = 1\nworker_threads = 2\nverify_addr = true\nraft.grpc_reuseaddr = true\n"
                   "raft.grpc_reuseport = false\n");
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
    if (rc == 0 && w->cluster)
        rc = cluster_file(w, &b, err);
    th_buf_free(&b);
    return rc;
}

static int check(const struct writer *w, struct th_error *err)
{
    const struct th_conf *conf = w->conf;
    if (w->mtls &&
        (conf->broker_tls_cert[0] == 0 || conf->broker_tls_key[0] == 0 || conf->broker_tls_client_ca[0] == 0))
        return th_fail(
            err, TH_EINVAL, "broker.mqtts_listen needs broker.tls_cert, tls_key and tls_client_ca");
    if (!w->mtls && conf->broker_mqtt_listen[0] == 0)
        return th_fail(err, TH_EINVAL, "neither broker.mqtt_listen nor broker.mqtts_listen is set");
    if (conf->broker_api_token[0] == 0)
        return th_fail(
            err, TH_EINVAL, "broker.api_token is not set: the broker's HTTP API would be open to all");
    return 0;
}

static int make_folder(const char *path, struct th_error *err)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return th_fail(err, TH_EIO, "%s: %m", path);
    return 0;
}

int th_broker_config_write(const struct th_conf *conf, const char *folder, struct th_error *err)
{
    char absolute[PATH_MAX], plugins[PATH_MAX + 16];
    struct th_hook_tokens *tokens;
    struct writer w = {.conf = conf,
        .folder = absolute,
        .mtls = conf->broker_mqtts_listen[0] != 0,
        .cluster = conf->broker_peers[0] != 0};
    int rc = check(&w, err);
    if (rc == 0)
        rc = make_folder(folder, err);
    if (rc == 0 && realpath(folder, absolute) == NULL)
        rc = th_fail(err, TH_EIO, "%s: %m", folder);
    if (rc == 0) {
        snprintf(plugins, sizeof plugins, "%s/plugins", absolute);
        rc = make_folder(plugins, err);
    }
    if (rc == 0)
        rc = th_hook_tokens_read(&tokens, conf->hook_tokens, err);
    if (rc != 0)
        return rc;
    const struct th_hook_token *token = th_hook_tokens_of_node(tokens, (int)conf->broker_node, w.mtls);
    if (token == NULL) {
        rc = th_fail(err, TH_ENOTFOUND, "hook.tokens has no %s token for node %lld",
            w.mtls ? "mtls" : "plain", (long long)conf->broker_node);
    } else {
        w.token = token->token;
        rc = write_all(&w, err);
    }
    th_hook_tokens_free(tokens);
    return rc;
}
