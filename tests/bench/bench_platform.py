# SPDX-License-Identifier: Apache-2.0
"""What the benches need of a stack: its API, its database, its processes."""

import hashlib
import hmac
import json
import os
import shutil
import subprocess
import time
import urllib.request

DEVICES = 1000
PRODUCT = "bench"
PREFIX = "bench-"


def wait_until(condition, seconds, what):
    """Polls; returns the value and how long it took."""
    started = time.monotonic()
    while True:
        value = condition()
        taken = time.monotonic() - started
        if value:
            return value, taken
        if taken > seconds:
            raise SystemExit(f"bench: {what} took longer than {seconds} s")
        time.sleep(0.005)


class Platform:
    def __init__(self, stack):
        self.stack = stack
        self.key = None

    def api(self, method, path, body=None):
        request = urllib.request.Request(self.stack.http + path, method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"authorization": f"Bearer {self.stack.admin_token}",
                                                  "content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def sql(self, text):
        """Rows as psql prints them, one string."""
        return subprocess.run([shutil.which("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d",
                               self.stack.database, "-c", text], capture_output=True, text=True, check=True).stdout.strip()

    def rows(self):
        return int(self.sql("select count(*) from property_history"))

    def metric(self, name):
        """A number of /metrics, by its name without `thingd_`."""
        request = urllib.request.Request(self.stack.http + "/metrics",
                                         headers={"authorization": f"Bearer {self.stack.admin_token}"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            for line in answer.read().decode().splitlines():
                if line.startswith(f"thingd_{name} "):
                    return int(line.split()[1])
        raise SystemExit(f"bench: /metrics has no {name}")

    def seed(self):
        """A product whose devices share a key, and its devices in bulk."""
        made = self.api("POST", "/api/v1/products", {"key": PRODUCT, "settings": {"auth": "product_key"}})
        self.key = made["product_key"]
        self.sql(f"insert into device (product_id, key) select p.id, '{PREFIX}' || n from product p,"
                 f" generate_series(0, {DEVICES - 1}) n where p.key = '{PRODUCT}'; analyze;")

    def password(self, device):
        seconds = int(time.time())
        text = f"{device}.a1b2c3.{seconds}.{self.key}"
        return f"a1b2c3.{seconds}.{hmac.new(self.key.encode(), text.encode(), hashlib.sha1).hexdigest()}"

    def wrk_env(self, **more):
        return {"BENCH_PRODUCT": PRODUCT, "BENCH_PREFIX": PREFIX, "BENCH_DEVICES": DEVICES, **more}

    def rss_mib(self):
        with open(f"/proc/{self.stack.pids['thingd']}/status") as f:
            line = next(line for line in f if line.startswith("VmRSS:"))
        return round(int(line.split()[1]) / 1024, 1)


def machine():
    """Size of the machine, for the reader of the figures."""
    with open("/proc/cpuinfo") as f:
        model = next((line.split(":", 1)[1].strip() for line in f if line.startswith("model name")), "unknown CPU")
    with open("/proc/meminfo") as f:
        memory = int(f.readline().split()[1]) / 1024 / 1024
    postgres = subprocess.run(["psql", "--version"], capture_output=True, text=True, check=True).stdout.split()[2]
    return f"{len(os.sched_getaffinity(0))} cores ({model}), {memory:.0f} GiB, Linux {os.uname().release}, PostgreSQL {postgres}"
