# SPDX-License-Identifier: Apache-2.0
"""A child process that cannot outlive its parent, with its log in a file."""

import ctypes
import os
import select
import signal
import subprocess
import time

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1

PORT_TAKEN = ("address already in use", "address in use", "os error 98", "cannot listen on")


class Failed(Exception):
    """A part did not do what was asked; the message is for a person."""


class PortTaken(Failed):
    """A part found its port in use: the stack moves on to another block."""


def clean_env(**more):
    """The caller's environment without what would change a part's configuration behind the stack's back."""
    env = {k: v for k, v in os.environ.items() if not k.upper().startswith(("THINGD_", "RMQTT_", "PG"))}
    env.update(TZ="UTC", **more)
    return env


def wait_until(what, condition, seconds, watch=()):
    """Polls `condition` until it is true. Fails at the deadline, or at once when a process of `watch` is gone."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        for process in watch:
            process.check()
        if time.monotonic() > deadline:
            tails = "".join(f"\n--- {p.name}: {p.log}\n{p.tail()}" for p in watch)
            raise Failed(f"{what} took longer than {seconds:g} s{tails}")
        time.sleep(0.02)


def _descendants(pid):
    """What the process started, and what those did: handles, which stay with their processes whatever becomes of the ids."""
    children = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as f:
                children.setdefault(int(f.read().rsplit(")", 1)[1].split()[1]), []).append(int(name))
        except OSError:
            pass  # it has ended
    handles, waiting = [], [pid]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            waiting.append(child)
            try:
                handles.append(os.pidfd_open(child))
            except ProcessLookupError:
                pass
    return handles


def _end(handle, seconds):
    """kill -9, and waits: what a process holds, shared memory say, is free only when it is gone."""
    try:
        signal.pidfd_send_signal(handle, signal.SIGKILL)
        select.select([handle], [], [], seconds)
    except ProcessLookupError:
        pass
    finally:
        os.close(handle)


class Process:
    def __init__(self, name, argv, log, cwd, env=None, user=None, stop_signal=signal.SIGTERM):
        self.name = name
        self.argv = argv
        self.log = log
        self.cwd = cwd
        self.env = env
        self.user = user
        self.stop_signal = stop_signal
        self._child = None
        self._log_start = 0
        self._asked_to_end = False

    @property
    def pid(self):
        return self._child.pid if self.alive() else None

    def alive(self):
        return self._child is not None and self._child.poll() is None

    def start(self):
        if self.alive():
            raise Failed(f"{self.name} is running already (pid {self._child.pid})")
        parent = os.getpid()

        def die_with_parent():
            _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(1)
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a run in the background has it ignored, and so would the part

        # Another user is taken on by Popen itself: runuser would stand between us and the signals.
        as_user = {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}
        with open(self.log, "ab") as log:
            self._log_start = log.tell()
            self._asked_to_end = False
            self._child = subprocess.Popen(
                self.argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.cwd, env=self.env,
                start_new_session=True, preexec_fn=die_with_parent, **as_user)

    def check(self):
        """Raises when the process has ended by itself, with the end of its log."""
        if self.alive():
            return
        tail = self.tail()
        error = PortTaken if any(text in tail.lower() for text in PORT_TAKEN) else Failed
        status = "was never started" if self._child is None else f"ended with status {self._child.returncode}"
        raise error(f"{self.name} {status}; the end of {self.log}:\n{tail}")

    def stop(self, seconds=30):
        """Asks the process to end and waits; returns its exit status (None when it was not running)."""
        if not self.alive():
            return None
        self._asked_to_end = True
        self._child.send_signal(self.stop_signal)
        try:
            self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failed(f"{self.name} did not stop in {seconds} s and was killed; the end of {self.log}:\n"
                         + self.tail()) from None
        self._sweep()
        return self._child.returncode

    def kill(self):
        """kill -9 for the process and all that it started, in sessions of their own too as PostgreSQL's are."""
        if self._child is None:
            return
        self._asked_to_end = True
        children = _descendants(self._child.pid) if self.alive() else []
        self._sweep()
        self._child.wait()
        for child in children:
            _end(child, 30)

    def end(self):
        """stop() for the last time: fails unless the process ends well, or was ended by us before."""
        if self._child is None or (self._asked_to_end and not self.alive()):
            return
        status = self.stop() if self.alive() else self._child.returncode
        if status != 0:
            raise Failed(f"{self.name} ended with status {status}; the end of {self.log}:\n{self.tail()}")

    def _sweep(self):
        try:
            os.killpg(self._child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def tail(self, lines=40):
        """The end of what the process wrote since it was last started."""
        try:
            with open(self.log, "rb") as log:
                log.seek(0, os.SEEK_END)
                log.seek(max(self._log_start, log.tell() - 16384))
                return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])
        except FileNotFoundError:
            return ""
