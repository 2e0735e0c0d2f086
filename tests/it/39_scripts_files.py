# SPDX-License-Identifier: Apache-2.0
"""Scripts as files: a folder is made, tested, pushed, pulled, watched; conflicts are seen, nothing is gone over."""

import json
import os
import re
import subprocess
import sys
import threading

import pytest
from harness import hooks, scripts
from parts import broker, thingd

sys.path.append(os.path.join(broker.REPOSITORY, "examples"))

from demo.watching import Watching as Demo  # noqa: E402

SCRIPT = """local decode = require "lib.decode"
local M = { api = 1 }
function M.on_property(msg)
    msg.params.n = decode.factor * %d
    print("n is", msg.params.n)
    return msg.params
end
return M
"""
DECODE = "return { factor = 10 }\n"


@pytest.fixture
def product(make_product):
    return make_product()


@pytest.fixture
def folder(cli, product):
    """A new folder of the product; write(file, text) changes it."""
    cli.run("lua", "new", "air", "--product", product)

    def write(file, text):
        path = cli.path("air", file)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.write(text)

    write("init.lua", SCRIPT % 1)
    write("lib/decode.lua", DECODE)
    return write


def read(cli, *names):
    with open(cli.path(*names)) as f:
        return f.read()


def ends(cli, *arguments):
    """How `thingd ARGUMENTS` ends that says on standard output what it found."""
    done = subprocess.run(cli.argv(*arguments), capture_output=True, text=True, timeout=60, env=cli.env(), cwd=cli.home,
                          check=False)
    assert done.stderr == "", done.stderr
    return done.returncode, done.stdout.splitlines()


def newest(stack, product):
    items = stack.call("GET", scripts.path(product), params={"limit": 1})["items"]
    return items[0]["number"] if items else 0


# Without a server


def test_a_new_folder_passes_its_test_and_is_clean(cli):
    nowhere = {"THINGD_SERVER": "http://127.0.0.1:9"}
    made = cli.run("lua", "new", "greenhouse", env=nowhere)
    assert "greenhouse/init.lua" in made.out
    assert cli.run("lua", "test", "greenhouse", env=nowhere).lines[-1] == "1 passed, 0 failed"
    assert cli.run("lua", "lint", "greenhouse", env=nowhere).out == "nothing to complain of\n"
    assert json.loads(read(cli, "greenhouse", "product.json")) == {"product": "greenhouse"}
    assert "---@class thing.Report" in read(cli, "greenhouse", ".thing", "thing.lua")
    assert "there already" in cli.run("lua", "new", "greenhouse", status=5).err
    assert "no key of a product" in cli.run("lua", "new", "a b", status=2).err


def test_lint_names_file_line_and_column_and_fails(cli, folder):
    assert cli.run("lua", "lint", "air").out == "nothing to complain of\n"
    folder("lib/decode.lua", "local x = 1\nreturn { factor = unknwon }\n")
    status, lines = ends(cli, "lua", "lint", "air", "air/init.lua", "--json")
    warnings = [json.loads(line) for line in lines]
    assert status == 1
    assert [(w["at"], w["code"]) for w in warnings] == [
        ("air/lib/decode.lua:1:7", "unused"), ("air/lib/decode.lua:2:19", "undefined"),
        ("air/init.lua:1:16", "require")]  # alone the file has nothing to require
    folder("init.lua", "return {\n  api = = 1\n}")
    assert ends(cli, "lua", "lint", "air")[1][0] == "air/init.lua:2:9: unexpected symbol near '=' (syntax)"


