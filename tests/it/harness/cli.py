# SPDX-License-Identifier: Apache-2.0
"""`thingd` as people call it: a process of its own with a home folder of its own."""

import dataclasses
import json
import os
import subprocess

from parts import thingd
from parts.process import clean_env


@dataclasses.dataclass(frozen=True)
class Done:
    status: int
    out: str
    err: str

    @property
    def lines(self):
        return self.out.splitlines()

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def items(self):
        """JSON Lines."""
        return [json.loads(line) for line in self.lines]


class Cli:
    """Runs thingd against a server. `home` is its HOME; nothing of the caller's environment reaches it."""

    def __init__(self, server, token, home):
        self.home = str(home)
        self.environment = {"HOME": self.home, "THINGD_SERVER": server, "THINGD_TOKEN": token}

    def env(self, **changes):
        """None takes a variable out."""
        whole = {**clean_env(), **self.environment, **changes}
        whole.pop("XDG_CONFIG_HOME", None) if "XDG_CONFIG_HOME" not in changes else None
        return {name: value for name, value in whole.items() if value is not None}

    def argv(self, *arguments):
        return [thingd.program(), *arguments]

    def run(self, *arguments, status=0, input=None, env=None):
        """Runs `thingd ARGUMENTS` to its end, which must be of this status (None: any)."""
        done = subprocess.run(self.argv(*arguments), input=input, capture_output=True, text=True, timeout=60,
                              env=self.env(**(env or {})), cwd=self.home, check=False)
        assert status in (None, done.returncode), (arguments, done.returncode, done.stdout, done.stderr)
        assert "stack traceback" not in done.stderr, done.stderr
        if status:
            assert done.stderr.startswith("thingd: "), done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    def path(self, *names):
        return os.path.join(self.home, *names)
