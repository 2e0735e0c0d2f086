# SPDX-License-Identifier: Apache-2.0
"""Desired, reported, delta: bare values, merge patch, versions."""

import concurrent.futures

import pytest
from harness import hooks

SET = "thing/service/property/set"


def shadow(stack, device):
    return stack.call("GET", device.path + "/shadow")


def desire(stack, device, desired, **options):
    return stack.call("PATCH", device.path + "/shadow", {"desired": desired}, **options)


def test_an_untouched_shadow_is_empty(stack, identity):
    seen = shadow(stack, identity)
    assert (seen["desired"], seen["reported"], seen["delta"]) == ({}, {}, {})


def test_reported_follows_the_reports_and_delta_is_what_differs(stack, identity):
    stack.accept(hooks.property_post(identity, {"a": 1, "b": 2}))
    seen = desire(stack, identity, {"a": 1, "b": 3, "c": 4})
    assert seen["desired"] == {"a": 1, "b": 3, "c": 4}
    assert seen["delta"] == {"b": 3, "c": 4}
    stack.accept(hooks.property_post(identity, {"b": 3, "c": 4}))
    assert shadow(stack, identity)["delta"] == {}


def test_null_deletes_and_never_appears(stack, identity):
    desire(stack, identity, {"a": 1, "b": {"x": 1, "y": 2}})
    seen = desire(stack, identity, {"a": None, "b": {"x": None}})
    assert seen["desired"] == {"b": {"y": 2}}
    assert seen["delta"] == {"b": {"y": 2}}
    assert desire(stack, identity, {"new": {"deep": None}})["desired"] == {"b": {"y": 2}, "new": {}}


def test_each_change_raises_the_version(stack, identity):
    first = desire(stack, identity, {"a": 1})["version"]
    second = desire(stack, identity, {"a": 2})["version"]
    assert second > first


def test_an_update_that_names_an_old_version_is_refused(stack, identity):
    before = desire(stack, identity, {"a": 1})
    desire(stack, identity, {"a": 2})
    answer = stack.api.patch(identity.path + "/shadow", json={"desired": {"a": 3}, "version": before["version"]})
    assert answer.status_code in (409, 412), answer.text
    assert shadow(stack, identity)["desired"] == {"a": 2}


def test_updates_at_the_same_time_are_all_there_and_each_has_its_version(stack, identity):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(
            lambda n: stack.api.patch(identity.path + "/shadow", json={"desired": {f"p{n}": n}}), range(16)))
    good = [answer.json()["version"] for answer in answers if answer.is_success]
    assert all(answer.status_code in (200, 409, 412) for answer in answers)
    seen = shadow(stack, identity)
    assert len(seen["desired"]) == len(good) == len(set(good))
    assert seen["version"] == max(good)


def test_reports_and_updates_at_the_same_time_lose_nothing(stack, identity, ledger):
    bodies = {n: hooks.property_post(identity, {f"r{n}": n}) for n in range(200)}
    sending = ledger.start(stack.hook_url, bodies, threads=4)
    for n in range(20):
        answer = stack.api.patch(identity.path + "/shadow", json={"desired": {f"d{n}": n}})
        while answer.status_code in (409, 412):
            answer = stack.api.patch(identity.path + "/shadow", json={"desired": {f"d{n}": n}})
        assert answer.is_success, answer.text
    sending.join()
    assert ledger.accepted == set(bodies)
    seen = shadow(stack, identity)
    assert len(seen["reported"]) == 200 and len(seen["desired"]) == 20


def test_setting_desired_sends_the_delta_and_the_report_closes_it(stack, identity, wait_until):
    device = stack.online(identity)
    device.post({"fan_speed": 1, "led": True})
    wait_until(lambda: stack.history(identity), message="the report")
    desire(stack, identity, {"fan_speed": 3, "led": True})
    got = device.next(SET)
    assert got["params"] == {"fan_speed": 3}
    device.publish("thing/service/property/set_reply", {"id": got["id"], "code": 200, "data": None})
    device.post({"fan_speed": 3})
    wait_until(lambda: shadow(stack, identity)["delta"] == {}, message="the delta to close")
    assert shadow(stack, identity)["reported"] == {"fan_speed": 3, "led": True}
    [done] = stack.call("GET", identity.path + "/commands")["items"]
    assert done["source"] == "desired"


def test_desiring_what_is_reported_already_sends_nothing(stack, identity, wait_until):
    device = stack.online(identity)
    device.post({"a": 1})
    wait_until(lambda: stack.history(identity), message="the report")
    desire(stack, identity, {"a": 1})
    assert stack.call("GET", identity.path + "/commands")["items"] == []
    assert device.inbox(SET) == []


@pytest.mark.parametrize("body", [{}, {"desired": None}, {"desired": []}, {"desired": 1}, {"desired": {"a": 1}, "x": 1},
                                  {"desired": {"a": 1}, "version": "1"}])
def test_an_update_of_the_wrong_form_is_refused_with_a_problem(stack, identity, body):
    answer = stack.api.patch(identity.path + "/shadow", json=body)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert shadow(stack, identity)["desired"] == {}
