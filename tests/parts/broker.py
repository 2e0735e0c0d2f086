# SPDX-License-Identifier: Apache-2.0
"""The real RMQTT broker, built once by examples/broker/build and configured by `thingd broker-config`."""

import json
import os
import socket
import subprocess
import urllib.request

from .process import Failed, Process, clean_env, wait_until

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def build():
    """The path of the broker's binary; compiles it first when the cache has none (progress on standard error)."""
    done = subprocess.run([os.path.join(REPOSITORY, "examples/broker/build")], stdout=subprocess.PIPE, text=True,
                          check=False)
    if done.returncode:
        raise Failed("the broker could not be built")
    return done.stdout.strip()


class Broker:
    """One node. `folder` holds rmqtt.toml and plugins/; `mqtt` and `api` are its ports on loopback."""

    def __init__(self, name, binary, folder, mqtt, api, api_token, log):
        self.mqtt = mqtt
        self.api = api
        self.api_token = api_token
        self.process = Process(name, [binary, "-f", os.path.join(folder, "rmqtt.toml")], log, cwd=folder,
                               env=clean_env())

    def start(self):
        """Starts without waiting: the nodes of a cluster wait for each other."""
        self.process.start()

    def wait(self):
        wait_until(f"starting {self.process.name}", self._ready, 90, [self.process])

    def _ready(self):
        try:
            socket.create_connection(("127.0.0.1", self.mqtt), 1).close()
            health = self.get("/api/v1/health/check")
        except OSError:
            return False
        return health.get("running") is True

    def get(self, path):
        """What the broker's HTTP API answers to a GET, decoded."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.api}{path}",
                                         headers={"authorization": f"Bearer {self.api_token}"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.load(answer)
