# SPDX-License-Identifier: Apache-2.0
"""Import, export and changes to many devices, from the command line."""

import csv
import io
import json
import os
import secrets
import stat

import pytest
from harness import hooks, password


@pytest.fixture
def product(stack):
    return stack.make_product()


@pytest.fixture
def mark():
    return "j" + secrets.token_hex(4)


@pytest.fixture
def fleet(stack, product, mark):
    """Five devices of one product; the odd ones have the tag odd."""
    return [stack.make_device(product, f"{mark}-{i}", tags=["odd"] if i % 2 else []) for i in range(5)]


def write(cli, name, text):
    with open(cli.path(name), "w", newline="") as f:
        f.write(text)
    return name


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


# Import


def test_devices_come_out_of_a_file_with_secrets_that_let_them_in(cli, stack, product, mark):
    write(cli, "devices.csv", f"key,name,attributes.site\n{mark}-1,Pump,Köln\n{mark}-2,,\n")
    done = cli.run("import", "devices.csv", "--product", product, "--dry-run")
    assert "2 created" in done.out and "secrets" not in done.err
    assert cli.run("device", "list", "--product", product, "--json").items == []
    done = cli.run("import", "devices.csv", "--product", product, "--credentials", "secrets.csv")
    assert done.out.endswith("is done: 2 created\n") and done.err == ""
    assert stat.S_IMODE(os.stat(cli.path("secrets.csv")).st_mode) == 0o600
    with open(cli.path("secrets.csv")) as f:
        first, _ = table(f.read())
    assert first["client_id"] == f"{mark}-1"
    word = password.password(first["client_id"], first["secret"])
    assert stack.auth(first["client_id"], product, word)["result"] == "allow"
    assert "is there already" in cli.run("import", "devices.csv", "--credentials", "secrets.csv", status=2).err


def test_rows_that_come_to_nothing_are_told_and_the_status_says_so(cli, product, mark):
    text = f"key,enabled\n{mark}-1,\nb ad,\n{mark}-1,\n" + "".join(f"{mark}-x{i},maybe\n" for i in range(12))
    write(cli, "devices.csv", text)
    done = cli.run("import", "devices.csv", "--product", product, status=None)
    assert done.status == 1 and "1 created, 14 failed" in done.out
    assert "  line 3: /key must match" in done.err and f"  line 4 {mark}-1: " in done.err
    assert "  and 4 more: thingd job rows" in done.err and "thingd job credentials" in done.err
    number = done.out.split()[1]
    assert len(cli.run("job", "rows", number, "--outcome", "error", "--all", "--json").items) == 14
    assert cli.run("job", "show", number, "--json").json["failed"] == 14
    secret = table(cli.run("job", "credentials", number).out)[0]["secret"]
    assert len(secret) == 43
    cli.run("job", "credentials", number, status=3)


def test_a_file_of_any_size_and_form_is_taken(cli, product, mark):
    lines = "".join(json.dumps({"key": f"{mark}-{i}", "attributes": {"note": "n" * 3000}}) + "\n" for i in range(600))
    write(cli, "devices.jsonl", lines)  # 1.8 MB: an upload
    assert "600 created" in cli.run("import", "devices.jsonl", "--product", product).out
    again = cli.run("import", "-", "--format", "json", "--upsert", "--product", product, "--json",
                    input=json.dumps([{"key": f"{mark}-0", "name": "new"}])).json
    assert again["counts"] == {"updated": 1}
    assert cli.run("device", "show", f"{mark}-0", "--json").json["name"] == "new"


def test_a_file_that_is_none_is_refused(cli, product):
    write(cli, "empty.csv", "")
    write(cli, "broken.json", "[{]")
    assert "is empty" in cli.run("import", "empty.csv", "--product", product, status=1).err
    assert "failed" in cli.run("import", "broken.json", "--product", product, status=1).err
    assert "what is in it" in cli.run("import", "devices", status=2).err
    assert "cannot read" in cli.run("import", "nowhere.csv", "--product", product, status=1).err
    assert "There is no product nope" in cli.run("import", "broken.json", "--product", "nope", status=5).err


# Export


