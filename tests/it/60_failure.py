# SPDX-License-Identifier: Apache-2.0
"""Nothing accepted is lost and nothing is counted twice, whatever dies."""

import pytest
from harness import hooks

SPREAD = 20


def fleet(stack, count=SPREAD):
    product = stack.make_product()
    return [stack.make_device(product) for _ in range(count)]


def bodies_of(devices, count, first=0):
    return {n: hooks.property_post(devices[n % len(devices)], {"n": n}) for n in range(first, first + count)}


def stored(stack, devices):
    """Numbers in history, with repetitions."""
    return [row["n"] for row in stack.rows(
        "select (params->>'n')::int n from property_history h join device d on d.id = h.device_id"
        " where d.key = any(%s)", [device.key for device in devices])]


def check_latest(stack, devices, bodies):
    """The latest value of each device is its highest number: their times rise with the numbers."""
    for place, device in enumerate(devices):
        latest = stack.call("GET", device.path + "/latest")["properties"]
        assert latest["n"]["value"] == max(n for n in bodies if n % len(devices) == place)


def send_until_taken(stack, ledger, bodies, wait_until):
    """What was not taken is sent again, as the broker does."""
    def send_open():
        ledger.send(stack.hook_url, {n: bodies[n] for n in ledger.open})
        return not ledger.open

    wait_until(send_open, timeout=30, message="all to be taken")
    assert ledger.accepted == set(bodies)


def test_kill_9_under_load_loses_nothing_that_was_answered_and_doubles_nothing(fresh_stack, ledger, wait_until):
    stack = fresh_stack()
    devices = fleet(stack)
    bodies = bodies_of(devices, 30000)
    for round in (1, 2):
        sending = ledger.start(stack.hook_url, bodies, threads=12)
        wait_until(lambda: ledger.count() > 1500, timeout=30, message="load")
        stack.stack.kill("thingd")
        sending.stop()
        answered = ledger.accepted
        rows = stored(stack, devices)
        assert len(rows) == len(set(rows)), "a message was stored twice"
        assert answered <= set(rows), f"lost after a 2xx: {sorted(answered - set(rows))[:10]}"
        stack.stack.start("thingd")
        again = {n: bodies[n] for n in ledger.open | set(sorted(answered)[-200:])}
        ledger.send(stack.hook_url, again)
        assert set(again) <= ledger.accepted
        bodies = {n: body for n, body in bodies.items() if n not in ledger.accepted}
        assert bodies, f"round {round} had nothing left to send"
        ledger.answers.clear()
        seen = stored(stack, devices)
        assert len(seen) == len(set(seen)) and answered | set(again) <= set(seen)
    check_latest(stack, devices, seen)


def test_duplicates_right_after_a_restart_are_known(fresh_stack, ledger):
    stack = fresh_stack()
    devices = fleet(stack)
    bodies = bodies_of(devices, 400)
    events = {400 + n: hooks.event_post(devices[n % SPREAD], "e", {"n": n}) for n in range(100)}
    presence = {500 + n: hooks.connected(device, hooks.now_ms(), hooks.address()) for n, device in enumerate(devices)}
    everything = bodies | events | presence
    ledger.send(stack.hook_url, everything)
    assert ledger.accepted == set(everything)
    stack.stack.kill("thingd")
    stack.stack.start("thingd")
    ledger.answers.clear()
    ledger.send(stack.hook_url, everything, threads=16)
    assert ledger.accepted == set(everything)
    assert sorted(stored(stack, devices)) == list(range(400))
    assert stack.value("select count(*) from event_history") == 100
    assert stack.value("select count(*) from connection_history") == len(devices)


