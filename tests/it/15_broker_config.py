# SPDX-License-Identifier: Apache-2.0
"""What `thingd broker-config` writes: every setting that security rests on, and the real broker runs with it."""

import os
import ssl
import stat
import subprocess
import tomllib
import urllib.error
import urllib.request

import paho.mqtt.client as mqtt
import pytest

from harness.backend import Backend
from harness.certificates import Authority
from parts import broker, ports, thingd
from parts.process import clean_env, wait_until

PLAIN, MTLS, API = "plain-token-0123456789", "mtls-token-0123456789", "api-token-0123456789"
DEVICE_SAYS = {"+/+/thing/event/+/post", "+/+/thing/service/property/set_reply", "+/+/thing/service/+/call_reply",
               "+/+/+", "+/+/+/+", "+/+/+/+/+"}
PLATFORM_SAYS = ["p/d/thing/event/property/post_reply", "p/d/thing/service/property/set", "p/d/thing/service/x/call"]


class Node:
    """The configuration of one broker node, and the node itself once it is started."""

    def __init__(self, folder, conf):
        self.folder = os.path.join(folder, "broker")
        self.conf = {"hook.tokens": f"*:plain:{PLAIN},*:mtls:{MTLS}", "broker.api_token": API,
                     "broker.data_dir": os.path.join(folder, "data"), **conf}
        self._folder = folder
        self._broker = None

    def write(self):
        """`thingd broker-config`: (status, standard error)."""
        config = os.path.join(self._folder, "thingd.conf")
        with open(config, "w") as f:
            f.writelines(f"{key} = {value}\n" for key, value in self.conf.items())
        done = subprocess.run([thingd.program(), "broker-config", "--config", config, "--out", self.folder],
                              capture_output=True, text=True, env=clean_env(), check=False)
        return done.returncode, done.stderr

    def toml(self, name):
        with open(os.path.join(self.folder, name), "rb") as f:
            return tomllib.load(f)

    def plugin(self, name):
        return self.toml(f"plugins/rmqtt-{name}.toml")

    def start(self):
        listen = self.conf.get("broker.mqtts_listen") or self.conf["broker.mqtt_listen"]
        self.mqtt = int(listen.rsplit(":", 1)[1])
        self.api = int(self.conf["broker.http_listen"].rsplit(":", 1)[1])
        self._broker = broker.Broker("broker", broker.build(), self.folder, self.mqtt, self.api, API,
                                     os.path.join(self._folder, "broker.log"))
        self._broker.start()

    def wait(self):
        self._broker.wait()

    def get(self, path):
        return self._broker.get(path)

    def stop(self):
        if self._broker:
            self._broker.process.stop()


@pytest.fixture
def block():
    reserved = ports.reserve()
    yield reserved
    reserved.release()


@pytest.fixture
def nodes(tmp_path):
    """nodes(conf): a Node whose files are written; stopped after the test."""
    made = []

    def make(conf):
        folder = tmp_path / f"node-{len(made)}"
        folder.mkdir()
        node = Node(str(folder), conf)
        made.append(node)
        status, errors = node.write()
        assert status == 0, errors
        return node

    yield make
    for node in made:
        node.stop()


@pytest.fixture
def authority(tmp_path):
    folder = tmp_path / "ca"
    folder.mkdir()
    return Authority(str(folder), "ca")


def plain_conf(block):
    return {"broker.mqtt_listen": f"127.0.0.1:{block.take()}", "broker.http_listen": f"127.0.0.1:{block.take()}",
            "hook.listen": f"127.0.0.1:{block.take()}", "broker.max_packet_size": "300000"}


def mtls_conf(block, authority):
    certificate, key = authority.server()
    return {**plain_conf(block), "broker.mqtts_listen": f"127.0.0.1:{block.take()}", "broker.tls_cert": certificate,
            "broker.tls_key": key, "broker.tls_client_ca": authority.certificate}


def cluster_confs(block, size=3):
    grpc, raft = ([f"127.0.0.1:{block.take()}" for _ in range(size)] for _ in range(2))
    peers = ",".join(f"{k}={g}/{r}" for k, (g, r) in enumerate(zip(grpc, raft), 1))
    return [{**plain_conf(block), "broker.node": k, "broker.peers": peers} for k in range(1, size + 1)], grpc, raft


