# SPDX-License-Identifier: Apache-2.0
"""Products: the form of every resource, shown on the first one."""

import secrets

import pytest


def new_key():
    return "p-" + secrets.token_hex(4)


def problem(answer, status, code):
    assert answer.status_code == status, (answer.status_code, answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["code"] == code and body["status"] == status and body["title"]
    assert body["request_id"] == answer.headers["x-request-id"]
    return body


def test_a_product_is_made_read_changed_and_deleted(api):
    key = new_key()
    made = api.post("/api/v1/products", json={"key": key, "name": "One", "settings": {"retention_days": 7}})
    assert made.status_code == 201
    assert made.headers["location"] == f"/api/v1/products/{key}"
    assert made.json()["settings"] == {"retention_days": 7} and made.json()["enabled"] is True
    assert "product_key" not in made.json()
    path = made.headers["location"]
    assert api.get(path).json() == made.json()
    changed = api.patch(path, json={"name": "Two", "settings": {"validation": "warn", "retention_days": None}})
    assert changed.json()["name"] == "Two" and changed.json()["settings"] == {"validation": "warn"}
    assert changed.json()["updated_at"] >= made.json()["updated_at"]
    assert api.patch(path, json={"name": None}).json()["name"] == ""
    assert api.delete(path).json() == {"deleted": key}
    problem(api.get(path), 404, "not_found")


def test_a_second_product_of_the_same_key_is_a_conflict(api):
    key = new_key()
    assert api.post("/api/v1/products", json={"key": key}).status_code == 201
    problem(api.post("/api/v1/products", json={"key": key}), 409, "conflict")


@pytest.mark.parametrize(("body", "path"), [
    ({}, "/key"), ({"key": ""}, "/key"), ({"key": "a b"}, "/key"), ({"key": "x" * 129}, "/key"), ({"key": 1}, "/key"),
    ({"key": "ok", "other": 1}, "/other"), ({"key": "ok", "enabled": "yes"}, "/enabled"),
    ({"key": "ok", "name": "x" * 201}, "/name"), ({"key": "ok", "settings": []}, "/settings"),
    ({"key": "ok", "settings": {"auth": "none"}}, "/settings/auth"),
    ({"key": "ok", "settings": {"auto_provision": {"pattern": "a*"}}}, "/settings/auto_provision/pattern"),
    ({"key": "ok", "settings": {"payload_limit": 0}}, "/settings/payload_limit"),
    ({"key": "ok", "settings": {"nonsense": True}}, "/settings/nonsense"), ([], ""), ("text", ""),
])
def test_a_body_that_is_not_valid_is_refused_and_the_fault_is_named(api, body, path):
    errors = problem(api.post("/api/v1/products", json=body), 422, "validation_failed")["errors"]
    assert path in [error["path"] for error in errors]


@pytest.mark.parametrize("body", [
    b"", b"{", b"{'key':'x'}", b'{"key":"a","key":"b"}', b'{"key":"a\\u0000"}', b'{"key":"\xff"}',
    b'{"key":"a","name":"\\ud800"}', b"[" * 1000, b'{"key":"x","settings":1e999}',
])
def test_a_body_that_is_not_json_is_refused(api, body):
    problem(api.post("/api/v1/products", content=body, headers={"content-type": "application/json"}), 400, "invalid_json")


def test_a_body_of_another_type_is_refused(api):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/merge-patch+json"):
        problem(api.post("/api/v1/products", content=b'{"key":"x"}', headers={"content-type": kind}), 415,
                "unsupported_media_type")


def test_a_body_over_a_mebibyte_is_refused(api):
    body = b'{"key":"x","description":"' + b"x" * (1024 * 1024) + b'"}'
    problem(api.post("/api/v1/products", content=body, headers={"content-type": "application/json"}), 413, "too_large")


def test_a_patch_must_leave_a_valid_whole(api, make_product):
    path = f"/api/v1/products/{make_product()}"
    problem(api.patch(path, json={"settings": {"auto_provision": {"enabled": True}}}), 409, "conflict")
    problem(api.patch(path, json={"settings": {"auth": "no_key"}}), 422, "validation_failed")
    problem(api.patch(path, json={"key": "other"}), 422, "validation_failed")
    assert api.patch(path, json={}).status_code == 200


def test_an_update_for_an_old_revision_is_refused(api, make_product):
    path = f"/api/v1/products/{make_product()}"
    old = api.get(path).headers["etag"]
    changed = api.patch(path, json={"name": "new"}, headers={"if-match": old})
    assert changed.status_code == 200 and changed.headers["etag"] != old
    refused = api.patch(path, json={"name": "newer"}, headers={"if-match": old})
    problem(refused, 409, "version_conflict")
    assert refused.headers["etag"] == changed.headers["etag"]
    problem(api.delete(path, headers={"if-match": old}), 409, "version_conflict")
    assert api.get(path).json()["name"] == "new"
    assert api.patch(path, json={"name": "any"}, headers={"if-match": "*"}).status_code == 200


def test_a_read_of_a_known_revision_is_answered_304(api, make_product):
    path = f"/api/v1/products/{make_product()}"
    tag = api.get(path).headers["etag"]
    again = api.get(path, headers={"if-none-match": tag})
    assert again.status_code == 304 and again.content == b"" and again.headers["etag"] == tag


def test_a_product_with_devices_is_not_deleted(api, make_device):
    device = make_device()
    assert "1 devices" in problem(api.delete(f"/api/v1/products/{device.product}"), 409, "in_use")["detail"]


def test_a_product_key_is_shown_once(api, db):
    key = new_key()
    made = api.post("/api/v1/products", json={"key": key, "settings": {"auth": "product_key"}}).json()
    assert len(made["product_key"]) >= 32
    assert made["product_key"] not in api.get(f"/api/v1/products/{key}").text
    assert made["product_key"] not in api.get("/api/v1/audit?limit=1000").text
    stored = db.execute("select sealed from product_key k join product p on p.id = k.product_id where p.key = %s",
                        [key]).fetchone()["sealed"]
    assert made["product_key"].encode() not in bytes(stored)


def test_patterns_of_products_that_provision_must_not_overlap(api):
    prefix = secrets.token_hex(4)

    def make(pattern):
        settings = {"auth": "product_key", "auto_provision": {"enabled": True, "pattern": pattern}}
        return api.post("/api/v1/products", json={"key": new_key(), "settings": settings})

    assert make(prefix + "-a").status_code == 201
    problem(make(prefix + "-a"), 409, "conflict")
    problem(make(prefix), 409, "conflict")
    problem(make(prefix + "-a1"), 409, "conflict")
    assert make(prefix + "-b").status_code == 201


def test_a_path_without_a_method_says_which_it_has(api):
    refused = api.put("/api/v1/products", json={})
    problem(refused, 405, "method_not_allowed")
    assert refused.headers["allow"] == "GET, POST"
    for path in ("/api/v1/nothing", "/api/v1/products/", "/api/v2/products", "/api/v1/products/%00", "/api/v1/products/%ff"):
        assert api.get(path).status_code in (400, 404), path


def test_a_request_id_is_kept_when_it_is_well_formed(api):
    assert api.get("/healthz", headers={"x-request-id": "abc-123"}).headers["x-request-id"] == "abc-123"
    assert api.get("/healthz", headers={"x-request-id": "a b\"<>"}).headers["x-request-id"] != "a b\"<>"
