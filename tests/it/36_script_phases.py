# SPDX-License-Identifier: Apache-2.0
"""State and functions put off in every phase that has a device: here those of connections and own topics, with a real
device."""

from harness import scripts
from harness.wait import wait_until

SCRIPT = """local M = { api = 1, topics = { publish = { "up" }, subscribe = { "down" } } }

local function count(name)
    thing.kv.set(name, (thing.kv.get(name) or 0) + 1)
end

function M.on_connect() count("connects") thing.later("noted", { of = "connect" }) end
function M.on_disconnect() count("disconnects") thing.later("noted", { of = "disconnect" }) end

function M.on_message(_, bytes)
    count("messages")
    thing.later("greet", { bytes = bytes, key = thing.device.get().key })
end

function M.greet(args)
    local d = thing.device.get()
    thing.send("down", thing.json.encode { hello = args.bytes, online = d.online, same = d.key == args.key, kv = thing.kv.all() })
end

function M.noted(args) count("noted " .. args.of) end

return M
"""


def kv(stack, device):
    return stack.value("select s.kv::jsonb from device_state s join device d on d.id = s.device_id where d.key = %s", device.key)


def test_connections_and_own_topics(stack, identity):
    scripts.install(stack, identity.product, SCRIPT)
    device = stack.device(identity).connect()
    wait_until(lambda: kv(stack, identity).get("noted connect") == 1, message="on_connect's function ran")
    assert not any(code.is_failure for code in device.subscribe(device.topic("down")))
    device.publish("up", b"one")
    said = device.next("down")
    assert (said["hello"], said["online"], said["same"]) == ("one", True, True)
    assert said["kv"] == {"connects": 1, "noted connect": 1, "messages": 1}
    device.close()
    wait_until(lambda: kv(stack, identity).get("noted disconnect") == 1, message="on_disconnect's function ran")
    assert kv(stack, identity) == {"connects": 1, "disconnects": 1, "messages": 1, "noted connect": 1, "noted disconnect": 1}
