-- SPDX-License-Identifier: Apache-2.0
--
-- What a product's script returns: the functions that the platform calls, what they are given, and
-- the other members of the table. A part of lua/thing/reference.lua, in the same spirit.
--
-- A handler: {name, phase, signature (types as lua-language-server writes them), text, returns =
-- text, example = Lua}. A type: {name, text, fields}; a field: {name, type, text}.

local function fields(list)
    local out = {}
    for i, f in ipairs(list) do
        out[i] = { name = f[1], type = f[2], text = f[3] }
    end
    return out
end

local function handler(name, phase, signature, text, returns, example)
    return { name = name, phase = phase, signature = signature, text = text, returns = returns,
        example = example }
end

local function described(name, text, list)
    return { name = name, text = text, fields = fields(list) }
end

local M = {}

M.handlers = {
    handler("on_property", "property",
        "(msg: thing.Report, device: thing.Device): table|false|nil, string?",
        "Called with every report of properties; one by one when several came in one message.",
        "Nothing: what came is stored. A table: it is stored in its place. false and a reason: "
        .. "rejected; the message is a dead letter, and the device is told when it asked to be.",
        [[
function M.on_property(msg, device)
    local params = msg.params
    params.temperature = (params.temperature_f - 32) * 5 / 9
    params.temperature_f = nil
    return params
end]]),
    handler("on_event", "event",
        "(msg: thing.Event, device: thing.Device): any|false|nil, string?",
        "Called with every event of a device.",
        "As on_property; params of an event may be any value.", [[
function M.on_event(msg, device)
    if msg.type == "heartbeat" then
        return false, "heartbeats are not kept"
    end
end]]),
    handler("on_message", "message",
        "(topic: string, bytes: string, device: thing.Device): table|false|nil, string?",
        "Called with what comes on topics that the script declares, bytes as they were sent; topic "
        .. "is what stands below {product}/{device}/.",
        "Nothing, a table of properties to store as a report, or false and a reason: rejected, a "
        .. "dead letter.", [[
M.topics = { publish = { "up" }, subscribe = { "down" } }

function M.on_message(topic, bytes, device)
    local kind, value = thing.bytes.unpack(">B h", bytes)
    if kind ~= 1 then
        return false, "no frame of kind " .. kind
    end
    thing.send("down", "\6")
    return { temperature = value / 10 }
end]]),
    handler("on_connect", "connect", "(connection: thing.Connection, device: thing.Device)",
        "Called for each connection of a device that the platform hears of. Failing costs its own "
        .. "effects only: that the device came is kept.", "Nothing.", [[
function M.on_connect(connection, device)
    thing.command("property", { time = thing.time.now() // 1000 })
end]]),
    handler("on_disconnect", "connect", "(connection: thing.Connection, device: thing.Device)",
        "Called for the end of each connection. They come in any order: online says whether the "
        .. "device is there by another.", "Nothing.", [[
function M.on_disconnect(connection, device)
    if not connection.online then
        thing.event("lost", { reason = connection.reason })
    end
end]]),
    handler("on_auth", "auth",
        "(client: thing.Client, device: thing.Device): boolean?, string?",
        "Called last when a device asks to connect. It can only deny, unless the product's setting "
        .. "auth is script: then it decides about the password of known, enabled devices. 10 ms of "
        .. "CPU time; an error denies.",
        "false and a reason: denied. Nothing: as the platform found. true: accepted, which "
        .. "auth = script needs.", [[
function M.on_auth(client, device)
    return thing.auth.hmac_is("sha256", device.key, client.password or "")
end]]),
    handler("on_reply", "reply", "(msg: thing.Reply, device: thing.Device)",
        "Called with a device's answer to a command. Without it the command is matched by the "
        .. "answer's id, else by the ids in its data.",
        "Nothing; thing.result records what became of the command.", [[
function M.on_reply(msg, device)
    thing.result { id = msg.id, code = msg.code == 0 and 200 or msg.code, data = msg.data }
end]]),
    handler("on_command", "command",
        "(commands: thing.Commands, device: thing.Device): string, any",
        "Composes what is sent to the device for its waiting commands. Several property sets come "
        .. "together; any other command comes alone.",
        "The topic below {product}/{device}/ and what to send: a table becomes JSON, a string "
        .. "goes as it is.", [[
function M.on_command(commands, device)
    local first = commands[1]
    return "thing/service/" .. first.name .. "/call", { id = commands.id, params = first.params }
end]]),
}

M.types = {
    described("thing.Device", "The device that a handler is called for.", {
        { "product", "string", "Key of its product." },
        { "key", "string", "Its own key, which is its MQTT client id." },
    }),
    described("thing.Report", "A report of properties.", {
        { "params", "table<string, any>", "The properties; read when first looked at." },
        { "id", "string?", "What the device calls the message." },
        { "ack", "boolean", "Whether the device asked for an answer." },
        { "time", "integer", "When it was so, in ms: the device's time, else the broker's." },
        { "received", "integer", "When the broker got it, in ms." },
    }),
    described("thing.Event", "An event.", {
        { "type", "string", "Of the event, from its topic." },
        { "params", "any", "What it says; read when first looked at." },
        { "id", "string?", "What the device calls the message." },
        { "ack", "boolean", "Whether the device asked for an answer." },
        { "time", "integer", "When it happened, in ms: the device's time, else the broker's." },
        { "received", "integer", "When the broker got it, in ms." },
    }),
    described("thing.Reply", "A device's answer to a command.", {
        { "id", "string?", "Of the message that is answered." },
        { "code", "integer", "As in HTTP: 2xx is success." },
        { "data", "any", "What the device adds." },
        { "name", "string?", "The service that was called; nil for property sets." },
        { "ack", "boolean", "Whether the device asked for an answer." },
        { "received", "integer", "When the broker got it, in ms." },
    }),
    described("thing.Connection", "A connection that began or ended.", {
        { "time", "integer", "When, in ms, by the broker." },
        { "address", "string", "Remote address and port." },
        { "node", "integer", "The broker's." },
        { "protocol", "integer?", "Of one that began: 3, 4 or 5." },
        { "reason", "string?", "Of one that ended, in the broker's words." },
        { "online", "boolean", "What the device is now." },
    }),
    described("thing.Client", "A client that asks to connect as a device.", {
        { "address", "string", "Remote address and port." },
        { "protocol", "string", "Of MQTT: 3, 4 or 5." },
        { "known", "boolean", "false: the device would be made now (auto_provision)." },
        { "mtls", "boolean", "Whether the broker checked a certificate." },
        { "password", "string?", "With auth = script only." },
    }),
    described("thing.Topics", "Topics of the devices' own, filters below {product}/{device}/. The "
        .. "first level is a name other than thing and ota; at most 16 of a kind.", {
        { "publish", "string[]?", "What devices may publish: one to three levels, + for any one." },
        { "subscribe", "string[]?", "What they may hear: up to eight levels, + and a last #." },
        { "raw", "string[]?", "Standard topics of reports, events and answers whose payload goes "
            .. "to on_message as bytes; + for the name." },
    }),
    described("thing.Command", "A command that waits for its device.", {
        { "id", "integer", "Of the command." },
        { "name", "string", '"property" for property sets, else the service.' },
        { "params", "any", "What is asked for." },
    }),
    described("thing.Commands", "Commands in order of creation, thing.Command[] with two fields.", {
        { "id", "string", "Of the message to send, which the device answers with." },
        { "format", "string", 'The product\'s setting: "plain" or "ids".' },
        { "[integer]", "thing.Command", "Each command." },
    }),
    described("thing.Test", "A test that stands in the script.", {
        { "name", "string", "Says what must be so." },
        { "input", "{ topic?: string, payload?: any, bytes?: string, hex?: string, "
            .. "base64?: string, event?: string, commands?: table[], timer?: table, kv?: table, "
            .. "alarms?: table, received?: integer }",
            "A message: topic below {product}/{device}/, thing/event/property/post unless told; "
            .. "payload: a table is sent as JSON, a string as it is; or bytes, as they are, in hex "
            .. "or in base64. Or event = connect, disconnect (address, protocol, reason) or auth "
            .. "(password, key, known, mtls, address), commands = { { name, params } }, "
            .. "timer = { name, args }. Beside: kv and alarms, what the device has before; "
            .. "received, ms, when the broker had it: now, unless told." },
        { "expect", "{ store?: table[], events?: table[], commands?: table[], sent?: table[], "
            .. "later?: table[], forwarded?: table[], notify?: table[], alarms?: table[], "
            .. "kv?: table, reply?: table, result?: table, dead?: table, allowed?: boolean }",
            "What must be among its effects: members not named are not looked at, but "
                .. "that a message is dead has to be expected." },
    }),
}

-- What the table has beside the handlers; its type is thing.Product.
M.members = fields {
    { "api", "integer", "The version of this contract: 1." },
    { "topics", "thing.Topics?", "Topics of the devices' own." },
    { "tests", "thing.Test[]?", "Run whenever the script is checked." },
}

return M
