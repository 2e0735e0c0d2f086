# SPDX-License-Identifier: Apache-2.0
"""`thingd watch`: what happens, as it does."""

import json
import select
import subprocess

import pytest
from harness import hooks
from harness.cli import Cli


@pytest.fixture
def watch(cli):
    """Starts `thingd watch` and gives the process; what it prints is read from its stdout."""
    running = []

    def start(*arguments):
        running.append(subprocess.Popen(cli.argv("watch", *arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, env=cli.env()))
        return running[-1]

    yield start
    for one in running:
        one.kill()
        one.communicate()


def first_line(stack, identity, process, wait_until):
    """Reports are posted until the first of them is told: the stream begins some time after the program."""
    def told():
        stack.accept(hooks.property_post(identity, {"n": 1}))
        return select.select([process.stdout], [], [], 0.1)[0]

    wait_until(told, message="an event")
    return process.stdout.readline()


def test_what_a_device_reports_is_told_at_once(stack, identity, watch, wait_until):
    process = watch("--device", identity.key, "--kind", "latest", "--json")
    event = json.loads(first_line(stack, identity, process, wait_until))
    assert event["kind"] == "latest" and event["device"] == identity.key and event["params"] == {"n": 1}


def test_it_ends_after_so_many(stack, identity, watch, wait_until):
    process = watch("--product", identity.product, "--device", f"{identity.product}/{identity.key}", "--count", "1")
    line = first_line(stack, identity, process, wait_until)
    assert f"{identity.product}/{identity.key}" in line and 'params={"n":1}' in line
    assert process.wait(timeout=30) == 0


def test_a_server_that_comes_back_is_watched_on(fresh_stack, tmp_path, wait_until):
    own = fresh_stack()
    identity = own.make_device()
    cli = Cli(own.stack.http, own.stack.admin_token, tmp_path)
    process = subprocess.Popen(cli.argv("watch", "--device", identity.key, "--json"), stdout=subprocess.PIPE, text=True,
                               env=cli.env())
    try:
        first_line(own, identity, process, wait_until)
        own.stack.kill("thingd")
        own.stack.start("thingd")

        def seen():
            own.accept(hooks.event_post(identity, "back", {"mark": 1}))
            return '"kind":"event"' in process.stdout.readline()

        wait_until(seen, message="an event after the restart")
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(("arguments", "status", "told"), [
    (["--product", "nope"], 3, "there is no product nope"), (["--count", "0"], 2, "at least 1"),
    (["--kind", "all"], 2, "is one of"), (["--token", "thg_wrong"], 4, "does not take the token"),
    (["--server", "http://127.0.0.1:1"], 7, "Is the server running"),
])
def test_a_stream_that_does_not_begin_is_an_error(cli, arguments, status, told):
    assert told in cli.run("watch", *arguments, status=status).err
