# SPDX-License-Identifier: Apache-2.0
"""Port blocks: never shared, never with a listener in them, nothing left behind."""

import os
import socket
import subprocess
import sys

import pytest

from . import ports


@pytest.fixture
def blocks():
    held = []

    def reserve(**options):
        held.append(ports.reserve(**options))
        return held[-1]

    yield reserve
    for block in held:
        block.release()


def test_two_blocks_differ(blocks):
    assert blocks().base != blocks().base


def test_another_process_gets_another_block(blocks):
    ours = blocks()
    script = "from parts import ports; b = ports.reserve(); print(b.base); b.release()"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True,
                          cwd=os.path.dirname(os.path.dirname(__file__)))
    assert int(done.stdout) != ours.base


def test_block_lies_below_the_ephemeral_range(blocks):
    with open("/proc/sys/net/ipv4/ip_local_port_range") as f:
        lowest = int(f.read().split()[0])
    assert blocks().base + ports.SIZE <= lowest


def test_block_with_a_listener_is_passed_over(blocks):
    base = ports.reserve()
    with socket.create_server(("127.0.0.1", base.base + 7)):
        base.release()
        assert blocks().base != base.base


def test_skip(blocks):
    first = ports.reserve()
    first.release()
    assert blocks(skip={first.base}).base != first.base


def test_lock_of_a_dead_process_is_free_again(tmp_path, monkeypatch):
    monkeypatch.setattr(ports, "FOLDER", str(tmp_path))
    script = (f"from parts import ports; import os; ports.FOLDER = {str(tmp_path)!r}\n"
              "print(ports.reserve().base, flush=True); os._exit(0)")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True,
                          cwd=os.path.dirname(os.path.dirname(__file__)))
    left = tmp_path / done.stdout.strip()
    assert left.exists(), "it had no time to clean up"
    fd = ports._lock(str(left))
    assert fd is not None
    ports.Block(int(left.name), fd, str(left)).release()
    assert not left.exists()


def test_take_runs_out(blocks):
    block = blocks()
    assert [block.take() for _ in range(ports.SIZE)] == list(range(block.base, block.base + ports.SIZE))
    with pytest.raises(RuntimeError):
        block.take()
