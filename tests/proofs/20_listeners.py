# SPDX-License-Identifier: Apache-2.0
"""Listeners at a size of seconds: that they hear and nobody is cut, not how fast a busy machine is."""

import listeners


def test_listeners(capsys):
    proof = listeners.prove(listeners=100, seconds=2)
    assert proof.cut == 0 and proof.got > listeners.ROUNDS * 100 * 200
    assert proof.busy_mib < listeners.MEMORY_MIB
    proof.report()
    assert "100 listeners" in capsys.readouterr().out
