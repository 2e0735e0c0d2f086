# SPDX-License-Identifier: Apache-2.0
"""The commands around devices: what they are, what they reported, what they are told."""

import csv
import io
import json
import secrets
import subprocess
import threading

import pytest
from harness import hooks, scripts

SET = "thing/service/property/set"
HOUR_MS = 3_600_000


def rows(done):
    """CSV with a head line."""
    return list(csv.DictReader(io.StringIO(done.out)))


def test_a_device_is_made_with_a_secret_that_lets_it_in(cli, stack, make_product):
    product, key = make_product(), "d-" + secrets.token_hex(4)
    done = cli.run("device", "create", f"{product}/{key}", "--name", "North bed", "--tag", "north", "--attribute", "floor=2",
                   "--attribute", "room=attic", "--json").json
    assert done["tags"] == ["north"] and done["attributes"] == {"floor": 2, "room": "attic"}
    device = type("Made", (), {"product": product, "key": key, "secret": done["credentials"]["secret"]})
    stack.device(device).connect()
    shown = cli.run("device", "create", f"{product}/{key}-2")
    assert "credentials.secret" in shown.out and "shown this once" in shown.err
    assert "PRODUCT/DEVICE" in cli.run("device", "create", key, status=2).err
    assert "there is no product nope" in cli.run("device", "create", "nope/x", status=3).err


def test_a_device_is_found_by_its_key_alone_or_within_its_product(cli, identity):
    for name in (identity.key, f"{identity.product}/{identity.key}"):
        assert cli.run("device", "show", name, "--json").json["product"] == identity.product
    for name in ("nowhere", "nope/" + identity.key, identity.product + "/nowhere"):
        assert "there is no device" in cli.run("device", "show", name, status=3).err
    for name in ("/x", "x/"):
        assert "is not PRODUCT/DEVICE" in cli.run("device", "show", name, status=2).err


def test_lists_are_narrowed_by_what_was_asked_for(cli, stack, make_product):
    product = make_product()
    for i in range(6):
        stack.make_device(product, f"{product}-{i}", tags=["even" if i % 2 == 0 else "odd", "all"],
                          attributes={"floor": str(i % 3)}, enabled=i != 5)

    def found(*arguments):
        return [item["key"][-1] for item in cli.run("device", "list", "--product", product, "--json", *arguments).items]

    assert found() == list("012345")
    assert found("--tag", "even", "--tag", "all") == list("024")
    assert found("--attribute", "floor=1") == list("14")
    assert found("--disabled") == ["5"] and found("--enabled", "--sort", "-key", "--limit", "2") == ["4", "3"]
    assert found("--online") == [] and found("--offline") == list("012345")
    assert found("--seen-after", "1h") == [] and found("--seen-before", "1s") == list("012345")
    assert "contradicts" in cli.run("device", "list", "--online", "--offline", status=2).err
    assert "is a time such as" in cli.run("device", "list", "--seen-after", "soon", status=2).err


def test_several_devices_are_changed_at_once_and_each_failure_told(cli, stack, make_product):
    product = make_product()
    keys = [stack.make_device(product).key for _ in range(3)]
    done = cli.run("device", "disable", *keys)
    assert done.lines == [f"disabled {key}" for key in keys]
    done = subprocess.run(cli.argv("device", "enable", keys[0], "nowhere", keys[1]), capture_output=True, text=True,
                          env=cli.env(), check=False)
    assert done.returncode == 3 and done.stdout.splitlines() == [f"enabled {keys[0]}", f"enabled {keys[1]}"]
    assert done.stderr.startswith("thingd: nowhere: there is no device nowhere")
    state = {key: cli.run("device", "show", key, "--json").json["enabled"] for key in keys}
    assert state == {keys[0]: True, keys[1]: True, keys[2]: False}
    cli.run("device", "tag", *keys, "--add", "a", "--add", "b")
    cli.run("device", "tag", keys[0], "--remove", "a", "--add", "c", "--add", "b")
    assert cli.run("device", "show", keys[0], "--json").json["tags"] == ["b", "c"]
    assert cli.run("device", "show", keys[1], "--json").json["tags"] == ["a", "b"]
    cli.run("device", "delete", *keys, status=2)
    assert cli.run("device", "delete", *keys, "--yes").lines == [f"deleted {key}" for key in keys]


