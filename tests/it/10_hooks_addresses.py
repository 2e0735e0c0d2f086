# SPDX-License-Identifier: Apache-2.0
"""The addresses that a stock broker configuration of the original calls, with the token as ?token=."""

import pytest
from harness import hooks


@pytest.fixture
def stock(stack):
    base = stack.hook_url.rsplit("/hook/", 1)[0]

    def post(path, body, token=None):
        return stack.door.post(f"{base}{path}", params={"token": token or stack.hook_token}, json=body)

    return post


def test_auth_at_the_originals_address(stack, stock, identity):
    answer = stock("/api/access/auth", {"client_id": identity.key, "username": identity.product,
                                        "password": identity.password(), "protocol": "4", "ipaddress": "127.0.0.1"})
    assert answer.status_code == 200 and answer.json()["result"] == "allow"


def test_acl_at_the_originals_address(stack, stock, identity):
    body = {"access": "2", "username": identity.product, "client_id": identity.key, "ip": "127.0.0.1",
            "topic": f"{identity.product}/{identity.key}/thing/event/property/post", "protocol": "4"}
    assert stock("/api/access/acl", body).text == "allow"
    body["topic"] = f"{identity.product}/other/thing/event/property/post"
    assert stock("/api/access/acl", body).text == "deny"


@pytest.mark.parametrize("path", ["/api/thing/property/post", "/api/thing/event/post", "/api/device/connect"])
def test_the_body_decides_and_not_the_path(stack, stock, identity, path):
    assert stock(path, hooks.property_post(identity, {"via": path})).is_success
    assert [row["params"] for row in stack.history(identity)] == [{"via": path}]


def test_each_address_takes_its_hook(stack, stock, identity):
    at = hooks.now_ms()
    where = hooks.address()
    assert stock("/api/device/connect", hooks.connected(identity, at, where)).is_success
    assert stack.state(identity)["online"] is True
    assert stock("/api/thing/property/set_subscribe", hooks.subscribed(identity)).is_success
    assert stock("/api/thing/event/post", hooks.event_post(identity, "test", {"x": 1})).is_success
    assert [event["type"] for event in stack.events(identity)] == ["test"]
    reply = hooks.publish(identity, "thing/service/property/set_reply", {"id": "none", "code": 200, "data": None})
    assert stock("/api/thing/property/set_reply", reply).is_success
    assert stock("/api/device/disconnect", hooks.disconnected(identity, at + 5, where)).is_success
    assert stack.state(identity)["online"] is False


@pytest.mark.parametrize("path", ["/api/thing/property/post", "/api/access/auth", "/api/access/acl"])
def test_without_the_token_nothing_is_taken(stack, stock, identity, path):
    answer = stock(path, hooks.property_post(identity, {"a": 1}), token="0" * 32)
    if path.startswith("/api/access"):
        assert answer.status_code != 200 or "allow" not in answer.text
    else:
        assert answer.status_code in (401, 403, 404)
    stack.settle(identity)
    assert stack.history(identity) == []
