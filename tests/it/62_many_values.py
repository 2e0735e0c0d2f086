# SPDX-License-Identifier: Apache-2.0
"""A body of many small values takes a hundred times its size once it is read: the cap of bytes in flight holds for
the memory, and what is answered 503 gets in when it is sent again."""

import concurrent.futures
import json

import httpx
from harness import hooks

DEVICES = 64
VALUES = 60_000  # 120 KB as JSON, 15 MB read
MIB = 1024


def highest_kib(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def status_of(url, post):
    """On a connection of its own: all are open at once, and none is taken from another thread."""
    return httpx.post(url, content=json.dumps(post), timeout=60, trust_env=False).status_code


def test_memory_stays_flat(fresh_stack):
    platform = fresh_stack(nodes=0, settings={"hook.max_inflight_bytes": "64MiB"})
    product = platform.make_product()
    devices = [platform.make_device(product) for _ in range(DEVICES)]
    body = {"list": [0] * VALUES}
    posts = [hooks.property_post(device, body) for device in devices]
    pid = platform.stack.pids["thingd"]
    before = highest_kib(pid)
    refused, rounds = 0, 0
    with concurrent.futures.ThreadPoolExecutor(DEVICES) as pool:
        while posts:
            rounds += 1
            answers = list(pool.map(lambda post: status_of(platform.hook_url, post), posts))
            assert set(answers) <= {200, 503}
            refused += answers.count(503)
            posts = [post for post, status in zip(posts, answers) if status == 503]
            assert rounds < 100, "what is sent again gets in"
    assert refused, "all at once they are over the cap"
    used = highest_kib(pid) - before
    assert used < 600 * MIB, f"{used // MIB} MiB for {DEVICES} messages"
    for device in devices:
        [row] = platform.history(device)
        assert len(row["params"]["list"]) == VALUES
