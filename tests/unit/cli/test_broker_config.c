/* SPDX-License-Identifier: Apache-2.0
 *
 * What is written; that the broker takes it is shown by every private stack. */
#include "cli/broker_config.c"

#include <dirent.h>

#include "../test.h"

#define ROOM 65536

static char folder[64];
static struct th_conf *conf;
static struct th_error err;

static int write_with(const char *settings)
{
    th_conf_free(conf);
    TH_EQ_INT(th_conf_load(&conf, NULL, &err), 0);
    TH_EQ_INT(
        th_conf_read(conf,
            TH_STR(
                "hook.tokens = 1:plain:aaaaaaaaaaaaaaaa,2:mtls:bbbbbbbbbbbbbbbb\nbroker.api_token = secret\n"),
            "t", &err),
        0);
    TH_EQ_INT(th_conf_read(conf, th_str(settings), "t", &err), 0);
    return th_broker_config_write(conf, folder, &err);
}

static const char *file(const char *name)
{
    static char text[ROOM], path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "r");
    size_t n = f != NULL ? fread(text, 1, sizeof text - 1, f) : 0;
    if (f != NULL)
        fclose(f);
    text[n] = 0;
    return text;
}

static bool has(const char *name, const char *what)
{
    return strstr(file(name), what) != NULL;
}

/* Counts regular files below the folder; each must be ours alone and none half-written. */
static int count_files(const char *path)
{
    int n = 0;
    DIR *d = opendir(path);
    for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
        char sub[512];
        struct stat st;
        snprintf(sub, sizeof sub, "%s/%s", path, e->d_name);
        if (e->d_name[0] == '.' || stat(sub, &st) != 0)
            continue;
        TH_ROW("%.200s", sub);
        TH_EQ_INT(st.st_mode & 077, 0);
        TH_CHECK(strstr(sub, ".new") == NULL);
        n += S_ISDIR(st.st_mode) ? count_files(sub) : 1;
    }
    if (d != NULL)
        closedir(d);
    return n;
}

static void test_plain_node(void)
{
    TH_EQ_INT(write_with("broker.max_packet_size = 64KiB\n"), 0);
    TH_EQ_INT(count_files(folder), 7);
    TH_CHECK(has("rmqtt.toml", "[listener.tcp.plain]\naddr = \"0.0.0.0:1883\"\nallow_anonymous = false\n"));
    TH_CHECK(
        has("rmqtt.toml", "max_packet_size = \"65536B\"") && has("rmqtt.toml", "max_clientid_len = 128"));
    TH_CHECK(!has("rmqtt.toml", "tls") && !has("rmqtt.toml", "cluster") && !has("rmqtt.toml", "rpc."));
    TH_CHECK(has("plugins/rmqtt-auth-http.toml", "\"http://127.0.0.1:8081/auth/aaaaaaaaaaaaaaaa\""));
    TH_CHECK(has("plugins/rmqtt-auth-http.toml", "\"http://127.0.0.1:8081/acl/aaaaaaaaaaaaaaaa\""));
    TH_CHECK(has("plugins/rmqtt-auth-http.toml", "deny_if_error = true\n"));
    TH_CHECK(has("plugins/rmqtt-auth-http.toml", "disconnect_if_expiry = true\n"));
    TH_CHECK(
        has("plugins/rmqtt-web-hook.toml", "urls = [\"http://127.0.0.1:8081/hook/aaaaaaaaaaaaaaaa\"]\n"));
    TH_CHECK(has("plugins/rmqtt-web-hook.toml", "\"+/+/thing/event/+/post\", \"/+/+/thing/event/+/post\""));
    TH_CHECK(has("plugins/rmqtt-web-hook.toml", "\"+/+/thing/service/#\", \"/+/+/thing/service/#\""));
    TH_CHECK(!has("plugins/rmqtt-web-hook.toml", "property/set\"")); /* what the platform itself says */
    TH_CHECK(
        !has("plugins/rmqtt-web-hook.toml", "+/+/+/+/+/+\"") && !has("plugins/rmqtt-web-hook.toml", "+/+/#"));
    TH_CHECK(has("plugins/rmqtt-web-hook.toml", "\"+/+/+/+/+\", \"/+/+/+/+/+\""));
    TH_CHECK(has("plugins/rmqtt-auto-subscription.toml",
        "{ topic_filter = \"${username}/${clientid}/thing/service/property/set\", qos = 2, no_local = true }"));
    TH_CHECK(has("plugins/rmqtt-acl.toml", "rules = [[\"deny\", \"all\"]]"));
    TH_CHECK(has(
        "plugins/rmqtt-http-api.toml", "http_laddr = \"127.0.0.1:6060\"\nhttp_bearer_token = \"secret\"\n"));
}

