# SPDX-License-Identifier: Apache-2.0
"""Blocks of loopback ports that two stacks never share.

A block is a file locked by flock for the life of its stack. Blocks lie below the ephemeral range, so that no client
socket sits on a port between its choice and its use.
"""

import fcntl
import os
import socket

SIZE = 32
FIRST = 20000
FOLDER = "/tmp/thingd-ports"


def _limit():
    try:
        with open("/proc/sys/net/ipv4/ip_local_port_range") as f:
            return int(f.read().split()[0])
    except (OSError, ValueError):
        return 32768


def is_free(port, address="127.0.0.1"):
    """Whether a server could listen there now."""
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind((address, port))
        except OSError:
            return False
        return True


class Block:
    """`SIZE` ports of our own, until release()."""

    def __init__(self, base, fd, path):
        self.base = base
        self._fd = fd
        self._path = path
        self._next = base

    def take(self):
        """The next unused port of the block."""
        if self._next >= self.base + SIZE:
            raise RuntimeError("a stack needs more ports than a block has")
        self._next += 1
        return self._next - 1

    def release(self):
        os.unlink(self._path)
        os.close(self._fd)
        try:
            os.rmdir(FOLDER)
        except OSError:
            pass  # others hold blocks


def _lock(path):
    """An fd that holds the file's lock, or None when someone else does."""
    try:
        os.makedirs(FOLDER, exist_ok=True)
        os.chmod(FOLDER, 0o1777)
    except PermissionError:
        pass  # made by another user, who opened it to all
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return None  # another user's block, or the folder went between two lines
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Its last owner may have removed it between our open and our lock.
        if os.fstat(fd).st_ino == os.stat(path).st_ino:
            return fd
    except OSError:
        pass
    os.close(fd)
    return None


def reserve(skip=()):
    """A block that no other stack holds and nobody listens in; `skip` names bases that turned out to be in use."""
    for base in range(FIRST, _limit() - SIZE + 1, SIZE):
        if base in skip:
            continue
        path = f"{FOLDER}/{base}"
        fd = _lock(path)
        if fd is None:
            continue
        block = Block(base, fd, path)
        if all(is_free(port) for port in range(base, base + SIZE)):
            return block
        block.release()
    raise RuntimeError(f"no free block of {SIZE} ports between {FIRST} and {_limit()}")
