# SPDX-License-Identifier: Apache-2.0
"""Failure points: what no fault from outside can reach, in a build that has them (`make sanitize`, so under ASan too)."""

import os

import pytest
from campaign import metric

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


@pytest.fixture
def with_points(monkeypatch):
    program = os.environ.get("THINGD_POINTS_BIN") or os.path.join(ROOT, "build-sanitize/thingd")
    assert os.access(program, os.X_OK), "build it: make sanitize"
    monkeypatch.setenv("THINGD_BIN", program)

    def armed(points):
        return {"THINGD_ERRINJ": points, "ASAN_OPTIONS": "detect_leaks=0"}

    return armed


def test_a_commit_that_happened_and_nobody_learned_of(campaign, with_points, rounds):
    load = campaign("failure point: commit unknown", env=with_points(f"batch.unknown={10 * rounds}"))
    load.under_load(lambda: None, before=1500)
    load.settle()
    assert metric(load.platform, "batch_unknown") >= 10


def test_a_spool_whose_sync_fails_answers_503_and_tries_anew(campaign, with_points, wait_until):
    load = campaign("failure point: spool sync", env=with_points("spool.sync=5"))
    load.rounds = 1
    stack = load.platform
    load.post(20)
    stack.stack.kill("postgres")
    seen = set()

    def both():
        ledger = load.post(50, threads=4)
        seen.update(ledger.answers.values())
        return {200, 503} <= seen

    wait_until(both, timeout=60, message="refusals, then room")
    stack.stack.start("postgres")
    load.settle()
