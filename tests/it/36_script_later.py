# SPDX-License-Identifier: Apache-2.0
"""thing.later: functions of a script that run after the commit, each with its effects once."""

import concurrent.futures
import json
import threading

import httpx
import pytest
from harness import hooks, scripts
from harness.wait import wait_until

SCRIPT = """local M = { api = 1 }

function M.on_property(msg)
    local p = msg.params
    if p.cancel then thing.cancel(p.cancel) end
    if p.go then thing.later(p.go, { n = p.n }, p.delay, p.key) end
    if p.fail then error("fails") end
end

-- Counts in the state, stores and tells.
function M.note(args, device)
    local n = (thing.kv.get("ran") or 0) + 1
    thing.kv.set("ran", n)
    thing.store({ ran = n, n = args.n })
    thing.event("ran", { n = args.n, device = device.key })
end

function M.again(args)
    thing.kv.set("again", (thing.kv.get("again") or 0) + 1)
    if args.n > 0 then thing.later("again", { n = args.n - 1 }, 0, "chain") end
end

function M.fails(args) thing.store({ never = 1 }) error("no luck with " .. args.n) end

function M.loops() while true do end end

function M.no_args(args, device) thing.event("none", { none = args == nil, product = device.product }) end

M.tests = { { name = "notes", input = { timer = { name = "note", args = { n = 7 } }, kv = { ran = 2 } },
    expect = { kv = { ran = 3 }, store = { { params = { ran = 3, n = 7 } } }, events = { { type = "ran" } } } },
  { name = "puts off", input = { payload = { id = "1", params = { go = "note", n = 1, delay = 1.5, key = "k" } } },
    expect = { later = { { name = "note", args = { n = 1 }, delay = 1.5, key = "k" } } } } }

return M
"""

SETTINGS = {"outbox.backoff": "20ms", "outbox.attempts": 3, "outbox.lease": "3s"}


@pytest.fixture(scope="module")
def stack(module_stack):
    return module_stack(nodes=0, settings=SETTINGS)


@pytest.fixture
def device(stack, identity):
    scripts.install(stack, identity.product, SCRIPT)
    return identity


def post(stack, device, **params):
    stack.accept(hooks.property_post(device, params))


def ran(stack, device):
    return [e["params"]["n"] for e in stack.events(device) if e["type"] == "ran"]


def rows(stack, device):
    return stack.rows("select o.* from outbox o join device d on d.id = o.device_id where d.key = %s order by o.id", device.key)


def kv(stack, device):
    return json.loads(stack.value("select s.kv::text from device_state s join device d on d.id = s.device_id"
                                  " where d.key = %s", device.key))


def wait_ran(stack, device, expected):
    wait_until(lambda: sorted(ran(stack, device)) == sorted(expected) and rows(stack, device) == [],
               message=f"{expected} ran")


def test_a_function_runs_after_the_commit_with_its_effects(stack, device):
    post(stack, device, go="note", n=5)
    wait_ran(stack, device, [5])
    assert kv(stack, device) == {"ran": 1}
    assert [row["params"] for row in stack.history(device)][-1] == {"ran": 1, "n": 5}
    assert stack.events(device)[-1]["params"]["device"] == device.key
    seen = stack.value("select s.seen_at from device_state s join device d on d.id = s.device_id where d.key = %s", device.key)
    assert seen.year >= 2024
    post(stack, device, go="no_args")
    wait_until(lambda: any(e["type"] == "none" for e in stack.events(device)))


def test_what_a_message_asked_for_that_failed_never_runs(stack, device):
    post(stack, device, go="note", n=1, fail=True)
    post(stack, device, go="note", n=2)
    wait_ran(stack, device, [2])
    assert [letter["reason"] for letter in stack.dead_letters(device)] == ["script_error"]


def test_many_run_each_once(stack, device):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        bodies = [hooks.property_post(device, {"go": "note", "n": i}) for i in range(40)]
        assert all(answer.is_success for answer in pool.map(stack.hook, bodies))
    wait_ran(stack, device, range(40))
    assert kv(stack, device)["ran"] == 40


def test_a_function_may_put_itself_off_again(stack, device):
    post(stack, device, go="again", n=5)
    wait_until(lambda: kv(stack, device).get("again") == 6 and rows(stack, device) == [])


