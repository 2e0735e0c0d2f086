# SPDX-License-Identifier: Apache-2.0
"""Idempotency-Key: a create that is repeated makes one thing and gives one answer."""

import concurrent.futures
import secrets

import pytest


@pytest.fixture
def key():
    return secrets.token_hex(8)


def test_the_same_request_gets_the_same_answer(stack, make_product, key):
    path = f"/api/v1/products/{make_product()}/devices"
    name = "d-" + key
    first = stack.api.post(path, json={"key": name}, headers={"idempotency-key": key})
    again = stack.api.post(path, json={"key": name}, headers={"idempotency-key": key})
    assert first.status_code == again.status_code == 201
    assert again.content == first.content and again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true" and "idempotency-replayed" not in first.headers
    assert stack.value("select count(*) from device_key k join device d on d.id = k.device_id where d.key = %s", name) == 1
    assert stack.value("select count(*) from audit where target = %s", name) == 1


def test_another_request_under_the_same_key_is_refused(stack, make_product, key):
    path = f"/api/v1/products/{make_product()}/devices"
    assert stack.api.post(path, json={"key": "a-" + key}, headers={"idempotency-key": key}).status_code == 201
    for where, body in ((path, {"key": "b-" + key}), ("/api/v1/products", {"key": "a-" + key})):
        answer = stack.api.post(where, json=body, headers={"idempotency-key": key})
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_mismatch")


def test_a_request_that_failed_may_be_sent_again(stack, make_product, key):
    path = f"/api/v1/products/{make_product()}/devices"
    name = "d-" + key
    stack.call("POST", path, {"key": name}, 201)
    assert stack.api.post(path, json={"key": name}, headers={"idempotency-key": key}).status_code == 409
    stack.call("DELETE", f"{path}/{name}")
    assert stack.api.post(path, json={"key": name}, headers={"idempotency-key": key}).status_code == 201


def test_repetitions_at_the_same_time_make_one(stack, make_product, key):
    product = make_product()
    name = "d-" + key

    def send(_):
        return stack.api.post(f"/api/v1/products/{product}/devices", json={"key": name}, headers={"idempotency-key": key})

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(16)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1


def test_the_secret_in_a_remembered_answer_is_sealed(stack, make_product, key):
    product = make_product()
    made = stack.api.post(f"/api/v1/products/{product}/devices", json={"key": "d-" + key},
                          headers={"idempotency-key": key}).json()
    sealed = stack.value("select sealed from api_answer where key = %s", key)
    assert made["credentials"]["secret"].encode() not in bytes(sealed)


def test_a_command_is_sent_once(stack, identity, key):
    path = identity.path + "/commands"
    answers = [stack.api.post(path, json={"params": {"x": 1}}, headers={"idempotency-key": key}) for _ in range(3)]
    assert {answer.json()["id"] for answer in answers} == {answers[0].json()["id"]}
    assert len(stack.call("GET", path)["items"]) == 1


@pytest.mark.parametrize("bad", ["a b", "x" * 201, "ä".encode()])
def test_a_key_of_the_wrong_form_is_refused(stack, bad):
    answer = stack.api.post("/api/v1/products", json={"key": "never"}, headers={b"idempotency-key": bad})
    assert answer.status_code == 400
