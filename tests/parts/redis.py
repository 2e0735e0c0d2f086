# SPDX-License-Identifier: Apache-2.0
"""A private Redis server on loopback, with a password; keeps nothing on the disk."""

import os
import shutil
import socket

from .process import Failed, Process, wait_until


class Redis:
    def __init__(self, name, folder, port, password, log):
        binary = shutil.which("redis-server")
        if not binary:
            raise Failed("redis-server is missing: tests/parts/install test")
        os.makedirs(folder, exist_ok=True)
        self.port = port
        self.password = password
        argv = [binary, "--bind", "127.0.0.1", "--port", str(port), "--requirepass", password, "--dir", folder,
                "--save", "", "--appendonly", "no", "--daemonize", "no"]
        self.process = Process(name, argv, log, cwd=folder)

    @property
    def url(self):
        return f"redis://:{self.password}@127.0.0.1:{self.port}"

    def start(self):
        self.process.start()
        wait_until(self.process.name, self._answers, 20, [self.process])

    def _answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 2) as s:
                s.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                return b"PONG" in s.recv(100)
        except OSError:
            return False
