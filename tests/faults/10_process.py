# SPDX-License-Identifier: Apache-2.0
"""thingd itself dies, is starved, or is fed twice."""

import random
import resource

from harness import hooks
from harness.ledger import Ledger

RANDOM = random.Random(20)


def test_kill_9_at_random_points_under_load(campaign, rounds):
    load = campaign("kill -9 of thingd")
    for _ in range(rounds):
        def breaks():
            load.platform.stack.kill("thingd")
            load.platform.stack.start("thingd")

        load.under_load(breaks, before=RANDOM.randint(20, 1500), after=100)
    load.settle()


def test_hooks_that_come_twice_and_shuffled(campaign):
    load = campaign("duplicated, shuffled hooks")
    load.rounds = 1
    bodies = load.more(3000)
    load.sent |= set(bodies)
    twice = [(n, body) for n, body in bodies.items() for _ in (1, 2)]
    RANDOM.shuffle(twice)
    ledgers = [Ledger().start(load.platform.hook_url, dict(part), threads=8) for part in (twice[::2], twice[1::2])]
    for sending in ledgers:
        sending.join()
    load.repeated += len(twice) - len(bodies)
    load.settle()


def test_two_instances_with_halves_of_each_devices_messages(campaign):
    load = campaign("two instances, halves", spool=False, instances=2)
    load.rounds = 1
    bodies = load.more(3000)
    load.sent |= set(bodies)
    halves = [{n: body for n, body in bodies.items() if n // len(load.devices) % 2 == half} for half in (0, 1)]
    running = [Ledger().start(url, half, threads=6) for url, half in zip(load.hook_urls(), halves)]
    for sending in running:
        sending.join()
    load.settle()


def test_no_file_descriptors_left(campaign):
    load = campaign("file descriptors exhausted")
    pid = load.platform.pids["thingd"]

    def breaks():
        soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (40, hard))
        try:
            load.post(500, threads=60, timeout=5)
        finally:
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (soft, hard))

    load.under_load(breaks)
    load.settle()


def test_a_clock_that_is_an_hour_ahead(campaign):
    """thingd runs an hour ahead of the broker: reports keep the broker's times, and nothing is lost or doubled."""
    library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
    load = campaign("clock an hour ahead", env={"LD_PRELOAD": library, "FAKETIME": "+1h", "DONT_FAKE_MONOTONIC": "1"})
    load.under_load(lambda: None)
    load.settle()
    marked = load.platform.value("select count(*) from property_history where flags <> 0")
    assert marked == 0


def test_a_memory_cap_ends_it_like_a_crash(campaign):
    """Out of memory, the process ends at once; what it had answered is there, the rest comes again."""
    load = campaign("memory cap")
    stack = load.platform

    def breaks():
        pid = stack.pids["thingd"]
        with open(f"/proc/{pid}/statm") as f:
            size = int(f.read().split()[0]) * resource.getpagesize()
        resource.prlimit(pid, resource.RLIMIT_AS, (size + (2 << 20), size + (2 << 20)))
        load.post(600, threads=100, timeout=5)
        stack.stack.kill("thingd")
        stack.stack.start("thingd")

    load.under_load(breaks)
    load.settle()


def test_overload_stays_flat(campaign):
    load = campaign("overload, 10 times the cap", settings={"hook.max_inflight": 64})
    memory = load.platform.resident_kib()
    load.rounds = 1
    ledger = load.post(6000, threads=200)
    assert set(ledger.answers.values()) <= {200, 503}
    load.settle()
    assert load.platform.resident_kib() < memory + 64 * 1024


def test_a_device_that_sends_only_what_postgresql_refuses_stops_nobody(campaign):
    load = campaign("rows that PostgreSQL refuses")
    stack = load.platform
    poisoner = stack.make_device(load.devices[0].product)
    stack.db.execute("alter table property_history add constraint poison check (not params ? 'poison')")
    poison = {n: hooks.property_post(poisoner, {"poison": n}) for n in range(200)}

    def breaks():
        ledger = Ledger().send(stack.hook_url, poison, threads=4)
        assert ledger.accepted == set(poison)

    load.under_load(breaks)
    kept = stack.value("select count(*) from dead_letter where device_key = %s", poisoner.key)
    counted = stack.value("select coalesce(sum(refused), 0) from dead_letter_count where device_key = %s", poisoner.key)
    assert kept >= 1 and kept + counted == len(poison)
    assert stack.value("select distinct reason from dead_letter where device_key = %s", poisoner.key) == \
        "refused_by_database"
    stack.db.execute("delete from dead_letter_count")
    load.settle()