def test_tests_stand_in_the_script_and_in_files(cli, folder):
    one = {"name": "from a file", "input": {"payload": {"id": "1", "params": {}}},
           "expect": {"store": [{"params": {"n": 10}}]}}
    folder("tests/one.json", json.dumps(one))
    folder("tests/more.json", json.dumps([one, dict(one, name="wrong", expect={"store": [{"params": {"n": 11}}]})]))
    status, lines = ends(cli, "lua", "test", "air")
    assert status == 1 and lines[-1] == "2 passed, 1 failed"
    assert "  FAIL  wrong" in lines and any('"n":10' in line for line in lines)
    folder("tests/more.json", "[{]")
    assert "air/tests/more.json" in cli.run("lua", "test", "air", status=6).err


@pytest.mark.parametrize("file", ["my-lib.lua", "lib/1.lua", "a.b.lua"])
def test_files_that_cannot_be_required_are_named(cli, folder, file):
    folder(file, "return 1")
    if file == "a.b.lua":
        assert cli.run("lua", "lint", "air").status == 0  # a.b is what it is called
    else:
        assert f"{file} cannot be required" in cli.run("lua", "test", "air", status=6).err


# Push and pull


def test_a_push_keeps_every_file_and_puts_it_in_force(stack, cli, folder, make_device, product):
    device = make_device(product)
    pushed = cli.run("lua", "push", "air", "--activate", "--note", "first")
    assert pushed.lines[-2:] == [f"version 1 of {product}", "version 1 is in force"]
    kept = stack.call("GET", scripts.path(product, 1))
    assert kept["source"] == SCRIPT % 1 and kept["modules"] == {"lib.decode": DECODE} and kept["note"] == "first"
    assert kept["size"] == len(SCRIPT % 1) + len(DECODE)
    stack.accept(hooks.property_post(device, {"a": 1}))
    assert stack.history(device)[-1]["params"] == {"a": 1, "n": 10}
    again = cli.run("lua", "push", "air")
    assert again.out == f"nothing new: it is version 1 of {product}\n" and newest(stack, product) == 1
    folder("lib/decode.lua", "return { factor = 100 }\n")
    changed = cli.run("lua", "push", "air", "--activate")
    assert ["  lib/decode.lua", "  - return { factor = 10 }", "  + return { factor = 100 }"] == changed.lines[:3]
    stack.accept(hooks.property_post(device, {"a": 2}))
    assert stack.history(device)[-1]["params"] == {"a": 2, "n": 100}
    assert json.loads(read(cli, "air", "product.json"))["version"] == 2


def test_a_folder_that_is_wrong_is_not_pushed(stack, cli, folder, product):
    folder("lib/decode.lua", "local x = 1\nreturn { factor = = 1 }\n")
    said = cli.run("lua", "push", "air", status=6).err
    assert "air/lib/decode.lua:2:19: " in said
    folder("lib/decode.lua", DECODE)
    folder("tests/one.json", json.dumps({"name": "no", "input": {"payload": {"id": "1", "params": {}}},
                                         "expect": {"store": [{"params": {"n": 11}}]}}))
    assert 'the test "no" fails' in cli.run("lua", "push", "air", status=6).err
    assert newest(stack, product) == 0
    log = stack.call("GET", scripts.path(product, "log"))["items"]
    assert [line["level"] for line in log] == ["error", "error"]
    assert "lib/decode.lua:2:19: " in log[0]["text"]


def test_a_push_does_not_go_over_what_was_not_pulled(stack, cli, folder, product):
    cli.run("lua", "push", "air")
    scripts.create(stack, product, scripts.adds("b", 1), note="from the dashboard")
    folder("init.lua", SCRIPT % 2)
    said = cli.run("lua", "push", "air", status=5).err
    assert "version 2" in said and "from the dashboard" in said and "--force" in said
    assert newest(stack, product) == 2
    cli.run("lua", "push", "air", "--force")
    assert newest(stack, product) == 3
    folder("init.lua", SCRIPT % 3)
    cli.run("lua", "push", "air")
    assert newest(stack, product) == 4


def test_of_two_pushes_at_once_one_is_refused(stack, product):
    body = {"source": scripts.adds("a", 1), "after": 0}
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(
        stack.api.post(scripts.path(product), json=body).status_code)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201, 409, 409, 409] and newest(stack, product) == 1


