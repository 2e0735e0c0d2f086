# SPDX-License-Identifier: Apache-2.0
import time

PATIENCE = 60  # seconds; what comes at all comes long before, whatever else the machine does


def wait_until(condition, timeout=PATIENCE, message="the condition"):
    """Polls until `condition()` is true and returns its value; fails with what was seen last."""
    deadline = time.monotonic() + timeout
    while True:
        seen = condition()
        if seen:
            return seen
        if time.monotonic() > deadline:
            text = message() if callable(message) else message
            raise AssertionError(f"waited {timeout} s for {text}; last seen: {seen!r}")
        time.sleep(0.02)
