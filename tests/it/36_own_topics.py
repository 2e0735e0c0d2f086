# SPDX-License-Identifier: Apache-2.0
"""Topics that scripts declare, bytes in and out, devices that come and go: with the real broker, and at the door."""

import binascii
import hashlib
import hmac
import itertools
import os
import struct

import paho.mqtt.client as mqtt
import pytest
from harness import hooks, scripts
from harness.wait import PATIENCE
from parts import broker

LORA = os.path.join(broker.REPOSITORY, "examples/products/lora/init.lua")

ECHO = """return {
    api = 1,
    topics = { publish = { "up", "raw/+", "both" }, subscribe = { "down/#", "both" } },
    on_message = function(topic, bytes, device)
        if bytes == "refuse" then return false, "told to" end
        if bytes == "fail" then error("told to") end
        if bytes == "spin" then while true do end end
        thing.event("seen", { topic = topic, hex = thing.hex.encode(bytes), device = device.key })
        if topic == "up" then thing.send("down/answer", bytes:reverse()) end
        return { size = #bytes }
    end,
}"""

COMES_AND_GOES = """return {
    api = 1,
    on_connect = function(c)
        if thing.kv.get("fail") then error("told to") end
        thing.event("came", { online = c.online, protocol = c.protocol })
        thing.kv.set("times", (thing.kv.get("times") or 0) + 1)
    end,
    on_disconnect = function(c) thing.event("went", { online = c.online, times = thing.kv.get("times") }) end,
    on_property = function(msg) if msg.params.fail then thing.kv.set("fail", true) end end,
}"""


def frame(body):
    return body + struct.pack(">H", binascii.crc_hqx(body, 0xFFFF))


@pytest.fixture(scope="module")
def echo(stack):
    product = stack.make_product()
    scripts.install(stack, product, ECHO)
    return product


@pytest.fixture
def device(stack, echo):
    return stack.make_device(echo)


def events(stack, identity, type):
    return [row["params"] for row in stack.events(identity) if row["type"] == type]


@pytest.mark.parametrize("payload", [b"", b"\x00\x01\xff\xfe", b"text", '{"id":"1","params":{"a":1},"ack":1}'.encode()],
                         ids=["empty", "binary", "text", "json"])
def test_bytes_go_in_and_out_as_they_are(stack, device, wait_until, payload):
    client = stack.online(device)
    assert not client.subscribe(device.product + f"/{device.key}/down/#")[0].is_failure
    client.publish("up", payload)
    client._wait(lambda: client.inbox("down/answer"), PATIENCE, "the answer")
    assert client.inbox("down/answer") == [payload[::-1]]
    wait_until(lambda: stack.history(device), message="the report")
    assert [row["params"] for row in stack.history(device)] == [{"size": len(payload)}]
    assert events(stack, device, "seen") == [{"topic": "up", "hex": payload.hex(), "device": device.key}]
    assert client.inbox("thing/event/property/post_reply") == []


def test_each_topic_arrives_once(stack, device, wait_until):
    client = stack.online(device)
    topics = ["up", "raw/a", "raw/b", "both"]
    for n, topic in enumerate(topics):
        client.publish(topic, bytes([n]), topic=("/" if n % 2 else "") + client.topic(topic))
    wait_until(lambda: len(stack.history(device)) >= len(topics), message="all of them")
    stack.settle(device)
    assert sorted(row["topic"] for row in events(stack, device, "seen")) == sorted(topics)
    assert client.connected


def test_what_the_platform_says_does_not_come_back(stack, device):
    client = stack.online(device)
    stack.settle(device)
    before = stack.counter("hook_received")
    for n in range(20):
        client.post({"n": n}, id=str(n), ack=1)
        assert client.next("thing/event/property/post_reply")["code"] == 200
    assert stack.counter("hook_received") - before == 20


def test_what_the_broker_repeats_is_handled_once(stack, device):
    body = hooks.publish(device, "up", b"\x01\x02")
    stack.accept(body, body)
    stack.settle(device)
    stack.accept(body)
    assert len(stack.history(device)) == len(events(stack, device, "seen")) == 1


@pytest.mark.parametrize(("payload", "reason", "detail"), [
    (b"refuse", "rejected", "told to"), (b"fail", "script_error", "told to"), (b"spin", "script_error", "cpu")])