def test_a_pull_writes_the_version_in_force(stack, cli, folder, product):
    cli.run("lua", "push", "air", "--activate")
    scripts.create(stack, product, scripts.adds("b", 1))
    other = cli.run("lua", "pull", "other", "--product", product)
    assert "version 1" in other.out
    assert read(cli, "other", "init.lua") == SCRIPT % 1 and read(cli, "other", "lib", "decode.lua") == DECODE
    assert cli.run("lua", "test", "other").lines[-1] == "0 passed, 0 failed"
    cli.run("lua", "pull", "other", "--version", "2")
    assert read(cli, "other", "init.lua") == scripts.adds("b", 1)
    assert not os.path.exists(cli.path("other", "lib", "decode.lua")), "what the version lacks is gone"
    with open(cli.path("other", "init.lua"), "a") as f:
        f.write("\n-- mine\n")
    refused = cli.run("lua", "pull", "other", status=5)
    assert "does not have" in refused.err and "- -- mine" in refused.out
    assert read(cli, "other", "init.lua").endswith("-- mine\n")
    cli.run("lua", "pull", "other", "--force")
    assert read(cli, "other", "init.lua") == SCRIPT % 1
    assert "has no script" in cli.run("lua", "pull", "x", "--product", stack.make_product(), status=3).err
    assert "there is no" in cli.run("lua", "pull", "x", "--product", "no-such-product", status=3).err


def test_a_canary_is_started_by_a_push(stack, cli, folder, make_device, product):
    chosen, other = make_device(product), make_device(product)
    cli.run("lua", "push", "air", "--activate")
    folder("init.lua", SCRIPT % 2)
    cli.run("lua", "push", "air", "--canary", chosen.key)
    stack.accept(hooks.property_post(chosen, {}), hooks.property_post(other, {}))
    assert (stack.history(chosen)[-1]["params"], stack.history(other)[-1]["params"]) == ({"n": 20}, {"n": 10})
    assert "--canary wants" in cli.run("lua", "push", "air", "--canary", "a b", status=2).err


# Versions of several files through the API


@pytest.mark.parametrize("modules, says", [
    ({"a/b": "return 1"}, None), ({"": "return 1"}, None), ({"a..b": "return 1"}, "no module"),
    ({"a.1": "return 1"}, "no module"), ({"a": "return = 1"}, "a.lua:1:8"), ({"a": "error('x')"}, "a.lua:1"),
    ({f"m{i}": "return 1" for i in range(65)}, None), ({"a": 5}, None)])
def test_modules_that_are_none_are_refused(stack, product, modules, says):
    body = {"source": "return { api = 1 }", "modules": modules}
    answer = stack.api.post(scripts.path(product), json=body)
    assert answer.status_code == 422 and (says is None or says in answer.text), answer.text
    checked = stack.api.post(scripts.path(product, "check"), json=body)
    assert checked.status_code == 422 or not checked.json()["ok"], checked.text
    assert newest(stack, product) == 0


def test_modules_require_each_other_and_are_looked_through(stack, product):
    body = {"source": 'local a = require "a" return { api = 1, on_property = function(m) m.params.x = a.x return m.params end }',
            "modules": {"a": 'local b = require "lib.b"\nreturn { x = b }', "lib.b": "local unused = 1\nreturn 7"}}
    checked = stack.call("POST", scripts.path(product, "check"), body)
    assert checked["ok"] and [(w["file"], w["code"]) for w in checked["warnings"]] == [("lib/b.lua", "unused")]
    tried = stack.call("POST", scripts.path(product, "try"), dict(body, payload={"id": "1", "params": {}}))
    assert tried["items"][0]["effects"]["store"][0]["params"] == {"x": 7}
    one = stack.call("POST", scripts.path(product), body, 201)
    two = stack.call("POST", scripts.path(product), dict(body, modules={**body["modules"], "lib.b": "return 8"}), 201)
    assert one["sha256"] != two["sha256"] and one["number"] + 1 == two["number"]
    loop = stack.api.post(scripts.path(product), json={"source": 'require "a" return { api = 1 }', "modules": {
        "a": 'return require "b"', "b": 'return require "a"'}})
    assert loop.status_code == 422 and "requires itself" in loop.text


