# SPDX-License-Identifier: Apache-2.0
"""Proves that those who watch cost little: memory, and what ingestion loses while they do.

    make prove-listeners [ARGS="--listeners N --seconds S"]         (default: 1,000 listeners, runs of 10 s)

Hooks are posted as fast as they are taken, by turns with nobody listening and with listeners to the live stream: half of
them to everything, half to one device each. They are read by a process of their own on the same cores. Ends with status
1 when a number is not held.
"""

import argparse
import os
import selectors
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(os.path.dirname(HERE), "bench")]

import bench_platform  # noqa: E402
import wrk  # noqa: E402
from parts import client  # noqa: E402

MEMORY_MIB = 100
SLOWER = 0.15  # of the rate without listeners: what one run differs from the next, and the readers' own work
CONNECTIONS = 128
ROUNDS = 3  # of each kind, by turns: a machine that others use too changes its speed from run to run


def listen(url, token, count):
    """Opens the streams, says so on standard output, reads until standard input ends, then prints bytes and losses."""
    at = urlsplit(url)
    ready = selectors.DefaultSelector()
    got = lost = 0
    for number in range(count):
        one = socket.create_connection((at.hostname, at.port))
        what = f"?device={bench_platform.PREFIX}{number % bench_platform.DEVICES}" if number % 2 else ""
        one.sendall(f"GET /api/v1/events{what} HTTP/1.1\r\nhost: proof\r\nauthorization: Bearer {token}\r\n\r\n".encode())
        head = one.recv(4096)
        if not head.startswith(b"HTTP/1.1 200"):
            sys.exit(f"listener {number}: {head[:200]!r}")
        one.setblocking(False)
        ready.register(one, selectors.EVENT_READ)
    ready.register(sys.stdin, selectors.EVENT_READ)
    print("open", flush=True)
    while True:
        for key, _ in ready.select():
            if key.fileobj is sys.stdin:
                print(got, lost)
                return
            piece = key.fileobj.recv(1 << 18)
            got += len(piece)
            if not piece:
                lost += 1
                ready.unregister(key.fileobj)


class Listeners:
    def __init__(self, platform, count):
        argv = [sys.executable, os.path.abspath(__file__), "--listen", platform.stack.http, platform.stack.admin_token,
                str(count)]
        self._reader = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self._reader.stdout.readline() != "open\n":
            raise SystemExit("the listeners did not get through")

    def close(self):
        """Bytes they got, and how many were cut."""
        out, _ = self._reader.communicate("")
        return tuple(int(word) for word in out.split())


def ingest(platform, seconds):
    env = platform.wrk_env(BENCH_TS=int(time.time() * 1000))
    figures = wrk.run("ingest.lua", platform.stack.hook, seconds, CONNECTIONS, env)
    return figures["rate"], figures["p99_ms"]


def mean(runs):
    """Of rates and of percentiles, each."""
    return tuple(round(sum(values) / len(values), 1) for values in zip(*runs))


class Proof:
    def __init__(self, listeners):
        self.listeners = listeners

    def measure(self, platform, seconds):
        platform.seed()
        ingest(platform, max(1, seconds // 3))  # reads every device
        alone, watched = [], []
        self.got = self.cut = self.idle_mib = self.busy_mib = 0
        for _ in range(ROUNDS):
            alone.append(ingest(platform, seconds))
            watched.append(self.watch(platform, seconds))
        self.alone, self.watched = mean(alone), mean(watched)

    def watch(self, platform, seconds):
        before = platform.rss_mib()
        listeners = Listeners(platform, self.listeners)
        try:
            self.idle_mib = max(self.idle_mib, platform.rss_mib() - before)
            figures = ingest(platform, seconds)
            self.busy_mib = max(self.busy_mib, platform.rss_mib() - before)
        finally:
            got, cut = listeners.close()
        self.got, self.cut = self.got + got, self.cut + cut
        return figures

    def report(self):
        print(f"\n{self.listeners:,} listeners, half to everything, half to one device each")
        print(f"{'memory, nothing happens':32} {self.idle_mib:10.1f} MiB")
        print(f"{'memory, after the load':32} {self.busy_mib:10.1f} MiB   held: {self.busy_mib < MEMORY_MIB}"
              f" (< {MEMORY_MIB})")
        print(f"{'hooks without, with listeners':32} {self.alone[0]:8,.0f}/s, {self.watched[0]:,.0f}/s   held: {self.fast()}"
              f" (no more than {SLOWER:.0%} slower)")
        print(f"{'p99 without, with listeners':32} {self.alone[1]:8.1f} ms, {self.watched[1]:.1f} ms")
        print(f"{'read by the listeners':32} {self.got / 1048576:8.1f} MiB, {self.cut} cut off")
        return self.busy_mib < MEMORY_MIB and self.fast() and self.cut == 0

    def fast(self):
        return self.watched[0] >= self.alone[0] * (1 - SLOWER)


def prove(listeners, seconds):
    with client.up(nodes=0, settings={"http.max_connections": listeners + 100}) as stack:
        proof = Proof(listeners)
        proof.measure(bench_platform.Platform(stack), seconds)
        return proof


def main():
    if sys.argv[1:2] == ["--listen"]:
        listen(sys.argv[2], sys.argv[3], int(sys.argv[4]))
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--listeners", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=10)
    return 0 if prove(**vars(parser.parse_args())).report() else 1


if __name__ == "__main__":
    sys.exit(main())