def test_what_the_script_does_not_take_is_a_letter_with_its_bytes(stack, device, payload, reason, detail):
    stack.accept(hooks.publish(device, "raw/x", payload))
    [letter] = stack.dead_letters(device)
    assert letter["reason"] == reason and detail in letter["detail"]
    assert stack.history(device) == [] and stack.events(device) == []
    tried = stack.call("POST", scripts.path(device.product, "try"), {
        "letter": letter["id"], "source": ECHO.replace('"refuse"', '"-"').replace('"fail"', '"-"').replace('"spin"', '"-"')})
    [item] = tried["items"]
    assert tried["ok"] and item["topic"] == "raw/x" and item["effects"]["store"][0]["params"] == {"size": len(payload)}


@pytest.mark.parametrize("rest", ["other", "raw", "raw/a/b", "down/answer", "up/x", "UP", "thing/event/property/post_reply"])
def test_a_topic_that_is_not_declared_is_a_letter(stack, device, rest):
    stack.accept(hooks.publish(device, rest, b"x"))
    assert [letter["reason"] for letter in stack.dead_letters(device)] == ["no_handler"]
    assert stack.acl(device.key, device.product, f"{device.product}/{device.key}/{rest}", "2") == "deny"


@pytest.mark.parametrize("rest", ["other", "raw", "down/answer"])
def test_the_broker_ends_a_connection_that_publishes_elsewhere(stack, device, rest):
    client = stack.online(device)
    client.client.publish(client.topic(rest), b"x")
    client.wait_disconnected()
    assert stack.history(device) == []


def test_an_own_topic_of_another_device_is_nobodys(stack, device, echo):
    other = stack.make_device(echo)
    stack.accept(hooks.publish(device, "up", b"x", topic=f"{echo}/{other.key}/up"))
    assert stack.dead_letters(topic=f"{echo}/{other.key}/up")[0]["reason"] == "forged_topic"
    client = stack.online(device)
    client.client.publish(f"{echo}/{other.key}/up", b"x")
    client.wait_disconnected()
    stack.settle(other)
    assert stack.history(other) == [] and events(stack, other, "seen") == []


@pytest.mark.parametrize("topic", ["{p}/{o}/down/#", "{p}/+/down/#", "+/+/down/#", "{p}/{d}/#", "{p}/{d}/up", "{p}/{d}/+",
                                   "#", "+/{o}/down/answer", "{p}/{d}/downs/x"])
def test_a_subscription_past_what_is_declared_is_refused(stack, device, echo, topic):
    other = stack.make_device(echo)
    topic = topic.format(p=echo, d=device.key, o=other.key)
    assert stack.online(device).subscribe(topic)[0].is_failure
    assert stack.acl(device.key, echo, topic, "1") == "deny"


@pytest.mark.parametrize("topic", ["{p}/{d}/down/#", "{p}/{d}/down/a/b", "+/{d}/down/+", "/{p}/{d}/both"])
def test_what_is_declared_can_be_heard(stack, device, topic):
    topic = topic.format(p=device.product, d=device.key)
    assert not stack.online(device).subscribe(topic)[0].is_failure
    assert stack.acl(device.key, device.product, topic, "1") == "allow"


def test_nothing_is_retained_on_an_own_topic(stack, device, wait_until):
    client = stack.online(device)
    client.client.publish(client.topic("both"), b"kept", 1, retain=True).wait_for_publish(10)
    wait_until(lambda: stack.history(device), message="the message")
    client.subscribe(client.topic("both"))
    client.publish("both", b"fresh")
    client._wait(lambda: client.inbox("both"), PATIENCE, "the fresh one")
    assert client.inbox("both") == [b"fresh"]


def test_a_will_on_an_own_topic_is_handled_as_a_message(stack, device, wait_until):
    client = stack.device(device)
    client.client.will_set(client.topic("raw/gone"), b"\x07", 1)
    client.connect().cut()
    wait_until(lambda: events(stack, device, "seen"), message="the will")
    assert events(stack, device, "seen") == [{"topic": "raw/gone", "hex": "07", "device": device.key}]
    stack.accept(hooks.publish(device, "other", b"x", from_type="lastwill", packet_id=None))
    assert [letter["reason"] for letter in stack.dead_letters(device)] == ["no_handler"]


def test_topics_follow_the_version_in_force(stack, wait_until):
    identity = stack.make_device()
    own = f"{identity.product}/{identity.key}/up"

    def allowed():
        return stack.acl(identity.key, identity.product, own, "2") == "allow"

    assert not allowed()
    number = scripts.install(stack, identity.product, ECHO)
    wait_until(allowed, message="the topic")
    kept = stack.call("GET", scripts.path(identity.product, number))["manifest"]
    assert kept == {"topics": {"publish": ["up", "raw/+", "both"], "subscribe": ["down/#", "both"], "raw": []},
                    "functions": ["on_message"]}
    answer = stack.auth(identity.key, identity.product, identity.password())
    assert {"action": "publish", "permission": "allow", "topic": own} in answer["acl"]
    assert answer["acl"][-1]["permission"] == "deny"
    stack.call("POST", scripts.path(identity.product, "deactivate"))
    wait_until(lambda: not allowed(), message="the end of the topic")
    assert own not in [rule["topic"] for rule in stack.auth(identity.key, identity.product, identity.password())["acl"]]