def test_a_key_stands_for_the_last_one_and_can_be_canceled(stack, device):
    for n in range(3):
        post(stack, device, go="note", n=n, delay=3600, key="quiet")
    [row] = rows(stack, device)
    assert (row["key"], row["args"], row["attempts"]) == ("quiet", {"n": 2}, 0)
    assert 3500 < (row["due_at"] - row["created_at"]).total_seconds() <= 3600
    post(stack, device, cancel="quiet")
    assert rows(stack, device) == []
    post(stack, device, go="note", n=9, delay=3600, key="quiet", cancel="quiet")
    assert [row["args"] for row in rows(stack, device)] == [{"n": 9}]
    post(stack, device, go="note", n=10, key="quiet")
    wait_ran(stack, device, [10])


def test_one_that_fails_is_tried_again_then_given_up_and_can_be_retried(stack, device):
    post(stack, device, go="fails", n=1)
    wait_until(lambda: [r["state"] for r in rows(stack, device)] == ["dead"])
    [item] = stack.call("GET", "/api/v1/outbox", params={"product": device.product, "state": "dead"})["items"]
    assert item["attempts"] == 3 and "no luck with 1" in item["error"] and item["next_at"] is None and item["dead_at"]
    assert all("never" not in row["params"] for row in stack.history(device))
    scripts.install(stack, device.product, SCRIPT.replace('error("no luck with " .. args.n)', "thing.kv.set('well', args.n)"))
    assert stack.call("POST", f"/api/v1/outbox/{item['id']}/retry")["state"] == "waiting"
    wait_until(lambda: kv(stack, device).get("well") == 1 and rows(stack, device) == [])
    assert stack.api.post(f"/api/v1/outbox/{item['id']}/retry").status_code == 404
    audit = stack.call("GET", "/api/v1/audit", params={"target": str(item["id"])})["items"]
    assert any("outbox" in entry["action"] for entry in audit)


def test_one_that_loops_is_killed_and_given_up_and_the_neighbours_go_on(stack, device):
    post(stack, device, go="loops")
    other = stack.make_device(device.product)
    post(stack, other, go="note", n=1)
    wait_ran(stack, other, [1])
    wait_until(lambda: [r["state"] for r in rows(stack, device)] == ["dead"])
    error = rows(stack, device)[0]["error"]
    assert "cpu" in error or "killed" in error


def test_a_function_that_the_new_version_lacks_is_an_error(stack, device):
    post(stack, device, go="note", n=1, delay=0.2)
    scripts.install(stack, device.product, "return { api = 1 }")
    wait_until(lambda: [r["state"] for r in rows(stack, device)] == ["dead"])
    assert "no function note" in rows(stack, device)[0]["error"]


@pytest.mark.parametrize("params", [{"go": "nothing"}, {"go": "on_property"}, {"go": "note", "delay": -1},
                                    {"go": "note", "delay": 2592001}, {"go": "note", "key": ""}, {"go": "bad name"},
                                    {"go": "note", "key": "x" * 129}, {"go": "note", "delay": "soon"}])
def test_what_cannot_be_put_off_is_an_error_of_the_message(stack, device, params):
    post(stack, device, **params)
    assert [letter["reason"] for letter in stack.dead_letters(device)] == ["script_error"]
    assert rows(stack, device) == []


def test_the_cap_of_a_device_is_exact_and_counts_keys_once(stack, device):
    for i in range(64):
        post(stack, device, go="note", n=i, delay=3600, key=f"k{i}")
    post(stack, device, go="note", n=0, delay=3600, key="k0")  # in its place
    assert stack.dead_letters(device) == []
    post(stack, device, go="note", n=99, delay=3600)
    assert len(rows(stack, device)) == 64 and "64" in stack.dead_letters(device)[0]["detail"]
    post(stack, device, cancel="k1")
    post(stack, device, go="note", n=99, delay=3600)
    assert len(rows(stack, device)) == 64 and len(stack.dead_letters(device)) == 1
    # What the API discards is no longer counted.
    item = rows(stack, device)[0]["id"]
    assert stack.api.delete(f"/api/v1/outbox/{item}").status_code == 204
    post(stack, device, go="note", n=100, delay=3600)
    assert len(rows(stack, device)) == 64


def test_it_waits_while_the_device_is_disabled(stack, device):
    post(stack, device, go="note", n=1, delay=0.3)
    tag = stack.api.get(device.path).headers["etag"]
    assert stack.api.patch(device.path, json={"enabled": False}, headers={"if-match": tag}).is_success

    def put_back():
        [row] = rows(stack, device)
        return row["attempts"] == 0 and (row["next_at"] - row["due_at"]).total_seconds() > 300

    wait_until(put_back)
    assert ran(stack, device) == []


