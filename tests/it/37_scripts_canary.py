# SPDX-License-Identifier: Apache-2.0
"""A version in force for some devices before all, and versions that the system undoes since they fail."""

import httpx
import pytest
from harness import hooks, scripts

FAILS = "return { api = 1, on_property = function(msg) if not msg.params.good then error('no') end return msg.params end }"


@pytest.fixture(scope="module")
def pair(module_stack):
    """Two instances on one database; what a broker would do is not needed."""
    return module_stack(nodes=0, instances=2, settings={"dead_letter.per_minute": 1000})


@pytest.fixture
def product(pair):
    return pair.make_product()


def post(stack, device, params=None, instance=0):
    answer = stack.hook(hooks.property_post(device, {"a": 1} if params is None else params), instance)
    assert answer.is_success, answer.text


def devices_of(stack, product, count):
    return [stack.make_device(product) for _ in range(count)]


def canary(stack, product, number, **target):
    return stack.call("POST", scripts.path(product, number, "canary"), target)


def runs_version(stack, device, number, wait_until, instance=0):
    def it_does():
        post(stack, device, instance=instance)
        return scripts.versions(stack, device)[-1:] == [number]

    wait_until(it_does, message=f"version {number} for {device.key}")


def overview(stack, product):
    [state] = [s for s in stack.call("GET", "/api/v1/scripts?limit=1000")["items"] if s["product"] == product]
    return state


def activations(stack, product):
    return stack.call("GET", scripts.path(product, "activations"))["items"]


def two_versions(stack, product, second=None):
    scripts.install(stack, product, scripts.adds("v", 1))
    return scripts.create(stack, product, second or scripts.adds("v", 2))


def test_chosen_devices_run_the_canary_on_every_instance_and_the_others_do_not(pair, product, wait_until):
    chosen, other = devices_of(pair, product, 2)
    neighbour = pair.make_device()
    number = two_versions(pair, product)
    state = canary(pair, product, number, devices=[chosen.key])
    assert state["version"] == 1 and state["canary"]["version"] == 2
    assert state["canary"]["target"] == {"devices": [chosen.key], "size": 1}
    for instance in (0, 1):
        runs_version(pair, chosen, 2, wait_until, instance)
        post(pair, other, instance=instance)
        post(pair, neighbour, instance=instance)
    assert scripts.versions(pair, other) == [1, 1] and scripts.versions(pair, neighbour) == [0, 0]
    for row in pair.rows("select h.script_version v, params from property_history h join device d on d.id = h.device_id"
                         " where d.key = any(%s)", [chosen.key, other.key]):
        assert row["params"] == {"a": 1, "v": row["v"]}, "the version that is named is the one that ran"

    def both_are_seen():
        now = overview(pair, product)
        return now["runs"] == 2 and now["canary"]["runs"] >= 2

    wait_until(both_are_seen, message="runs of both versions in the overview")
    for version in (1, 2):
        [runs] = pair.call("GET", scripts.path(product, version, "runs"))["items"]
        assert runs["function"] == "on_property" and runs["errors"] == 0


def test_a_canary_is_promoted_by_its_activation(pair, product, wait_until):
    chosen, other = devices_of(pair, product, 2)
    number = two_versions(pair, product)
    canary(pair, product, number, devices=[chosen.key])
    runs_version(pair, chosen, 2, wait_until)
    state = scripts.activate(pair, product, number)
    assert state["version"] == 2 and state["canary"] is None
    runs_version(pair, other, 2, wait_until)
    runs_version(pair, chosen, 2, wait_until)
    said = [(a["kind"], a["version"], a["outcome"]) for a in activations(pair, product)]
    assert said == [("activation", 2, None), ("canary", 2, "promoted"), ("activation", 1, None)]


def test_an_aborted_canary_leaves_the_version_in_force(pair, product, wait_until):
    chosen = pair.make_device(product)
    number = two_versions(pair, product)
    canary(pair, product, number, devices=[chosen.key])
    runs_version(pair, chosen, 2, wait_until)
    state = pair.call("DELETE", scripts.path(product, "canary"))
    assert (state["version"], state["canary"]) == (1, None)
    runs_version(pair, chosen, 1, wait_until)
    assert pair.api.delete(scripts.path(product, "canary")).status_code == 409
    assert activations(pair, product)[0]["outcome"] == "aborted"
    audit = pair.rows("select action, target, before, after from audit where product_key = %s and target = 'canary'"
                      " order by id", product)
    assert [(row["before"] is None, row["after"] is None) for row in audit] == [(True, False), (False, True)]


def test_a_tag_follows_the_devices_that_get_and_lose_it(pair, product, wait_until):
    device = pair.make_device(product)
    number = two_versions(pair, product)
    canary(pair, product, number, tag="early")
    runs_version(pair, device, 1, wait_until)
    pair.call("PATCH", device.path, {"tags": ["early"]})
    runs_version(pair, device, 2, wait_until)
    pair.call("PATCH", device.path, {"tags": []})
    runs_version(pair, device, 1, wait_until)


