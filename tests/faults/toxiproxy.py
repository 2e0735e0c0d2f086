# SPDX-License-Identifier: Apache-2.0
"""Network faults between the parts of a stack: proxies on loopback that delay, cut and swallow."""

import os
import subprocess

import httpx
from harness.wait import wait_until
from parts import ports

HERE = os.path.dirname(os.path.abspath(__file__))


class Toxiproxy:
    def __init__(self):
        binary = subprocess.run([os.path.join(HERE, "../parts/toxiproxy")], stdout=subprocess.PIPE, text=True,
                                check=True).stdout.strip()
        self._block = ports.reserve()
        port = self._block.take()
        self._process = subprocess.Popen([binary, "-host", "127.0.0.1", "-port", str(port)],
                                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._api = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=5, trust_env=False)
        wait_until(self._answers, message="toxiproxy")

    def _answers(self):
        try:
            return self._api.get("/version").is_success
        except httpx.TransportError:
            return False

    def proxy(self, name, upstream_port):
        """The port of a new proxy to 127.0.0.1:upstream_port."""
        port = self._block.take()
        self._api.post("/proxies", json={"name": name, "listen": f"127.0.0.1:{port}",
                                         "upstream": f"127.0.0.1:{upstream_port}"}).raise_for_status()
        return port

    def add(self, proxy, kind, stream="downstream", **attributes):
        """Puts a toxic in; it stays until heal(). downstream: what the server answers."""
        self._api.post(f"/proxies/{proxy}/toxics", json={
            "name": f"{kind}-{stream}", "type": kind, "stream": stream, "attributes": attributes}).raise_for_status()

    def enable(self, proxy, on):
        """Off: connections are cut, new ones refused."""
        self._api.post(f"/proxies/{proxy}", json={"enabled": on}).raise_for_status()

    def heal(self):
        self._api.post("/reset").raise_for_status()

    def close(self):
        self._api.close()
        self._process.terminate()
        self._process.wait()
        self._block.release()