def test_bulk_retry_and_discard_touch_only_what_matches(stack, device):
    other = stack.make_device(device.product)
    for one in (device, other):
        post(stack, one, go="fails", n=1)
        wait_until(lambda one=one: [r["state"] for r in rows(stack, one)] == ["dead"])
    said = stack.call("POST", "/api/v1/outbox/discard", {"device": device.key})
    assert said == {"done": 1, "skipped": 0, "more": False} and rows(stack, device) == []
    assert stack.call("POST", "/api/v1/outbox/retry", {"product": device.product})["done"] == 1
    wait_until(lambda: [(r["state"], r["attempts"]) for r in rows(stack, other)] == [("dead", 3)])


def test_other_products_rows_are_not_shown(stack, device):
    post(stack, device, go="note", n=1, delay=3600)
    [row] = rows(stack, device)
    foreign = stack.make_product()
    token = stack.call("POST", "/api/v1/tokens", {"name": "t", "role": "admin", "products": [foreign]}, 201)["token"]
    with httpx.Client(base_url=stack.stack.http, headers={"authorization": f"Bearer {token}"}, trust_env=False) as one:
        assert one.get("/api/v1/outbox").json()["items"] == []
        assert one.get(f"/api/v1/outbox/{row['id']}").status_code == 404
        assert one.delete(f"/api/v1/outbox/{row['id']}").status_code == 404
        assert one.post("/api/v1/outbox/discard", json={}).json()["done"] == 0
    assert len(rows(stack, device)) == 1


def test_nothing_is_lost_or_doubled_by_kill_9(stack, device):
    """Killed again and again while functions are taken, run and committed."""
    started = threading.Event()
    sent = [hooks.property_post(device, {"go": "note", "n": i}) for i in range(60)]

    def deliver(body):
        while True:
            try:
                if stack.hook(body).is_success:
                    return True
            except httpx.TransportError:
                started.wait(0.2)

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        done = [pool.submit(deliver, body) for body in sent]
        for mark in (5, 20, 40):
            wait_until(lambda mark=mark: len(ran(stack, device)) >= mark)
            stack.kill("thingd")
            stack.start("thingd")
        started.set()
        assert all(f.result() for f in done)
    # Over the cap of the device, some messages failed: what was accepted runs, no more and no less.
    refused = len([l for l in stack.dead_letters(device)])
    wait_until(lambda: rows(stack, device) == [])
    assert len(ran(stack, device)) == len(set(ran(stack, device))) == 60 - refused
    assert kv(stack, device)["ran"] == 60 - refused


def test_two_instances_run_each_once(fresh_stack):
    both = fresh_stack(nodes=0, instances=2, settings=SETTINGS)
    device = both.make_device()
    scripts.install(both, device.product, SCRIPT)
    wait_until(lambda: all(both.hook(hooks.property_post(device, {}), instance=i).is_success for i in (0, 1)))
    for n in range(40):
        assert both.hook(hooks.property_post(device, {"go": "note", "n": n}), instance=n % 2).is_success
    wait_ran(both, device, range(40))
    assert kv(both, device)["ran"] == 40


def test_a_restart_puts_back_what_it_had_taken(stack, device):
    for n in range(20):
        post(stack, device, go="note", n=n, delay=0.5)
    stack.stop("thingd")
    stack.start("thingd")
    wait_ran(stack, device, range(20))


def test_an_error_that_a_function_raises_does_not_undo_the_version(stack, device):
    """Raising is how a function asks to be tried again: what it asks may be away for all devices at once."""
    scripts.install(stack, device.product, SCRIPT + "-- the second")
    fleet = [device] + [stack.make_device(device.product) for _ in range(9)]
    for one in fleet:
        post(stack, one, go="fails", n=1)
    for one in fleet:
        wait_until(lambda one=one: [r["state"] for r in rows(stack, one)] == ["dead"])
    runs = [r for r in stack.call("GET", scripts.path(device.product, 2, "runs"))["items"] if r["function"] == "later"]
    wait_until(lambda: [r for r in stack.call("GET", scripts.path(device.product, 2, "runs"))["items"]
                        if r["function"] == "later" and r["errors"] == 30], 20, message=f"records {runs}")
    assert stack.value("select script_version from product where key = %s", device.product) == 2


def test_the_product_has_a_cap_too(fresh_stack):
    few = fresh_stack(nodes=0, settings={**SETTINGS, "outbox.product_rows": 5})
    device = few.make_device()
    scripts.install(few, device.product, SCRIPT)
    for n in range(5):
        post(few, device, go="note", n=n, delay=3600)

    def full():
        post(few, device, go="note", n=9, delay=3600, key="one")
        return few.dead_letters(device)

    wait_until(full)
    assert "of the product wait already" in few.dead_letters(device)[0]["detail"]
