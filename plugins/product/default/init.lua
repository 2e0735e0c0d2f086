-- SPDX-License-Identifier: Apache-2.0
--
-- The default product: what a device's messages mean when its product has no script, and what each
-- handler of a product's script stands in for. The device protocol is in PROTOCOL.md; replies that
-- a device asks for (`ack`) are sent by the core after the commit, unless a handler has answered
-- with thing.reply().

local M = { api = 1 }

-- msg: id, ack, time and received (ms), params (read when first looked at); device: product, key.
-- Returns nothing: stored as it came. A table: stored in its place. false and a reason: rejected.
function M.on_property(_msg, _device) end

-- As on_property, with msg.type; params may be any value.
function M.on_event(_msg, _device) end

-- msg: id, code, data, name. Matched by id, else by the command ids that older devices send as
-- data.
function M.on_reply(msg, _device)
    local data = msg.data
    thing.result {
        id = msg.id,
        ids = type(data) == "table" and data or nil,
        code = msg.code,
        data = data,
    }
end

-- commands: a list of {id, name, params}, in order of creation, with the fields id (what the device
-- answers with) and format (plain or ids, a setting of the product). Several property sets become
-- one; the last writer of a property wins. Returns the topic below {product}/{device}/ and what to
-- send: a table becomes JSON, a string goes as it is.
function M.on_command(commands, _device)
    local first = commands[1]
    if first.name ~= "property" then
        local call = { id = commands.id, params = first.params, ack = 1 }
        return "thing/service/" .. first.name .. "/call", call
    end
    local ids, data = {}, {}
    for i, command in ipairs(commands) do
        ids[i] = command.id
        for name, value in pairs(command.params) do
            data[name] = value
        end
    end
    local params = commands.format == "ids" and { ids = ids, data = data } or data
    return "thing/service/property/set", { id = commands.id, params = params, ack = 1 }
end

return M