def test_connected_devices_get_the_topics_of_a_new_version_by_connecting_anew(stack, wait_until):
    product = stack.make_product()
    fleet = [stack.make_device(product) for _ in range(3)]
    outside = stack.online(stack.make_device())
    clients = [stack.online(identity) for identity in fleet]
    scripts.install(stack, product, ECHO)
    wait_until(lambda: stack.acl(fleet[0].key, product, f"{product}/{fleet[0].key}/up", "2") == "allow", message="the topic")
    done = stack.call("POST", f"/api/v1/products/{product}/reconnect", {})
    assert (done["kicked"], done["failed"], done["next"]) == (3, 0, None)
    for client in clients:
        client.wait_disconnected()
    assert outside.connected
    for identity in fleet:
        wait_until(lambda identity=identity: not stack.state(identity)["online"], message="the end of the connection")
        stack.online(identity).publish("up", b"now")
        wait_until(lambda identity=identity: stack.history(identity), message="the report")
    done = stack.call("POST", f"/api/v1/products/{product}/reconnect", {"before": done["before"]})
    assert (done["kicked"], done["gone"], done["failed"]) == (0, 0, 0), "they have connected since"


@pytest.mark.parametrize(("topics", "why"), [
    ('{ publish = { "#" } }', "has a #"), ('{ publish = { "thing/event/x/post" } }', "the platform's"),
    ('{ publish = { "a/b/c/d" } }', "three levels"), ('{ subscribe = { "+/x" } }', "begins with a wildcard"),
    ('{ publish = "up" }', "a list of texts"), ('{ publsh = { "up" } }', "there are publish"),
    ('{ publish = { 7 } }', "a list of texts"), ("7", "is a table"), ("{ publish = { print } }", "topics"),
    ('{ subscribe = { "../other/down" } , publish = { "a\\0b" } }', "topics")])
def test_a_declaration_that_is_wrong_is_refused_with_its_reason(stack, topics, why):
    source = f"return {{ api = 1, topics = {topics}, on_message = function() end }}"
    answer = stack.api.post(scripts.path(stack.make_product()), json={"source": source})
    assert answer.status_code == 422 or answer.status_code == 400, answer.text
    assert answer.json()["code"] == "script_invalid" and why in answer.text


def test_a_standard_topic_can_be_taken_as_bytes(stack, wait_until):
    identity = stack.make_device()
    scripts.install(stack, identity.product, """return { api = 1,
        topics = { raw = { "thing/event/property/post" } },
        on_message = function(topic, bytes) return { t = thing.bytes.unpack(">h", bytes) / 10 } end }""")
    client = stack.online(identity)
    client.publish("thing/event/property/post", struct.pack(">h", -15))
    wait_until(lambda: stack.history(identity), message="the report")
    assert stack.history(identity)[0]["params"] == {"t": -1.5}
    client.publish("thing/event/door/post", b"\x01")
    wait_until(lambda: stack.dead_letters(identity), message="the event that is no JSON")
    assert stack.dead_letters(identity)[0]["reason"] == "bad_payload"


# The example


@pytest.fixture
def node(stack):
    identity = stack.make_device()
    with open(LORA) as f:
        scripts.install(stack, identity.product, f.read())
    return identity


def test_the_lora_example_decodes_and_composes(stack, node, wait_until):
    client = stack.online(node)
    assert not client.subscribe(client.topic("down"))[0].is_failure
    client.publish("up", frame(bytes.fromhex("210102fb378850")))
    wait_until(lambda: stack.history(node), message="the measurement")
    assert stack.history(node)[0]["params"] == {
        "temperature": -7.7, "humidity": 60, "open": True, "tamper": False, "charging": False, "battery": 2.8,
        "counter": 258}
    latest = stack.call("GET", node.path + "/latest")["properties"]
    assert latest["temperature"]["value"] == -7.7
    client.publish("up", frame(bytes.fromhex("22000702002a")))
    wait_until(lambda: events(stack, node, "motion"), message="the event")
    client.publish("up", frame(bytes.fromhex("240009")))
    client._wait(lambda: client.inbox("down"), PATIENCE, "the time")
    assert frame(client.inbox("down")[0][:-2]) == client.inbox("down")[0] and client.inbox("down")[0][0] == 3
    client.publish("up", b"\x21garbage")
    wait_until(lambda: stack.dead_letters(node), message="the damaged frame")