def listeners(node):
    return {(kind, name): settings for kind, named in node.toml("rmqtt.toml")["listener"].items()
            for name, settings in named.items()}


def check_door(node, token):
    """The addresses and the answers that let a client in, or not."""
    auth = node.plugin("auth-http")
    hook = node.conf["hook.listen"]
    assert auth["http_auth_req"]["url"] == f"http://{hook}/auth/{token}"
    assert auth["http_acl_req"]["url"] == f"http://{hook}/acl/{token}"
    assert auth["http_auth_req"]["method"] == auth["http_acl_req"]["method"] == "post"
    assert auth["http_auth_req"]["params"].items() >= {"client_id": "%c", "username": "%u", "password": "%P"}.items()
    assert auth["http_acl_req"]["params"].items() >= {"access": "%A", "client_id": "%c", "username": "%u",
                                                      "topic": "%t"}.items()
    for flag in ("deny_if_error", "disconnect_if_expiry", "disconnect_if_pub_rejected"):
        assert auth[flag] is True, flag
    acl = node.plugin("acl")
    assert acl["rules"] == [["deny", "all"]] and acl["priority"] < auth["priority"], "what nobody allowed is denied"
    hooks = node.plugin("web-hook")
    assert hooks["urls"] == [f"http://{hook}/hook/{token}"]


def check_common(node, token):
    check_door(node, token)
    main = node.toml("rmqtt.toml")
    started = main["plugins"]["default_startups"]
    assert {"rmqtt-acl", "rmqtt-auth-http", "rmqtt-web-hook", "rmqtt-http-api", "rmqtt-auto-subscription"} <= set(started)
    assert os.path.isabs(main["plugins"]["dir"]) and main["plugins"]["dir"].startswith(node.folder)
    for listener in listeners(node).values():
        assert listener["allow_anonymous"] is False
        assert listener["max_packet_size"].rstrip("B") == "300000" and listener["max_clientid_len"] == 128
    rules = node.plugin("web-hook")["rule"]
    assert {"client_connected", "client_disconnected", "client_subscribe", "message_publish"} == set(rules)
    topics = {topic for rule in rules["message_publish"] for topic in rule["topics"]}
    assert topics == DEVICE_SAYS | {"/" + topic for topic in DEVICE_SAYS}
    assert all(len(rule) == 1 for rule in rules.values()), "a message is sent once for each rule that it fits"
    for said in PLATFORM_SAYS:
        assert not any(fits(topic, said) for topic in topics), "what the platform says does not come back"
    api = node.plugin("http-api")
    assert api["http_bearer_token"] == API and api["http_laddr"] == node.conf["broker.http_listen"]
    check_modes(node.folder)


def fits(topic_filter, topic):
    """Of filters without #."""
    levels = topic.split("/")
    wanted = topic_filter.split("/")
    return len(levels) == len(wanted) and all(w in ("+", have) for w, have in zip(wanted, levels, strict=True))


def check_modes(folder):
    """Files that hold tokens are their owner's alone."""
    for path, folders, files in os.walk(folder):
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o700, path
        for name in files:
            full = os.path.join(path, name)
            assert stat.S_IMODE(os.stat(full).st_mode) == 0o600, full
            assert not name.endswith(".new")


def check_subscriptions(node, lead):
    subscribed = node.plugin("auto-subscription")["subscribes"]
    assert all(s["qos"] == 2 and s["no_local"] is True for s in subscribed)
    assert {s["topic_filter"] for s in subscribed} == {f"{lead}/${{clientid}}/{rest}" for rest in (
        "thing/event/+/post_reply", "thing/service/property/set", "thing/service/+/call", "thing/file/upload_reply",
        "thing/factory-metadata/get_reply", "ota/version_reply", "ota/upgrade")}


def client(device="dev1", user="demo", tls=None):
    made = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=device, reconnect_on_failure=False)
    made.username_pw_set(user, "secret")
    if tls:
        made.tls_set_context(tls)
    return made


