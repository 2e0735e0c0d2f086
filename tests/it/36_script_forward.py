# SPDX-License-Identifier: Apache-2.0
"""thing.forward: functions that a device puts off for another of its product, as gateways do; and the example of one."""

import concurrent.futures
import os

import pytest
from harness import hooks, scripts
from harness.wait import wait_until
from parts import broker

GATEWAY = os.path.join(broker.REPOSITORY, "examples/products/gateway/init.lua")

SCRIPT = """local M = { api = 1 }

function M.on_property(msg)
    local p = msg.params
    for _, to in ipairs(p.to or {}) do thing.forward(to, p.name or "note", { n = p.n }, p.delay) end
    if p.own then thing.later("note", { n = p.n }, 3600) end
    if p.fail then error("fails") end
end

function M.note(args, device)
    thing.kv.set("ran", (thing.kv.get("ran") or 0) + 1)
    thing.store({ n = args.n, at = device.key })
end

function M.pass_on(args) thing.forward(args.n, "note", { n = "passed" }) end

M.tests = { { name = "forwards", input = { payload = { id = "1", params = { to = { "b" }, n = 1, delay = 1.5 } } },
    expect = { forwarded = { { device = "b", name = "note", args = { n = 1 }, delay = 1.5 } }, later = {} } } }

return M
"""


@pytest.fixture(scope="module")
def stack(module_stack):
    return module_stack(nodes=0, settings={"outbox.backoff": "20ms", "outbox.attempts": 3, "outbox.lease": "3s"})


@pytest.fixture
def fleet(stack, identity):
    scripts.install(stack, identity.product, SCRIPT)
    return [identity, *(stack.make_device(identity.product) for _ in range(3))]


def post(stack, device, **params):
    stack.accept(hooks.property_post(device, params))


def outbox(stack, product, **params):
    return stack.call("GET", "/api/v1/outbox", params={"product": product, **params})["items"]


def noted(stack, device):
    return [row["params"]["n"] for row in stack.history(device) if row["params"].get("at") == device.key]


def wait_noted(stack, device, expected):
    wait_until(lambda: sorted(map(str, noted(stack, device))) == sorted(map(str, expected)) and outbox(stack, device.product) == [],
               20, message=f"{expected} noted")


def test_a_function_runs_for_the_device_that_is_named(stack, fleet):
    gateway, *nodes = fleet
    post(stack, gateway, to=[node.key for node in nodes], n=1)
    for node in nodes:
        wait_noted(stack, node, [1])
        assert stack.call("GET", node.path + "/kv")["kv"] == {"ran": 1}
    assert noted(stack, gateway) == [] and stack.call("GET", gateway.path + "/kv")["kv"] == {}
    post(stack, gateway, to=[nodes[0].key], name="pass_on", n=nodes[1].key)
    wait_noted(stack, nodes[1], [1, "passed"])


def test_what_a_message_asked_for_that_failed_never_runs(stack, fleet):
    gateway, node, *_ = fleet
    post(stack, gateway, to=[node.key], n=1, fail=True)
    post(stack, gateway, to=[node.key], n=2)
    wait_noted(stack, node, [2])


def test_a_repeated_hook_forwards_once(stack, fleet):
    gateway, node, *_ = fleet
    body = hooks.property_post(gateway, {"to": [node.key], "n": 7})
    stack.accept(body, body, body)
    wait_noted(stack, node, [7])


def test_they_are_not_counted_with_the_device(stack, fleet):
    """64 functions of its own may wait for a device, whatever others forward to it."""
    gateway, node, *_ = fleet
    for n in range(10):
        post(stack, gateway, to=[node.key] * 10, n=n, delay=3600)
    for n in range(64):
        post(stack, node, own=True, n=n)
    assert stack.dead_letters(node) == [] and stack.dead_letters(gateway) == []
    post(stack, node, own=True, n=64)
    [letter] = stack.dead_letters(node)
    assert "more than 64" in letter["detail"]
    # Nor do those that ran make room, or take it, whoever has read the device since.
    post(stack, gateway, to=[node.key] * 3, n="now")
    wait_until(lambda: noted(stack, node) == ["now"] * 3)
    stack.kill("thingd")
    stack.start("thingd")
    post(stack, node, own=True, n=65)
    assert len(stack.dead_letters(node)) == 2


