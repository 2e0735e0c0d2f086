# SPDX-License-Identifier: Apache-2.0
"""Nothing is counted twice, and the newest by report time wins per property, in whatever order hooks come in."""

import random

import pytest
from harness import hooks


def latest(stack, device):
    return {name: p["value"] for name, p in stack.call("GET", device.path + "/latest")["properties"].items()}


@pytest.mark.parametrize("seed", range(5))
def test_the_newest_report_wins_per_property_under_shuffled_hooks(stack, identity, ledger, seed):
    dice = random.Random(seed)
    start = hooks.now_ms()
    wanted, bodies = {}, {}
    for n in range(200):
        params = {name: n for name in dice.sample("abcdefgh", dice.randint(1, 4))}
        bodies[n] = hooks.property_post(identity, params, start + n)
        wanted.update(params)
    order = list(bodies)
    dice.shuffle(order)
    ledger.send(stack.hook_url, {n: bodies[n] for n in order}, threads=8)
    assert ledger.accepted == set(bodies)
    assert latest(stack, identity) == wanted
    assert len(stack.history(identity)) == 200


def test_equal_times_leave_one_of_the_values(stack, identity):
    now = hooks.now_ms()
    stack.accept(hooks.property_post(identity, {"a": 1}, now), hooks.property_post(identity, {"a": 2}, now))
    assert latest(stack, identity)["a"] in (1, 2)
    assert len(stack.history(identity)) == 2


def test_the_same_hook_again_is_answered_2xx_and_stored_once(stack, identity):
    body = hooks.property_post(identity, {"a": 1})
    before = stack.counter("hook_duplicate")
    stack.accept(body, body, body)
    assert len(stack.history(identity)) == 1
    assert stack.counter("hook_duplicate") == before + 2


def test_the_same_hook_many_times_at_once_is_stored_once(stack, identity, ledger):
    body = hooks.property_post(identity, {"a": 1})
    ledger.send(stack.hook_url, dict.fromkeys(range(64), body), threads=16)
    assert ledger.accepted == set(range(64))
    assert len(stack.history(identity)) == 1


def test_the_same_event_again_is_stored_once(stack, identity):
    body = hooks.event_post(identity, "alarm", {"a": 1})
    stack.accept(body, body)
    assert len(stack.events(identity)) == 1


def test_the_same_hook_with_its_members_in_another_order_is_the_same(stack, identity):
    body = hooks.property_post(identity, {"a": 1})
    stack.accept(body, dict(reversed(body.items())))
    assert len(stack.history(identity)) == 1


def test_an_old_hook_that_comes_again_does_not_bring_back_its_value(stack, identity):
    first, second = hooks.property_post(identity, {"a": 1}), hooks.property_post(identity, {"a": 2})
    stack.accept(first, second, first)
    assert latest(stack, identity) == {"a": 2}


@pytest.mark.parametrize("change", [{"packet_id": 2}, {"ts": 1}, {"payload": "eyJpZCI6IjIiLCJwYXJhbXMiOnsiYSI6MX19"}])
def test_messages_that_differ_are_all_stored(stack, identity, change):
    body = hooks.property_post(identity, {"a": 1})
    other = dict(body, **{k: (v if k != "ts" else body["ts"] + 1) for k, v in change.items()})
    stack.accept(body, other)
    assert len(stack.history(identity)) == 2


def test_qos_0_messages_equal_in_one_millisecond_count_as_one(stack, identity):
    body = hooks.property_post(identity, {"a": 1}, qos=0, packet_id=None)
    stack.accept(body, body, dict(body, ts=body["ts"] + 1))
    assert len(stack.history(identity)) == 2


def test_a_redelivery_marked_dup_is_known_by_its_payload(stack, identity):
    body = hooks.property_post(identity, {"a": 1}, id="77")
    again = dict(body, dup=True, ts=hooks.now_ms() + 20_000)
    stack.accept(body, again, dict(again, ts=again["ts"] + 20_000))
    assert len(stack.history(identity)) == 1


def test_a_redelivery_marked_dup_whose_first_never_came_is_stored(stack, identity):
    stack.accept(hooks.property_post(identity, {"a": 1}, dup=True))
    assert len(stack.history(identity)) == 1


def test_one_message_of_each_of_many_devices_at_once(stack, make_product, ledger):
    product = make_product()
    devices = [stack.make_device(product) for _ in range(50)]
    bodies = {n: hooks.property_post(devices[n % 50], {"n": n}) for n in range(1000)}
    ledger.send(stack.hook_url, bodies, threads=16)
    assert ledger.accepted == set(bodies)
    for number, device in enumerate(devices):
        assert [row["params"]["n"] for row in stack.history(device)] == list(range(number, 1000, 50))
        assert latest(stack, device) == {"n": 950 + number}
