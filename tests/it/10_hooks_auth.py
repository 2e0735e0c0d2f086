# SPDX-License-Identifier: Apache-2.0
"""The auth hook: who is let in, and what the answer says. It is 200 with an explicit allow or deny, always."""

import time

import pytest
from harness import hooks
from harness.password import password, sign


def decide(stack, device, word, **members):
    return stack.auth(device.key, device.product, word, **members)["result"]


def test_the_right_password_is_allowed_with_an_acl_and_an_end_within_a_day(stack, identity):
    answer = stack.auth(identity.key, identity.product, identity.password())
    assert answer["result"] == "allow"
    assert answer["superuser"] is False
    assert 0 < answer["expire_at"] - time.time() <= 26.5 * 3600
    assert answer["acl"][-1] == {"action": "all", "permission": "deny", "topic": "#"}


@pytest.mark.parametrize("skew", [-299, 0, 299])
def test_a_timestamp_inside_the_window_is_allowed(stack, identity, skew):
    assert decide(stack, identity, identity.password(skew=skew)) == "allow"


def words(device):
    now = int(time.time())
    good = device.password(nonce="a1b2c3", seconds=now)
    nonce, seconds, digest = good.split(".")
    return {
        "empty": "",
        "text without parts": "secret",
        "the key itself": device.secret,
        "two parts": f"{nonce}.{seconds}",
        "four parts": f"{good}.x",
        "a trailing dot": f"{good}.",
        "a nonce of five": password(device.key, device.secret, nonce="a1b2c"),
        "a nonce of seven": password(device.key, device.secret, nonce="a1b2c3d"),
        "an empty nonce": f".{seconds}.{sign(device.key, device.secret, '', seconds)}",
        "another nonce than signed": f"zzzzzz.{seconds}.{digest}",
        "another time than signed": f"{nonce}.{now - 1}.{digest}",
        "a digest cut short": good[:-1],
        "a digest with one more digit": good + "0",
        "a wrong digest": f"{nonce}.{seconds}.{'0' * 40}",
        "another key": password(device.key, "x" * 32),
        "another device's name": password(device.key + "x", device.secret),
        "too early": device.password(skew=-302),
        "too late": device.password(skew=302),
        "a time that is no number": f"{nonce}.soon.{sign(device.key, device.secret, nonce, 'soon')}",
        "a time with a sign": f"{nonce}.+{now}.{sign(device.key, device.secret, nonce, f'+{now}')}",
        "a time past 64 bits": f"{nonce}.{'9' * 30}.{sign(device.key, device.secret, nonce, '9' * 30)}",
        "more than 256 characters": good + "." + "x" * 256,
    }


@pytest.mark.parametrize("name", sorted(words(type("D", (), {
    "key": "d", "secret": "s", "password": lambda self, **k: password("d", "s", **k)})())))
def test_a_wrong_password_is_denied(stack, identity, name):
    assert decide(stack, identity, words(identity)[name]) == "deny"


def test_an_unknown_device_is_denied(stack, identity):
    assert stack.auth("nobody-here", identity.product, password("nobody-here", identity.secret))["result"] == "deny"


def test_an_unknown_product_is_denied(stack, identity):
    assert stack.auth(identity.key, "no-such-product", identity.password())["result"] == "deny"


def test_a_client_id_of_another_product_is_denied(stack, identity, make_product):
    assert stack.auth(identity.key, make_product(), identity.password())["result"] == "deny"


@pytest.mark.parametrize("name", ["rmqtt_things", "thingd", "thingd-1", "thingd_x"])
def test_reserved_names_are_denied(stack, identity, name):
    assert stack.auth(name, identity.product, password(name, identity.secret))["result"] == "deny"


@pytest.mark.parametrize("name", ["rmqtt_things", "thingd", "thingd-1", "a/b", "a b", "", "x" * 129, "gerät", "a+", "#"])
def test_no_device_can_be_made_with_a_reserved_or_odd_name(stack, make_product, name):
    product = make_product()
    answer = stack.api.post(f"/api/v1/products/{product}/devices", json={"key": name})
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize("client_id", ["", "a/b", "a+b", "#", "x" * 129, "ä", "a b", "a\x00b"])
def test_a_client_id_that_is_no_key_is_denied(stack, identity, client_id):
    assert stack.auth(client_id, identity.product, password(client_id, identity.secret))["result"] == "deny"


@pytest.mark.parametrize("username", ["{p}/{d}", "CN={p}/{d}", "O=thingd, serialNumber=0A, CN={p}/{d}"])
@pytest.mark.parametrize("word", ["", "good"])
def test_a_certificate_identity_is_never_taken_from_a_plain_node(stack, identity, username, word):
    username = username.format(p=identity.product, d=identity.key)
    assert stack.auth(identity.key, username, identity.password() if word else "")["result"] == "deny"


def test_a_disabled_device_is_denied_and_let_in_again(stack, identity, wait_until):
    stack.call("PATCH", identity.path, {"enabled": False})
    wait_until(lambda: decide(stack, identity, identity.password()) == "deny", message="deny after disabling")
    stack.call("PATCH", identity.path, {"enabled": True})
    wait_until(lambda: decide(stack, identity, identity.password()) == "allow", message="allow after enabling")