def test_two_instances_fed_halves_of_the_same_devices_keep_one_truth(fresh_stack, ledger, wait_until):
    stack = fresh_stack(instances=2)
    devices = fleet(stack, 5)
    bodies = bodies_of(devices, 2000)
    urls = [instance["hook"] for instance in stack.instances]
    halves = [{n: body for n, body in bodies.items() if n // 5 % 2 == half} for half in (0, 1)]
    both = {n: body for n, body in bodies.items() if n % 17 == 0}  # the broker's retries reach the other one
    running = [ledger.start(url, half, threads=4) for url, half in zip(urls, halves)]
    for sending in running:
        sending.join()
    send_until_taken(stack, ledger, bodies, wait_until)
    repeated = type(ledger)()
    for url in urls:
        repeated.send(url, both)
        assert repeated.accepted == set(both)
    assert sorted(stored(stack, devices)) == list(range(2000))
    for number, device in enumerate(devices):
        for instance in stack.instances:
            answer = stack.api.get(instance["http"] + device.path + "/latest").json()
            assert answer["properties"]["n"]["value"] == 1995 + number


def test_without_postgresql_hooks_are_answered_503_and_all_is_taken_afterwards(fresh_stack, ledger, wait_until):
    stack = fresh_stack(settings={"hook.timeout": 2000, "database.timeout": 1500, "spool.dir": ""})
    devices = fleet(stack)
    bodies = bodies_of(devices, 600)
    first = dict(list(bodies.items())[:200])
    ledger.send(stack.hook_url, first)
    assert ledger.accepted == set(first)
    stack.stack.kill("postgres")
    away = dict(list(bodies.items())[200:400])
    ledger.send(stack.hook_url, away, threads=32)
    assert ledger.numbers(503) == set(away), {n: ledger.answers[n] for n in away if ledger.answers[n] != 503}
    assert stack.auth(devices[0].key, devices[0].product, "x")["result"] == "deny"
    assert stack.door.get(stack.http + "/healthz").status_code == 200
    stack.stack.start("postgres")
    ledger.send(stack.hook_url, dict(list(bodies.items())[400:]))
    send_until_taken(stack, ledger, bodies, wait_until)
    assert sorted(stored(stack, devices)) == list(range(600))
    check_latest(stack, devices, bodies)


@pytest.mark.parametrize("how", ["terminate", "restart"])
def test_connections_that_postgresql_drops_under_load_lose_nothing(fresh_stack, ledger, wait_until, how):
    stack = fresh_stack()
    devices = fleet(stack)
    bodies = bodies_of(devices, 3000)
    sending = ledger.start(stack.hook_url, bodies)
    wait_until(lambda: ledger.count() > 500, timeout=30, message="load")
    if how == "terminate":
        stack.db.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                         " where pid <> pg_backend_pid() and datname = current_database()")
    else:
        stack.stack.stop("postgres")
        stack.stack.start("postgres")
    sending.join()
    send_until_taken(stack, ledger, bodies, wait_until)
    assert sorted(stored(stack, devices)) == list(range(3000))
    check_latest(stack, devices, bodies)


def test_a_clean_stop_under_load_answers_what_it_took(fresh_stack, ledger, wait_until):
    stack = fresh_stack()
    devices = fleet(stack)
    bodies = bodies_of(devices, 20000)
    sending = ledger.start(stack.hook_url, bodies)
    wait_until(lambda: ledger.count() > 1000, timeout=30, message="load")
    stack.stack.stop("thingd")
    sending.stop()
    rows = stored(stack, devices)
    assert len(rows) == len(set(rows))
    assert ledger.accepted == set(rows), "what was answered and what was stored differ"


def test_overload_is_answered_503_at_once_and_what_was_taken_is_stored(fresh_stack, ledger):
    stack = fresh_stack(settings={"hook.max_inflight": 16})
    devices = fleet(stack)
    bodies = bodies_of(devices, 2000)
    ledger.send(stack.hook_url, bodies, threads=64)
    assert set(ledger.answers.values()) <= {200, 204, 503}
    assert ledger.numbers(503), "64 at once stayed under a cap of 16"
    assert set(stored(stack, devices)) == ledger.accepted


OUTCOMES = ("hook_stored", "hook_duplicate", "hook_dead", "hook_refused", "hook_retry", "hook_ignored")


def test_whatever_comes_in_is_counted_under_one_outcome(fresh_stack, ledger):
    stack = fresh_stack(settings={"hook.max_inflight": 16, "spool.dir": ""})
    devices = fleet(stack, 5)
    stranger = type(devices[0])(devices[0].product, "nobody", "")
    good = list(bodies_of(devices, 300).values())
    bad = [hooks.publish(devices[0], "thing/event/property/post", b"x") for _ in range(40)]
    presence = [hooks.connected(device, hooks.now_ms(), hooks.address()) for device in devices]
    others = [hooks.property_post(stranger, {"a": 1}), hooks.subscribed(devices[0]), {"action": "message_acked"}, {}, []]
    everything = dict(enumerate(good + good + bad + presence + presence + others))
    ledger.send(stack.hook_url, everything, threads=48)
    counts = {name: stack.counter(name) for name in OUTCOMES}
    assert stack.counter("hook_received") == sum(counts.values()) == len(everything), counts
    assert counts["hook_retry"] == len(ledger.numbers(503)) == len(ledger.open)
    assert counts["hook_dead"] == stack.value("select count(*) from dead_letter")
    assert counts["hook_refused"] == stack.value("select coalesce(sum(refused), 0) from dead_letter_count")


def test_a_body_over_the_limit_is_refused_and_costs_nothing(fresh_stack):
    stack = fresh_stack(nodes=0)
    limit = 1048576 * 4 // 3 + 16384
    device = stack.make_device()
    before = stack.resident_kib()
    for size in (limit + 1, 10 * limit, 50 * limit):
        assert stack.hook(b"x" * size).status_code == 413
    assert stack.resident_kib() < before + 16 * 1024
    stack.accept(hooks.property_post(device, {"a": 1}))
    assert len(stack.history(device)) == 1


def test_while_postgresql_is_away_probes_are_answered_at_once(fresh_stack, wait_until):
    stack = fresh_stack(nodes=0)
    stack.stack.kill("postgres")
    wait_until(lambda: not stack.door.get(stack.http + "/readyz").is_success, message="the loss to be seen")
    for path, status in (("/healthz", 200), ("/time", 200), ("/metrics", 200), ("/readyz", 503)) * 5:
        answer = stack.door.get(stack.http + path, timeout=2)
        assert answer.status_code == status, path