static void test_mtls_node(void)
{
    char settings[512], path[96];
    snprintf(path, sizeof path, "%s/x.pem", folder);
    fclose(fopen(path, "w"));
    snprintf(settings, sizeof settings,
        "broker.node = 2\nbroker.mqtts_listen = 127.0.0.1:8883\nbroker.tls_cert = %s\nbroker.tls_key = "
        "%s/plugins/../x.pem\nbroker.tls_client_ca = %s\n",
        path, folder, path);
    TH_EQ_INT(write_with(settings), 0);
    unlink(path);
    TH_CHECK(has("rmqtt.toml", "[listener.tls.mtls]\naddr = \"127.0.0.1:8883\"\n"));
    TH_CHECK(has("rmqtt.toml", "cross_certificate = true\ncert_subject_dn_as_username = true\n"));
    snprintf(settings, sizeof settings, "key = \"%s\"\n", path);
    TH_CHECK(has("rmqtt.toml", settings));
    TH_CHECK(!has("rmqtt.toml", "listener.tcp")); /* a plain door would let a subject be claimed */
    TH_CHECK(has("plugins/rmqtt-auto-subscription.toml", "\"+/${clientid}/thing/service/property/set\""));
    TH_CHECK(!has("plugins/rmqtt-auto-subscription.toml", "username"));
    TH_CHECK(has("plugins/rmqtt-auth-http.toml", "/auth/bbbbbbbbbbbbbbbb"));
}

static void test_cluster(void)
{
    TH_EQ_INT(write_with("broker.peers = 3=c:1/c:2,1=a:1/a:2"), 0);
    TH_CHECK(has("rmqtt.toml", "rpc.server_addr = \"a:1\"\n") && has("rmqtt.toml", "\"rmqtt-cluster-raft\""));
    TH_CHECK(has("plugins/rmqtt-cluster-raft.toml", "node_grpc_addrs = [\"3@c:1\", \"1@a:1\", ]\n"));
    TH_CHECK(has("plugins/rmqtt-cluster-raft.toml", "raft_peer_addrs = [\"3@c:2\", \"1@a:2\", ]\n"));
    TH_CHECK(has("plugins/rmqtt-cluster-raft.toml", "leader_id = 1\n"));
}

static void test_values_are_quoted(void)
{
    TH_EQ_INT(write_with("broker.api_token = a\"b\\c\n"), 0);
    TH_CHECK(has("plugins/rmqtt-http-api.toml", "http_bearer_token = \"a\\\"b\\\\c\"\n"));
}

/* Refused before anything was written: the files of before stand as they were. */
static void test_refused(void)
{
    static const struct {
        const char *settings, *why;
    } rows[] = {
        {"broker.api_token =", "broker.api_token"},
        {"broker.node = 7", "no plain token for node 7"},
        {"hook.tokens = 1:plain:short", "a token is"},
        {"hook.timeout = 8s", "hook.timeout must be below"},
        {"broker.max_packet_size = 128MiB", "hook.max_inflight_bytes"},
        {"broker.mqtt_listen =", "broker.mqtt_listen is IP:PORT"},
        {"broker.mqtt_listen = localhost:1883", "broker.mqtt_listen is IP:PORT"},
        {"broker.http_listen = 6060", "broker.http_listen is IP:PORT"},
        {"hook.listen = a\"b:1", "hook.listen is ADDRESS:PORT"},
        {"broker.mqtts_listen = 0.0.0.0:8883", "needs broker.tls_cert"},
        {"broker.mqtts_listen = 0.0.0.0:8883\nbroker.tls_cert = /nonexistent", "/nonexistent: No such file"},
        {"broker.peers = 2=a:1/a:2", "does not name node 1"},
        {"broker.peers = 1=a", "an entry is"},
    };
    char before[ROOM];
    TH_EQ_INT(write_with(""), 0);
    snprintf(before, sizeof before, "%s", file("rmqtt.toml"));
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        TH_ROW("%s", rows[i].settings);
        TH_CHECK(write_with(rows[i].settings) < 0);
        TH_CHECK(strstr(err.msg, rows[i].why) != NULL);
        TH_EQ_STR(file("rmqtt.toml"), before);
    }
}

static void test_a_folder_that_cannot_be(void)
{
    char kept[sizeof folder];
    snprintf(kept, sizeof kept, "%s", folder);
    snprintf(folder, sizeof folder, "/nonexistent/x");
    TH_EQ_INT(write_with(""), -TH_EIO);
    TH_CHECK(strstr(err.msg, "/nonexistent/x") != NULL);
    snprintf(folder, sizeof folder, "%s", kept);
}

static void test_leftovers_of_a_cut_off_run(void)
{
    char path[128];
    snprintf(path, sizeof path, "%s/rmqtt.toml.new", folder);
    FILE *f = fopen(path, "w");
    TH_CHECK(f != NULL && fputs("half", f) >= 0 && fclose(f) == 0 && chmod(path, 0644) == 0);
    TH_EQ_INT(write_with(""), 0);
    TH_CHECK(count_files(folder) >= 7);
}

int main(void)
{
    char command[128];
    snprintf(folder, sizeof folder, "/tmp/th-broker-config-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return 1;
    TH_RUN(test_plain_node);
    TH_RUN(test_mtls_node);
    TH_RUN(test_cluster);
    TH_RUN(test_values_are_quoted);
    TH_RUN(test_refused);
    TH_RUN(test_a_folder_that_cannot_be);
    TH_RUN(test_leftovers_of_a_cut_off_run);
    th_conf_free(conf);
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    return system(command) != 0 || TH_END();
}
