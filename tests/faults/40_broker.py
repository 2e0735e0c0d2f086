# SPDX-License-Identifier: Apache-2.0
"""The broker dies while devices and commands are under way."""

import glob
import json
import re

import pytest
from campaign import TABLE
from conftest import reroute


def test_the_broker_is_killed_and_comes_back(stacks, wait_until):
    stack = stacks(nodes=1)
    identity = stack.make_device()
    device = stack.online(identity)
    stack.stack.kill("broker")
    command = stack.call("POST", identity.path + "/commands", {"params": {"led": "on"}}, 201)
    stack.stack.start("broker")
    device.close()
    device = stack.device(identity).connect()

    def done():
        return stack.call("GET", f"{identity.path}/commands/{command['id']}")["state"]

    sent = device.next("thing/service/property/set", timeout=60)
    assert sent["params"] == {"led": "on"}
    device.publish("thing/service/property/set_reply", {"id": sent["id"], "code": 200, "data": None})
    wait_until(lambda: done() == "succeeded", timeout=60, message=lambda: f"its result, state {done()}")
    results = stack.value("select count(*) from command_log")
    TABLE.append(("broker killed, command", 1, 1, results, 0, 0, 0, 1 - results, 0))
    assert results == 1


def test_commands_while_the_way_to_the_brokers_api_is_bad(stacks, toxiproxy, wait_until):
    stack = stacks(nodes=1)
    identity = stack.make_device()
    device = stack.online(identity)
    port = int(re.search(r":(\d+)$", stack.nodes[0]["api"]).group(1))
    proxied = toxiproxy.proxy("api", port)
    reroute(stack, **{"broker.nodes": f"1=http://127.0.0.1:{proxied}"})
    toxiproxy.add("api", "timeout", timeout=0)  # the broker hears, its answers are swallowed
    ids = [stack.call("POST", identity.path + "/commands", {"params": {"n": n}}, 201)["id"] for n in range(5)]
    wait_until(lambda: stack.value("select bool_and(next_at > created_at + interval '1 second') from command"), timeout=90,
               message="thingd to have tried")
    toxiproxy.heal()
    device.close()
    device = stack.device(identity).connect()

    def all_over():
        for payload in device.inbox("thing/service/property/set"):  # the same one may come again under its id
            device.publish("thing/service/property/set_reply", {"id": json.loads(payload)["id"], "code": 200, "data": None})
        return states() == {"succeeded"}

    def states():
        return {stack.call("GET", f"{identity.path}/commands/{i}")["state"] for i in ids}

    wait_until(all_over, timeout=90, message=lambda: f"all results, {states()}")
    count = stack.value("select count(*) from command_log")
    TABLE.append(("broker API answers lost, commands", 1, 5, count, 0, 0, 0, 5 - count, 0))
    assert count == 5


@pytest.mark.parametrize("kind", ["latency", "cut", "answers lost"])
def test_the_network_from_the_broker_to_the_hooks_is_bad(stacks, toxiproxy, wait_until, kind):
    stack = stacks(nodes=1)
    identity = stack.make_device()
    port = re.search(r":(\d+)/", stack.hook_url).group(1)
    proxied = toxiproxy.proxy("hooks", int(port))
    stack.stack.stop("broker")
    for path in glob.glob(f"{stack.dir}/broker-1/plugins/*.toml"):
        with open(path) as f:
            text = f.read()
        with open(path, "w") as f:
            f.write(text.replace(f":{port}/", f":{proxied}/"))
    stack.stack.start("broker")
    device = stack.device(identity).connect()

    def post(numbers):
        for n in numbers:
            device.post({"n": n})

    post(range(30))
    if kind == "latency":
        toxiproxy.add("hooks", "latency", latency=400, jitter=200)
    elif kind == "cut":
        toxiproxy.enable("hooks", False)
    else:
        toxiproxy.add("hooks", "timeout", timeout=1)
    post(range(30, 80))
    toxiproxy.heal()
    post(range(80, 100))

    def numbers():
        return [row["params"]["n"] for row in stack.history(identity)]

    wait_until(lambda: len(set(numbers())) == 100, timeout=70, message=lambda: f"all reports, {len(numbers())} there")
    rows = numbers()
    TABLE.append((f"network to the hooks: {kind}", 1, 100, len(set(rows)), 0, 0, 0, 100 - len(set(rows)),
                  len(rows) - len(set(rows))))
    assert sorted(rows) == list(range(100))
