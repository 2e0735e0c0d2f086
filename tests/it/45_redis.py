# SPDX-License-Identifier: Apache-2.0
"""Two instances that share a Redis: live events and rate limits are one; without it each goes on by itself."""

import itertools
import subprocess
import time

import httpx
import pytest
from harness import hooks
from harness.live import Listener
from harness.wait import PATIENCE, wait_until
from parts import thingd


@pytest.fixture(scope="module")
def two(module_stack):
    return module_stack(nodes=0, instances=2, redis=True, settings={"redis.timeout": 2000})


@pytest.fixture
def listen(two):
    made = []

    def make(instance=1, token=None, **params):
        one = Listener(two.stack.instances[instance]["http"], token or two.stack.admin_token, **params)
        made.append(one)
        assert one.status == 200
        one.got.get(timeout=PATIENCE)
        return one

    yield make
    for one in made:
        one.close()


def heard_elsewhere(two, listener, device, kind="event", instance=0):
    """Events are posted at the other instance until one is heard: the wish travels there first."""
    numbers = itertools.count()

    def heard():
        two.hook(hooks.event_post(device, "probe", {"n": next(numbers)}), instance=instance)
        return [event for event in listener.seen() if event[0] == kind]

    return wait_until(heard, message="an event of the other instance")


def test_events_of_one_instance_are_heard_at_the_other(two, listen):
    device = two.make_device()
    one = listen(device=device.key)
    heard_elsewhere(two, one, device)
    two.accept(hooks.event_post(device, "told", {"text": "line\nfeed"}), hooks.property_post(device, {"a": 1.50}))
    event = next(e for e in iter(lambda: one.next("event"), None) if e["type"] == "told")
    assert (event["product"], event["device"], event["params"]) == (device.product, device.key, {"text": "line\nfeed"})
    assert one.next("latest")["params"] == {"a": 1.5}


def test_listeners_without_a_device_hear_as_well(two, listen):
    device = two.make_device()
    one = listen(kinds="event", product=device.product)
    assert all(event[1]["device"] == device.key for event in heard_elsewhere(two, one, device))


def test_each_event_is_heard_once(two, listen):
    device = two.make_device()
    here, there = listen(0, device=device.key, kinds="event"), listen(1, device=device.key, kinds="event")
    heard_elsewhere(two, there, device)
    for n in range(50):
        assert two.hook(hooks.event_post(device, "numbered", {"n": n}), instance=n % 2).is_success
    two.accept(hooks.event_post(device, "end", {}))
    for one in (here, there):
        got = []
        while sum(e["type"] == "numbered" for e in got) < 50 or got[-1]["type"] != "end":
            got.append(one.next("event"))
        assert sorted(e["params"]["n"] for e in got if e["type"] == "numbered") == list(range(50))


def test_what_a_role_may_not_hear_stays_unheard_there_too(two, listen):
    mine, other = two.make_device(), two.make_device()
    token = two.call("POST", "/api/v1/tokens", {"name": "t", "role": "viewer", "products": [mine.product]}, 201)["token"]
    one = listen(1, token, kinds="event")
    for _ in range(3):
        two.accept(hooks.event_post(other, "secret", {}))
    assert all(event[1]["device"] == mine.key for event in heard_elsewhere(two, one, mine))


def test_a_revoked_token_ends_its_streams_everywhere(two, listen):
    made = two.call("POST", "/api/v1/tokens", {"name": "gone", "role": "viewer"}, 201)
    one = listen(1, made["token"])
    two.call("DELETE", f"/api/v1/tokens/{made['id']}", expect=204)
    assert one.ended.wait(10)


@pytest.fixture
def doors(two):
    """One connection to each instance: a setting that has come to its worker holds for all that it asks."""
    made = [httpx.Client(base_url=instance["http"], trust_env=False) for instance in two.stack.instances]
    yield made
    for door in made:
        door.close()


def ask(door, token):
    headers = {"authorization": f"Bearer {token}", "x-forwarded-for": "192.0.2.9"}
    answer = door.get("/api/v1/products", headers=headers)
    assert answer.status_code in (200, 429)
    return answer


def test_a_rate_limit_counts_for_all_instances(two, doors):
    tokens = [two.call("POST", "/api/v1/tokens", {"name": name, "role": "viewer"}, 201)["token"] for name in "ab"]
    two.call("PATCH", "/api/v1/settings", {"rate_per_minute": 60})
    try:
        for door in doors:  # the setting gets around in a second
            wait_until(lambda d=door: ask(d, tokens[0]).headers["ratelimit-limit"] == "10", message="the limit")
        began = time.monotonic()
        passed = sum(ask(doors[n % 2], tokens[1]).status_code == 200 for n in range(40))
        # A burst of 10, one more each second. Two buckets would let 20 pass at once.
        assert 10 <= passed <= 11 + (time.monotonic() - began)
    finally:
        two.call("PATCH", "/api/v1/settings", {"rate_per_minute": None})


def auth_at(two, device, word, instance):
    body = {"client_id": device.key, "username": device.product, "password": word, "protocol": "4", "ipaddress": "::1"}
    return two.door.post(two.stack.instances[instance]["hook"].replace("/hook/", "/auth/"), json=body).json()["result"]


def test_a_password_used_at_one_instance_is_used_at_the_other(two):
    device = two.make_device(two.make_product(auth_once=True))
    word = device.password(nonce="aaaaaa")
    assert auth_at(two, device, word, 0) == "allow"
    assert auth_at(two, device, word, 1) == "deny"
    assert auth_at(two, device, device.password(nonce="bbbbbb"), 1) == "allow"


def gauge(two, name, instance=0):
    text = two.api.get(two.stack.instances[instance]["http"] + "/metrics").text
    return int(next(line.split()[1] for line in text.splitlines() if line.startswith(f"thingd_{name} ")))


def test_without_redis_everything_else_goes_on(two, listen):
    device = two.make_device()
    here, there = listen(0, device=device.key), listen(1, device=device.key)
    heard_elsewhere(two, there, device)
    two.stack.kill("redis")
    wait_until(lambda: gauge(two, "redis_connections") == 0, message="the loss is seen")
    two.accept(hooks.property_post(device, {"a": 7}))
    assert here.next("latest")["params"] == {"a": 7}
    assert two.call("GET", device.path + "/latest")["properties"]["a"]["value"] == 7
    two.stack.start("redis")
    # It missed something, is told so, and goes on.
    wait_until(lambda: "resync" in [event[0] for event in there.seen()], message="resync")
    heard_elsewhere(two, there, device)


def test_another_machine_must_be_allowed(two):
    done = subprocess.run([thingd.program(), "serve", "--config", two.stack.instances[0]["config"]], text=True,
                          env={"THINGD_REDIS_URL": "redis://:s3cretword@192.0.2.1", "PATH": "/usr/bin"},
                          capture_output=True, timeout=30, check=False)
    assert done.returncode == 1
    assert "redis.allow_remote" in done.stderr and "s3cretword" not in done.stderr


def test_doctor_looks_at_redis(two):
    done = subprocess.run([thingd.program(), "doctor", "--config", two.stack.instances[0]["config"]], text=True,
                          capture_output=True, timeout=PATIENCE, check=False)
    assert "ok    redis" in done.stdout