def test_without_such_a_device_it_is_dead_until_there_is_one(stack, fleet):
    gateway = fleet[0]
    foreign = stack.make_device()
    post(stack, gateway, to=["not-yet", foreign.key], n=3)
    items = outbox(stack, gateway.product)
    assert [(i["state"], i["device"], i["forwarded_to"], i["error"]) for i in items] == [
        ("dead", gateway.key, name, "there is no such device in the product") for name in ("not-yet", foreign.key)]
    for item in items:
        assert stack.api.post(f"/api/v1/outbox/{item['id']}/retry").status_code == 409
    assert stack.call("POST", "/api/v1/outbox/retry", {"product": gateway.product}) == {"done": 0, "skipped": 2, "more": False}
    assert stack.history(foreign) == []
    stack.call("POST", f"/api/v1/products/{gateway.product}/devices", {"key": "not-yet"}, 201)
    item = stack.call("POST", f"/api/v1/outbox/{items[0]['id']}/retry")
    assert (item["device"], item["state"]) == ("not-yet", "waiting")
    wait_until(lambda: [i["forwarded_to"] for i in outbox(stack, gateway.product)] == [foreign.key])
    late = stack.rows("select h.params from property_history h join device d on d.id = h.device_id where d.key = 'not-yet'")
    assert [row["params"] for row in late] == [{"n": 3, "at": "not-yet"}]


@pytest.mark.parametrize("params", [{"to": ["no key"]}, {"to": [""]}, {"to": ["x" * 129]}, {"to": ["a"], "name": "nothing"},
                                    {"to": ["a"], "name": "on_property"}, {"to": ["a"], "delay": -1}, {"to": ["a"] * 101}])
def test_what_cannot_be_forwarded_is_an_error_of_the_message(stack, fleet, params):
    post(stack, fleet[0], **params)
    assert [letter["reason"] for letter in stack.dead_letters(fleet[0])] == ["script_error"]
    assert outbox(stack, fleet[0].product) == []


def test_nothing_is_lost_or_doubled_by_kill_9(stack, fleet):
    gateway, *nodes = fleet
    keys = [node.key for node in nodes]
    for round_ in range(3):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            bodies = [hooks.property_post(gateway, {"to": keys, "n": round_ * 20 + n}) for n in range(20)]
            assert all(answer.is_success for answer in pool.map(stack.hook, bodies))
        wait_until(lambda r=round_: len(noted(stack, nodes[0])) > r * 20)
        stack.kill("thingd")
        stack.start("thingd")
    for node in nodes:
        wait_noted(stack, node, range(60))


def test_the_gateway_of_the_examples(stack, identity):
    with open(GATEWAY, encoding="utf8") as f:
        scripts.install(stack, identity.product, f.read())
    nodes = [stack.make_device(identity.product) for _ in range(2)]
    stack.accept(hooks.property_post(identity, {"uptime": 5, "nodes": [
        {"node": nodes[0].key, "time": 1_795_000_000_000, "values": {"temperature": 21.5}},
        {"node": nodes[1].key, "values": {"temperature": 19, "door": "open"}},
        {"node": "unheard-of", "values": {"temperature": 1}}]}))
    wait_until(lambda: all(stack.history(node) for node in nodes))
    assert [row["params"] for row in stack.history(nodes[0])] == [{"temperature": 21.5, "via": identity.key}]
    assert [row["params"] for row in stack.history(nodes[1])] == [{"temperature": 19, "door": "open", "via": identity.key}]
    assert [row["params"] for row in stack.history(identity)] == [{"uptime": 5, "nodes": 3}]
    assert [i["forwarded_to"] for i in outbox(stack, identity.product, state="dead")] == ["unheard-of"]
