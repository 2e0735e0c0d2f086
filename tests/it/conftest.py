# SPDX-License-Identifier: Apache-2.0
"""Fixtures. `stack` is shared by the session and stays whole; a test that breaks something takes `fresh_stack`."""

import os
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from harness.cli import Cli  # noqa: E402
from harness.ledger import Ledger  # noqa: E402
from harness.platform import Platform  # noqa: E402
from harness.wait import wait_until as wait  # noqa: E402
from parts import client  # noqa: E402


@pytest.fixture(scope="session")
def stack():
    """A running platform (harness/platform.py): broker, PostgreSQL, one thingd."""
    with client.up(settings={"dead_letter.per_minute": 1000}) as running:
        platform = Platform(running)
        yield platform
        platform.close()


def makes_stacks():
    """A function that starts platforms, and takes them down when the generator goes on."""
    made = []

    def make(**options):
        platform = Platform(client.up(**options))
        made.append(platform)
        return platform

    yield make
    for platform in made:
        platform.close()
        platform.stack.down()


@pytest.fixture
def fresh_stack():
    """Makes platforms of one's own: fresh_stack(instances=2, settings={...})."""
    yield from makes_stacks()


@pytest.fixture(scope="module")
def module_stack():
    """The same, for all tests of a file."""
    yield from makes_stacks()


@pytest.fixture
def api(stack):
    return stack.api


@pytest.fixture
def db(stack):
    return stack.db


@pytest.fixture
def hook(stack):
    return stack.hook


@pytest.fixture
def make_product(stack):
    return stack.make_product


@pytest.fixture
def make_device(stack):
    return stack.make_device


@pytest.fixture
def identity(stack):
    """A device of a product of its own."""
    return stack.make_device()


@pytest.fixture
def cli(stack, tmp_path):
    """`thingd` against the stack, with an empty home folder (harness/cli.py)."""
    return Cli(stack.stack.http, stack.stack.admin_token, tmp_path)


@pytest.fixture
def ledger():
    return Ledger()


@pytest.fixture
def wait_until():
    return wait
