# SPDX-License-Identifier: Apache-2.0
"""thing.alarm: alarms of devices, raised and cleared by scripts with the message that says so."""

import concurrent.futures
import threading

import httpx
import pytest
from harness import hooks, scripts
from harness.alarms import SCRIPT, active, closed, log, say, seen
from harness.wait import wait_until

@pytest.fixture(scope="module")
def stack(module_stack):
    return module_stack(nodes=0, settings={"outbox.backoff": "20ms"})


@pytest.fixture
def device(stack, identity):
    scripts.install(stack, identity.product, SCRIPT)
    return identity


def test_an_alarm_is_raised_counted_and_cleared(stack, device):
    now = hooks.now_ms()
    stack.accept(say(device, now, **{"raise": ["hot"]}, message="81 degrees", details={"limit": 80}))
    [first] = active(stack, device)
    assert first == {"id": first["id"], "key": "hot", "severity": "warning", "message": "81 degrees", "details": {"limit": 80},
                     "raised": now, "last": now, "count": 1, "version": 1, "by": None, "note": ""}
    stack.accept(say(device, now + 5, **{"raise": ["hot"]}, message="82 degrees"), say(device, now + 9, **{"raise": ["hot"]}))
    assert active(stack, device) == [first | {"message": "82 degrees", "last": now + 9, "count": 3}]
    stack.accept(say(device, now + 12, clear=["hot", "cold"], message="fine again"))
    assert active(stack, device) == []
    [over] = closed(stack, device)
    assert over == {"id": first["id"], "key": "hot", "severity": "warning", "message": "82 degrees", "details": {"limit": 80},
                    "raised": now, "last": now + 9, "count": 3, "cleared": now + 12, "cleared_by": None}
    assert [(entry["event"], entry["ts"], entry["message"], entry["kind"], entry["version"]) for entry in log(stack, device)] == [
        ("raised", now, "81 degrees", "script", 1), ("cleared", now + 12, "fine again", "script", 1)]


def test_a_severity_changes_and_one_that_rises_wants_to_be_seen_again(stack, device):
    for severity in ("info", "warning"):
        stack.accept(say(device, **{"raise": ["hot"]}, severity=severity))
    [alarm] = active(stack, device)
    path = f"/api/v1/alarms/{alarm['id']}"
    stack.call("POST", path + "/acknowledge", {"note": "seen"})
    stack.accept(say(device, **{"raise": ["hot"]}, severity="info"), say(device, **{"raise": ["hot"]}, severity="info"))
    assert stack.call("GET", path)["note"] == "seen"
    stack.accept(say(device, **{"raise": ["hot"]}, severity="critical", message="worse", look="hot"))
    assert seen(stack, device)["acknowledged"] is False
    doc = stack.call("GET", path)
    assert (doc["severity"], doc["count"], doc["acknowledged_at"], doc["acknowledged_by"], doc["note"]) == (
        "critical", 5, None, None, "")
    assert [(entry["event"], entry["severity"]) for entry in log(stack, device)] == [
        ("raised", "info"), ("changed", "warning"), ("acknowledged", "warning"), ("changed", "info"), ("changed", "critical")]


def test_one_message_may_clear_and_raise_anew(stack, device):
    stack.accept(say(device, **{"raise": ["hot"]}, message="first"))
    [first] = active(stack, device)
    stack.accept(say(device, clear=["hot"], **{"raise": ["hot", "hot"]}, message="second"))
    [second] = active(stack, device)
    [over] = closed(stack, device)
    assert over["id"] == first["id"] != second["id"]
    assert (over["message"], over["count"], second["message"], second["count"]) == ("first", 1, "second", 2)
    # Samples of one message, each with a call of its own: two alarms begin and end in it.
    batch = [{"time": hooks.now_ms(), "params": params} for params in
             ({"clear": ["hot"]}, {"raise": ["a"]}, {"clear": ["a"]}, {"raise": ["a"]}, {"clear": ["a"]}, {"look": "a"})]
    stack.accept(hooks.property_post(device, batch))
    assert active(stack, device) == [] and seen(stack, device) == "none"
    assert [(row["key"], row["count"]) for row in closed(stack, device)] == [("hot", 1), ("hot", 2), ("a", 1), ("a", 1)]
    entries = log(stack, device)
    assert [entry["event"] for entry in entries if entry["alarm_id"] in [row["id"] for row in closed(stack, device)[2:]]] == [
        "raised", "cleared", "raised", "cleared"]