# Log and replay


def test_the_log_is_shown_and_followed(stack, cli, folder, make_device, product, wait_until):
    device = make_device(product)
    cli.run("lua", "push", "air", "--activate")
    stack.accept(hooks.property_post(device, {}))
    wait_until(lambda: "n is" in cli.run("lua", "log", "air", "--once").out, message="the line")
    assert "n is 10" in cli.run("lua", "log", "air", "--once").out
    line = next(line for line in cli.run("lua", "log", "air", "--once").lines if "n is 10" in line)
    assert device.key in line and "info" in line and "init.lua:5: " in line
    following = subprocess.Popen(cli.argv("lua", "log", "--product", product, "--json", "--limit", "1"),
                                 stdout=subprocess.PIPE, env=cli.env(), cwd=cli.home, text=True)
    try:
        assert json.loads(following.stdout.readline())["text"] == "n is\t10"
        seen = []
        reader = threading.Thread(target=lambda: seen.append(json.loads(following.stdout.readline())))
        reader.start()

        def said():
            stack.accept(hooks.property_post(device, {}))
            return seen

        wait_until(said, message="a new line")
        assert seen[0]["text"] == "n is\t10" and seen[0]["seq"] > 1
    finally:
        following.terminate()
        following.wait()
        following.stdout.close()


def test_a_replay_shows_what_would_be_different(stack, cli, folder, make_device, product):
    device, other = make_device(product), make_device(product)
    stack.accept(hooks.property_post(device, {"a": 1}), hooks.property_post(other, {"a": 5}))
    done = cli.run("lua", "replay", "air", "--device", device.key)
    assert device.key in done.out and other.key not in done.out
    assert "    + n = 10" in done.lines and done.lines[-1] == "0 the same, 1 changed, 0 refused, 0 failed"
    cli.run("lua", "push", "air", "--activate")
    stack.accept(hooks.property_post(device, {"a": 1}))
    done = cli.run("lua", "replay", "air", "--device", device.key, "--last", "1")
    assert done.lines[-1] == "1 the same, 0 changed, 0 refused, 0 failed"
    scripts.install(stack, product, "return { api = 1, on_property = function() error('no') end }")
    stack.accept(hooks.property_post(other, {"a": 2}))
    [letter] = stack.dead_letters(other)
    done = cli.run("lua", "replay", "air", "--letters")
    assert "was not stored, now is" in done.out and done.lines[-1].startswith("0 the same, 1 changed")
    assert cli.run("lua", "replay", "air", "--letter", str(letter["id"])).status == 0
    folder("init.lua", "return { api = 1, on_property = function(m) error('still no') end }")
    status, lines = ends(cli, "lua", "replay", "air", "--letters")
    assert status == 1 and "still no" in lines[0]
    items = json.loads(ends(cli, "lua", "replay", "air", "--letters", "--json")[1][0])["items"]
    assert items[0]["stored"] is None and items[0]["effects"]["dead"]["reason"] == "script_error"
    assert len(stack.history(device)) == 2, "nothing was stored by all this"


# Save the file, and the next message runs it


