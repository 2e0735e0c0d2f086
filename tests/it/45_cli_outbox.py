# SPDX-License-Identifier: Apache-2.0
"""`thingd outbox`: what was given up is found, tried again and thrown away from the command line."""

import pytest
from harness import hooks, scripts
from harness.wait import wait_until

SCRIPT = """return { api = 1,
    on_property = function(msg)
        thing.later("fails", msg.params)
        thing.notify("nowhere", { title = "x" })
    end,
    fails = function(args) error("no luck with " .. args.n) end }"""


@pytest.fixture(scope="module")
def stack(module_stack):
    return module_stack(nodes=0, settings={"outbox.backoff": "20ms", "outbox.attempts": 2})


@pytest.fixture
def device(stack, identity):
    """With a function and a notification that were given up."""
    scripts.install(stack, identity.product, SCRIPT)
    stack.accept(hooks.property_post(identity, {"n": 7}))
    wait_until(lambda: dead(stack, identity) == ["later", "notify"])
    return identity


def dead(stack, device):
    return [row["kind"] for row in stack.rows(
        "select o.kind from outbox o join device d on d.id = o.device_id where d.key = %s and o.state = 'dead' order by 1", device.key)]


def items(cli, device, *options):
    return cli.run("outbox", "list", "--device", device.key, *options, "--json").items


def test_what_was_given_up_is_found_and_tried_again(cli, stack, device):
    [function, notice] = sorted(items(cli, device, "--state", "dead"), key=lambda i: i["kind"])
    assert (function["name"], function["attempts"], notice["name"]) == ("fails", 2, "nowhere")
    shown = cli.run("outbox", "show", str(function["id"])).out
    assert "no luck with 7" in shown and device.key in shown
    assert [i["id"] for i in items(cli, device, "--kind", "notify")] == [notice["id"]]
    scripts.install(stack, device.product, SCRIPT.replace('error("no luck with " .. args.n)', "thing.store({ well = args.n })"))
    assert "is tried again" in cli.run("outbox", "retry", str(function["id"])).out
    wait_until(lambda: stack.history(device)[-1]["params"] == {"well": 7})
    assert cli.run("outbox", "retry", str(function["id"]), status=3).err


def test_many_are_tried_again_or_thrown_away(cli, stack, device):
    said = cli.run("outbox", "retry", "--device", device.key, "--kind", "later", "--json").json
    assert said == {"done": 1, "skipped": 0, "more": False}
    wait_until(lambda: dead(stack, device) == ["later", "notify"])
    cli.run("outbox", "discard", "--device", device.key, "--name", "nowhere", "--yes")
    assert dead(stack, device) == ["later"]
    cli.run("outbox", "discard", str(items(cli, device)[0]["id"]), "--yes")
    assert items(cli, device) == []


def test_which_has_to_be_said(cli, stack):
    for words in (("retry",), ("discard", "--yes"), ("retry", "1", "--all"), ("retry", "--all", "--kind", "later")):
        assert "thingd" in cli.run("outbox", *words, status=2).err