def test_a_command_goes_down_as_bytes_once_the_device_listens(stack, node, wait_until):
    client = stack.online(node)
    made = stack.call("POST", node.path + "/commands", {"params": {"interval": 15, "led": True}}, 201)
    wait_until(lambda: stack.value("select attempts from command where id = %s", int(made["id"])) or 0,
               message="an attempt")
    assert client.inbox("down") == [], "nothing is sent into the void"
    assert stack.call("GET", f"{node.path}/commands/{made['id']}")["state"] == "queued"
    client.subscribe(client.topic("down"))
    client._wait(lambda: client.inbox("down"), PATIENCE, "the settings")
    assert client.inbox("down")[0] == frame(struct.pack(">BIHB", 1, int(made["id"]), 15, 1))
    client.publish("up", frame(b"\x23\x00\x01" + struct.pack(">IB", int(made["id"]), 0)))
    wait_until(lambda: stack.call("GET", f"{node.path}/commands/{made['id']}")["state"] == "succeeded",
               message="the answer")


def test_the_legacy_example_signs_in_and_speaks_lines(stack, wait_until):
    product = stack.make_product(auth="script")
    with open(LORA.replace("lora", "legacy")) as f:
        scripts.install(stack, product, f.read())
    identity = stack.make_device(product)
    client = stack.online(identity, password=identity.secret)
    client.subscribe(client.topic("line"))
    client.publish("data", "T=-4;H=80\r\nT=-3.5;ERR=7\r\n")
    wait_until(lambda: len(stack.history(identity)) == 2, message="both readings")
    assert [event["code"] for event in events(stack, identity, "error")] == [7]
    made = stack.call("POST", identity.path + "/commands", {"params": {"int": 15}}, 201)
    client._wait(lambda: client.inbox("line"), PATIENCE, "the line")
    assert client.inbox("line")[0] == f"{made['id']} SET INT=15\r\n".encode()
    client.publish("data", f"{made['id']} OK\r\n")
    wait_until(lambda: stack.call("GET", f"{identity.path}/commands/{made['id']}")["state"] == "succeeded",
               message="the answer")


# Who comes and goes


def test_connections_run_with_their_presence(stack, wait_until):
    identity = stack.make_device()
    scripts.install(stack, identity.product, COMES_AND_GOES)
    stack.online(identity, protocol=mqtt.MQTTv5).close()
    wait_until(lambda: events(stack, identity, "went"), message="the end")
    assert events(stack, identity, "came") == [{"online": True, "protocol": 5}]
    assert events(stack, identity, "went") == [{"online": False, "times": 1}]
    assert stack.state(identity)["online"] is False


def test_a_repeated_connection_runs_once_and_a_takeover_never_ends_the_new_one(stack):
    identity = stack.make_device()
    scripts.install(stack, identity.product, COMES_AND_GOES)
    at = hooks.now_ms()
    old, new = hooks.address(), hooks.address()
    first = hooks.connected(identity, at, old)
    stack.accept(first, first)
    stack.settle(identity)
    stack.accept(first, hooks.connected(identity, at + 20, new), hooks.disconnected(identity, at + 22, old))
    stack.settle(identity)
    assert [row["online"] for row in events(stack, identity, "came")] == [True, True]
    assert events(stack, identity, "went") == [{"online": True, "times": 2}]
    assert stack.state(identity)["online"] is True


def test_a_script_that_fails_there_costs_no_presence(stack):
    identity = stack.make_device()
    scripts.install(stack, identity.product, COMES_AND_GOES)
    at, address = hooks.now_ms(), hooks.address()
    stack.accept(hooks.property_post(identity, {"fail": True}))
    stack.accept(hooks.connected(identity, at, address))
    stack.settle(identity)
    assert events(stack, identity, "came") == [] and stack.state(identity)["online"] is True
    assert stack.dead_letters(identity) == []
    assert stack.value("select count(*) from connection_history h join device d on d.id = h.device_id where d.key = %s",
                       identity.key) == 1


# Who may connect

ON_AUTH = """return { api = 1, on_auth = function(client, device)
    if client.password then return client.password == "open" or thing.auth.key_is(client.password) end
    if device.key:find("bad") then return false, "not this one" end
    if device.key:find("error") then error("told to") end
    if device.key:find("spin") then while true do end end
    if device.key:find("odd") then return "yes" end
end }"""


