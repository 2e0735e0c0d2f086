# SPDX-License-Identifier: Apache-2.0
"""thing.kv: small state per device, kept with the message that wrote it or not at all."""

import concurrent.futures
import json
import threading

import httpx
import pytest
from harness import hooks, scripts

COUNTS = """return { api = 1,
    on_property = function(msg)
        local n = (thing.kv.get("n") or 0) + 1
        thing.kv.set("n", n)
        if msg.params.fail then error("fails") end
        if msg.params.no then return false, "no" end
        msg.params.n = n
        return msg.params
    end,
    on_event = function(msg)
        if msg.type == "reset" then thing.kv.delete("n") end
        return thing.kv.all()
    end,
    tests = { { name = "counts on", input = { kv = { n = 4 }, payload = { id = "1", params = { a = 1 } } },
        expect = { store = { { params = { n = 5 } } }, kv = { n = 5 } } } },
}"""


@pytest.fixture(scope="module")
def stack(module_stack):
    return module_stack(nodes=0)


@pytest.fixture
def counting(stack, identity):
    scripts.install(stack, identity.product, COUNTS)
    return identity


def kept(stack, device):
    return stack.value("select s.kv::text from device_state s join device d on d.id = s.device_id where d.key = %s",
                       device.key)


def numbers(stack, device):
    return [row["params"]["n"] for row in stack.history(device) if "n" in row["params"]]


def test_state_is_kept_with_the_message_and_read_by_the_next(stack, counting):
    stack.accept(*[hooks.property_post(counting, {"a": i}) for i in range(5)])
    assert numbers(stack, counting) == [1, 2, 3, 4, 5] and json.loads(kept(stack, counting)) == {"n": 5}
    stack.accept(hooks.event_post(counting, "look", {}))
    assert stack.events(counting)[-1]["params"] == {"n": 5}
    stack.accept(hooks.event_post(counting, "reset", {}), hooks.property_post(counting, {"a": 9}))
    assert numbers(stack, counting)[-1] == 1


def test_all_samples_of_one_message_see_what_the_earlier_wrote(stack, counting):
    batch = [{"time": hooks.now_ms(), "params": {"a": i}} for i in range(4)]
    stack.accept(hooks.property_post(counting, batch))
    assert numbers(stack, counting) == [1, 2, 3, 4]


def test_messages_that_come_at_once_see_each_other(stack, counting):
    bodies = [hooks.property_post(counting, {"a": i}) for i in range(200)]
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        assert all(answer.is_success for answer in pool.map(stack.hook, bodies))
    assert sorted(numbers(stack, counting)) == list(range(1, 201))
    assert json.loads(kept(stack, counting)) == {"n": 200}


@pytest.mark.parametrize("params, reason", [({"fail": True}, "script_error"), ({"no": True}, "rejected")])
def test_a_message_that_fails_or_is_rejected_leaves_none(stack, counting, params, reason):
    stack.accept(hooks.property_post(counting, {"a": 1}), hooks.property_post(counting, params),
                 hooks.property_post(counting, {"a": 2}))
    assert numbers(stack, counting) == [1, 2] and json.loads(kept(stack, counting)) == {"n": 2}
    assert [letter["reason"] for letter in stack.dead_letters(counting)] == [reason]


def test_a_repeat_counts_once_even_after_a_restart(stack, counting):
    bodies = [hooks.property_post(counting, {"a": i}) for i in range(10)]
    stack.accept(*bodies, *bodies)
    assert json.loads(kept(stack, counting)) == {"n": 10}
    stack.kill("thingd")
    stack.start("thingd")
    # The keys are in the database alone now: whole batches meet them and are undone.
    new = [hooks.property_post(counting, {"a": i}) for i in range(10, 40)]
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        mixed = [body for pair in zip(bodies * 3, new) for body in pair]
        assert all(answer.is_success for answer in pool.map(stack.hook, mixed))
    assert sorted(numbers(stack, counting)) == list(range(1, 41))
    assert json.loads(kept(stack, counting)) == {"n": 40}


def test_a_state_changed_elsewhere_is_noticed(stack, counting):
    stack.accept(hooks.property_post(counting, {"a": 1}))
    stack.rows("update device_state s set rev = s.rev + 1, kv = '{\"n\": 100}' from device d where d.id = s.device_id"
               " and d.key = %s returning 1", counting.key)
    stack.accept(hooks.property_post(counting, {"a": 2}))
    assert numbers(stack, counting)[-1] == 101 and json.loads(kept(stack, counting)) == {"n": 101}


def test_values_stay_what_they_are(stack, identity):
    scripts.install(stack, identity.product, """return { api = 1, on_property = function(msg)
        if msg.params.set then
            thing.kv.set("all", { i = 9223372036854775807, f = 1e308, one = 1.0, null = thing.json.null, e = thing.json.array(), t = "\\u{e9}\\"" })
            thing.kv.set("\\"odd' key\\\\", true)
        end
        local v = thing.kv.get("all")
        return { i = v.i == math.maxinteger, f = v.f == 1e308, one = math.type(v.one), null = v.null == thing.json.null,
            e = thing.json.is_array(v.e), t = v.t, odd = thing.kv.get("\\"odd' key\\\\"), absent = thing.kv.get("x") == nil } end }""")
    stack.accept(hooks.property_post(identity, {"set": 1}))
    stack.kill("thingd")
    stack.start("thingd")
    stack.accept(hooks.property_post(identity, {"a": 1}))
    first, second = [row["params"] for row in stack.history(identity)]
    assert first == second == {"i": True, "f": True, "one": "float", "null": True, "e": True, "t": "\u00e9\"", "odd": True,
                               "absent": True}


