# SPDX-License-Identifier: Apache-2.0
"""The examples are what this version of thingd reads and writes."""

import os
import re
import subprocess

import pytest

from parts import broker, process, thingd

PRODUCTS = os.path.join(broker.REPOSITORY, "examples/products")
SAMPLE = os.path.join(broker.REPOSITORY, "examples/thingd.conf")


def run(*arguments):
    done = subprocess.run([thingd.program(), *arguments], capture_output=True, text=True, env=process.clean_env(),
                          check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_sample_configuration_names_every_key():
    with open(SAMPLE) as f:
        assert f.read() == run("check-config", "--sample"), \
            "write it anew: build/thingd check-config --sample > examples/thingd.conf"


def test_the_reference_of_scripts_is_made_from_its_table():
    with open(os.path.join(broker.REPOSITORY, "examples/products/REFERENCE.md")) as f:
        assert f.read() == run("lua", "manual"), \
            "write it anew: build/thingd lua manual > examples/products/REFERENCE.md"


@pytest.mark.parametrize("name", sorted(name for name in os.listdir(PRODUCTS) if "." not in name))
def test_an_example_product_passes_its_tests_and_the_lint(name):
    folder = os.path.join(PRODUCTS, name)
    assert run("lua", "lint", folder) == "nothing to complain of\n"
    passed = re.search(r"^(\d+) passed, 0 failed$", run("lua", "test", folder), re.M)
    assert passed and int(passed.group(1)) > 0


def test_sample_configuration_says_the_defaults(tmp_path):
    with open(SAMPLE) as f:
        text, keys = re.subn(r"^#(?=[a-z0-9_.]+ =)", "", f.read(), flags=re.M)
    config = tmp_path / "thingd.conf"
    config.write_text(text)
    assert keys == run("check-config").count("\n")
    assert run("check-config", "--config", str(config)) == run("check-config")