@pytest.mark.parametrize(("name", "result"), [("good", "allow"), ("bad", "deny"), ("error", "deny"), ("spin", "deny"),
                                              ("odd", "deny")])
def test_on_auth_can_deny_whom_the_core_accepts(stack, name, result):
    product = stack.make_product()
    scripts.install(stack, product, ON_AUTH)
    identity = stack.make_device(product, key=f"{name}-{os.urandom(4).hex()}")
    assert stack.auth(identity.key, product, identity.password())["result"] == result
    assert stack.auth(identity.key, product, "abc123.0.00")["result"] == "deny", "the core's check stands"
    assert stack.auth(identity.key, product, "open")["result"] == "deny"


def test_on_auth_decides_where_the_product_says_so(stack):
    product = stack.make_product(auth="script")
    identity, other = stack.make_device(product), stack.make_device()
    assert stack.auth(identity.key, product, "open")["result"] == "deny", "without an on_auth nobody"
    scripts.install(stack, product, ON_AUTH)

    def result(key, word, username=product):
        return stack.auth(key, username, word)["result"]

    assert result(identity.key, "open") == result(identity.key, identity.secret) == "allow"
    assert result(identity.key, "wrong") == result(identity.key, "") == "deny"
    assert result("nobody", "open") == result(other.key, "open") == "deny", "known devices of the product only"
    assert result(identity.key, "open", f"{product}/{identity.key}") == "deny"
    stack.call("PATCH", identity.path, {"enabled": False})
    assert result(identity.key, "open") == "deny"


def test_a_legacy_device_connects_with_its_own_password(stack, wait_until):
    product = stack.make_product(auth="script")
    scripts.install(stack, product, """return { api = 1, on_auth = function(client, device)
        return thing.auth.hmac_is("sha256", device.key, client.password) end }""")
    identity = stack.make_device(product)
    word = hmac.new(identity.secret.encode(), identity.key.encode(), hashlib.sha256).hexdigest()
    client = stack.online(identity, password=word)
    client.post({"a": 1})
    wait_until(lambda: stack.history(identity), message="the report")


# Trying


def test_all_that_a_script_is_called_for_can_be_tried(stack):
    product = stack.make_product()
    path = scripts.path(product, "try")

    def effects(source, **body):
        answer = stack.call("POST", path, {"source": source, **body})
        return answer["items"][0]["effects"]

    assert effects(ECHO, topic="up", base64="AAH/")["sent"] == [{"topic": "down/answer", "hex": "ff0100"}]
    assert effects(COMES_AND_GOES, input={"event": "connect", "protocol": 5})["events"][0]["params"] == {
        "online": True, "protocol": 5}
    assert effects(COMES_AND_GOES, input={"event": "disconnect"})["events"][0]["params"] == {"online": False}
    assert effects(ON_AUTH, input={"event": "auth", "password": "k", "key": "k"}) == {"allowed": True, "why": ""}
    assert effects(ON_AUTH, device="bad", input={"event": "auth"}) == {"allowed": False, "why": "not this one"}
    with open(LORA) as f:
        sent = effects(f.read(), input={"commands": [{"name": "reboot"}]})["sent"]
    assert sent[0]["topic"] == "down" and bytes.fromhex(sent[0]["hex"])[0] == 2
    for wrong in ({"event": "dance"}, {"commands": []}, {"hex": "1"}, {"hex": "11", "payload": ""}, {}):
        assert effects(ECHO, input=wrong)["dead"]["reason"] == "bad_input"
    assert stack.api.post(path, json={"source": ECHO, "base64": "A"}).status_code in (400, 422)


def test_devices_under_a_canary_hear_of_both(stack, wait_until):
    product = stack.make_product()
    scripts.install(stack, product, ECHO)
    numbers = itertools.count()
    chosen, other = stack.make_device(product), stack.make_device(product)
    number = scripts.create(stack, product, ECHO.replace('"up",', '"up", "new",'))
    stack.call("POST", scripts.path(product, number, "canary"), {"devices": [chosen.key]})

    def handled():
        stack.accept(hooks.publish(chosen, "new", bytes([next(numbers)])))
        return events(stack, chosen, "seen")

    wait_until(handled, message="the canary")
    for identity in (chosen, other):
        topics = [rule["topic"] for rule in stack.auth(identity.key, product, identity.password())["acl"]]
        assert f"{product}/{identity.key}/new" in topics and f"{product}/{identity.key}/raw/+" in topics
    stack.accept(hooks.publish(other, "new", b"x"))
    assert [letter["reason"] for letter in stack.dead_letters(other)] == ["no_handler"]
