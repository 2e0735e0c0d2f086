# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL dies, hangs, refuses, is slow, or its answers get lost."""

import os
import random
import signal

import pytest
from campaign import metric

RANDOM = random.Random(21)


def test_kill_9_of_postgresql(campaign, rounds):
    load = campaign("kill -9 of PostgreSQL")
    for _ in range(rounds):
        def breaks():
            load.platform.stack.kill("postgres")
            load.platform.stack.start("postgres")

        load.under_load(breaks, before=RANDOM.randint(50, 1000))
        load.spool_empty()
    load.settle()


def test_hooks_are_answered_200_from_the_spool_while_postgresql_is_away(campaign, wait_until):
    load = campaign("PostgreSQL stopped, spool")
    stack = load.platform

    def breaks():
        stack.stack.stop("postgres")
        wait_until(lambda: metric(stack, "spool_messages") > 0, message="the spool to take messages")
        ledger = load.post(500, threads=8)
        assert ledger.accepted == set(ledger.answers), ledger.answers
        stack.stack.start("postgres")

    load.under_load(breaks)
    load.settle()
    assert metric(stack, "hook_spooled") >= 500


def test_the_spool_survives_kill_9_of_thingd(campaign, wait_until):
    load = campaign("PostgreSQL away, kill -9 of thingd")
    stack = load.platform

    def breaks():
        stack.stack.kill("postgres")
        wait_until(lambda: metric(stack, "spool_messages") > 100, timeout=30, message="messages in the spool")
        stack.stack.kill("thingd")
        stack.stack.start("thingd")
        wait_until(lambda: metric(stack, "spool_recovered") > 100, timeout=30, message="the spool to be found")
        stack.stack.start("postgres")

    load.under_load(breaks)
    load.settle()


def test_postgresql_hangs(campaign, wait_until):
    """SIGSTOP of all its processes: connections stay open and nothing answers."""
    load = campaign("PostgreSQL hangs (SIGSTOP)")
    stack = load.platform
    parent = stack.pids["postgres"]

    def family():
        tasks = f"/proc/{parent}/task/{parent}/children"
        with open(tasks) as f:
            return [parent, *map(int, f.read().split())]

    def breaks():
        stopped = family()
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        try:
            wait_until(lambda: metric(stack, "spool_messages") > 50, timeout=30, message="messages in the spool")
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)

    load.under_load(breaks)
    load.settle()


def test_postgresql_is_read_only(campaign, wait_until):
    load = campaign("PostgreSQL read-only")
    stack = load.platform

    def breaks():
        name = stack.value("select current_database()")
        stack.db.execute(f"alter database {name} set default_transaction_read_only = on")
        terminate(stack)
        try:
            wait_until(lambda: metric(stack, "batch_failed") > 0 or metric(stack, "spool_messages") > 0, timeout=30,
                       message="writes to fail")
        finally:
            stack.db.execute("set default_transaction_read_only = off")
            stack.db.execute(f"alter database {name} reset default_transaction_read_only")
            terminate(stack)

    load.under_load(breaks, after=50)
    load.settle()


def terminate(stack):
    stack.db.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                     " where pid <> pg_backend_pid() and datname = current_database()")


def test_postgresql_refuses_connections(campaign, wait_until):
    load = campaign("PostgreSQL refuses connections")
    stack = load.platform

    def breaks():
        name = stack.value("select current_database()")
        stack.db.execute(f"alter database {name} connection limit 0")
        terminate(stack)
        try:
            wait_until(lambda: metric(stack, "spool_messages") > 0, timeout=30, message="the spool to take messages")
        finally:
            stack.db.execute(f"alter database {name} connection limit -1")

    load.under_load(breaks)
    load.settle()


@pytest.mark.parametrize("kind", ["latency", "cut", "half-open", "slow close", "trickle"])
def test_the_network_to_postgresql_is_bad(campaign, through_proxy, kind, wait_until):
    load = campaign(f"network to PostgreSQL: {kind}")
    proxy = through_proxy(load.platform)

    def breaks():
        if kind == "latency":
            proxy.add("database", "latency", latency=300, jitter=100)
        elif kind == "cut":
            proxy.enable("database", False)
        elif kind == "half-open":
            proxy.add("database", "timeout", timeout=0)
            proxy.add("database", "timeout", stream="upstream", timeout=0)
        elif kind == "slow close":
            proxy.add("database", "slow_close", delay=1500)
            proxy.enable("database", False)
        else:
            proxy.add("database", "bandwidth", stream="upstream", rate=20)
        before = metric(load.platform, "hook_received")
        wait_until(lambda: metric(load.platform, "hook_received") > before + 100, timeout=60, message="hooks meanwhile")
        proxy.heal()

    load.under_load(breaks)
    load.settle()


def test_the_answer_to_commit_never_comes(campaign, through_proxy, rounds, wait_until):
    """What the server says is swallowed while what it hears goes on: transactions commit and nobody learns of it."""
    load = campaign("COMMIT without an answer")
    proxy = through_proxy(load.platform)
    for _ in range(rounds):
        def breaks():
            before = metric(load.platform, "batch_unknown")
            proxy.add("database", "timeout", timeout=0)
            wait_until(lambda: metric(load.platform, "batch_unknown") > before, timeout=30,
                       message="a commit whose outcome is unknown")
            proxy.heal()

        load.under_load(breaks)
        load.spool_empty()
    load.settle()
