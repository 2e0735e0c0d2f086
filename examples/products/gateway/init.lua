-- SPDX-License-Identifier: Apache-2.0
--
-- A gateway with nodes behind it that cannot speak MQTT. Each node is a device of the same product,
-- made by hand or by import; it never connects. The gateway reports for all:
--
--   {"uptime": s, "nodes": [{"node": key, "time": ms?, "values": {...}}, ...]}
--
-- and what it says of a node is kept as that node's own, with its time and the gateway it came by.
-- A node that is not known waits in the outbox as dead: make the device, and have it tried again.
-- Try it: thingd lua test examples/products/gateway

local M = { api = 1 }

local MOST = 100 -- of one message; the gateway sends several

-- What is wrong with the list, or nil: nothing of it is taken then.
local function fault_of(nodes)
    if type(nodes) ~= "table" or not thing.json.is_array(nodes) then
        return "nodes: a list expected"
    elseif #nodes > MOST then
        return ("nodes: at most %d expected"):format(MOST)
    end
    for i, n in ipairs(nodes) do
        local whole = type(n) == "table" and type(n.node) == "string"
            and n.node:find("^[%w_-]+$") and type(n.values) == "table"
        if not whole then
            return ("nodes[%d]: {node, time?, values} expected"):format(i)
        end
    end
end

function M.on_property(msg, device)
    local params = msg.params
    if params.nodes == nil then
        return params
    end
    local fault = fault_of(params.nodes)
    if fault then
        return false, fault
    end
    for _, n in ipairs(params.nodes) do
        thing.forward(n.node, "heard", {
            values = n.values, time = math.tointeger(n.time) or msg.time, via = device.key,
        })
    end
    params.nodes = #params.nodes
    return params
end

-- Called for the node, after what the gateway said is kept.
function M.heard(args)
    args.values.via = args.via
    thing.store(args.values, args.time)
end

M.tests = {
    {
        name = "what is said of a node becomes the node's",
        input = { received = 1768388400000, payload = { id = "1", params = { uptime = 5, nodes = {
            { node = "n1", time = 1768388395000, values = { temperature = 21.5 } },
            { node = "n2", values = { door = "open" } },
        } } } },
        expect = {
            store = { { params = { uptime = 5, nodes = 2 } } },
            forwarded = {
                { device = "n1", name = "heard",
                    args = { values = { temperature = 21.5 }, time = 1768388395000 } },
                { device = "n2", name = "heard",
                    args = { values = { door = "open" }, time = 1768388400000 } },
            },
        },
    },
    {
        name = "the node keeps it with its time",
        input = { timer = { name = "heard", args = {
            values = { temperature = 21.5 }, time = 1768388395000, via = "g1",
        } } },
        expect = { store = { { time = 1768388395000,
            params = { temperature = 21.5, via = "g1" } } } },
    },
    {
        name = "the gateway's own report",
        input = { payload = { id = "1", params = { uptime = 6 } } },
        expect = { store = { { params = { uptime = 6 } } }, forwarded = {} },
    },
    {
        name = "one wrong entry and nothing is taken",
        input = { payload = { id = "1", params = { nodes = {
            { node = "n1", values = { a = 1 } }, { node = "not a key", values = {} },
        } }, ack = 1 } },
        expect = { dead = { reason = "rejected",
            detail = "nodes[2]: {node, time?, values} expected" }, reply = { code = 422 } },
    },
}

return M