def test_a_group_follows_its_members(pair, product, wait_until):
    device = pair.make_device(product)
    number = two_versions(pair, product)
    group = "g-" + product
    pair.call("POST", "/api/v1/groups", {"key": group, "kind": "static", "product": product}, 201)
    canary(pair, product, number, group=group)
    runs_version(pair, device, 1, wait_until)
    pair.call("POST", f"/api/v1/groups/{group}/members", {"add": [device.key]})
    runs_version(pair, device, 2, wait_until)
    assert pair.api.delete(f"/api/v1/groups/{group}").status_code == 409, "a canary goes by it"
    pair.call("POST", f"/api/v1/groups/{group}/members", {"remove": [device.key]})
    runs_version(pair, device, 1, wait_until)


def test_a_share_is_about_as_large_as_it_says_and_grows_around_what_it_has(pair, product, wait_until):
    devices = devices_of(pair, product, 40)
    number = two_versions(pair, product)

    def members(percent):
        canary(pair, product, number, percent=percent)
        wanted = {row["key"] for row in pair.rows(
            "select key from device where product_id = (select id from product where key = %s) and th_device_share(key) < %s",
            product, percent * 100)}

        def as_wanted():
            for device in devices:
                post(pair, device)
            return {d.key for d in devices if scripts.versions(pair, d)[-1:] == [2]} == wanted

        wait_until(as_wanted, message=f"{percent} % of the devices")
        return wanted

    some, half = members(12.5), members(50)
    assert some < half and 8 <= len(half) <= 32
    assert pair.value("select count(*) from generate_series(1, 10000) n where th_device_share('d' || n) < 1000") in range(850, 1150)


@pytest.mark.parametrize("target,status", [
    ({}, 422), ({"percent": 0}, 422), ({"percent": 100}, 422), ({"percent": 5, "tag": "x"}, 422), ({"devices": []}, 422),
    ({"devices": ["no-such-device"]}, 409), ({"group": "no-such-group"}, 409), ({"share": 5}, 422), ({"tag": "a b"}, 422)])
def test_a_canary_for_nobody_known_is_refused(pair, product, target, status):
    number = two_versions(pair, product)
    assert pair.api.post(scripts.path(product, number, "canary"), json=target).status_code == status
    assert overview(pair, product)["canary"] is None


def test_a_canary_is_another_version_than_the_one_in_force(pair, product):
    scripts.install(pair, product, scripts.adds("v", 1))
    assert pair.api.post(scripts.path(product, 1, "canary"), json={"percent": 5}).status_code == 409
    assert pair.api.post(scripts.path(product, 9, "canary"), json={"percent": 5}).status_code == 404


def test_devices_of_another_product_are_no_canaries(pair, product):
    stranger = pair.make_device()
    number = two_versions(pair, product)
    answer = pair.api.post(scripts.path(product, number, "canary"), json={"devices": [stranger.key]})
    assert answer.status_code == 409


def test_a_canary_may_come_before_any_version(pair, product, wait_until):
    chosen, other = devices_of(pair, product, 2)
    scripts.create(pair, product, scripts.adds("v", 1))
    canary(pair, product, 1, devices=[chosen.key])
    runs_version(pair, chosen, 1, wait_until)
    post(pair, other)
    assert scripts.versions(pair, other) == [0]
    pair.call("POST", scripts.path(product, "rollback"), expect=409)
    state = pair.call("POST", scripts.path(product, "deactivate"))
    assert state["version"] is None


def logs(stack):
    """Lines of all instances' logs."""
    for n in range(len(stack.instances)):
        with open(f"{stack.dir}/thingd-{n + 1}.log") as f:
            yield from f


def fail_for(stack, devices, times=1):
    for _ in range(times):
        for device in devices:
            post(stack, device)


def wait_fallback(stack, product, kind, wait_until):
    def undone():
        found = [a for a in activations(stack, product) if a["outcome"] == "failed"]
        return found and found[0]["kind"] == kind and found[0]

    return wait_until(undone, message=f"the {kind} undone by the system")


def test_a_version_that_fails_for_many_is_undone_once_by_the_system(pair, product, wait_until):
    devices = devices_of(pair, product, 12)
    neighbour = pair.make_device()
    scripts.install(pair, product, scripts.adds("v", 1))
    number = scripts.install(pair, product, FAILS)
    fallbacks = [pair.counter("script_fallbacks", i) for i in (0, 1)]

    def goes_on():
        for instance in (0, 1):
            for device in devices[:6] if instance == 0 else devices[6:]:
                post(pair, device, instance=instance)
        post(pair, neighbour)
        return overview(pair, product)["version"] == 1

    wait_until(goes_on, message="version 1 in force again")
    undone = wait_fallback(pair, product, "activation", wait_until)
    assert (undone["version"], undone["ended_by"]) == (number, "system") and "init.lua:1" in undone["reason"]
    wait_until(lambda: sum(pair.counter("script_fallbacks", i) for i in (0, 1)) - sum(fallbacks) == 1,
               message="both may ask, once it is done")
    audit = pair.rows("select actor_kind, before, after from audit where product_key = %s and action = 'scripts:fallback'", product)
    assert [(row["actor_kind"], row["before"]["version"], row["after"]["version"]) for row in audit] == [("system", number, 1)]
    for instance, device in ((0, devices[0]), (1, devices[-1])):
        runs_version(pair, device, 1, wait_until, instance)
    token = {"authorization": f"Bearer {pair.stack.admin_token}"}

    def said():
        lines = [line["text"] for one in pair.stack.instances for line in httpx.get(
            one["http"] + scripts.path(product, "log"), headers=token, params={"level": "error", "limit": 1000}).json()["items"]]
        return sum("undone; in force is version 1" in text for text in lines)

    wait_until(lambda: said() == 1, message="it stands in the product's log as well")
    assert set(scripts.versions(pair, neighbour)) == {0}
    stored = pair.call("POST", "/api/v1/dead-letters/replay", {"product": product, "reason": "script_error", "limit": 1000})
    assert stored["dead"] == 0 and stored["stored"] >= 5, "what the failing one lost is stored by the one before"


