# SPDX-License-Identifier: Apache-2.0
"""Whole stacks: they come up, take orders, stand side by side, and leave nothing behind."""

import json
import os
import re
import subprocess
import sys
import urllib.request

import psycopg
import pytest

from . import client, ports
from .process import Failed, wait_until
from .test_process import gone

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
COMMAND = os.path.join(TESTS, "stack")


def status(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.status


def nothing_left(state):
    assert not os.path.exists(state["dir"])
    for name, pid in state["pids"].items():
        wait_until(f"{name}'s end", lambda pid=pid: pid is None or gone(pid), 10)
    base = int(state["database"].rsplit(":", 1)[1].split("/")[0])
    assert not os.path.exists(f"{ports.FOLDER}/{base}")
    assert ports.is_free(base)


def command(*arguments):
    done = subprocess.run([COMMAND, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_command_line():
    state = json.loads(command("up", "--workers", "1", "--set", "log.level=debug", "--json"))
    try:
        assert {"dir", "http", "hook", "mqtt", "mqtts", "admin_token", "database", "pids"} <= set(state)
        assert status(state["http"] + "/readyz") == 200
        with psycopg.connect(state["database"]) as db:
            assert db.execute("select 1").fetchone() == (1,)
        with open(state["instances"][0]["config"]) as f:
            assert "workers = 1\n" in (text := f.read()) and "log.level = debug\n" in text
        for part in ("thingd", "broker", "postgres"):
            pids = json.loads(command("kill", state["dir"], part))
            assert pids[part] is None
            wait_until(f"{part}'s end", lambda part=part: gone(state["pids"][part]), 10)
        for part in ("postgres", "broker", "thingd"):
            pids = json.loads(command("start", state["dir"], part))
            assert pids[part] not in (None, state["pids"][part])
        assert status(state["http"] + "/readyz") == 200, "the same ports again"
        assert json.loads(command("stop", state["dir"], "thingd"))["thingd"] is None
        again = json.loads(command("start", state["dir"], "thingd", "--json"))
        assert again["admin_token"] == state["admin_token"]
    finally:
        command("down", state["dir"])
    nothing_left(again)


def test_two_side_by_side():
    with client.up() as one, client.up(nodes=0) as other:
        assert one.dir != other.dir and one.database != other.database and other.mqtt is None
        assert status(one.http + "/readyz") == status(other.http + "/healthz") == 200
        states = one.state, other.state
    for state in states:
        nothing_left(state)


def test_cluster():
    with client.up(nodes=3) as stack:
        assert len(stack.nodes) == len(stack.instances) == 3
        assert [status(instance["http"] + "/readyz") for instance in stack.instances] == [200, 200, 200]
        node = stack.nodes[2]
        request = urllib.request.Request(node["api"] + "/api/v1/nodes",
                                         headers={"authorization": f"Bearer {node['api_token']}"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            assert sorted(member["node_id"] for member in json.load(answer)) == [1, 2, 3]
        stack.kill("broker-2")
        stack.start("broker-2")
        state = stack.state
    nothing_left(state)


def test_goes_down_with_its_owner():
    script = ("from parts import client; import sys, json\n"
              "print(json.dumps(client.up(nodes=0).state), flush=True); sys.stdin.read()")
    owner = subprocess.Popen([sys.executable, "-c", script], cwd=TESTS, stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, text=True)
    state = json.loads(owner.stdout.readline())
    assert status(state["http"] + "/healthz") == 200
    owner.kill()
    owner.communicate()
    wait_until("the stack's end", lambda: not os.path.exists(state["dir"]), 30)
    nothing_left(state)


def test_parts_die_with_the_keeper():
    stack = client.up(nodes=0)
    os.kill(stack.pids["keeper"], 9)
    for name, pid in stack.pids.items():
        wait_until(f"{name}'s end", lambda pid=pid: gone(pid), 10)
    with pytest.raises(Failed, match="gone"):
        stack.start("thingd")
    stack.down()
    assert not os.path.exists(stack.dir)


def test_failure_tells_why_and_leaves_nothing():
    with pytest.raises(Failed, match="no.such.key") as failed:
        client.up(nodes=0, settings={"no.such.key": "1"})
    folder = re.search(r"its folder (\S+) is deleted", str(failed.value)).group(1)
    assert not os.path.exists(folder)


def test_crash_of_thingd_is_told_by_down():
    stack = client.up(nodes=0)
    os.kill(stack.pids["thingd"], 11)
    wait_until("the crash", lambda: gone(stack.pids["thingd"]), 10)
    with pytest.raises(Failed, match="thingd-1 ended with status -11"):
        stack.down()
    nothing_left(stack.state)


def test_unknown_part():
    with client.up(nodes=0) as stack, pytest.raises(Failed, match="no part 'broker'"):
        stack.kill("broker")
