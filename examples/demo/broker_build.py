# SPDX-License-Identifier: Apache-2.0
"""The broker's build beside everything else."""

import os
import signal
import subprocess
import time

from parts.broker import REPOSITORY
from parts.process import Failed

SAY_EVERY = 20  # seconds


class BrokerBuild:
    """Started at once; a broker in the cache is there within milliseconds."""

    def __init__(self, log):
        self._log = log
        self._path = ""
        with open(log, "wb") as out:
            self._process = subprocess.Popen([os.path.join(REPOSITORY, "examples/broker/build")],
                                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=out, text=True,
                                             start_new_session=True)

    def wait(self, say, watch):
        """The path of the binary. Says now and then how far it is; fails when a process of `watch` ends meanwhile."""
        said = time.monotonic() - SAY_EVERY + 1
        while True:
            try:
                self._path = self._process.communicate(timeout=0.5)[0]
                break
            except subprocess.TimeoutExpired:
                pass
            for process in watch:
                process.check()
            if time.monotonic() - said >= SAY_EVERY:
                said = time.monotonic()
                say(f"the broker still compiles, once for all checkouts: {self._last_line()}")
        if self._process.returncode:
            with open(self._log, errors="replace") as f:
                raise Failed(f"the broker could not be built:\n{f.read()[-3000:]}")
        return self._path.strip()

    def _last_line(self):
        with open(self._log, errors="replace") as f:
            lines = f.read().replace("broker: ", "").splitlines()
        return lines[-1] if lines else "starting"

    def stop(self):
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait()