def test_tags_that_two_add_at_once_are_both_there(cli, identity):
    def add(n):
        cli.run("device", "tag", identity.key, "--add", f"t{n}")

    threads = [threading.Thread(target=add, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(cli.run("device", "show", identity.key, "--json").json["tags"]) == ["t0", "t1", "t2", "t3"]


def test_a_key_is_changed_without_the_device_being_locked_out(cli, stack, identity):
    new = cli.run("device", "key", "create", identity.key, "--replace-after", "3600").out.strip()
    assert len(cli.run("device", "key", "list", identity.key, "--json").items) == 2
    old = cli.run("device", "key", "list", identity.key, "--json").items[0]
    assert old["expires_at"]
    cli.run("device", "key", "delete", identity.key, str(old["id"]), "--yes")
    device = type("Made", (), {"product": identity.product, "key": identity.key, "secret": new})
    stack.device(device).connect()
    assert "there is no key id 1" in cli.run("device", "key", "delete", identity.key, "1", "--yes", status=3).err


@pytest.fixture
def reported(stack, identity):
    """Ten reports, a minute apart, the first at a whole hour; co2 in all, name in every other one."""
    start = hooks.now_ms() // HOUR_MS * HOUR_MS - 2 * HOUR_MS
    for i in range(10):
        params = {"co2": 400 + i, **({"name": "=1+1"} if i % 2 == 0 else {})}
        stack.accept(hooks.property_post(identity, params, ts=start + i * 60_000))
    return identity


def test_the_newest_values_are_shown(cli, reported):
    done = cli.run("latest", reported.key)
    assert [line.split()[:2] for line in done.lines] == [["PROPERTY", "VALUE"], ["co2", "409"], ["name", "=1+1"]]
    assert cli.run("latest", reported.key, "--json").json["properties"]["co2"]["value"] == 409
    assert [(row["property"], row["value"]) for row in rows(cli.run("latest", reported.key, "--csv"))] == [
        ("co2", "409"), ("name", "'=1+1")]


def test_history_is_printed_in_each_form_and_loses_nothing(cli, reported):
    items = cli.run("history", reported.key, "--all", "--order", "asc", "--json").items
    assert [item["params"]["co2"] for item in items] == list(range(400, 410))
    assert cli.run("history", reported.key, "--limit", "1").lines[1].endswith("co2=409")
    long = rows(cli.run("history", reported.key, "--all", "--order", "asc", "--csv"))
    assert [(row["property"], row["value"]) for row in long[:3]] == [("co2", "400"), ("name", "'=1+1"), ("co2", "401")]
    assert len(long) == 15
    wide = rows(cli.run("history", reported.key, "--property", "co2", "--property", "name", "--csv", "--order", "asc"))
    assert (wide[0]["co2"], wide[0]["name"], wide[1]["name"]) == ("400", "'=1+1", "")
    head = cli.run("history", reported.key, "--property", "co2").lines[0]
    assert head.split() == ["TIME", "co2"]


def test_history_keeps_every_digit(cli, stack, identity):
    stack.accept(hooks.publish(identity, "thing/event/property/post",
                               '{"id":"1","params":{"big":9007199254740993,"exact":0.10000000000000000001,"none":[]}}'))
    out = cli.run("history", identity.key, "--json").out
    assert "9007199254740993" in out and "0.10000000000000000001" in out and json.loads(out)["params"]["none"] == []


def test_history_is_gathered_in_buckets(cli, reported):
    done = cli.run("history", reported.key, "--bucket", "5m", "--property", "co2", "--aggregate", "min", "--aggregate", "max",
                   "--csv", "--order", "asc")
    assert [(row["property"], row["min"], row["max"]) for row in rows(done)] == [("co2", "400", "404"), ("co2", "405", "409")]
    done = cli.run("history", reported.key, "--from", "1d", "--points", "24", "--property", "co2")
    assert done.lines[0].split() == ["TIME", "PROPERTY", "MIN", "AVG", "MAX", "COUNT", "LAST"]
    assert "either --bucket or --points" in cli.run("history", reported.key, "--bucket", "5m", "--points", "9", status=2).err
    assert "--aggregate goes with" in cli.run("history", reported.key, "--aggregate", "min", status=2).err
    assert "bucket" in cli.run("history", reported.key, "--bucket", "5 weeks", status=6).err


def test_a_time_range_may_say_how_long_ago(cli, reported):
    assert cli.run("history", reported.key, "--from", "30m", "--json").items == []
    assert len(cli.run("history", reported.key, "--from", "1d", "--to", "30m", "--json").items) == 10


def test_events_are_listed(cli, stack, identity):
    stack.accept(hooks.event_post(identity, "alarm", {"level": 2}), hooks.event_post(identity, "note", {"text": "\x1b[2J"}))
    done = cli.run("event", "list", identity.key)
    assert "\x1b" not in done.out and len(done.lines) == 3
    assert [e["type"] for e in cli.run("event", "list", identity.key, "--type", "alarm", "--json").items] == ["alarm"]


def test_a_command_is_waited_for_until_the_device_has_answered(cli, stack, identity):
    device = stack.online(identity)
    sender = subprocess.Popen(cli.argv("command", "send", identity.key, "fan_speed=3", "mode=auto", "exact=0.10", "--wait",
                                       "--json"), stdout=subprocess.PIPE, text=True, env=cli.env())
    got = device.next(SET)
    assert got["params"] == {"fan_speed": 3, "mode": "auto", "exact": 0.1}
    device.publish(SET + "_reply", {"id": got["id"], "code": 200, "data": {"took": 3}})
    out, _ = sender.communicate(timeout=60)
    assert sender.returncode == 0 and json.loads(out)["state"] == "succeeded" and json.loads(out)["data"] == {"took": 3}


def test_a_command_that_the_device_refuses_is_a_failure(cli, stack, identity):
    device = stack.online(identity)
    sender = subprocess.Popen(cli.argv("command", "send", identity.key, "a=1", "--wait"), stdout=subprocess.PIPE, text=True,
                              env=cli.env())
    got = device.next(SET)
    device.publish(SET + "_reply", {"id": got["id"], "code": 500})
    out, _ = sender.communicate(timeout=60)
    assert sender.returncode == 1 and "failed" in out


def test_a_command_that_is_not_answered_stays_and_can_be_canceled(cli, identity):
    err = cli.run("command", "send", identity.key, "a=1", "--wait", "--timeout", "1", status=7).err
    assert "has not answered within 1 s" in err and "is queued" in err and "thingd command show" in err
    [item] = cli.run("command", "list", identity.key, "--state", "queued", "--json").items
    number = str(item["id"])
    assert cli.run("command", "show", identity.key, number, "--json").json["params"] == {"a": 1}
    assert cli.run("command", "cancel", identity.key, number).out == f"canceled command {number}\n"
    assert "is over: canceled" in cli.run("command", "cancel", identity.key, number, status=5).err
    assert cli.run("command", "list", identity.key, "--state", "queued", "--json").items == []
    assert f"there is no command {number}1" in cli.run("command", "show", identity.key, number + "1", status=3).err


def test_a_service_is_called_with_values_from_standard_input(cli, identity):
    cli.run("command", "send", identity.key, "--name", "calibrate", "--params", "-", "--ttl", "60",
            input='{"gas": "co2", "big": 9007199254740993}')
    [item] = cli.run("command", "list", identity.key, "--name", "calibrate", "--json").items
    assert item["params"] == {"gas": "co2", "big": 9007199254740993}
    for arguments, told in ((["a=1", "--params", "{}"], "either"), ([], "nothing to set"), (["a"], "is not NAME=VALUE"),
                            (["a=1", "--timeout", "3"], "goes with --wait"), (["a=1", "--once", "a b"], "without blanks")):
        assert told in cli.run("command", "send", identity.key, *arguments, status=2).err


def test_a_command_sent_once_is_sent_once(cli, identity):
    made = [cli.run("command", "send", identity.key, "a=1", "--once", "job-7", "--json").json["id"] for _ in range(2)]
    assert made[0] == made[1] and len(cli.run("command", "list", identity.key, "--json").items) == 1


def test_the_shadow_is_set_and_read(cli, identity):
    done = cli.run("shadow", "set", identity.key, "interval=5", 'label="7"', "--json").json
    assert done["desired"] == {"interval": 5, "label": "7"} and done["version"] == 1
    assert cli.run("shadow", "set", identity.key, "--unset", "label", "--json").json["desired"] == {"interval": 5}
    assert "version" in cli.run("shadow", "set", identity.key, "a=1", "--version", "1", status=5).err
    lines = cli.run("shadow", "get", identity.key).lines
    assert "desired.interval  5" in lines and "delta.interval    5" in lines
    assert "nothing to set" in cli.run("shadow", "set", identity.key, status=2).err


def test_dead_letters_are_listed_shown_replayed_and_discarded(cli, stack, identity):
    stack.accept(hooks.publish(identity, "thing/event/property/post", "not JSON \x1b[2J"),
                 hooks.publish(identity, "thing/event/property/post", b"\xff\xfe"))
    letters = cli.run("dead-letter", "list", "--device", identity.key, "--json").items
    assert len(letters) == 2
    number = str(letters[0]["id"])
    assert "\x1b" not in cli.run("dead-letter", "show", number).out
    assert json.loads(cli.run("dead-letter", "show", number, "--body").out)["from_clientid"] == identity.key
    [tally] = cli.run("dead-letter", "summary", "--product", identity.product, "--json").items
    assert tally["kept"] == 2
    assert cli.run("dead-letter", "replay", number, "--json").json["dead"] == 1
    assert cli.run("dead-letter", "replay", "--device", identity.key, "--json").json == {
        "stored": 0, "duplicate": 0, "ignored": 0, "dead": 2, "retry": 0, "incomplete": 0, "more": False}
    for arguments in ([], [number, "--device", identity.key], ["--all", "--device", identity.key]):
        cli.run("dead-letter", "discard", *arguments, "--yes", status=2)
    assert cli.run("dead-letter", "discard", number, "--yes").out == f"discarded {number}\n"
    assert cli.run("dead-letter", "discard", "--device", identity.key, "--yes").lines == ["discarded  1"]
    assert cli.run("dead-letter", "list", "--device", identity.key, "--json").items == []


def test_alarms_are_listed_acknowledged_and_cleared(cli, stack, identity):
    scripts.install(stack, identity.product, """return { api = 1, on_property = function(msg)
        for key, severity in pairs(msg.params) do
            thing.alarm.raise(key, { severity = severity, message = "look \\27[2J" }) end end }""")
    stack.accept(hooks.property_post(identity, {"hot": "critical", "low": "info", "wet": "warning"}))
    done = cli.run("alarm", "list", "--device", identity.key)
    assert "\x1b" not in done.out and len(done.lines) == 4
    [hot] = cli.run("alarm", "list", "--product", identity.product, "--severity", "critical", "--json").items
    number = str(hot["id"])
    assert "count            1" in cli.run("alarm", "show", number).lines
    assert cli.run("alarm", "acknowledge", number, "--note", "seen").out == f"acknowledged alarm {number}\n"
    assert cli.run("alarm", "acknowledge", "--device", identity.key).lines == ["done  2"]
    for arguments in ([], [number, "--device", identity.key], ["--all", "--device", identity.key]):
        cli.run("alarm", "clear", *arguments, "--yes", status=2)
    assert cli.run("alarm", "clear", number).out == f"cleared alarm {number}\n"
    assert "already" in cli.run("alarm", "clear", number, status=5).err
    assert cli.run("alarm", "clear", "--device", identity.key, "--from", "1h", "--yes", "--json").json == {
        "done": 2, "more": False}
    log = cli.run("alarm", "log", number, "--order", "asc", "--json").items
    assert [(e["event"], e["message"][:4]) for e in log] == [("raised", "look"), ("acknowledged", "seen"), ("cleared", "")]
    assert "script" in cli.run("alarm", "log", number).out
    assert cli.run("alarm", "list", "--device", identity.key, "--json").items == []
    assert len(cli.run("alarm", "list", "--device", identity.key, "--state", "cleared", "--json").items) == 3


def test_groups_are_made_of_lists_and_of_queries(cli, stack, make_product):
    product = make_product()
    one, two = stack.make_device(product, tags=["north"]), stack.make_device(product)
    listed, found = "g-" + secrets.token_hex(4), "g-" + secrets.token_hex(4)
    cli.run("group", "create", listed, "--product", product)
    assert cli.run("group", "members", listed, "--add", one.key, "--add", two.key).out == "2 added, 0 removed\n"
    assert "not there: nowhere" in cli.run("group", "members", listed, "--remove", two.key, "--add", "nowhere", status=3).err
    assert [d["key"] for d in cli.run("group", "members", listed, "--json").items] == [one.key]
    cli.run("group", "create", found, "--product", product, "--query", "tag=north", "--query", "enabled=true")
    assert [d["key"] for d in cli.run("device", "list", "--group", found, "--json").items] == [one.key]
    assert {g["key"] for g in cli.run("group", "list", "--product", product, "--json").items} == {listed, found}
    assert cli.run("group", "show", found, "--json").json["query"] == {"tag": "north", "enabled": "true"}
    cli.run("group", "delete", found, "--yes")
    cli.run("group", "show", found, status=3)


def test_connections_and_changes_are_told(cli, stack, identity):
    stack.online(identity)
    head, newest = cli.run("device", "connections", identity.key).lines[:2]
    assert head.split()[:2] == ["TIME", "EVENT"] and "connected" in newest
    [entry] = cli.run("audit", "list", "--target", identity.key, "--action", "devices:create", "--json").items
    assert entry["after"]["key"] == identity.key
