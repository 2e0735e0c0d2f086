# SPDX-License-Identifier: Apache-2.0
"""The proofs at a size of seconds: that they run and what they count, not how fast a busy machine is."""

import history


def test_history(capsys):
    proof = history.prove(devices=40, rows=300, days=3, heavy=20_000, sample=5, rounds=8)
    assert abs(proof.stored - (40 * 300 + 20_000)) <= 41
    assert len(proof.figures) == 6 and all(p95 > 0 for *_, p95, _ in proof.figures)
    proof.report()
    assert "last day, raw" in capsys.readouterr().out
