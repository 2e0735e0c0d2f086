# SPDX-License-Identifier: Apache-2.0
"""`thingd channel`: channels made, tried, changed and deleted from the command line."""

import secrets

import pytest
from harness.receiver import Receiver


@pytest.fixture(scope="module")
def receiver():
    one = Receiver()
    yield one
    one.close()


@pytest.fixture(scope="module")
def stack(module_stack, receiver):
    return module_stack(nodes=0, settings={"outbound.allow": receiver.host})


def test_a_channel_is_made_tried_changed_and_deleted(cli, stack, make_product, receiver):
    product, key = make_product(), "c-" + secrets.token_hex(4)
    with open(cli.path("secret"), "w") as f:
        f.write("Bearer from-a-file\n")
    made = cli.run("channel", "create", key, "webhook", "--product", product, "--name", "Night shift",
                   "--config", f"url={receiver.url}/{key}", "--config", "headers.x-team=night",
                   "--secret", "authorization=@" + cli.path("secret"), "--secret", "signing_key=12345678", "--json").json
    assert made["config"] == {"url": f"{receiver.url}/{key}", "headers": {"x-team": "night"}}
    assert made["secret_names"] == ["authorization", "signing_key"] and made["enabled"] is True
    assert "from-a-file" not in cli.run("channel", "show", key).out
    assert cli.run("channel", "test", key).out.startswith("sent as ")
    [request] = receiver.at("/" + key)
    assert request["headers"]["authorization"] == "Bearer from-a-file" and "webhook-signature" in request["headers"]
    receiver.say["/" + key] = [(500, {})]
    assert "not sent: the receiver answered 500" in cli.run("channel", "test", key, status=1).err
    changed = cli.run("channel", "update", key, "--disable", "--unset-secret", "signing_key", "--name", "Day", "--json").json
    assert (changed["enabled"], changed["secret_names"], changed["name"]) == (False, ["authorization"], "Day")
    assert [one["key"] for one in cli.run("channel", "list", "--product", product, "--json").items] == [key]
    cli.run("channel", "update", key, status=2)
    cli.run("channel", "delete", key, "--yes")
    cli.run("channel", "show", key, status=3)


def test_what_a_channel_can_be_made_of(cli):
    shown = cli.run("channel", "notifiers").out
    assert "webhook" in shown and "authorization (secret)" in shown and "mail" in shown


def test_what_does_not_fit_is_refused(cli):
    assert "url" in cli.run("channel", "create", "c-" + secrets.token_hex(4), "webhook", status=6).err
    assert "no notifier pigeon" in cli.run("channel", "create", "c-" + secrets.token_hex(4), "pigeon", status=None).err
    cli.run("channel", "create", "c", "webhook", "--secret", "nonsense", status=2)
