# SPDX-License-Identifier: Apache-2.0
"""The process that owns a stack for its life: parent of its parts, holder of its ports, ear for its orders.

Orders are one line of JSON on a Unix socket in the stack's folder, `{"do": "kill", "part": "thingd"}`, answered by one
line, `{"ok": true, "state": {...}}` or `{"ok": false, "error": "..."}`. When the keeper ends, however it ends, the
parts end with it. It ends itself when its owner does.
"""

import json
import os
import select
import signal
import socket
import tempfile
import traceback

from .process import Failed

SOCKET = "keeper.sock"


def new_folder():
    """A folder of its own, where PostgreSQL's user may pass through."""
    path = tempfile.mkdtemp(prefix="thingd-stack-", dir="/var/tmp")
    os.chmod(path, 0o711)
    return path


class Keeper:
    """`owner`: a process id or None; `keep`: leave the folder of a stack that did not come up."""

    def __init__(self, stack, owner=None, keep=False):
        self._stack = stack
        self._keep = keep
        self._owner_id = owner
        self._owner = None
        self._coming_up = True
        self._ending = False
        self._wake_read, wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_end)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # wakes the loop, which reaps

    def _on_end(self, *_):
        self._ending = True
        if self._coming_up:
            raise Failed("interrupted")

    def run(self, tell):
        """Brings the stack up, tells the outcome (one dict), and serves orders until it is down."""
        try:
            if self._owner_id:
                self._owner = os.pidfd_open(self._owner_id)
            self._stack.up()
            self._coming_up = False
            listener = self._listen()
        except BaseException as error:
            self._coming_up = False
            text = str(error) if isinstance(error, Failed) else traceback.format_exc()
            kept = "kept" if self._keep else "deleted"
            tell({"ok": False, "error": f"{text}\n(its folder {self._stack.folder} is {kept})"})
            self._take_down(keep=self._keep)
            return
        tell({"ok": True, "state": self._stack.state})
        down = False
        while not self._ending:
            down = self._wait_and_serve(listener)
        if not down:
            self._take_down()

    def _listen(self):
        listener = socket.socket(socket.AF_UNIX)
        os.chdir(self._stack.folder)  # a long folder name would not fit into a socket's address
        listener.bind(SOCKET)
        os.chmod(SOCKET, 0o600)
        listener.listen(16)
        return listener

    def _wait_and_serve(self, listener):
        """Returns whether the stack was taken down on order."""
        watched = [listener, self._wake_read] + ([self._owner] if self._owner else [])
        readable, _, _ = select.select(watched, [], [])
        if self._owner in readable:
            self._ending = True
        if self._wake_read in readable:
            os.read(self._wake_read, 4096)
            for part in self._stack.parts().values():
                part.process.alive()
        if listener not in readable:
            return False
        peer, _ = listener.accept()
        with peer:
            peer.settimeout(10)
            return self._serve(peer)

    def _serve(self, peer):
        do = None
        try:
            order = json.loads(peer.makefile("r").readline())
            do = order["do"]
            self._obey(do, order)
            answer = {"ok": True, "state": self._stack.state}
        except (Failed, ValueError, KeyError) as error:
            answer = {"ok": False, "error": str(error)}
        except Exception:
            answer = {"ok": False, "error": traceback.format_exc()}
        try:
            peer.sendall((json.dumps(answer) + "\n").encode())
        except OSError:
            pass  # whoever asked has gone; the order is carried out
        return do == "down"

    def _obey(self, do, order):
        if do == "down":
            self._ending = True
            self._stack.down(keep=bool(order.get("keep")))
        elif do in ("start", "stop", "kill"):
            getattr(self._stack, do)(order["part"])
        else:
            raise Failed(f"unknown order {do!r}")

    def _take_down(self, keep=False):
        try:
            self._stack.down(keep=keep)
        except Failed as failed:
            print(failed, flush=True)
