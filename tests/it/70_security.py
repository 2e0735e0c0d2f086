# SPDX-License-Identifier: Apache-2.0
"""No one gets in where they don't belong: tokens, nodes, topics, wills; at the door and through the real broker."""

import paho.mqtt.client as mqtt
import pytest
from harness import hooks
from harness.device import Refused

POST = "thing/event/property/post"


@pytest.fixture
def victim(stack):
    return stack.make_device()


@pytest.mark.parametrize("member", ["device", "product", "both", "product unknown", "device unknown"])
def test_a_topic_of_someone_else_is_stored_for_nobody(stack, identity, victim, member):
    topic = {
        "device": f"{identity.product}/{victim.key}/{POST}",
        "product": f"{victim.product}/{identity.key}/{POST}",
        "both": f"{victim.product}/{victim.key}/{POST}",
        "product unknown": f"nowhere/{identity.key}/{POST}",
        "device unknown": f"{identity.product}/nobody/{POST}",
    }[member]
    stack.accept(hooks.property_post(identity, {"forged": 1}, topic=topic))
    letters = stack.rows("select * from dead_letter where topic = %s", topic)
    assert [letter["reason"] for letter in letters] == ["forged_topic"]
    stack.settle(victim)
    assert stack.history(victim) == [] and stack.history(identity) == []


@pytest.mark.parametrize("name", ["/{p}/{d}/" + POST, "//{p}/{d}/" + POST, "{p}/{d}/../{d}/" + POST, "{p}/{d}%2f/" + POST,
                                  "{P}/{d}/" + POST, "{p}/{d}/" + POST + "\u0000"])
def test_tricks_with_the_topic_do_not_reach_another_device(stack, identity, victim, name):
    topic = name.format(p=victim.product, d=victim.key, P=victim.product.upper())
    stack.accept(hooks.property_post(identity, {"forged": 1}, topic=topic))
    stack.settle(victim)
    assert stack.history(victim) == []


@pytest.mark.parametrize("sender", [{"from_username": "other"}, {"from_clientid": "other"}, {"from_username": ""},
                                    {"from_username": None}, {"from_username": "{p}/{d}"}, {"from_username": "CN={p}/{d}"}])
def test_a_sender_that_is_not_the_topics_owner_stores_nothing(stack, victim, sender):
    sender = {k: v and v.format(p=victim.product, d=victim.key) for k, v in sender.items()}
    mark = stack.value("select coalesce(max(id), 0) from dead_letter")
    stack.accept(hooks.property_post(victim, {"forged": 1}, **sender))
    assert stack.value("select count(*) from dead_letter where id > %s", mark) == 1
    stack.settle(victim)
    assert stack.history(victim) == []


def test_a_will_on_someone_elses_topic_is_stored_for_nobody(stack, identity, victim):
    body = hooks.property_post(identity, {"forged": 1}, from_type="lastwill", packet_id=None,
                               topic=f"{victim.product}/{victim.key}/{POST}")
    stack.accept(body)
    stack.settle(victim)
    assert stack.history(victim) == []
    assert stack.dead_letters(topic=body["topic"])[0]["reason"] == "forged_topic"


def test_a_will_that_answers_a_command_is_not_taken_for_an_answer(stack, identity):
    made = stack.call("POST", identity.path + "/commands", {"params": {"a": 1}}, 201)
    stack.accept(hooks.publish(identity, "thing/service/property/set_reply", {"id": made["id"], "code": 200},
                               from_type="lastwill", packet_id=None))
    stack.settle(identity)
    assert stack.call("GET", identity.path + "/commands")["items"][0]["state"] == "queued"


@pytest.mark.parametrize("token", ["0" * 32, "x", "", "..", "%00"])
def test_without_the_token_the_hook_door_takes_nothing(stack, identity, token):
    base = stack.hook_url.rsplit("/", 1)[0]
    answer = stack.hook(hooks.property_post(identity, {"a": 1}), url=f"{base}/{token}")
    assert answer.status_code in (400, 401, 403, 404)
    stack.settle(identity)
    assert stack.history(identity) == []


def test_a_prefix_of_the_token_is_no_token(stack, identity):
    for url in (stack.hook_url[:-1], stack.hook_url + "0"):
        assert stack.hook(hooks.property_post(identity, {"a": 1}), url=url).status_code in (401, 403, 404)
    stack.settle(identity)
    assert stack.history(identity) == []


def test_a_token_of_one_node_does_not_speak_for_another(stack, identity):
    stack.accept(hooks.property_post(identity, {"a": 1}, from_node=2))
    assert [letter["reason"] for letter in stack.dead_letters(identity)] == ["wrong_node"]
    stack.accept(hooks.connected(identity, hooks.now_ms(), hooks.address(), node=2))
    stack.settle(identity)
    assert stack.history(identity) == []
    assert stack.state(identity)["online"] is False


def test_a_certificate_identity_is_not_believed_from_a_plain_node(stack, identity):
    mark = stack.value("select coalesce(max(id), 0) from dead_letter")
    for username in (f"{identity.product}/{identity.key}", f"O=thingd, serialNumber=0A, CN={identity.product}/{identity.key}"):
        stack.accept(hooks.property_post(identity, {"a": 1}, from_username=username))
    assert stack.value("select count(*) from dead_letter where id > %s", mark) == 2
    stack.settle(identity)
    assert stack.history(identity) == []


