# SPDX-License-Identifier: Apache-2.0
"""Redis slow, half-open or cut: messages and requests go on without it, and it is used again when it is well."""

import secrets

import pytest
from harness import hooks
from parts import ports, redis


@pytest.fixture
def server(tmp_path):
    block = ports.reserve()
    made = redis.Redis("redis", str(tmp_path), block.take(), secrets.token_hex(8), str(tmp_path / "log"))
    made.start()
    yield made
    made.process.kill()
    block.release()


def figure(platform, name):
    text = platform.api.get("/metrics").text
    return int(next(line.split()[1] for line in text.splitlines() if line.startswith(f"thingd_{name} ")))


@pytest.mark.parametrize("toxic", [
    {"kind": "latency", "latency": 30000},
    {"kind": "timeout", "timeout": 0},
    {"kind": "limit_data", "bytes": 1},
    {"kind": "slicer", "average_size": 1, "size_variation": 0, "delay": 20000},
], ids=lambda toxic: toxic["kind"])
def test_a_sick_redis_changes_no_answer(stacks, toxiproxy, server, wait_until, toxic):
    port = toxiproxy.proxy("redis", server.port)
    platform = stacks(settings={"redis.url": server.url.replace(f":{server.port}", f":{port}"), "redis.timeout": 50})
    device = platform.make_device()
    wait_until(lambda: figure(platform, "redis_connections") == 2, message="Redis in use")
    token = platform.call("POST", "/api/v1/tokens", {"name": "t", "role": "viewer"}, 201)["token"]
    headers = {"authorization": f"Bearer {token}", "x-forwarded-for": "192.0.2.1"}
    toxiproxy.add("redis", **toxic)
    for n in range(30):
        platform.accept(hooks.property_post(device, {"n": n}))
        assert platform.api.get(device.path, headers=headers).status_code == 200
    assert len(platform.history(device)) == 30
    assert figure(platform, "redis_timeouts_total") + figure(platform, "redis_failures_total") > 0
    toxiproxy.heal()
    sent = figure(platform, "redis_commands_total")

    def used_again():
        platform.api.get(device.path, headers=headers)
        return figure(platform, "redis_commands_total") > sent and figure(platform, "redis_connections") == 2

    wait_until(used_again, message="Redis used again")
