# SPDX-License-Identifier: Apache-2.0
"""Programs on Node, with what they need from npm."""

import fcntl
import os
import shutil
import subprocess

CLIENTS = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "clients")


def programs():
    """The folder tests/clients, installed as its package-lock.json says."""
    lock = os.path.join(CLIENTS, "package-lock.json")
    mark = os.path.join(CLIENTS, "node_modules/.lock")
    with open(lock) as f:
        wanted = f.read()
        fcntl.flock(f, fcntl.LOCK_EX)
        if not os.path.exists(mark) or open(mark).read() != wanted:
            shutil.rmtree(os.path.join(CLIENTS, "node_modules"), ignore_errors=True)
            done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=CLIENTS, capture_output=True, text=True,
                                  check=False)
            assert done.returncode == 0, done.stderr
            with open(mark, "w") as out:
                out.write(wanted)
    return CLIENTS
