# SPDX-License-Identifier: Apache-2.0
"""thing.notify: what is committed leaves through its channel, at least once and under one id; channels and their secrets."""

import base64
import hashlib
import hmac
import json
import os
import secrets

import pytest
from harness import hooks, scripts
from harness.mailbox import Mailbox
from harness.receiver import Receiver
from harness.wait import wait_until

SCRIPT = """local M = { api = 1 }
function M.on_property(msg)
    local p = msg.params
    for i = 1, p.count or 1 do
        thing.notify(p.channel, { title = p.title or "hot", text = p.text, severity = p.severity, data = p.data }, p.key)
    end
    if p.fail then error("fails later") end
end
function M.tell(args) thing.notify(args.channel, { title = "put off" }) end
M.tests = { { name = "tells", input = { payload = { id = "1", params = { channel = "c", title = "t", data = { n = 1 }, key = "k" } } },
    expect = { notify = { { channel = "c", key = "k", title = "t", text = "", severity = "info", data = { n = 1 } } } } } }
return M
"""

SECRET = "Bearer very-secret-value"


@pytest.fixture(scope="module")
def receiver():
    one = Receiver()
    yield one
    one.close()


@pytest.fixture(scope="module")
def mailbox():
    one = Mailbox()
    yield one
    one.close()


@pytest.fixture(scope="module")
def settings(receiver, mailbox):
    return {"outbound.allow": receiver.host, "outbox.backoff": "20ms", "outbox.attempts": 3, "outbox.lease": "6s",
            "mail.url": mailbox.url, "mail.tls": "off", "mail.from": "Things <things@example.com>"}


@pytest.fixture(scope="module")
def stack(module_stack, settings):
    return module_stack(nodes=0, settings=settings)


@pytest.fixture
def device(stack, identity):
    scripts.install(stack, identity.product, SCRIPT)
    return identity


@pytest.fixture
def channel(stack, receiver, device):
    """channel(**members) -> key of a new webhook of the device's product, whose path is /KEY."""

    def make(path=None, **members):
        key = "c-" + secrets.token_hex(4)
        members = {"product": device.product, "notifier": "webhook", "config": {}, **members}
        if members["notifier"] == "webhook":
            members["config"] = {"url": f"{receiver.url}{path or '/' + key}", **members["config"]}
        stack.call("POST", "/api/v1/channels", {"key": key, **members}, 201)
        return key

    return make


def post(stack, device, **params):
    stack.accept(hooks.property_post(device, params))


def rows(stack, device):
    return stack.rows("select o.* from outbox o join device d on d.id = o.device_id where d.key = %s order by o.id", device.key)


def wait_empty(stack, device):
    wait_until(lambda: rows(stack, device) == [], message="all was sent")


def wait_dead(stack, device):
    wait_until(lambda: [row["state"] for row in rows(stack, device)] == ["dead"], message="the row is dead")
    [item] = stack.call("GET", "/api/v1/outbox", params={"device": device.key, "kind": "notify"})["items"]
    return item


def test_it_is_sent_after_the_commit(stack, device, channel, receiver):
    key = channel(config={"headers": {"x-team": "night"}}, secrets={"authorization": SECRET})
    post(stack, device, channel=key, title="hot", text="97 °C", severity="critical", data={"n": 1.5, "big": 2**53 + 1})
    [request] = receiver.at("/" + key)
    said, headers = request["json"], request["headers"]
    assert said["title"] == "hot" and said["text"] == "97 °C" and said["severity"] == "critical"
    assert said["data"] == {"n": 1.5, "big": 2**53 + 1} and said["test"] is False
    assert (said["channel"], said["product"], said["device"]) == (key, device.product, device.key)
    assert headers["idempotency-key"] == said["id"] and len(said["id"]) == 32
    assert headers["authorization"] == SECRET and headers["x-team"] == "night" and headers["content-type"] == "application/json"
    wait_empty(stack, device)
    assert len(receiver.at("/" + key)) == 1