def test_the_list_of_devices_is_a_file(cli, fleet, product):
    rows = table(cli.run("export", "devices", "--product", product).out)
    assert [row["key"] for row in rows] == [device.key for device in fleet]
    cli.run("export", "devices", "--product", product, "--tag", "odd", "--format", "jsonl", "--out", "odd.jsonl")
    with open(cli.path("odd.jsonl")) as f:
        assert [json.loads(line)["key"] for line in f] == [fleet[1].key, fleet[3].key]
    assert not os.path.exists(cli.path("odd.jsonl.part"))


def test_what_many_devices_reported_is_a_file(cli, stack, fleet, product):
    start = hooks.now_ms() - 3_600_000
    for i, device in enumerate(fleet):
        stack.accept(hooks.property_post(device, {"co2": 400 + i, "name": "=1+1"}, ts=start + i))
        stack.accept(hooks.event_post(device, "alarm", {"level": i}, ts=start + i))
    cli.run("export", "history", "--product", product, "--property", "co2", "--out", "co2.csv")
    with open(cli.path("co2.csv")) as f:
        assert sorted(row["co2"] for row in table(f.read())) == [str(400 + i) for i in range(5)]
    done = cli.run("export", "history", "--device", f"{product}/{fleet[0].key}", "--from", "2h", "--format", "jsonl")
    assert [item["params"] for item in done.items] == [{"co2": 400, "name": "=1+1"}]
    assert cli.run("export", "history", "--device", fleet[0].key, "--from", "1m", "--format", "jsonl").items == []
    assert len(table(cli.run("export", "events", "--tag", "odd", "--product", product, "--type", "alarm").out)) == 2
    assert "one of --device, --all and filters" in cli.run("export", "history", "--all", "--online", status=2).err


def test_a_job_can_be_left_to_itself_and_fetched_later(cli, stack, fleet, product):
    stack.accept(hooks.property_post(fleet[0], {"n": 1}))
    number = cli.run("export", "history", "--product", product, "--format", "jsonl", "--background").out.strip()
    assert "is done" in cli.run("job", "wait", number).out
    assert number in [str(item["id"]) for item in cli.run("job", "list", "--kind", "export", "--state", "done", "--json").items]
    assert cli.run("job", "file", number).items[0]["params"] == {"n": 1}
    assert "is over" in cli.run("job", "cancel", number, status=5).err
    cli.run("job", "file", "0", status=3)
    cli.run("job", "file", number, "--out", "nowhere/file", status=1)


# Many at once


def test_many_devices_are_changed_by_one_command(cli, fleet, product):
    def tags():
        return [item["tags"] for item in cli.run("device", "list", "--product", product, "--json").items]

    assert "2 devices, such as " in cli.run("bulk", "tag", "a", "b", "--product", product, "--tag", "odd", "--dry-run").out
    assert "2 changed" in cli.run("bulk", "tag", "a", "b", "--product", product, "--tag", "odd", "--yes").out
    assert tags()[:2] == [[], ["odd", "a", "b"]]
    cli.run("bulk", "untag", "odd", "--device", fleet[1].key, "--yes")
    assert tags()[1] == ["a", "b"]
    cli.run("bulk", "disable", "--product", product, "--yes")
    assert cli.run("device", "list", "--product", product, "--enabled", "--json").items == []
    cli.run("bulk", "command", "interval=60", "--product", product, "--ttl", "60", "--yes")
    assert cli.run("command", "list", fleet[4].key, "--json").items[0]["params"] == {"interval": 60}
    assert "5 changed" in cli.run("bulk", "delete", "--product", product, "--delete-history", "--yes").out
    assert cli.run("device", "list", "--product", product, "--json").items == []


def test_nothing_is_changed_by_accident(cli, fleet, product):
    for arguments, told in ((["disable"], "which devices?"), (["disable", "--product", product], "add --yes"),
                            (["disable", "--all", "--product", product, "--yes"], "one of"),
                            (["command", "--product", product], "nothing to set"), (["tag", "--all"], "TAG is missing")):
        assert told in cli.run("bulk", *arguments, status=2).err
    assert len(cli.run("device", "list", "--product", product, "--enabled", "--json").items) == 5