class Watching:
    """`thingd lua watch air`, with the lines that it has printed."""

    def __init__(self, cli):
        self.process = subprocess.Popen(cli.argv("lua", "watch", "air"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        env=cli.env(), cwd=cli.home, text=True)
        self.lines = []
        self.thread = threading.Thread(target=lambda: self.lines.extend(iter(self.next, None)))
        self.thread.start()

    def next(self):
        return self.process.stdout.readline().rstrip("\n") or None

    def shows(self, pattern):
        return any(re.search(pattern, line) for line in self.lines)

    def end(self):
        self.process.terminate()  # a run in the background has SIGINT ignored
        try:
            self.process.wait(10)
        finally:
            self.process.kill()
        self.thread.join()
        self.process.stdout.close()


@pytest.fixture
def watching(cli, folder):
    watching = Watching(cli)
    yield watching
    watching.end()


def test_a_saved_file_runs_with_the_next_message(stack, cli, folder, make_device, product, watching, wait_until):
    device = make_device(product)

    def stores(n):
        stack.accept(hooks.property_post(device, {}))
        return stack.history(device)[-1]["params"] == {"n": n}

    wait_until(lambda: watching.shows("version 1 of .* is in force"), message="the folder as it is")
    wait_until(lambda: stores(10), message="version 1 runs")
    folder("lib/decode.lua", "return { factor = 20 }\n")
    wait_until(lambda: watching.shows("version 2 of .* is in force"), message="a file below is saved")
    wait_until(lambda: stores(20), message="version 2 runs")
    # As editors do: beside it, then in its place.
    folder(".init.lua.new", SCRIPT % 3)
    os.rename(cli.path("air", ".init.lua.new"), cli.path("air", "init.lua"))
    wait_until(lambda: watching.shows("version 3 of .* is in force"), message="a file is replaced")
    wait_until(lambda: stores(60), message="version 3 runs")
    folder("init.lua", "local M = { api = 1 }\nfunction M.on_property(msg)\n    return msg.params then\nend\nreturn M\n")
    wait_until(lambda: watching.shows(r"air/init\.lua:3:23: "), message="the mistake, with its place")
    assert stores(60), "the version before goes on"
    log = [line["text"] for line in stack.call("GET", scripts.path(product, "log"))["items"] if line["level"] == "error"]
    assert len(log) == 1 and "init.lua:3:23: " in log[0]
    folder("init.lua", SCRIPT % 4)
    wait_until(lambda: watching.shows("version 4 of .* is in force"), message="it is mended")
    wait_until(lambda: stores(80), message="version 4 runs")
    assert newest(stack, product) == 4


def test_saving_without_a_change_makes_no_version(stack, cli, folder, product, watching, wait_until):
    wait_until(lambda: watching.shows("version 1 of .* is in force"), message="the folder as it is")
    folder("init.lua", SCRIPT % 1)
    folder("README.md", "words")
    folder("init.lua", SCRIPT % 2)
    wait_until(lambda: watching.shows("version 2 of .* is in force"), message="the change")
    assert newest(stack, product) == 2


def test_the_demo_watches_its_folders_and_tells_the_news(stack, cli, tmp_path, wait_until):
    stack.call("POST", "/api/v1/products", {"key": "air-monitor"}, 201)
    (tmp_path / "token").write_text(stack.admin_token)
    products = tmp_path / "var/products"
    products.mkdir(parents=True)
    (products / "no-script").mkdir()
    demo = Demo(thingd.program(), str(tmp_path), str(products), os.path.join(broker.REPOSITORY, "examples/products/air-monitor"),
                stack.http, str(tmp_path / "token"), str(tmp_path))
    news = []

    def tells(pattern):
        news.extend(demo.news())
        return any(re.search(pattern, line) for line in news)

    try:
        assert demo.start() == ["air-monitor"]
        wait_until(lambda: tells("version 1 of air-monitor is in force"), message="the example in force")
        script = products / "air-monitor/init.lua"
        script.write_text(script.read_text().replace("return params\n", "return params,\n"))
        wait_until(lambda: tells(r"^var/products/air-monitor/init\.lua:\d+:\d+: "), message="the place of the mistake")
        assert newest(stack, "air-monitor") == 1
    finally:
        demo.stop()
