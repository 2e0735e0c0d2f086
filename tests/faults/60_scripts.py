# SPDX-License-Identifier: Apache-2.0
"""What scripts ask for while things break: small state counts each message once, functions put off run once."""

import os
import random

import pytest
from harness import scripts
from harness.ledger import Ledger

RANDOM = random.Random(60)
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EVERY = 97  # each so many-th message puts a function off; spread over all devices

SCRIPT = """local M = { api = 1 }
function M.on_property(msg)
    thing.kv.set("n", (thing.kv.get("n") or 0) + 1)
    if msg.params.n % %d == 0 then thing.later("done", { n = msg.params.n }) end
end
function M.done(args)
    thing.kv.set("done", (thing.kv.get("done") or 0) + 1)
    thing.event("done", { n = args.n })
    thing.later("after", args, 0.1)
end
function M.after(args) thing.event("after", { n = args.n }) end
return M
""".replace("%d", str(EVERY))

SETTINGS = {"outbox.lease": "2s", "outbox.backoff": "50ms"}


@pytest.fixture
def counting(campaign):
    """counting(fault, **options): a campaign whose devices run the script."""
    def make(fault, **options):
        load = campaign(f"scripts: {fault}", settings=SETTINGS, **options)
        scripts.install(load.platform, load.devices[0].product, SCRIPT)
        return load

    return make


def settle(load, wait_until):
    """As the campaign settles; then state and functions must add up to the messages, device by device."""
    load.settle()
    stack = load.platform
    wait_until(lambda: stack.value("select count(*) from outbox") == 0, timeout=60, message="nothing left to be done")
    for place, device in enumerate(load.devices):
        numbers = [n for n in load.bodies if n % len(load.devices) == place]
        late = sorted(n for n in numbers if n % EVERY == 0)
        state = stack.value("select s.kv::jsonb from device_state s join device d on d.id = s.device_id where d.key = %s",
                            device.key)
        assert (state.get("n", 0), state.get("done", 0)) == (len(numbers), len(late)), device.key
        events = stack.events(device)
        for kind in ("done", "after"):
            assert sorted(e["params"]["n"] for e in events if e["type"] == kind) == late, (device.key, kind)


def test_kill_9_at_random_points(counting, rounds, wait_until):
    load = counting("kill -9 of thingd")
    for _ in range(rounds):
        def breaks():
            load.platform.stack.kill("thingd")
            load.platform.stack.start("thingd")

        load.under_load(breaks, before=RANDOM.randint(100, 1500), after=100)
    settle(load, wait_until)


def test_kill_9_of_postgresql(counting, wait_until):
    load = counting("kill -9 of PostgreSQL")

    def breaks():
        load.platform.stack.kill("postgres")
        load.platform.stack.start("postgres")

    load.under_load(breaks)
    settle(load, wait_until)


def test_two_instances(counting, wait_until):
    load = counting("two instances, halves", spool=False, instances=2)
    load.rounds = 1
    bodies = load.more(3000)
    load.sent |= set(bodies)
    halves = [{n: body for n, body in bodies.items() if n // len(load.devices) % 2 == half} for half in (0, 1)]
    running = [Ledger().start(url, half, threads=6) for url, half in zip(load.hook_urls(), halves)]
    for sending in running:
        sending.join()
    settle(load, wait_until)


def test_a_commit_that_nobody_learned_of(counting, rounds, wait_until, monkeypatch):
    program = os.environ.get("THINGD_POINTS_BIN") or os.path.join(ROOT, "build-sanitize/thingd")
    assert os.access(program, os.X_OK), "build it: make sanitize"
    monkeypatch.setenv("THINGD_BIN", program)
    load = counting("commit unknown", env={"THINGD_ERRINJ": f"batch.unknown={10 * rounds}",
                                           "ASAN_OPTIONS": "detect_leaks=0"})
    load.under_load(lambda: None, before=1500)
    settle(load, wait_until)