def test_a_version_is_undone_again_when_it_is_put_in_force_again(pair, product, wait_until):
    devices = devices_of(pair, product, 6)
    scripts.install(pair, product, scripts.adds("v", 1))
    number = scripts.create(pair, product, FAILS)
    for _ in range(2):
        scripts.activate(pair, product, number)

        def undone():
            fail_for(pair, devices)
            return overview(pair, product)["version"] == 1

        wait_until(undone, message="version 1 in force again")
    assert [a["outcome"] for a in activations(pair, product)] == ["failed", "failed", None]


def test_failures_of_few_undo_nothing(pair, wait_until):
    """Two products go on at once until a third, which does fail for many, is undone."""
    few, small, bad = (pair.make_product() for _ in range(3))
    fleets = {few: devices_of(pair, few, 8), small: devices_of(pair, small, 40), bad: devices_of(pair, bad, 8)}
    for product in fleets:
        scripts.install(pair, product, scripts.adds("v", 1))
        scripts.install(pair, product, FAILS)

    def undone():
        for product, failing in ((few, 4), (small, 6), (bad, 8)):
            for n, device in reversed(list(enumerate(fleets[product]))):
                post(pair, device, {} if n < failing else {"good": True})
        return overview(pair, bad)["version"] == 1

    wait_until(undone, message="the version that fails for many undone")
    assert overview(pair, few)["version"] == 2, "fails for four devices, five are needed"
    assert overview(pair, small)["version"] == 2, "fails for 15 % of the devices, 20 % are needed"


def test_nothing_is_undone_towards_no_version(pair, product, wait_until):
    devices = devices_of(pair, product, 6)
    scripts.install(pair, product, FAILS)
    def said():
        fail_for(pair, devices)
        return any("event=script_fails " in line and f" product={product} " in line for line in logs(pair))

    wait_until(said, message="the log saying that there is nothing to fall back on")
    assert overview(pair, product)["version"] == 1


def test_a_canary_that_fails_ends_by_itself(pair, product, wait_until):
    chosen, others = devices_of(pair, product, 2), devices_of(pair, product, 6)
    number = two_versions(pair, product, FAILS)
    canary(pair, product, number, devices=[device.key for device in chosen])

    def over():
        fail_for(pair, chosen + others)
        return overview(pair, product)["canary"] is None

    wait_until(over, message="the canary over")
    ended = wait_fallback(pair, product, "canary", wait_until)
    assert (ended["version"], ended["ended_by"]) == (number, "system") and "2 of 2 devices" in ended["reason"]
    assert overview(pair, product)["version"] == 1
    runs_version(pair, chosen[0], 1, wait_until)
    assert all(set(scripts.versions(pair, device)) == {1} for device in others)


def test_a_version_that_cannot_be_loaded_is_undone(pair, product, wait_until):
    device = pair.make_device(product)
    scripts.install(pair, product, scripts.adds("v", 1))
    runs_version(pair, device, 1, wait_until)
    pair.db.execute("insert into script_version (product_id, number, source) select id, 2, 'return 1' from product where key = %s",
                    (product,))
    pair.db.execute("insert into script_activation (product_id, version) select id, 2 from product where key = %s", (product,))
    pair.db.execute("update product set script_version = 2 where key = %s", (product,))

    def undone():
        post(pair, device)
        return overview(pair, product)["version"] == 1

    wait_until(undone, message="version 1 in force again")
    assert "cannot be loaded" in wait_fallback(pair, product, "activation", wait_until)["reason"]
    assert set(scripts.versions(pair, device)) <= {0, 1} and pair.dead_letters(device) == []


def test_a_product_may_have_it_otherwise(pair, wait_until):
    off = pair.make_product(script_fallback={"enabled": False})
    soon = pair.make_product(script_fallback={"devices": 1, "percent": 0})
    fleets = {product: devices_of(pair, product, 6) for product in (off, soon)}
    for product in fleets:
        scripts.install(pair, product, scripts.adds("v", 1))
        scripts.install(pair, product, FAILS)

    def undone():
        fail_for(pair, fleets[off] + fleets[soon][:1])
        return overview(pair, soon)["version"] == 1

    wait_until(undone, message="the product that wants it soon")
    assert overview(pair, off)["version"] == 2
