# SPDX-License-Identifier: Apache-2.0
"""The parts a private stack is made of: ports, processes, PostgreSQL, broker, thingd, and the keeper that owns them.

Python's standard library only. `tests/stack` is the command, `client.py` what tests import, `examples/run` uses the
same parts for `make run`.
"""