def test_messages_that_come_at_once_are_all_counted(stack, device, make_device):
    other = make_device(device.product)
    bodies = [say(device, **{"raise": ["hot"]}, n=n) for n in range(150)] + [say(other, **{"raise": ["wet"]}, n=n) for n in range(50)]
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        assert all(answer.is_success for answer in pool.map(stack.hook, bodies))
    [hot], [wet] = active(stack, device), active(stack, other)
    assert (hot["count"], wet["count"]) == (150, 50)
    assert [entry["event"] for entry in log(stack, device)] == ["raised"]


def test_what_is_not_said_again_stays(stack, device):
    stack.accept(say(device, **{"raise": ["hot"]}, message="m", details=[1, 1e308, "\u00e9'\"\\"]),
                 say(device, **{"raise": ["hot"]}))
    [alarm] = active(stack, device)
    assert (alarm["message"], alarm["details"], alarm["count"]) == ("m", [1, 1e308, "\u00e9'\"\\"], 2)
    odd = "\"odd' {key},\\ \u00e9"
    stack.accept(say(device, **{"raise": [odd]}, message=odd), say(device, look=odd))
    assert seen(stack, device)["message"] == odd
    stack.kill("thingd")
    stack.start("thingd")
    stack.accept(say(device, look=odd))
    assert seen(stack, device) == {"severity": "warning", "message": odd, "count": 1, "acknowledged": False,
                                   "since": seen(stack, device)["since"], "last": seen(stack, device)["last"]}
    stack.accept(say(device, clear=[odd]))
    assert [row["key"] for row in closed(stack, device)] == [odd]


@pytest.mark.parametrize("params, reason", [({"fail": True}, "script_error"), ({"no": True}, "rejected")])
def test_a_message_that_fails_or_is_rejected_leaves_none(stack, device, params, reason):
    stack.accept(say(device, **{"raise": ["cold"]}), say(device, **{"raise": ["hot"]}, clear=["cold"], **params),
                 say(device, look="hot"))
    assert [row["key"] for row in active(stack, device)] == ["cold"] and seen(stack, device) == "none"
    assert closed(stack, device) == [] and len(log(stack, device)) == 1
    assert [letter["reason"] for letter in stack.dead_letters(device)] == [reason]


def test_a_repeat_counts_once_even_after_a_restart(stack, device):
    bodies = [say(device, **{"raise": ["hot"]}, n=n) for n in range(10)]
    stack.accept(*bodies, *bodies)
    assert active(stack, device)[0]["count"] == 10
    stack.kill("thingd")
    stack.start("thingd")
    # The keys are in the database alone now: whole batches meet them and are undone.
    new = [say(device, **{"raise": ["hot"]}, n=n) for n in range(10, 40)]
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        mixed = [body for pair in zip(bodies * 3, new) for body in pair]
        assert all(answer.is_success for answer in pool.map(stack.hook, mixed))
    [alarm] = active(stack, device)
    assert alarm["count"] == 40 and [entry["event"] for entry in log(stack, device)] == ["raised"]


def test_an_alarm_changed_elsewhere_is_noticed(stack, device):
    stack.accept(say(device, **{"raise": ["hot"]}))
    stack.rows("with gone as (delete from alarm where device_id = (select id from device where key = %s) returning device_id)"
               " update device_state s set rev = s.rev + 1 from gone where s.device_id = gone.device_id returning 1", device.key)
    stack.accept(say(device, **{"raise": ["hot"]}, look="hot"))
    assert seen(stack, device)["count"] == 1 and active(stack, device)[0]["count"] == 1


