# SPDX-License-Identifier: Apache-2.0
"""Notifiers of one's own: what they are given, what they may reach, and what one that goes wrong costs."""

import os
import secrets
import shutil

import pytest
from harness import hooks, scripts
from harness.receiver import Receiver
from harness.wait import wait_until
from parts import broker

SCRIPT = """return { api = 1, on_property = function(msg)
    thing.notify(msg.params.channel, { title = msg.params.title or "t", data = msg.params.data }) end }"""

HEAD = """local M = { api = 1, name = "%s", version = "2.1", title = "Test", hosts = { "localhost:1" } }
M.schema = { type = "object", properties = { how = { type = "string" }, url = { type = "string" },
    password = { type = "string", writeOnly = true } } }
"""

# name -> what follows the head
NOTIFIERS = {
    "odd": """
local ways = {}
function ways.endless() while true do end end
function ways.memory() local t = {} while true do t[#t + 1] = ("x"):rep(100000) end end
function ways.raises(conf) error("cannot use " .. conf.password) end
function ways.tells(conf) thing.log.warn("using " .. conf.password) return nil, "refused: " .. conf.password:rep(40) end
function ways.nothing() end
function ways.foreign(conf) return nil, select(2, thing.http.request { url = conf.url }) end
function ways.mail() return thing.mail.send {} end
function ways.device() return thing.device.get("x") end
function ways.notify() thing.notify("c", { title = "again" }) end
function ways.file() return io.open("/etc/passwd") end
function ways.remembers(conf) M.seen = conf.password end
function ways.shows(_, n, ctx)
    return nil, table.concat({ n.title, n.severity, ctx.attempt, tostring(n.test), n.id:len(), n.json }, " ")
end
function M.send(conf, n, ctx) return ways[conf.how](conf, n, ctx) end
return M""",
    "relay": """
M.hosts = function(conf) return { conf.url:match("//([^/]+)") } end
function M.send(conf, n)
    for i = 1, 2 do
        local answer, why = thing.http.request { method = "POST", url = conf.url, body = { n = i } }
        if not answer then return nil, why end
    end
    return true
end
return M""",
    "broken": "this is no Lua",
    "misnamed": "M.name = 'other' function M.send() end return M",
    "silent": "return M",
    "endless": "while true do end",
}


@pytest.fixture(scope="module")
def receiver():
    one = Receiver()
    yield one
    one.close()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The project's own files, with the notifiers above beside its own."""
    folder = tmp_path_factory.mktemp("home")
    for name in ("api", "lua", "migrations", "web"):
        if os.path.exists(os.path.join(broker.REPOSITORY, name)):
            os.symlink(os.path.join(broker.REPOSITORY, name), folder / name)
    shutil.copytree(os.path.join(broker.REPOSITORY, "plugins"), folder / "plugins")
    for name, text in NOTIFIERS.items():
        (folder / "plugins/notify" / name).mkdir()
        (folder / "plugins/notify" / name / "init.lua").write_text(HEAD % name + text)
    return folder


@pytest.fixture(scope="module")
def stack(module_stack, home, receiver):
    return module_stack(nodes=0, settings={"home": str(home), "outbound.allow": receiver.host, "outbox.backoff": "20ms",
                                           "outbox.attempts": 2, "outbox.lease": "4s"})


@pytest.fixture
def device(stack, identity):
    scripts.install(stack, identity.product, SCRIPT)
    return identity


def make(stack, notifier, config, **members):
    key = "c-" + secrets.token_hex(4)
    stack.call("POST", "/api/v1/channels", {"key": key, "notifier": notifier, "config": config, "shared": True, **members}, 201)
    return key


def outcome(stack, how, **members):
    key = make(stack, "odd", {"how": how, **members.pop("config", {})}, **members)
    return stack.call("POST", f"/api/v1/channels/{key}/test")


def log_of(stack):
    with open(os.path.join(stack.dir, "thingd-1.log")) as log:
        return log.read()


def test_those_that_do_not_load_are_told_of_and_not_there(stack):
    names = [one["name"] for one in stack.call("GET", "/api/v1/notifiers")["items"]]
    assert names == ["mail", "odd", "relay", "webhook"]
    log = log_of(stack)
    for name in ("broken", "misnamed", "silent", "endless"):
        assert f"event=notifier_not_loaded worker=0 notifier={name} " in log, log
        answer = stack.api.post("/api/v1/channels", json={"key": "x", "notifier": name})
        assert answer.status_code == 409 and answer.json()["code"] == "unknown_reference"


@pytest.mark.parametrize(("how", "why"), [("endless", "cpu"), ("memory", "memory"), ("nothing", "neither true nor nil"),
                                          ("mail", "nil value"), ("device", "nil value"), ("notify", "nil value"),
                                          ("file", "nil value")])
def test_one_that_goes_wrong_ends_its_attempt_alone(stack, how, why):
    answer = outcome(stack, how)
    assert answer["sent"] is False and why in answer["error"], answer
    assert outcome(stack, "shows")["error"].startswith('Test info 1 true 32 {"data":null,')


def test_it_reaches_the_hosts_that_it_names_and_no_other(stack, receiver):
    answer = outcome(stack, "foreign", config={"url": receiver.url})
    assert answer["error"] == "the host is not one that the notifier names for this channel" and receiver.seen == []
    key = make(stack, "relay", {"url": receiver.url + "/relay"})
    assert stack.call("POST", f"/api/v1/channels/{key}/test")["sent"] is True
    assert [one["json"] for one in receiver.at("/relay", 2)] == [{"n": 1}, {"n": 2}]


def test_secrets_are_masked_in_what_it_tells(stack, device):
    password = "pass-" + secrets.token_hex(12)
    assert outcome(stack, "raises", secrets={"password": password})["error"].endswith("cannot use ***")
    told = outcome(stack, "tells", secrets={"password": password})["error"]
    assert told.startswith("refused: ***") and password[:8] not in told
    key = make(stack, "odd", {"how": "tells"}, secrets={"password": password})
    stack.accept(hooks.property_post(device, {"channel": key}))
    wait_until(lambda: stack.value("select count(*) from outbox where name = %s and state = 'dead'", key) == 1)
    assert password[:8] not in str(stack.rows("select * from outbox"))
    log = log_of(stack)
    assert "using ***" in log and password[:8] not in log


def test_one_that_waits_too_long_is_canceled(stack, device, receiver):
    key = make(stack, "relay", {"url": receiver.url + "/gate/long"})
    stack.accept(hooks.property_post(device, {"channel": key}))
    try:
        wait_until(lambda: stack.value("select error from outbox where name = %s", key) == "it took too long")
    finally:
        receiver.gate.set()
    wait_until(lambda: stack.value("select count(*) from outbox where name = %s and state = 'waiting'", key) == 0)
    receiver.gate.clear()