def connack(client_, port):
    """The broker's answer to a connect, or the error that came before it."""
    answers = []
    client_.on_connect = lambda _c, _u, _f, reason, _p: answers.append(reason)
    client_.on_disconnect = lambda _c, _u, _f, reason, _p: answers.append(reason)
    try:
        client_.connect("127.0.0.1", port)
    except OSError as error:
        return error
    client_.loop_start()
    try:
        return wait_until("an answer to the connect", lambda: answers[:1], 20)[0]
    finally:
        client_.loop_stop()


def admitted(answer):
    return not isinstance(answer, OSError) and str(answer) == "Success"


def tls_context(authority, pair=None):
    context = ssl.create_default_context(cafile=authority.certificate)
    if pair:
        context.load_cert_chain(*pair)
    return context


def test_plain_node(block, nodes):
    node = nodes(plain_conf(block))
    assert list(listeners(node)) == [("tcp", "plain")]
    check_common(node, PLAIN)
    check_subscriptions(node, "${username}")
    assert "rmqtt-cluster-raft" not in node.toml("rmqtt.toml")["plugins"]["default_startups"]
    assert not os.path.exists(os.path.join(node.folder, "plugins/rmqtt-cluster-raft.toml"))
    node.start()
    node.wait()
    assert not admitted(connack(client(), node.mqtt)), "nobody answers the auth hook, so nobody gets in"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"http://127.0.0.1:{node.api}/api/v1/clients", timeout=5)
    assert refused.value.code in (401, 403)
    backend = Backend(int(node.conf["hook.listen"].rsplit(":", 1)[1]))
    try:
        device = client()
        assert admitted(connack(device, node.mqtt))
        path, asked = backend.wait_for(lambda path, body: path.startswith("/auth/"))
        assert path == f"/auth/{PLAIN}"
        assert asked.items() >= {"client_id": "dev1", "username": "demo", "password": "secret"}.items()
        path, hook = backend.wait_for(lambda path, body: body.get("action") == "client_connected")
        assert path == f"/hook/{PLAIN}" and hook["clientid"] == "dev1" and hook["node"] == 1
        device.disconnect()
    finally:
        backend.close()


def test_mtls_node(block, nodes, authority, tmp_path):
    node = nodes(mtls_conf(block, authority))
    assert list(listeners(node)) == [("tls", "mtls")], "an identity by certificate needs a node without other doors"
    check_common(node, MTLS)
    check_subscriptions(node, "+")
    listener = listeners(node)["tls", "mtls"]
    assert listener["cross_certificate"] is True and listener["cert_subject_dn_as_username"] is True
    assert listener["client_ca_certs"] == authority.certificate
    assert all(os.path.isabs(listener[name]) for name in ("cert", "key", "client_ca_certs"))
    node.start()
    node.wait()
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    others = Authority(str(stranger), "others").device("demo", "dev1", "0A1B2C")
    backend = Backend(int(node.conf["hook.listen"].rsplit(":", 1)[1]))
    try:
        assert not admitted(connack(client(tls=tls_context(authority)), node.mqtt)), "no certificate"
        assert not admitted(connack(client(tls=tls_context(authority, others)), node.mqtt)), "another's authority"
        assert not admitted(connack(client(), node.mqtt)), "no TLS"
        assert not backend.requests, "the broker itself turned them away"
        own = authority.device("demo", "dev1", "0A1B2C")
        device = client(user="another-product", tls=tls_context(authority, own))
        assert admitted(connack(device, node.mqtt))
        path, asked = backend.wait_for(lambda path, body: path.startswith("/auth/"))
        assert path == f"/auth/{MTLS}"
        assert asked["username"] == "O=thingd, serialNumber=0A1B2C, CN=demo/dev1", "what the certificate says"
        device.disconnect()
    finally:
        backend.close()


