# SPDX-License-Identifier: Apache-2.0
"""The tutorial of examples/products, typed in as it stands: each shell block prints what the text block below it says."""

import os
import re
import subprocess

from parts import broker, thingd

TUTORIAL = os.path.join(broker.REPOSITORY, "examples/products/README.md")
END = "end of the step with status"


def steps():
    """(commands, lines that must show) of each shell block."""
    with open(TUTORIAL) as f:
        blocks = re.findall(r"^```(sh|text)\n(.*?)^```$", f.read(), re.M | re.S)
    found = []
    for kind, text in blocks:
        if kind == "sh":
            found.append((text, []))
        else:
            found[-1][1].extend(text.splitlines())
    return found


def checkout(folder, stack):
    """What `make` and `make run` leave where the tutorial is followed."""
    (folder / "build").mkdir()
    (folder / "build/thingd").symlink_to(thingd.program())
    (folder / "var").mkdir()
    (folder / "var/token").write_text(stack.admin_token + "\n")


def test_the_tutorial_works_as_written(stack, tmp_path):
    checkout(tmp_path, stack)
    host, port = stack.mqtt.removeprefix("mqtt://").split(":")
    shell = subprocess.Popen(["bash"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             text=True, cwd=tmp_path,
                             env=dict(os.environ, THINGD_HOME=broker.REPOSITORY))
    followed = steps()
    assert len(followed) >= 10 and sum(bool(wanted) for _, wanted in followed) >= 8
    try:
        for commands, wanted in followed:
            commands = commands.replace("http://127.0.0.1:8080", stack.http)
            commands = commands.replace("-h 127.0.0.1 -p 1883", f"-h {host} -p {port}")
            shell.stdin.write(f"{commands}\nstatus=$?; echo; echo {END} $status\n")
            shell.stdin.flush()
            seen = ""
            for line in shell.stdout:
                if line.startswith(END):
                    break
                seen += line
            assert line.startswith(END), (commands, seen)
            assert line.split()[-1] == "0", (commands, seen)
            for text in wanted:
                assert text in seen, f"{text!r} is not shown by\n{commands}\nwhich shows\n{seen}"
    finally:
        shell.stdin.close()
        shell.wait(30)
        shell.stdout.close()
