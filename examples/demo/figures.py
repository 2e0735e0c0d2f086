# SPDX-License-Identifier: Apache-2.0
"""Live figures of a running demo, from /metrics and the API, until it is interrupted."""

import json
import shutil
import sys
import time
import urllib.error
import urllib.request

DEVICE = "/api/v1/products/air-monitor/devices/air-1/latest"
EVERY = 5  # seconds between two looks on a terminal
PATIENCE = 2  # so many of them between two lines in a log


def get(demo, path):
    request = urllib.request.Request(f"http://127.0.0.1:{demo.http}{path}",
                                     headers={"authorization": f"Bearer {demo.token}"})
    with urllib.request.urlopen(request, timeout=5) as answer:
        return answer.read().decode()


def counters(demo):
    """name -> value of thingd's own metrics, without the prefix and `_total`."""
    values = {}
    for line in get(demo, "/metrics").splitlines():
        name, _, value = line.rpartition(" ")
        if name.startswith("thingd_") and "{" not in name:
            values[name.removeprefix("thingd_").removesuffix("_total")] = float(value)
    return values


def latest(demo):
    """What one of the devices said last, as one line; nothing before its first word."""
    try:
        properties = json.loads(get(demo, DEVICE))["properties"]
    except urllib.error.HTTPError:
        return ""
    return "  ".join(f"{name} {json.dumps(properties[name]['value'])}" for name in sorted(properties))


def line_of(now, before, seconds):
    rate = (now["hook_received"] - before["hook_received"]) / seconds
    return (f"{rate:.1f} messages/s  received {now['hook_received']:.0f}  reports {now['samples']:.0f}  "
            f"events {now['events']:.0f}  replies {now['command_results']:.0f}  dead {now['hook_dead']:.0f}  "
            f"{now['resident_bytes'] / 2**20:.0f} MiB")


def show(demo):
    """Returns never: ends by KeyboardInterrupt, or by Failed when one of the demo's processes is gone."""
    terminal = sys.stdout.isatty()
    pause = EVERY if terminal else EVERY * PATIENCE
    before, then = counters(demo), time.monotonic()
    drawn = 0  # lines on the screen that are to be drawn over
    while True:
        deadline = time.monotonic() + pause
        while time.monotonic() < deadline:
            for process in demo.processes():
                process.check()
            news = demo.news()
            if news:
                print("\n".join(time.strftime("[%H:%M:%S] ") + line for line in news))
                drawn = 0
            time.sleep(0.2)
        now, at = counters(demo), time.monotonic()
        lines = [line_of(now, before, at - then), f"air-1: {latest(demo)}"]
        if terminal:
            # A line that wraps would be two when it is drawn over.
            width = shutil.get_terminal_size().columns - 1
            lines = [line[:width] for line in lines]
        if terminal and drawn:
            sys.stdout.write(f"\x1b[{drawn}A\x1b[J")
        print("\n".join(lines if terminal else [time.strftime("[%H:%M:%S] ") + "   ".join(lines)]))
        drawn = len(lines)
        before, then = now, at
