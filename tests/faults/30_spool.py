# SPDX-License-Identifier: Apache-2.0
"""The spool's files are torn, corrupted, too big for the disk, or somebody else's."""

import glob
import os
import subprocess

from campaign import metric
from harness import hooks
from harness.ledger import Ledger
from parts import thingd


def spooled(load, wait_until, count=400):
    """Messages that are in the spool, PostgreSQL away."""
    stack = load.platform
    load.post(20)
    stack.stack.kill("postgres")
    more = load.more(count)

    def all_taken():
        missing = {n: body for n, body in more.items() if n not in load.accepted}
        load.note(Ledger().send(stack.hook_url, missing, threads=4))
        return set(more) <= load.accepted

    wait_until(all_taken, timeout=60, message="messages to be spooled")
    assert metric(stack, "spool_messages") >= count - 20
    return more


def segments(folder):
    return sorted(glob.glob(os.path.join(folder, "*.spool")))


def test_a_torn_last_record_costs_only_itself(campaign, spool_folder, wait_until):
    load = campaign("spool: torn last record")
    load.rounds = 1
    spooled(load, wait_until)
    load.platform.stack.kill("thingd")
    last = segments(spool_folder)[-1]
    with open(last, "ab") as f:  # a record whose write the crash cut off: it was never answered
        f.write(open(last, "rb").read(200)[:150])
    load.platform.stack.start("postgres")
    load.platform.stack.start("thingd")
    load.settle()
    assert metric(load.platform, "spool_damaged_bytes") == 150
    assert glob.glob(os.path.join(spool_folder, "*.damaged"))


def test_a_corrupted_record_in_the_middle_costs_only_itself(campaign, spool_folder, wait_until):
    load = campaign("spool: corrupted record")
    load.rounds = 1
    spooled(load, wait_until)
    stack = load.platform
    stack.stack.kill("thingd")
    first = segments(spool_folder)[0]
    with open(first, "r+b") as f:
        content = f.read()
        second = content.index(b"TSP1", content.index(b"TSP1", 1000) + 4)
        f.seek(second + 60)
        f.write(b"\xff\xff\xff")
    stack.stack.start("postgres")
    stack.stack.start("thingd")
    load.spool_empty()
    lost = set(load.bodies) - set(load.stored())
    assert len(lost) == 1, lost
    load.accepted -= lost  # as if the broker sent it again
    load.settle()


def test_a_full_disk_is_503_and_loses_nothing(campaign, small_disk, wait_until):
    folder = small_disk(4)
    load = campaign("spool: disk full", settings={"spool.dir": os.path.join(folder, "spool")})
    load.rounds = 1
    stack = load.platform
    stack.stack.kill("postgres")
    ledger = Ledger().send(stack.hook_url, {
        n: hooks.property_post(load.devices[n % 20], {"n": n, "x": "y" * 1000}) for n in range(6000)}, threads=16)
    assert 503 in ledger.answers.values() and 200 in ledger.answers.values()
    assert set(ledger.answers.values()) <= {200, 503}
    load.accepted = set(ledger.accepted)
    stack.stack.start("postgres")
    load.spool_empty()
    assert set(load.stored()) == load.accepted and len(load.stored()) == len(load.accepted)
    assert metric(stack, "spool_damaged_bytes") == 0


def test_over_its_cap_the_spool_says_503_and_one_device_cannot_fill_it(campaign, wait_until):
    load = campaign("spool: cap", settings={"spool.max_bytes": 1048576, "spool.device_bytes": 65536})
    stack = load.platform
    stack.stack.kill("postgres")
    one = load.devices[0]
    greedy = Ledger().send(stack.hook_url, {
        n: hooks.property_post(one, {"n": n, "x": "y" * 1000}) for n in range(200)}, threads=4)
    assert 0 < len(greedy.accepted) < 60 and greedy.numbers(503)
    others = Ledger().send(stack.hook_url, {
        1000 + n: hooks.property_post(load.devices[1 + n % 19], {"n": 1000 + n}) for n in range(200)}, threads=4)
    assert others.accepted == set(others.answers)
    stack.stack.start("postgres")
    load.spool_empty()
    assert sorted(load.stored()) == sorted(greedy.accepted | others.accepted)


def test_a_second_instance_on_the_same_folder_is_refused(stacks, spool_folder):
    stack = stacks()
    with open(stack.instances[0]["config"]) as f:
        text = f.read()
    other = os.path.join(stack.dir, "second.conf")
    with open(other, "w") as f:
        f.write("".join(line for line in text.splitlines(keepends=True) if ".listen" not in line))
        f.write("http.listen = 127.0.0.1:0\nhook.listen = 127.0.0.1:0\n")
    done = subprocess.run([thingd.program(), "serve", "--config", other], capture_output=True, text=True, timeout=30,
                          check=False)
    assert done.returncode == 1
    assert "in use by another thingd" in done.stderr and spool_folder in done.stderr