def test_over_the_cap_the_message_fails_and_the_state_stays(stack, identity):
    scripts.install(stack, identity.product, """return { api = 1, on_property = function(msg)
        thing.kv.set("k", ("x"):rep(msg.params.n)) end }""")
    stack.accept(hooks.property_post(identity, {"n": 16000}), hooks.property_post(identity, {"n": 17000}))
    assert len(json.loads(kept(stack, identity))["k"]) == 16000
    [letter] = stack.dead_letters(identity)
    assert letter["reason"] == "script_error" and "16 KiB" in letter["detail"]


def test_nothing_is_lost_or_doubled_by_kill_9(stack, counting):
    sent = [hooks.property_post(counting, {"a": i}) for i in range(300)]
    restarted = threading.Event()

    def deliver(body):
        while True:
            try:
                if stack.hook(body).is_success:
                    return True
            except httpx.TransportError:
                if restarted.is_set():
                    raise
                restarted.wait(10)

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        done = [pool.submit(deliver, body) for body in sent]
        concurrent.futures.wait(done[:60])
        stack.kill("thingd")
        stack.start("thingd")
        restarted.set()
        assert all(f.result() for f in done)
    assert sorted(numbers(stack, counting)) == list(range(1, 301))
    assert json.loads(kept(stack, counting)) == {"n": 300}
    assert len({row["digest"] for row in stack.history(counting)}) == 300


def test_a_try_starts_from_the_state_that_is_given(stack, product_of_counts):
    tried = stack.call("POST", scripts.path(product_of_counts, "try"), {
        "source": COUNTS, "kv": {"n": 41, "other": [1]}, "payload": {"id": "1", "params": {}}})
    assert tried["items"][0]["effects"]["kv"] == {"n": 42}
    gone = stack.call("POST", scripts.path(product_of_counts, "try"), {
        "source": COUNTS, "kv": {"n": 41}, "topic": "thing/event/reset/post", "payload": {"id": "1", "params": {}}})
    assert gone["items"][0]["effects"]["kv"] == {"n": None}


@pytest.fixture
def product_of_counts(make_product):
    return make_product()


def test_people_look_at_the_state_and_put_it_right(stack, counting):
    path = counting.path + "/kv"
    stack.accept(hooks.property_post(counting, {"a": 1}), hooks.property_post(counting, {"a": 2}))
    answer = stack.api.get(path)
    assert answer.json() == {"kv": {"n": 2}}
    stack.accept(hooks.property_post(counting, {"a": 3}))
    late = stack.api.put(path, json={"kv": {"n": 50}}, headers={"if-match": answer.headers["etag"]})
    assert (late.status_code, late.json()["code"]) == (409, "version_conflict")
    tag = stack.api.get(path).headers["etag"]
    body = b'{"kv":{"n":9007199254740993,"f":1e300,"e":[]}}'
    put = stack.api.put(path, content=body, headers={"if-match": tag, "content-type": "application/json"})
    assert put.status_code == 200 and put.content == body
    stack.accept(hooks.property_post(counting, {"a": 4}))
    assert numbers(stack, counting)[-1] == 9007199254740994
    assert "1e300" in kept(stack, counting)
    audit = stack.call("GET", "/api/v1/audit", params={"target": counting.key})["items"]
    assert any(entry["action"].startswith("kv") for entry in audit)


@pytest.mark.parametrize("kv", [[], {"": 1}, {"x" * 129: 1}, {"k": "x" * 17000}, {f"k{i}": 1 for i in range(257)}, {"a\0": 1}, None])
def test_a_state_that_could_not_be_kept_is_refused(stack, counting, kv):
    path = counting.path + "/kv"
    tag = stack.api.get(path).headers["etag"]
    assert stack.api.put(path, json={"kv": kv}, headers={"if-match": tag}).status_code in (400, 422)
    assert stack.api.get(path).json() == {"kv": {}}


def test_a_change_by_hand_and_messages_meanwhile_lose_nothing(stack, counting):
    path, wrong = counting.path + "/kv", []

    def put(_):
        answer = stack.api.get(path)
        n = answer.json()["kv"].get("n", 0)
        done = stack.api.put(path, json={"kv": {"n": n + 1000}}, headers={"if-match": answer.headers["etag"]})
        if done.status_code not in (200, 409):
            wrong.append(done.text)
        return 1000 if done.status_code == 200 else 0

    bodies = [hooks.property_post(counting, {"a": i}) for i in range(100)]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        puts = [pool.submit(put, i) for i in range(20)]
        assert all(answer.is_success for answer in pool.map(stack.hook, bodies))
        added = sum(p.result() for p in puts)
    assert wrong == [] and json.loads(kept(stack, counting)) == {"n": 100 + added}
