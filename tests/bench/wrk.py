# SPDX-License-Identifier: Apache-2.0
"""Runs wrk with one of the scripts beside this file and reads its figures."""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
THREADS = 2


def run(script, url, seconds, connections, env):
    """The command, requests, refused (answers that are not what they should be), lost (no answer), rate per second,
    p50, p99 and max in milliseconds."""
    argv = ["wrk", f"-t{THREADS}", f"-c{connections}", f"-d{seconds}s", "-s", os.path.join(HERE, script), "--latency", url]
    env = {k: str(v) for k, v in env.items()}
    done = subprocess.run(argv, capture_output=True, text=True, check=False,
                          env={**os.environ, **env, "BENCH_THREADS": str(THREADS)})
    line = next((line for line in done.stdout.splitlines() if line.startswith("BENCH ")), None)
    if done.returncode or line is None:
        sys.exit(f"{' '.join(argv)} failed:\n{done.stdout}{done.stderr}")
    requests, refused, lost, us, p50, p99, worst = (int(word) for word in line.split()[1:])
    shown = " ".join(["wrk", f"-t{THREADS}", f"-c{connections}", f"-d{seconds}s", "-s", f"tests/bench/{script}"])
    return {"command": shown, "requests": requests, "refused": refused, "lost": lost,
            "rate": round(requests * 1e6 / us), "p50_ms": p50 / 1000, "p99_ms": p99 / 1000, "max_ms": worst / 1000}
