# SPDX-License-Identifier: Apache-2.0
"""The way from real MQTT clients through the broker: into the database, and into a webhook that does nothing."""

import glob
import json
import os
import re
import signal
import subprocess
import sys
import threading

from parts import ports, thingd
from bench_platform import PREFIX, PRODUCT, wait_until

CLIENTS = 64
RATE = 25000


class NullHook:
    """tests/bench/null_hook.c, compiled into the stack's folder."""

    def __init__(self, folder, source):
        program = os.path.join(folder, "null_hook")
        subprocess.run(["cc", "-O2", "-D_GNU_SOURCE", "-o", program, source], check=True)
        self._block = ports.reserve()
        self.port = self._block.take()
        self._process = subprocess.Popen([program, str(self.port)], stdout=subprocess.PIPE, text=True)

    def total(self):
        self._process.send_signal(signal.SIGUSR1)
        return int(self._process.stdout.readline())

    def end(self):
        self._process.kill()
        self._process.wait()
        self._block.release()


def send(platform, seconds, counter):
    """Runs the load simulator; figures of it, and how fast `counter()` rose till all had come."""
    host = platform.stack.mqtt.removeprefix("mqtt://")
    argv = [thingd.program(), "sim", "load", "--mqtt", host, "--product", PRODUCT, "--prefix", PREFIX, "--devices",
            str(CLIENTS), "--key", platform.key, "--rate", str(RATE), "--seconds", str(seconds), "--json"]
    start = counter()
    figures = {}

    def run():
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        if done.returncode:
            figures["error"] = done.stderr
        else:
            figures.update(json.loads(done.stdout))

    simulator = threading.Thread(target=run)
    simulator.start()
    wait_until(lambda: counter() > start or not simulator.is_alive(), 60, "the first hook")
    if figures.get("error"):
        sys.exit(f"bench: {figures['error']}")
    _, sending = wait_until(lambda: not simulator.is_alive(), seconds + 60, "the load")
    simulator.join()
    meanwhile = counter() - start
    _, draining = wait_until(lambda: counter() - start >= figures["acked"], 120, "the last hook")
    return {"clients": CLIENTS, "qos": figures["qos"], "sent": figures["sent"], "acked": figures["acked"],
            "acked_rate": round(figures["acked"] / figures["seconds"]), "delivered_meanwhile": round(meanwhile / sending),
            "rate": round((counter() - start) / (sending + draining))}


def into_nothing(platform, seconds, source):
    """The broker's own limit: its webhook goes to a null endpoint, all else stays."""
    stack = platform.stack
    [conf] = glob.glob(os.path.join(stack.dir, "broker-1", "**", "rmqtt-web-hook.toml"), recursive=True)
    with open(conf) as f:
        kept = f.read()
    null = NullHook(stack.dir, source)
    try:
        stack.stop("broker")
        with open(conf, "w") as f:
            f.write(re.sub(r'http://[^"]*', f"http://127.0.0.1:{null.port}/", kept))
        stack.start("broker")
        return send(platform, seconds, null.total)
    finally:
        null.end()
        stack.stop("broker")
        with open(conf, "w") as f:
            f.write(kept)
        stack.start("broker")


def into_database(platform, seconds):
    rows = platform.rows()
    figures = send(platform, seconds, lambda: platform.metric("samples_total"))
    figures["rows"] = platform.rows() - rows
    return figures
