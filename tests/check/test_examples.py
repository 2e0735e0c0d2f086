# SPDX-License-Identifier: Apache-2.0
"""The examples are what this version of thingd reads and writes."""

import os
import re
import subprocess

from parts import broker, process, thingd

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


def test_sample_configuration_says_the_defaults(tmp_path):
    with open(SAMPLE) as f:
        text, keys = re.subn(r"^#(?=[a-z0-9_.]+ =)", "", f.read(), flags=re.M)
    config = tmp_path / "thingd.conf"
    config.write_text(text)
    assert keys == run("check-config").count("\n")
    assert run("check-config", "--config", str(config)) == run("check-config")