def test_cluster(block, nodes):
    confs, grpc, raft = cluster_confs(block)
    members = [nodes(conf) for conf in confs]
    for number, node in enumerate(members, 1):
        check_common(node, PLAIN)
        main, cluster = node.toml("rmqtt.toml"), node.plugin("cluster-raft")
        assert main["node"]["id"] == number and main["rpc"]["server_addr"] == grpc[number - 1]
        assert "rmqtt-cluster-raft" in main["plugins"]["default_startups"]
        assert cluster["node_grpc_addrs"] == [f"{k}@{address}" for k, address in enumerate(grpc, 1)]
        assert cluster["raft_peer_addrs"] == [f"{k}@{address}" for k, address in enumerate(raft, 1)]
    for node in members:
        node.start()
    for node in members:
        node.wait()
    for node in members:
        wait_until("a cluster of three", lambda node=node: len(node.get("/api/v1/nodes")) == 3, 60)


def test_written_twice_is_the_same(block, nodes):
    node = nodes(plain_conf(block))
    first = {name: node.plugin(name) for name in ("auth-http", "web-hook", "http-api")}
    assert node.write() == (0, "")
    assert {name: node.plugin(name) for name in first} == first
    check_modes(node.folder)


@pytest.mark.parametrize("conf, says", [
    ({"broker.api_token": ""}, "broker.api_token"),
    ({"hook.tokens": ""}, "hook.tokens"),
    ({"hook.tokens": f"*:mtls:{MTLS}"}, "hook.tokens"),
    ({"hook.tokens": f"2:plain:{PLAIN}"}, "hook.tokens"),
    ({"hook.tokens": "*:plain:short"}, "hook.tokens"),
    ({"hook.tokens": f"1:plain:{PLAIN},1:mtls:{PLAIN}"}, "hook.tokens"),
    ({"broker.mqtt_listen": ""}, "broker.mqtt_listen"),
    ({"broker.mqtts_listen": "127.0.0.1:8883"}, "broker.tls_cert"),
    ({"broker.peers": "2=127.0.0.1:5363/127.0.0.1:6003"}, "broker.peers"),
    ({"broker.peers": "1=127.0.0.1:5363"}, "broker.peers"),
    ({"broker.max_packet_size": "100"}, "broker.max_packet_size"),
    ({"broker.no_such_key": "1"}, "unknown key"),
])
def test_refused(tmp_path, conf, says):
    """A configuration that would leave a door open, or not run, writes nothing and says which key it is."""
    node = Node(str(tmp_path), conf)
    status, errors = node.write()
    assert status == 1 and says in errors
    assert not [name for _, _, names in os.walk(node.folder) for name in names]


def test_secrets_stay_hidden(tmp_path):
    """`thingd check-config` shows what is in force, but no token."""
    node = Node(str(tmp_path), {"database.url": "postgresql://me:pa55word@127.0.0.1/x"})
    node.write()
    done = subprocess.run([thingd.program(), "check-config", "--config", str(tmp_path / "thingd.conf")],
                          capture_output=True, text=True, env=clean_env(), check=True)
    shown = dict(line.split(" = ", 1) for line in done.stdout.splitlines())
    for key in ("hook.tokens", "broker.api_token", "database.url"):
        assert shown[key] == "********"
    assert not any(secret in done.stdout for secret in (PLAIN, MTLS, API, "pa55word"))
    assert shown["broker.max_packet_size"] == "1MiB" and shown["hook.timeout"] == "7s"


def test_sample_is_a_configuration(tmp_path):
    """The sample with every key uncommented says what the defaults are."""
    sample = subprocess.run([thingd.program(), "check-config", "--sample"], capture_output=True, text=True,
                            env=clean_env(), check=True).stdout
    with open(os.path.join(broker.REPOSITORY, "examples/thingd.conf")) as f:
        assert f.read() == sample, "examples/thingd.conf is what --sample prints"
    (tmp_path / "all.conf").write_text("".join(
        line[1:] if line.startswith("#") and " = " in line and line[1] != " " else line
        for line in sample.splitlines(keepends=True)))
    (tmp_path / "none.conf").write_text("")
    shown = [subprocess.run([thingd.program(), "check-config", "--config", str(tmp_path / name)], capture_output=True,
                            text=True, env=clean_env(), check=True).stdout for name in ("all.conf", "none.conf")]
    assert shown[0] == shown[1]