def test_a_disabled_product_is_denied(stack, identity, wait_until):
    assert decide(stack, identity, identity.password()) == "allow"
    stack.call("PATCH", f"/api/v1/products/{identity.product}", {"enabled": False})
    wait_until(lambda: decide(stack, identity, identity.password()) == "deny", message="deny after disabling")


def test_a_device_made_after_it_was_refused_is_let_in(stack, make_product, wait_until):
    product = make_product()
    assert stack.auth("late-comer", product, password("late-comer", "x"))["result"] == "deny"
    device = stack.make_device(product, "late-comer")
    wait_until(lambda: decide(stack, device, device.password()) == "allow", message="allow after making it")


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b"null", b"{}", b'{"client_id":1,"username":2,"password":3}',
                                  b'{"client_id":"x"}', b"\xff\xfe", b"{" * 1000])
def test_a_body_that_is_no_auth_request_is_answered_with_deny(stack, body):
    answer = stack.door.post(stack.door_url("auth"), content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 200
    assert answer.json()["result"] == "deny"


def test_the_clock_skew_of_a_refusal_is_told_in_the_counters(stack, identity):
    before = stack.counter("auth_clock")
    assert decide(stack, identity, identity.password(skew=-4000)) == "deny"
    assert decide(stack, identity, password(identity.key, "wrong", skew=-4000)) == "deny"
    assert stack.counter("auth_clock") == before + 1


def test_a_recorded_auth_request_of_the_broker_is_understood(stack):
    body = hooks.recorded("auth")
    answer = stack.door.post(stack.door_url("auth"), json=body)
    assert answer.status_code == 200 and answer.json()["result"] == "deny"


# One key for all devices of a product


@pytest.fixture
def fleet(stack):
    """A product whose devices share a key, and that key."""
    return stack.make_fleet()


def test_in_product_key_mode_the_products_key_signs_for_its_devices(stack, fleet):
    product, key = fleet
    made = stack.call("POST", f"/api/v1/products/{product}/devices", {"key": f"{product}-1"}, 201)
    assert "secret" not in made["credentials"]
    assert stack.auth(f"{product}-1", product, password(f"{product}-1", key))["result"] == "allow"
    assert stack.auth(f"{product}-1", product, password(f"{product}-1", "x" + key))["result"] == "deny"
    assert stack.auth(f"{product}-2", product, password(f"{product}-2", key))["result"] == "deny"


def test_a_key_of_another_product_does_not_sign(stack, fleet, identity):
    assert stack.auth(identity.key, identity.product, password(identity.key, fleet[1]))["result"] == "deny"


def test_a_device_that_may_provision_itself_is_made_at_its_first_connect(stack):
    prefix = f"self{hooks.now_ms()}-"
    product, key = stack.make_fleet(auto_provision={"enabled": True, "pattern": prefix})
    for name, word, result in ((f"{prefix}1", key, "allow"), (f"{prefix}1", key, "allow"),
                               (f"{prefix}2", "wrong", "deny"), (f"x{prefix}3", key, "deny"), ("rmqtt_things", key, "deny")):
        assert stack.auth(name, product, password(name, word))["result"] == result, name
    rows = stack.rows("select d.key, source from device d join product p on p.id = d.product_id where p.key = %s", product)
    assert rows == [{"key": f"{prefix}1", "source": "auto"}]


def test_while_keys_are_rotated_the_old_and_the_new_one_sign(stack, identity, wait_until):
    new = stack.call("POST", identity.path + "/keys", {}, 201)["secret"]
    wait_until(lambda: decide(stack, identity, password(identity.key, new)) == "allow", message="the new key to sign")
    assert decide(stack, identity, identity.password()) == "allow"
    old = stack.call("GET", identity.path + "/keys")["items"][0]["id"]
    stack.call("DELETE", f"{identity.path}/keys/{old}")
    wait_until(lambda: decide(stack, identity, identity.password()) == "deny", message="the old key to be refused")
    assert decide(stack, identity, password(identity.key, new)) == "allow"


def test_a_password_is_taken_once_where_the_product_says_so(stack):
    device = stack.make_device(stack.make_product(auth_once=True))
    word = device.password(nonce="aaaaaa")
    assert stack.auth(device.key, device.product, word)["result"] == "allow"
    assert stack.auth(device.key, device.product, word)["result"] == "deny"
    assert stack.auth(device.key, device.product, device.password(nonce="bbbbbb"))["result"] == "allow"
    wrong = device.password(nonce="cccccc")[:-1] + "x"
    assert stack.auth(device.key, device.product, wrong)["result"] == "deny"
    assert stack.auth(device.key, device.product, device.password(nonce="cccccc"))["result"] == "allow"


def test_a_password_may_come_again_by_default(stack):
    device = stack.make_device()
    word = device.password()
    assert [stack.auth(device.key, device.product, word)["result"] for _ in range(2)] == ["allow", "allow"]