def test_it_is_signed(stack, device, channel, receiver):
    raw = secrets.token_bytes(24)
    key = channel(secrets={"signing_key": "whsec_" + base64.b64encode(raw).decode()})
    post(stack, device, channel=key)
    [request] = receiver.at("/" + key)
    headers = request["headers"]
    text = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), request["body"]])
    digest = base64.b64encode(hmac.new(raw, text, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == "v1," + digest


def test_nothing_is_sent_of_a_message_that_fails(stack, device, channel, receiver):
    key = channel()
    post(stack, device, channel=key, title="never", fail=True)
    post(stack, device, channel=key, title="then")
    assert [one["json"]["title"] for one in receiver.at("/" + key)] == ["then"]
    wait_empty(stack, device)
    assert len(receiver.at("/" + key)) == 1


def test_a_repeated_hook_notifies_once(stack, device, channel, receiver):
    key = channel()
    body = hooks.property_post(device, {"channel": key})
    for _ in range(3):
        assert stack.hook(body).is_success
    post(stack, device, channel=key, title="last")
    wait_until(lambda: "last" in [one["json"]["title"] for one in receiver.at("/" + key)])
    wait_empty(stack, device)
    assert sorted(one["json"]["title"] for one in receiver.at("/" + key)) == ["hot", "last"]


def test_a_failed_attempt_is_repeated_under_the_same_id(stack, device, channel, receiver):
    key = channel()
    receiver.say["/" + key] = [(503, {}), (500, {})]
    post(stack, device, channel=key, data={"a": 1, "b": [1, 2], "c": {"x": None}})
    first, second, third = receiver.at("/" + key, 3)
    assert first["body"] == second["body"] == third["body"]
    assert {one["headers"]["idempotency-key"] for one in (first, second, third)} == {first["json"]["id"]}
    wait_empty(stack, device)


def test_the_receiver_says_when_to_come_again(stack, device, channel, receiver):
    key = channel()
    receiver.say["/" + key] = [(429, {"retry-after": "3600"})]
    post(stack, device, channel=key)
    wait_until(lambda: [row["error"] for row in rows(stack, device)] == ["the receiver answered 429"])
    [row] = rows(stack, device)
    assert row["state"] == "waiting" and row["attempts"] == 1
    assert stack.value("select next_at > now() + interval '50 minutes' from outbox where id = %s", row["id"])


def test_after_the_last_attempt_it_is_dead_and_people_can_retry(stack, device, channel, receiver):
    key = channel()
    receiver.say["/" + key] = [(500, {})] * 3
    names = ("notify_sent", "notify_failed", "notify_dead")
    before = [stack.counter(name) for name in names]
    post(stack, device, channel=key)
    item = wait_dead(stack, device)
    assert (item["kind"], item["name"], item["attempts"], item["error"]) == ("notify", key, 3, "the receiver answered 500")
    assert item["args"]["title"] == "hot" and item["dead_at"]
    assert stack.call("POST", f"/api/v1/outbox/{item['id']}/retry")["state"] == "waiting"
    requests = receiver.at("/" + key, 4)
    assert len({one["json"]["id"] for one in requests}) == 1
    wait_empty(stack, device)
    assert [stack.counter(name) - n for name, n in zip(names, before, strict=True)] == [1, 3, 1]


@pytest.mark.parametrize("case", ["nothing", "another", "platform"])
def test_without_a_channel_that_is_open_to_the_product_it_is_dead(stack, device, channel, case):
    key = {"nothing": lambda: "nobody", "another": lambda: channel(product=stack.make_product()),
           "platform": lambda: channel(product=None)}[case]()
    post(stack, device, channel=key)
    item = wait_dead(stack, device)
    assert item["error"] == "there is no channel of this name that is open to the product" and item["attempts"] == 0
    assert stack.dead_letters(device) == [] and len(stack.history(device)) == 1
    stack.call("POST", f"/api/v1/outbox/{item['id']}/retry")
    wait_until(lambda: rows(stack, device)[0]["attempts"] == 1 and rows(stack, device)[0]["state"] == "dead")


def test_a_channel_of_the_platform_can_be_open_to_all(stack, device, channel, receiver):
    key = channel(product=None, shared=True)
    post(stack, device, channel=key)
    assert receiver.at("/" + key)[0]["json"]["product"] == device.product


def test_a_disabled_channel_sends_nothing(stack, device, channel, receiver):
    key = channel(enabled=False)
    post(stack, device, channel=key)
    item = wait_dead(stack, device)
    assert item["error"] == "the channel is disabled"
    stack.call("PATCH", f"/api/v1/channels/{key}", {"enabled": True})
    stack.call("POST", f"/api/v1/outbox/{item['id']}/retry")
    receiver.at("/" + key)
    wait_empty(stack, device)


def test_one_with_a_key_takes_the_place_of_the_one_that_waits(stack, device, channel, receiver):
    key, other = channel(), channel()
    receiver.say["/" + key] = [(503, {"retry-after": "3600"})]
    post(stack, device, channel=key, title="first", key="k")
    wait_until(lambda: [row["error"] is not None for row in rows(stack, device)] == [True])
    post(stack, device, channel=other, title="elsewhere", key="k")
    post(stack, device, channel=key, title="second", key="k")
    wait_empty(stack, device)
    assert [one["json"]["title"] for one in receiver.at("/" + key)] == ["first", "second"]
    assert [one["json"]["title"] for one in receiver.at("/" + other)] == ["elsewhere"]


def test_over_the_quota_the_message_fails(stack, device, channel):
    key = channel()
    post(stack, device, channel=key, count=17)
    [letter] = stack.dead_letters(device)
    assert letter["reason"] == "script_error" and "more than 16 notifications" in letter["detail"]
    assert rows(stack, device) == []


def test_a_slow_receiver_keeps_no_other_channel_waiting(stack, device, channel, receiver):
    slow, quick = channel(path="/gate"), channel()
    try:
        for _ in range(4):
            post(stack, device, channel=slow, count=10)
        receiver.at("/gate", 4)
        post(stack, device, channel=quick)
        receiver.at("/" + quick)
        assert len(receiver.at("/gate")) == 4, "no more of one channel at a time"
    finally:
        receiver.gate.set()
        receiver.at("/gate", 40)
        receiver.gate.clear()
    wait_empty(stack, device)


def test_a_letter_is_sent(stack, device, channel, mailbox):
    address = f"{secrets.token_hex(4)}@example.com"
    key = channel(notifier="mail", config={"to": [address, "second-" + address], "prefix": "[hall]"})
    mailbox.say[:] = ["451 later"]
    post(stack, device, channel=key, title="hot\r\nBcc: evil@example.com", text="<b>97 °C</b>", severity="warning", data={"n": 1})
    [message] = mailbox.to(address)
    [second] = mailbox.to("second-" + address)
    assert message["subject"] == "[hall] [warning] hot  Bcc: evil@example.com" and message["bcc"] is None
    text = message.get_body(("plain",)).get_content()
    assert "<b>97 °C</b>" in text and f"Device: {device.key} ({device.product})" in text and 'Data: {"n":1}' in text
    assert message["message-id"] == second["message-id"] and len(message["message-id"].strip("<>").split("@")[0]) == 32
    wait_empty(stack, device)


def test_a_killed_process_leaves_nothing_unsent(stack, device, channel, receiver, settings):
    key = channel(path="/gate/killed")
    post(stack, device, channel=key)
    receiver.at("/gate/killed")
    stack.kill("thingd")
    receiver.gate.set()
    stack.start("thingd")
    try:
        first, second = receiver.at("/gate/killed", 2, 30)[:2]
        assert first["json"] == second["json"]
        wait_empty(stack, device)
    finally:
        receiver.gate.clear()


def test_addresses_that_are_not_public_are_refused(stack, device, channel, receiver):
    for url in ("http://127.0.0.1:1/", "http://169.254.169.254/latest", "http://[::1]:8080/", "http://localhost:1/"):
        key = channel(config={"url": url})
        outcome = stack.call("POST", f"/api/v1/channels/{key}/test")
        assert outcome["sent"] is False and "may not be reached" in outcome["error"], outcome


def test_a_redirect_does_not_leave_the_channels_host(stack, device, channel, receiver):
    key = channel()
    receiver.say["/" + key] = [(302, {"location": "http://localhost:1/"})]
    outcome = stack.call("POST", f"/api/v1/channels/{key}/test")
    assert outcome["sent"] is False and "may not" in outcome["error"]


# Channels


def test_the_test_of_a_channel_tells_what_became_of_it(stack, channel, receiver):
    key = channel(enabled=False)
    outcome = stack.call("POST", f"/api/v1/channels/{key}/test")
    [request] = receiver.at("/" + key)
    assert outcome["sent"] is True and outcome["error"] is None and outcome["id"] == request["json"]["id"]
    assert request["json"]["test"] is True and request["json"]["device"] is None
    receiver.say["/" + key] = [(401, {})]
    assert stack.call("POST", f"/api/v1/channels/{key}/test") | {"took_ms": 0} == {
        "sent": False, "error": "the receiver answered 401", "id": None, "took_ms": 0}
    entry = stack.call("GET", "/api/v1/audit", params={"target": key, "limit": 1})["items"][0]
    assert entry["action"] == "channels:test" and entry["after"]["sent"] is False


def test_notifiers_say_what_they_need(stack):
    found = {one["name"]: one for one in stack.call("GET", "/api/v1/notifiers")["items"]}
    assert set(found) == {"mail", "webhook"}
    assert found["webhook"]["schema"]["required"] == ["url"]
    assert found["webhook"]["schema"]["properties"]["authorization"]["writeOnly"] is True


def test_secrets_are_nowhere_to_be_read(stack, device, channel, receiver):
    secret = "s3cret-" + secrets.token_hex(8)
    key = channel(secrets={"authorization": secret, "signing_key": secret})
    path = f"/api/v1/channels/{key}"
    shown = stack.call("GET", path)
    assert shown["secret_names"] == ["authorization", "signing_key"] and "secrets" not in shown
    stack.call("PATCH", path, {"secrets": {"signing_key": None}})
    assert stack.call("GET", path)["secret_names"] == ["authorization"]
    receiver.say["/" + key] = [(500, {})] * 4
    stack.call("POST", path + "/test")
    post(stack, device, channel=key)
    wait_dead(stack, device)
    assert all(one["headers"]["authorization"] == secret for one in receiver.at("/" + key))
    everything = json.dumps([stack.call("GET", "/api/v1/audit", params={"limit": 1000}), stack.call("GET", "/api/v1/channels"),
                             stack.call("GET", "/api/v1/outbox"), stack.rows("select c.config::text from channel c")])
    assert secret not in everything
    assert secret.encode() not in bytes(stack.value("select secrets from channel where key = %s", key))
    with open(os.path.join(stack.dir, "thingd-1.log")) as log:
        assert secret not in log.read()


def test_secrets_do_not_go_to_another_host(stack, channel):
    path = f"/api/v1/channels/{channel(secrets={'authorization': SECRET})}"
    refused = stack.api.patch(path, json={"config": {"url": "https://evil.example/"}})
    assert refused.status_code == 409 and "authorization" in refused.json()["detail"]
    stack.call("PATCH", path, {"config": {"method": "PUT"}})
    stack.call("PATCH", path, {"config": {"url": "https://other.example/"}, "secrets": {"authorization": "another"}})
    stack.call("PATCH", path, {"config": {"url": "https://third.example/"}, "secrets": {"authorization": None}})
    assert stack.call("GET", path)["secret_names"] == []


@pytest.mark.parametrize(("change", "path"), [
    ({"config": {}}, "/config/url"), ({"config": {"url": "ftp://example.com/"}}, "/config/url"),
    ({"config": {"url": "https://user:pass@example.com/"}}, "/config/url"),
    ({"config": {"url": "https://example.com/", "nonsense": 1}}, "/config/nonsense"),
    ({"config": {"url": "https://example.com/", "authorization": "x"}}, "/config/authorization"),
    ({"secrets": {"url": "https://example.com/"}}, "/secrets/url"), ({"secrets": {"signing_key": "short"}}, "/secrets/signing_key")])
def test_what_does_not_fit_the_notifier_is_refused(stack, change, path):
    body = {"key": "c-" + secrets.token_hex(4), "notifier": "webhook", "config": {"url": "https://example.com/"}, **change}
    answer = stack.api.post("/api/v1/channels", json=body)
    assert answer.status_code == 422 and answer.json()["errors"][0]["path"] == path, answer.text


def test_an_update_names_its_revision(stack, channel):
    path = f"/api/v1/channels/{channel()}"
    tag = stack.api.get(path).headers["etag"]
    changed = stack.api.patch(path, json={"name": "Night shift"}, headers={"if-match": tag})
    assert changed.status_code == 200 and changed.headers["etag"] != tag
    assert stack.api.patch(path, json={"name": "x"}, headers={"if-match": tag}).status_code == 409
    assert stack.api.delete(path, headers={"if-match": tag}).status_code == 409
    stack.call("DELETE", path)
    stack.call("GET", path, expect=404)


def test_who_has_rights_for_a_product_sees_its_channels_alone(stack, device, channel, receiver):
    mine, foreign, platform = channel(), channel(product=stack.make_product()), channel(product=None, shared=True)
    token = stack.call("POST", "/api/v1/tokens", {"name": "n", "role": "integrator", "products": [device.product]}, 201)["token"]
    headers = {"authorization": f"Bearer {token}"}
    seen = stack.api.get("/api/v1/channels", headers=headers, params={"limit": 1000}).json()["items"]
    assert [one["key"] for one in seen] == [mine]
    for key in (foreign, platform):
        assert stack.api.get(f"/api/v1/channels/{key}", headers=headers).status_code == 404
        assert stack.api.patch(f"/api/v1/channels/{key}", json={"name": "x"}, headers=headers).status_code == 404
        assert stack.api.post(f"/api/v1/channels/{key}/test", headers=headers).status_code == 404
        assert stack.api.delete(f"/api/v1/channels/{key}", headers=headers).status_code == 404
    body = {"key": "c-" + secrets.token_hex(4), "notifier": "webhook", "config": {"url": receiver.url}}
    assert stack.api.post("/api/v1/channels", json=body, headers=headers).status_code == 403
    shared = stack.api.post("/api/v1/channels", json={**body, "product": device.product, "shared": True}, headers=headers)
    assert shared.status_code == 409
    assert stack.api.post("/api/v1/channels", json={**body, "product": device.product}, headers=headers).status_code == 201
