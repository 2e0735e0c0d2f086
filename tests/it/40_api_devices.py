# SPDX-License-Identifier: Apache-2.0
"""Devices and their keys."""

import secrets

import pytest
from harness import hooks


@pytest.fixture
def path(make_product):
    return f"/api/v1/products/{make_product()}/devices"


def test_a_device_is_made_with_credentials_that_are_shown_once(stack, path):
    key = "d-" + secrets.token_hex(4)
    made = stack.call("POST", path, {"key": key, "tags": ["a"], "attributes": {"n": 1}}, 201)
    shown = made.pop("credentials")
    assert shown["username"] == path.split("/")[4] and shown["client_id"] == key and len(shown["secret"]) >= 32
    assert stack.call("GET", f"{path}/{key}") == made
    audit = stack.call("GET", "/api/v1/audit", params={"target": key})["items"]
    assert [entry["action"] for entry in audit] == ["devices:create"]
    assert audit[0]["after"]["key"] == key and shown["secret"] not in str(audit)


def test_values_keep_every_digit(stack, path):
    key = "d-" + secrets.token_hex(4)
    body = ('{"key":"%s","attributes":{"big":12345678901234567890,"exact":0.1000,"list":[],"none":null,"deep":{"a":{}}}}' % key)
    made = stack.api.post(path, content=body, headers={"content-type": "application/json"})
    assert made.status_code == 201, made.text
    for part in ('"big": 12345678901234567890', '"exact": 0.1000', '"list": []', '"none": null', '"a": {}'):
        assert part in made.text, part
    changed = stack.api.patch(f"{path}/{key}", content='{"attributes":{"more":9007199254740993}}',
                              headers={"content-type": "application/merge-patch+json"})
    for part in ('"more": 9007199254740993', '"big": 12345678901234567890', '"none": null'):
        assert part in changed.text, part


@pytest.mark.parametrize("key", ["rmqtt_things", "thingd", "thingd-1"])
def test_reserved_keys_are_refused(stack, path, key):
    answer = stack.api.post(path, json={"key": key})
    assert answer.status_code == 422 and answer.json()["errors"][0]["path"] == "/key"


def test_a_device_key_is_unique_over_all_products(stack, path, make_device):
    assert stack.api.post(path, json={"key": make_device().key}).status_code == 409


def test_a_device_of_another_product_is_not_found(stack, path, make_device):
    device = make_device()
    for method in ("GET", "PATCH", "DELETE"):
        answer = stack.api.request(method, f"{path}/{device.key}", json={} if method == "PATCH" else None)
        assert answer.status_code == 404, method
    assert stack.api.get(f"{path}/{device.key}/latest").status_code == 404


def test_a_device_that_is_deleted_leaves_its_history_or_not(stack, make_product):
    product = make_product()
    for history, rows in (("keep", 1), ("delete", 0)):
        device = stack.make_device(product)
        stack.accept(hooks.property_post(device, {"a": 1}))
        number = stack.value("select id from device where key = %s", device.key)
        stack.call("POST", device.path + "/commands", {"params": {"x": 1}}, 201)
        answer = stack.call("DELETE", device.path, params={"history": history})
        assert answer == {"deleted": device.key, "history": "kept" if rows else "deleted", "commands": 1}
        assert stack.value("select count(*) from property_history where device_id = %s", number) == rows
        assert stack.value("select count(*) from device_deleted where id = %s", number) == rows
        assert stack.api.get(device.path).status_code == 404
        stack.accept(hooks.property_post(device, {"a": 2}))
        assert [letter["reason"] for letter in stack.dead_letters(device)] == ["unknown_device"]


def test_a_device_that_is_disabled_is_cut_off(stack, identity, wait_until):
    device = stack.online(identity)
    stack.call("PATCH", identity.path, {"enabled": False})
    wait_until(lambda: not device.connected, message="the device to be cut off")
    assert stack.auth(identity.key, identity.product, identity.password())["result"] == "deny"


def test_keys_rotate_while_both_are_valid(stack, identity):
    def allowed(secret):
        device = type(identity)(identity.product, identity.key, secret)
        return stack.auth(device.key, device.product, device.password())["result"] == "allow"

    assert allowed(identity.secret)
    made = stack.call("POST", identity.path + "/keys", expect=201)
    assert made["secret"] != identity.secret
    assert allowed(identity.secret) and allowed(made["secret"])
    keys = stack.call("GET", identity.path + "/keys")["items"]
    assert len(keys) == 2 and made["secret"] not in str(keys)
    [old] = [key["id"] for key in keys if key["id"] != made["id"]]
    stack.call("DELETE", f"{identity.path}/keys/{old}", expect=204)
    assert allowed(made["secret"]) and not allowed(identity.secret)
    assert stack.api.delete(f"{identity.path}/keys/{old}").status_code == 404


def test_a_new_key_may_end_the_older_ones(stack, identity, wait_until):
    made = stack.call("POST", identity.path + "/keys", {"replace_after": 1}, 201)
    keys = stack.call("GET", identity.path + "/keys")["items"]
    assert [bool(key["expires_at"]) for key in keys] == [True, False]
    wait_until(lambda: stack.value("select bool_or(expires_at < now()) from device_key k join device d on d.id = "
                                   "k.device_id where d.key = %s", identity.key), message="the old key to end")
    stack.call("PATCH", identity.path, {"name": "read again"})
    assert stack.auth(identity.key, identity.product, identity.password())["result"] == "deny"
    device = type(identity)(identity.product, identity.key, made["secret"])
    assert stack.auth(device.key, device.product, device.password())["result"] == "allow"


def test_a_product_that_signs_with_one_key_gives_devices_none(stack):
    product, key = stack.make_fleet()
    made = stack.call("POST", f"/api/v1/products/{product}/devices", {"key": product + "-1"}, 201)
    assert set(made["credentials"]) == {"username", "client_id"}
    device = stack.call("POST", f"/api/v1/products/{product}/keys", expect=201)
    assert device["secret"] != key
    assert len(stack.call("GET", f"/api/v1/products/{product}/keys")["items"]) == 2
