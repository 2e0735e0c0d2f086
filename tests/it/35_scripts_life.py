# SPDX-License-Identifier: Apache-2.0
"""Scripts while messages come in: swapped on every instance, killed alone, mended and replayed, nothing lost."""

import itertools
import time

import pytest
from harness import hooks, scripts

SPINS = """return { api = 1, on_property = function(msg)
    if msg.params.spin then while true do end end
    return msg.params
end }"""

LOUD = """return { api = 1, on_property = function(msg)
    if msg.params.bad then error("cannot take it") end
    return msg.params
end }"""

MENDED = """return { api = 1, on_property = function(msg)
    msg.params.bad = nil
    return msg.params
end }"""


@pytest.fixture(scope="module")
def pair(module_stack):
    """Two instances on one database."""
    return module_stack(instances=2, settings={"dead_letter.per_minute": 1000})


def poster(stack, device, instance=0):
    """A function that posts one more report of the device to the instance, and has it taken."""
    numbers = itertools.count(1)

    def post():
        answer = stack.hook(hooks.property_post(device, {"a": next(numbers)}), instance)
        assert answer.is_success, answer.text

    return post


def test_an_activation_reaches_every_instance(pair):
    product = pair.make_product()
    devices = [pair.make_device(product) for _ in pair.instances]
    posts = [poster(pair, device, instance) for instance, device in enumerate(devices)]
    numbers = [scripts.create(pair, product, scripts.adds("n", n)) for n in (1, 2)]
    for device, post in zip(devices, posts, strict=True):
        post()
        assert scripts.versions(pair, device) == [0]
    for number in (*numbers, 1):
        scripts.activate(pair, product, number)
        for device, post in zip(devices, posts, strict=True):
            scripts.wait_version(pair, device, number, post)
    pair.call("POST", scripts.path(product, "rollback"))
    for device, post in zip(devices, posts, strict=True):
        scripts.wait_version(pair, device, 2, post)
    pair.call("POST", scripts.path(product, "deactivate"))
    for device, post in zip(devices, posts, strict=True):
        scripts.wait_version(pair, device, 0, post)
        for row in pair.rows("select h.script_version v, params from property_history h join device d"
                             " on d.id = h.device_id where d.key = %s", device.key):
            assert row["params"].get("n", 0) == row["v"], "the version that is named is the one that ran"


def test_an_activation_reads_the_product_and_none_of_its_devices_again(pair):
    product = pair.make_product()
    devices = [pair.make_device(product) for _ in range(20)]
    scripts.install(pair, product, scripts.adds("n", 1))
    for device in devices:
        poster(pair, device)()
    loads = pair.counter("device_loads")
    scripts.install(pair, product, scripts.adds("n", 2))
    for device in devices:
        scripts.wait_version(pair, device, 2, poster(pair, device))
    assert pair.counter("device_loads") == loads


def test_activations_under_load_drop_nothing(pair, ledger, capsys):
    product = pair.make_product()
    devices = [pair.make_device(product) for _ in range(20)]
    for n in (1, 2):
        scripts.create(pair, product, scripts.adds("n", n))
    bodies = {n: hooks.property_post(devices[n % len(devices)], {"a": n}) for n in range(20_000)}
    sending = ledger.start(pair.instances[0]["hook"], bodies)
    activations, last = [], itertools.cycle((1, 2))
    while ledger.count() < len(bodies) * 3 // 4:
        at = time.monotonic()
        scripts.activate(pair, product, next(last))
        activations.append(time.monotonic() - at)
    sending.join()
    rows = pair.rows("select h.script_version v, params from property_history h join device d on d.id = h.device_id"
                     " join product p on p.id = d.product_id where p.key = %s", product)
    with capsys.disabled():
        print(f"\n{len(bodies)} requests, {len(ledger.open)} failures, {len(activations)} activations,"
              f" slowest answered in {max(activations) * 1000:.0f} ms")
    assert ledger.open == set()
    assert sorted(row["params"]["a"] for row in rows) == list(range(len(bodies)))
    assert all(row["params"].get("n", 0) == row["v"] for row in rows)
    assert {1, 2} <= {row["v"] for row in rows} and len(activations) > 3


def test_a_script_that_never_ends_hurts_only_itself_until_its_breaker_opens(stack, make_device):
    sick = make_device()
    number = scripts.install(stack, sick.product, SPINS)
    healthy = [make_device(sick.product) for _ in range(3)]
    neighbour = make_device()
    for n in range(3):
        stack.accept(hooks.property_post(sick, {"spin": n}), hooks.property_post(neighbour, {"n": n}))
    letters = stack.dead_letters(sick, reason="script_error")
    assert len(letters) == 3 and all(":2:" in letter["detail"] for letter in letters)
    stack.accept(hooks.property_post(sick, {"fine": 1}))
    assert "not run" in stack.dead_letters(sick)[-1]["detail"], "the breaker of the device is open"
    stack.accept(*[hooks.property_post(device, {"fine": 1}) for device in healthy])
    # Two devices in the same slot of the breaker's small table share its fate: one of three at most.
    assert sum(scripts.versions(stack, device) == [number] for device in healthy) >= 2
    assert [row["params"] for row in stack.history(neighbour)] == [{"n": n} for n in range(3)]
    assert stack.history(sick) == []


def test_what_a_script_lost_is_stored_by_its_successor(stack, identity):
    scripts.install(stack, identity.product, LOUD)
    bodies = [hooks.property_post(identity, {"n": n, "bad": True}) for n in range(5)]
    stack.accept(*bodies, hooks.property_post(identity, {"n": 5}))
    letters = stack.dead_letters(identity)
    assert len(letters) == 5 and all("cannot take it" in letter["detail"] for letter in letters)
    tried = stack.call("POST", scripts.path(identity.product, "try"), {"source": MENDED, "last": 5})
    assert tried["ok"] and all("dead" not in item["effects"] for item in tried["items"])
    scripts.activate(stack, identity.product, scripts.create(stack, identity.product, MENDED))
    scripts.wait_version(stack, identity, 2, poster(stack, identity))
    done = stack.call("POST", "/api/v1/dead-letters/replay", {"product": identity.product, "reason": "script_error"})
    assert (done["stored"], done["dead"], done["more"]) == (5, 0, False)
    assert stack.dead_letters(identity) == []
    rows = {row["ts"]: (row["script_version"], row["params"]) for row in stack.rows(
        "select th_ms(h.ts) ts, h.script_version, params from property_history h join device d on d.id = h.device_id"
        " where d.key = %s", identity.key)}
    assert [rows[body["ts"]] for body in bodies] == [(2, {"n": n}) for n in range(5)]


def test_a_version_that_fails_is_undone_by_one_call(stack, identity, wait_until):
    scripts.install(stack, identity.product, scripts.adds("n", 1))
    post = poster(stack, identity)
    scripts.wait_version(stack, identity, 1, post)
    scripts.install(stack, identity.product, LOUD.replace("msg.params.bad", "true"))

    def fails():
        post()
        return stack.dead_letters(identity)

    wait_until(fails, message="the new version in force")
    stack.call("POST", scripts.path(identity.product, "rollback"))
    scripts.wait_version(stack, identity, 1, post)
