# SPDX-License-Identifier: Apache-2.0
"""Faults. FAULT_ROUNDS is how often the random ones are repeated (3 in `make test`, 50 in `make test-faults`)."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
sys.path[:0] = [HERE, os.path.join(TESTS, "it"), TESTS]

from campaign import TABLE, Campaign, table  # noqa: E402
from harness.platform import Platform  # noqa: E402
from harness.wait import wait_until as wait  # noqa: E402
from parts import client  # noqa: E402
from toxiproxy import Toxiproxy  # noqa: E402

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "3"))
QUICK = {"hook.timeout": 3000, "spool.after": 500, "database.timeout": 4000}


def pytest_terminal_summary(terminalreporter):
    if TABLE:
        terminalreporter.write_line("\n" + table() + "\n")


@pytest.fixture
def rounds():
    return ROUNDS


@pytest.fixture
def spool_folder():
    folder = tempfile.mkdtemp(prefix="thingd-spool-")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def stacks(spool_folder):
    """stacks(spool=True, nodes=0, instances=1, settings={}, env={}): a platform without a broker unless asked for."""
    made = []

    def make(spool=True, nodes=0, settings=None, **options):
        settings = {**QUICK, **({"spool.dir": spool_folder} if spool else {"spool.dir": ""}), **(settings or {})}
        platform = Platform(client.up(nodes=nodes, settings=settings, **options))
        made.append(platform)
        return platform

    yield make
    for platform in made:
        platform.close()
        platform.stack.down()


@pytest.fixture
def campaign(stacks):
    """campaign(fault, **options of stacks): load and ledger on a stack of one's own."""
    def make(fault, **options):
        return Campaign(stacks(**options), fault)

    return make


@pytest.fixture
def toxiproxy():
    proxy = Toxiproxy()
    yield proxy
    proxy.close()


@pytest.fixture
def wait_until():
    return wait


@pytest.fixture
def small_disk():
    """A file system of a few MiB: small_disk(mib) is its folder. Needs root, as CI has; the README says so."""
    mounted = []

    def make(mib):
        folder = tempfile.mkdtemp(prefix="thingd-small-")
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mib}m,mode=0700", "tmpfs", folder], check=True)
        mounted.append(folder)
        return folder

    yield make
    for folder in mounted:
        subprocess.run(["umount", "-l", folder], check=True)
        os.rmdir(folder)


def reroute(platform, **replacements):
    """Changes values in the configuration of the first thingd and starts it again."""
    platform.stack.stop("thingd")
    path = platform.stack.instances[0]["config"]
    with open(path) as f:
        text = f.read()
    for key, value in replacements.items():
        text = re.sub(rf"^{re.escape(key)} = .*$", f"{key} = {value}", text, flags=re.M)
    with open(path, "w") as f:
        f.write(text)
    platform.stack.start("thingd")


@pytest.fixture
def through_proxy(toxiproxy):
    """Puts a proxy named `database` between the platform's thingd and PostgreSQL."""
    def put(platform):
        url = platform.stack.database
        port = int(re.search(r":(\d+)/", url).group(1))
        proxied = toxiproxy.proxy("database", port)
        reroute(platform, **{"database.url": url.replace(f":{port}/", f":{proxied}/")})
        return toxiproxy

    return put