def test_a_function_that_was_put_off_raises_and_clears(stack, device):
    before = hooks.now_ms()
    stack.accept(say(device, later={"raise": ["late"], "severity": "info"}))
    wait_until(lambda: active(stack, device), message="the alarm of the function")
    [alarm] = active(stack, device)
    assert alarm["raised"] >= before and alarm["severity"] == "info"
    stack.accept(say(device, later={"clear": ["late"]}))
    wait_until(lambda: closed(stack, device), message="its end")
    assert closed(stack, device)[0]["id"] == alarm["id"]


def test_over_the_cap_the_message_fails_and_the_others_stay(stack, device):
    keys = [f"k{n}" for n in range(64)]
    stack.accept(say(device, **{"raise": keys}), say(device, **{"raise": ["one more"]}))
    assert len(active(stack, device)) == 64
    [letter] = stack.dead_letters(device)
    assert letter["reason"] == "script_error" and "more than 64 active alarms" in letter["detail"]
    stack.accept(say(device, clear=["k1"], **{"raise": ["one more"]}))
    assert len(active(stack, device)) == 64 and len(closed(stack, device)) == 1


def test_nothing_is_lost_or_doubled_by_kill_9(stack, device):
    sent = [say(device, **({"clear": ["hot"]} if n % 10 == 9 else {"raise": ["hot"]}), n=n) for n in range(300)]
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
    assert_consistent(stack, device, 270)


def assert_consistent(stack, device, raises):
    """Every raise is counted in one alarm, and each alarm's log has one beginning and, when it is over, one end."""
    standing, over = active(stack, device), closed(stack, device)
    assert sum(row["count"] for row in standing + over) == raises
    ids = [row["id"] for row in standing + over]
    assert len(set(ids)) == len(ids)
    entries = log(stack, device)
    for row in standing + over:
        mine = [entry["event"] for entry in entries if entry["alarm_id"] == row["id"] and entry["event"] != "acknowledged"]
        assert mine == ["raised", "cleared"] if row in over else mine == ["raised"]


def test_people_and_messages_meanwhile_lose_nothing(stack, device):
    bodies = [say(device, **{"raise": ["hot"]}, n=n) for n in range(200)]
    wrong = []

    def act(n):
        [alarm] = active(stack, device) or [None]
        if alarm:
            answer = stack.api.post(f"/api/v1/alarms/{alarm['id']}/{'clear' if n % 2 else 'acknowledge'}", json={})
            if answer.status_code not in (200, 409):
                wrong.append(answer.text)

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        people = [pool.submit(act, n) for n in range(40)]
        assert all(answer.is_success for answer in pool.map(stack.hook, bodies))
        for one in people:
            one.result()
    assert wrong == []
    assert_consistent(stack, device, 200)


def test_two_instances_count_all(fresh_stack):
    both = fresh_stack(nodes=0, instances=2)
    device = both.make_device()
    scripts.install(both, device.product, SCRIPT)
    bodies = [say(device, **{"raise": ["hot"]}, n=n) for n in range(100)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert all(answer.is_success for answer in pool.map(lambda pair: both.hook(pair[1], instance=pair[0] % 2),
                                                            enumerate(bodies)))
    assert_consistent(both, device, 100)


def test_what_is_raised_and_cleared_is_counted(stack, device):
    raised, cleared = stack.counter("alarms_raised"), stack.counter("alarms_cleared")
    stack.accept(say(device, **{"raise": ["a", "b", "a"]}), say(device, clear=["a", "c"]))
    assert (stack.counter("alarms_raised"), stack.counter("alarms_cleared")) == (raised + 2, cleared + 1)


def test_a_try_starts_from_the_alarms_that_are_given(stack, device):
    tried = stack.call("POST", scripts.path(device.product, "try"), {
        "source": SCRIPT, "alarms": {"hot": {"severity": "critical", "since": 5}},
        "payload": {"id": "1", "params": {"raise": ["wet"], "clear": ["hot", "none"], "message": "m", "details": {"n": 1}}}})
    assert tried["items"][0]["effects"]["alarms"] == [
        {"clear": "hot", "message": "m"}, {"raise": "wet", "severity": "warning", "message": "m", "details": {"n": 1}}]
    assert active(stack, device) == []