@pytest.mark.parametrize("path", ["/", "/healthz", "/metrics", "/api/v1/products", "/api/openapi.json", "/index.html"])
def test_the_hook_listener_serves_nothing_else(stack, path):
    base = stack.hook_url.rsplit("/hook/", 1)[0]
    answer = stack.door.get(base + path, headers={"authorization": f"Bearer {stack.admin_token}"})
    assert answer.status_code in (401, 403, 404, 405)


@pytest.mark.parametrize("path", ["/hook/{t}", "/auth/{t}", "/acl/{t}", "/api/thing/property/post?token={t}"])
def test_the_public_listener_takes_no_hooks(stack, identity, path):
    answer = stack.door.post(stack.http + path.format(t=stack.hook_token), json=hooks.property_post(identity, {"a": 1}))
    assert answer.status_code in (401, 403, 404, 405)
    stack.settle(identity)
    assert stack.history(identity) == []


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer x"}, {"authorization": "Basic eDp5"},
                                     {"authorization": "Bearer"}, {"cookie": "session=x"}])
@pytest.mark.parametrize("path", ["/api/v1/products", "/api/v1/devices", "/api/v1/dead-letters"])
def test_without_a_token_the_api_says_nothing(stack, path, headers):
    answer = stack.door.get(stack.http + path, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_no_answer_of_the_api_holds_a_secret_a_second_time(stack, identity):
    for path in (identity.path, f"/api/v1/products/{identity.product}/devices", "/api/v1/devices?limit=100"):
        assert identity.secret not in stack.api.get(path).text


def test_secrets_are_sealed_in_the_database(stack, identity):
    dump = stack.rows("select k.*, encode(sealed, 'escape') as text from device_key k join device d on d.id = k.device_id"
                      " where d.key = %s", identity.key)
    assert len(dump) == 1
    assert identity.secret not in str(dump) and identity.secret.encode().hex() not in bytes(dump[0]["sealed"]).hex()


# Through the real broker

def test_a_wrong_password_is_refused_by_the_broker(stack, identity):
    wrong = type(identity)(identity.product, identity.key, "x" * 32)
    with pytest.raises(Refused):
        stack.device(wrong).connect()


def test_anonymous_clients_are_refused_by_the_broker(stack, identity):
    device = stack.device(identity, password="")
    device.client.username_pw_set(None)
    with pytest.raises(Refused):
        device.connect()


def test_a_plain_client_with_the_name_of_a_certificate_is_refused(stack, identity):
    name = f"{identity.product}/{identity.key}"
    for username in (name, f"CN={name}", f"O=thingd, serialNumber=0A, CN={name}"):
        with pytest.raises(Refused):
            stack.device(identity, username=username, password="").connect()


@pytest.mark.parametrize("protocol", [mqtt.MQTTv311, mqtt.MQTTv5])
def test_a_publish_to_another_devices_topic_is_not_stored(stack, identity, victim, protocol, wait_until):
    attacker = stack.online(identity, protocol=protocol)
    topic = f"{victim.product}/{victim.key}/{POST}"
    attacker.client.publish(topic, '{"id":"1","params":{"forged":1}}', 1)
    wait_until(lambda: stack.dead_letters(topic=topic), message="the forged message in the dead letters")
    attacker.wait_disconnected()
    stack.settle(victim)
    assert stack.history(victim) == []


def test_a_device_cannot_listen_to_another(stack, identity, victim):
    spy = stack.online(identity)
    for topic in ("#", "+/#", f"{victim.product}/{victim.key}/#", "+/+/thing/service/property/set",
                  f"{victim.product}/{victim.key}/thing/service/property/set"):
        assert all(reason.is_failure for reason in spy.subscribe(topic)), topic


def test_a_will_outside_the_own_topics_is_refused_at_connect(stack, identity, victim):
    for topic in (f"{victim.product}/{victim.key}/thing/service/property/set", "x", f"{identity.product}/{identity.key}x/y",
                  f"{identity.product}/{identity.key}"):
        device = stack.device(identity)
        device.client.will_set(topic, '{"id":"1","params":{"forged":1}}', 1)
        with pytest.raises(Refused):
            device.connect()


def test_a_will_inside_the_own_topics_becomes_the_devices_own_event(stack, identity, wait_until):
    device = stack.device(identity)
    device.client.will_set(device.topic("thing/event/lost/post"), '{"id":"w","params":{"lost":true}}', 1)
    device.connect()
    wait_until(lambda: stack.state(identity)["online"], message="online")
    device.cut()
    wait_until(lambda: stack.events(identity), message="the will")
    assert [(event["type"], event["params"]) for event in stack.events(identity)] == [("lost", {"lost": True})]


def test_a_disabled_device_is_put_out(stack, identity):
    device = stack.online(identity)
    stack.call("PATCH", identity.path, {"enabled": False})
    device.wait_disconnected()
    with pytest.raises(Refused):
        stack.device(identity).connect()
