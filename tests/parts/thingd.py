# SPDX-License-Identifier: Apache-2.0
"""One thingd: its configuration file, its commands, its server."""

import os
import subprocess
import urllib.error
import urllib.request

from .broker import REPOSITORY
from .process import Failed, Process, clean_env, wait_until


def program():
    """The binary that `make` built; THINGD_BIN names another (a sanitized build, say)."""
    path = os.environ.get("THINGD_BIN") or os.path.join(REPOSITORY, "build/thingd")
    if not os.access(path, os.X_OK):
        raise Failed(f"{path} is missing: run `make`, or set THINGD_BIN")
    return os.path.abspath(path)


class Thingd:
    """`conf` is key -> value as in the configuration file; `http` is its port on loopback."""

    def __init__(self, name, binary, config, conf, http, cwd, log, env=None):
        self.config = config
        self.http = http
        self._binary = binary
        self._cwd = cwd
        self._env = clean_env(**(env or {}))
        fd = os.open(config, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(fd, "w") as f:
            f.writelines(f"{key} = {value}\n" for key, value in conf.items())
        self.process = Process(name, [binary, "serve", "--config", config], log, cwd=cwd, env=self._env)

    def command(self, *arguments):
        """Runs `thingd ARGUMENTS --config ...` to its end; returns what it printed."""
        done = subprocess.run([self._binary, *arguments, "--config", self.config], capture_output=True, text=True,
                              cwd=self._cwd, env=self._env, check=False)
        if done.returncode:
            raise Failed(f"thingd {' '.join(arguments)} failed ({done.returncode}):\n{done.stdout}{done.stderr}")
        return done.stdout

    def start(self):
        self.process.start()

    def wait(self, ready=True):
        """Until it serves; with `ready` also until database and broker are well."""
        path = "/readyz" if ready else "/healthz"
        wait_until(f"{self.process.name}: {path}", lambda: self._answers(path), 60, [self.process])

    def _answers(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.http}{path}", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False
