# SPDX-License-Identifier: Apache-2.0
"""Commands and services as callers see them (the way to the device: 25_commands_*)."""

import pytest


def test_a_command_is_queued_listed_and_read(stack, identity):
    made = stack.call("POST", identity.path + "/commands", {"params": {"x": 1}, "ttl_seconds": 60}, 201)
    assert (made["name"], made["state"], made["source"], made["params"]) == ("property", "queued", "api", {"x": 1})
    assert stack.call("GET", f"{identity.path}/commands/{made['id']}") == made
    assert stack.call("GET", identity.path + "/commands")["items"] == [made]


def test_a_service_is_a_command_by_its_name(stack, identity):
    made = stack.call("POST", identity.path + "/services/reboot", {"params": {"delay": 3}}, 201)
    assert (made["name"], made["params"]) == ("reboot", {"delay": 3})
    assert stack.call("POST", identity.path + "/services/ping", expect=201)["params"] == {}
    assert [c["id"] for c in stack.call("GET", identity.path + "/commands", params={"name": "reboot"})["items"]] == [made["id"]]


def test_a_command_is_canceled_once(stack, identity):
    path = f"{identity.path}/commands/{stack.call('POST', identity.path + '/commands', {'params': {}}, 201)['id']}"
    assert stack.call("POST", path + "/cancel")["state"] == "canceled"
    again = stack.api.post(path + "/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "command_closed")
    assert stack.call("GET", path)["finished_at"]
    assert stack.call("GET", identity.path + "/commands", params={"state": "canceled"})["items"][0]["state"] == "canceled"
    assert stack.call("GET", identity.path + "/commands", params={"state": "queued,sent"})["items"] == []


def test_commands_are_paged_over_open_and_closed_ones(stack, identity):
    ids = []
    for n in range(7):
        ids.append(stack.call("POST", identity.path + "/commands", {"params": {"n": n}}, 201)["id"])
        if n % 2:
            stack.call("POST", f"{identity.path}/commands/{ids[-1]}/cancel")
    seen, cursor = [], None
    while True:
        page = stack.call("GET", identity.path + "/commands", params={"limit": 2, **({"cursor": cursor} if cursor else {})})
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ids[::-1]


@pytest.mark.parametrize("body", [{}, {"params": []}, {"params": {}, "ttl_seconds": 0}, {"params": {}, "name": "a b"},
                                  {"params": {}, "other": 1}])
def test_a_command_of_the_wrong_form_is_refused(stack, identity, body):
    assert stack.api.post(identity.path + "/commands", json=body).status_code == 422


@pytest.mark.parametrize("number", ["0", "999999999", "x", "-1", "1e3"])
def test_a_command_that_is_not_there_is_not_found(stack, identity, number):
    assert stack.api.get(f"{identity.path}/commands/{number}").status_code == 404
    assert stack.api.post(f"{identity.path}/commands/{number}/cancel").status_code == 404


def test_the_shadow_carries_its_version_as_etag(stack, identity):
    path = identity.path + "/shadow"
    tag = stack.api.get(path).headers["etag"]
    changed = stack.api.patch(path, json={"desired": {"a": 1}}, headers={"if-match": tag})
    assert changed.status_code == 200 and changed.headers["etag"] == f'"{changed.json()["version"]}"'
    assert stack.api.patch(path, json={"desired": {"a": 2}}, headers={"if-match": tag}).status_code == 409


def test_a_desired_value_of_the_same_value_changes_nothing(stack, identity):
    path = identity.path + "/shadow"
    first = stack.call("PATCH", path, {"desired": {"a": 1}})
    assert stack.call("PATCH", path, {"desired": {"a": 1.0}})["version"] == first["version"]
    assert len(stack.call("GET", identity.path + "/commands")["items"]) == 1


def test_desired_values_have_a_limit(stack, identity):
    answer = stack.api.patch(identity.path + "/shadow", json={"desired": {"a": "x" * 70000}})
    assert answer.status_code == 422
