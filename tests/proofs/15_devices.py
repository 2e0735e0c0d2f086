# SPDX-License-Identifier: Apache-2.0
"""The proof at a size of seconds: that it runs and what it finds, not how fast a busy machine is."""

import devices


def test_devices(capsys):
    proof = devices.prove(devices=3000, rounds=2, pages=20)
    figures = {name: items for name, _, items, *_ in proof.figures}
    assert figures["first page"] == 50 and figures["key"] == 1 and figures["key, of none"] == 0
    assert figures["part of key or name"] == 1 and figures["attribute of one, a number"] == 1
    assert figures["rare tag"] > 0 and figures["tag of a tenth"] == figures["online"] == figures["group of half"] == 50
    assert figures["not seen for 20 days"] > 0 and figures["disabled, of none"] == figures["attribute, of none"] == 0
    proof.report()
    assert "first page" in capsys.readouterr().out
