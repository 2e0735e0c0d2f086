# SPDX-License-Identifier: Apache-2.0
"""Child processes: they die with their parent, and their log says why they died by themselves."""

import os
import signal
import subprocess
import sys

import pytest

from .process import Failed, PortTaken, Process, clean_env, wait_until


def shell(tmp_path, script, **options):
    return Process("it", ["/bin/sh", "-c", script], str(tmp_path / "log"), cwd=str(tmp_path), **options)


def gone(pid):
    """No such process, or one that only waits to be reaped."""
    try:
        with open(f"/proc/{pid}/stat") as f:
            return f.read().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def written(path):
    """The file's text once it has a whole line."""
    text = path.read_text() if path.exists() else ""
    return text if text.endswith("\n") else ""


def test_kill_takes_the_children_along(tmp_path):
    process = shell(tmp_path, "sleep 1000 & echo $! > child; wait")
    process.start()
    child = int(wait_until("the child", lambda: written(tmp_path / "child"), 10))
    process.kill()
    assert process.pid is None
    wait_until("the child's end", lambda: gone(child), 10)


def test_kill_takes_those_in_sessions_of_their_own_along_and_waits(tmp_path):
    process = shell(tmp_path, "setsid sh -c 'sleep 1000 & echo $$ $! > child; wait' & wait")
    process.start()
    children = wait_until("the children", lambda: written(tmp_path / "child"), 10).split()
    process.kill()
    assert all(gone(pid) for pid in children)


def test_child_dies_with_its_parent(tmp_path):
    script = ("from parts.process import Process; import os, sys\n"
              "p = Process('it', ['/bin/sleep', '1000'], '/dev/null', cwd='/'); p.start(); print(p.pid, flush=True)\n"
              "sys.stdin.read()")
    parent = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              text=True, cwd=os.path.dirname(os.path.dirname(__file__)))
    child = int(parent.stdout.readline())
    assert not gone(child)
    parent.kill()
    parent.communicate()
    wait_until("the child's end", lambda: gone(child), 10)


def test_stop_returns_the_status(tmp_path):
    process = shell(tmp_path, "trap 'exit 7' TERM; echo up; while :; do sleep 0.01; done")
    process.start()
    wait_until("the trap", lambda: written(tmp_path / "log"), 10)
    assert process.stop() == 7
    assert process.stop() is None
    process.end()


def test_end_tells_of_a_crash(tmp_path):
    process = shell(tmp_path, "echo last words; exit 3")
    process.start()
    wait_until("the crash", lambda: not process.alive(), 10)
    with pytest.raises(Failed, match="(?s)status 3.*last words"):
        process.end()


def test_end_is_content_with_what_was_killed(tmp_path):
    process = shell(tmp_path, "sleep 1000")
    process.start()
    process.kill()
    process.end()


def test_stop_that_is_ignored_ends_in_a_kill(tmp_path):
    process = shell(tmp_path, "trap '' TERM; echo up; while :; do sleep 0.01; done")
    process.start()
    wait_until("the trap", lambda: written(tmp_path / "log"), 10)
    with pytest.raises(Failed, match="did not stop"):
        process.stop(seconds=0.2)
    assert not process.alive()


def test_waiting_ends_with_the_process(tmp_path):
    process = shell(tmp_path, "echo no such table; exit 1")
    process.start()
    with pytest.raises(Failed, match="no such table"):
        wait_until("never", lambda: False, 60, [process])


def test_taken_port_is_told_apart(tmp_path):
    process = shell(tmp_path, "echo 'Error: Address already in use (os error 98)'; exit 1")
    process.start()
    with pytest.raises(PortTaken):
        wait_until("never", lambda: False, 60, [process])


def test_log_of_an_earlier_run_is_not_blamed(tmp_path):
    process = shell(tmp_path, "test -e second && exit 1; echo address already in use; exit 1")
    process.start()
    wait_until("the first run", lambda: not process.alive(), 10)
    (tmp_path / "second").touch()
    process.start()
    with pytest.raises(Failed) as failed:
        wait_until("never", lambda: False, 60, [process])
    assert not isinstance(failed.value, PortTaken)


def test_environment_of_the_caller_stays_out(monkeypatch):
    monkeypatch.setenv("THINGD_WORKERS", "9")
    monkeypatch.setenv("RMQTT_BIN", "/x")
    monkeypatch.setenv("PGHOST", "elsewhere")
    env = clean_env(THINGD_LOG_LEVEL="debug")
    assert not {"THINGD_WORKERS", "RMQTT_BIN", "PGHOST"} & set(env)
    assert env["THINGD_LOG_LEVEL"] == "debug" and env["TZ"] == "UTC" and env["PATH"] == os.environ["PATH"]


def test_stop_signal(tmp_path):
    process = shell(tmp_path, "trap 'exit 5' INT; echo up; while :; do sleep 0.01; done", stop_signal=signal.SIGINT)
    process.start()
    wait_until("the trap", lambda: written(tmp_path / "log"), 10)
    assert process.stop() == 5
