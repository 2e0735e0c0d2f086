# SPDX-License-Identifier: Apache-2.0
"""What tests use: brings a private stack up and gives it orders.

    with client.up(nodes=3, settings={"log.level": "debug"}) as stack:
        stack.http, stack.hook, stack.admin_token ...     # the members of stack.json
        stack.kill("thingd"); stack.start("thingd")
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys

from . import broker, thingd
from .keeper import SOCKET
from .process import Failed
from .stack import STATE

COMMAND = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "stack")


def up(nodes=1, instances=1, workers=2, settings=None, env=None, keep=False, owner=None, redis=False):
    """Starts a stack that goes down with the process `owner` (default: this one; 0: stays until it is taken down).

    Raises Failed with the reason.
    """
    options = {"nodes": nodes, "instances": instances, "workers": workers, "settings": settings or {},
               "env": env or {}, "keep": keep, "owner": os.getpid() if owner is None else owner, "redis": redis}
    return Stack(start_keeper(options))


def start_keeper(options):
    """The state of a new stack; its keeper runs on in a session of its own."""
    thingd.program()
    options["broker"] = broker.build() if options["nodes"] else None
    keeper = subprocess.Popen([sys.executable, COMMAND, "keep", json.dumps(options)], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        line = keeper.stdout.readline()
    except BaseException:
        keeper.send_signal(signal.SIGTERM)
        keeper.wait()
        raise
    answer = json.loads(line) if line else {"ok": False, "error": "the stack's keeper died"}
    if not answer["ok"]:
        keeper.wait()
        raise Failed(answer["error"])
    return answer["state"]


def read_state(folder):
    try:
        with open(os.path.join(folder, STATE)) as f:
            return json.load(f)
    except FileNotFoundError:
        raise Failed(f"{folder} is not the folder of a stack") from None


def order(folder, **what):
    """Gives the stack's keeper an order and returns the stack's new state."""
    state = read_state(folder)
    with socket.socket(socket.AF_UNIX) as s:
        at = os.open(folder, os.O_PATH | os.O_DIRECTORY)
        try:
            s.connect(f"/proc/self/fd/{at}/{SOCKET}")
        except OSError:
            if what["do"] != "down":
                raise Failed(f"the keeper of {folder} is gone") from None
            shutil.rmtree(state["dir"], ignore_errors=True)  # its parts died with it
            return state
        finally:
            os.close(at)
        s.sendall((json.dumps(what) + "\n").encode())
        line = s.makefile("r").readline()
    answer = json.loads(line) if line else {"ok": False, "error": "the stack's keeper died"}
    if not answer["ok"]:
        raise Failed(answer["error"])
    return answer["state"]


class Stack:
    """A running stack; every member of stack.json is an attribute."""

    def __init__(self, state):
        self.state = state

    def __getattr__(self, name):
        try:
            return self.__dict__["state"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.down()

    def start(self, part):
        self.state = order(self.dir, do="start", part=part)

    def stop(self, part):
        self.state = order(self.dir, do="stop", part=part)

    def kill(self, part):
        self.state = order(self.dir, do="kill", part=part)

    def down(self, keep=False):
        """Raises Failed when a thingd crashed or did not end well; the stack is gone either way."""
        order(self.dir, do="down", keep=keep)
