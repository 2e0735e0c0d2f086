# SPDX-License-Identifier: Apache-2.0
"""An OpenID provider (npm oidc-provider, tests/clients/provider.js), and browsers that sign in with it."""

import json
import os
import queue
import signal
import subprocess
import threading
import urllib.parse

import httpx
from parts import ports

from .node import programs
from .wait import PATIENCE

PUBLIC = "https://things.test"  # what the provider believes our address to be
CALLBACK = PUBLIC + "/api/v1/session/oidc/callback"


class Provider:
    """`settings` are those of a thingd that lets people sign in here."""

    def __init__(self, roles):
        self._block = ports.reserve()
        self.port = self._block.take()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self._process = None
        self.settings = {
            "http.public_url": PUBLIC, "oidc.issuer": self.issuer, "oidc.client_id": "things of a test",
            "oidc.client_secret": "secret & more=", "oidc.name": "Test House", "oidc.roles": roles,
        }
        self.start()

    def start(self):
        about = {"port": self.port, "redirect_uri": CALLBACK, "client_id": self.settings["oidc.client_id"],
                 "client_secret": self.settings["oidc.client_secret"]}
        self._process = subprocess.Popen(
            ["node", "provider.js"], cwd=programs(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, env=dict(os.environ, PROVIDER=json.dumps(about)))
        self._said = queue.Queue()
        threading.Thread(target=self._read, args=(self._process, self._said), daemon=True).start()
        assert self._said.get(timeout=PATIENCE) == {"ready": True}

    @staticmethod
    def _read(process, said):
        for line in process.stdout:
            said.put(json.loads(line))

    def order(self, **what):
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        assert self._said.get(timeout=PATIENCE) == {"done": True}

    def person(self, sub, *groups, **members):
        self.order(person={"sub": sub, "groups": list(groups), "preferred_username": sub, **members})
        return sub

    def stop(self):
        self._process.kill()
        self._process.wait()

    def hang(self, so=True):
        self._process.send_signal(signal.SIGSTOP if so else signal.SIGCONT)

    def close(self):
        self.stop()
        self._block.release()


class Browser:
    """One browser: cookies for both sides, kept as a browser would that sees them over https."""

    def __init__(self, base):
        self.base = base
        self.cookies = {}
        self._ours = httpx.Client(base_url=base, timeout=PATIENCE, trust_env=False)
        self._theirs = httpx.Client(timeout=PATIENCE, trust_env=False)

    def close(self):
        self._ours.close()
        self._theirs.close()

    def get(self, path, method="GET", **headers):
        headers["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self._ours.request(method, path, headers=headers)
        for line in answer.headers.get_list("set-cookie"):
            name, value = line.split(";")[0].split("=", 1)
            assert all(word in line for word in ("Secure", "HttpOnly", "Path=/;")) and name.startswith("__Host-"), line
            self.cookies[name] = value
            if not value:
                del self.cookies[name]
        return answer

    def begin(self, to="/"):
        """The provider's address that we are sent to."""
        answer = self.get("/api/v1/session/oidc?to=" + urllib.parse.quote(to, safe=""))
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def at_provider(self, address, login):
        """Signs in there; returns the address that it sends back to."""
        for _ in range(10):
            if address.startswith(CALLBACK):
                return address
            if "/interaction/" in address:
                address += "?login=" + login
            answer = self._theirs.get(address)
            assert answer.is_redirect, (answer.status_code, answer.text[:2000])
            address = urllib.parse.urljoin(address, answer.headers["location"])
        raise AssertionError("sent around in circles: " + address)

    def back(self, address):
        """Where the callback ends: the path we are sent to."""
        answer = self.get(address.removeprefix(PUBLIC))
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def sign_in(self, login, to="/"):
        return self.back(self.at_provider(self.begin(to), login))

    def session(self):
        """What the session says, or None."""
        answer = self.get("/api/v1/session")
        return answer.json() if answer.is_success else None
