-- SPDX-License-Identifier: Apache-2.0
--
-- A battery node behind a LoRa bridge: a few bytes up on its topic `up`, a few bytes down on
-- `down`, no JSON on the air. Big endian; the last two bytes of each frame are the CRC-16
-- (CCITT-FALSE) of those before.
--
--   up    version:3 type:5, counter:16, then by type
--     1 measurement  temperature:12 (signed, 0.1 degrees), humidity:8 (0.5 %), open:1 tamper:1
--                    charging:1 spare:1, battery:8 (2 V + 10 mV)
--     2 event        code:8 (1 tamper, 2 motion), value:16
--     3 answer       id:32 of the command, status:8 (0 done)
--     4 asks the time
--   down  opcode:8, id:32, then by opcode
--     1 settings     interval:16 (minutes, 0 as it was), led:8 (0 off, 1 on, 255 as it was)
--     2 reboot
--     3 the time     seconds:32 since 1970 (the id is 0)
--
-- Try it: thingd lua test examples/products/lora

local bytes, crc = thing.bytes, thing.crc

local M = { api = 1, topics = { publish = { "up" }, subscribe = { "down" } } }

local EVENTS = { [1] = "tamper", [2] = "motion" }

local function frame(format, ...)
    local body = bytes.pack(format, ...)
    return body .. bytes.pack(">I2", crc.crc16(body, "ccitt_false"))
end

local up = {}

up[1] = function(body)
    if #body ~= 7 then
        return false, "a measurement has 9 bytes"
    end
    return {
        temperature = bytes.signed(bytes.bits(body, 24, 12), 12) / 10,
        humidity = bytes.bits(body, 36, 8) / 2,
        open = bytes.bits(body, 44, 1) == 1,
        tamper = bytes.bits(body, 45, 1) == 1,
        charging = bytes.bits(body, 46, 1) == 1,
        battery = (2000 + 10 * bytes.bits(body, 48, 8)) / 1000,
    }
end

up[2] = function(body)
    if #body ~= 6 then
        return false, "an event has 8 bytes"
    end
    local code, value = bytes.unpack(">B I2", body, 4)
    thing.event(EVENTS[code] or "unknown", { code = code, value = value })
end

up[3] = function(body)
    if #body ~= 8 then
        return false, "an answer has 10 bytes"
    end
    local id, status = bytes.unpack(">I4 B", body, 4)
    thing.result { id = tostring(id), code = status == 0 and 200 or 500, data = status }
end

up[4] = function()
    thing.send("down", frame(">B I4 I4", 3, 0, thing.time.now() // 1000))
end

function M.on_message(_topic, data)
    if #data < 5 then
        return false, "shorter than a header and a checksum"
    end
    local body = data:sub(1, -3)
    if bytes.unpack(">I2", data, #data - 1) ~= crc.crc16(body, "ccitt_false") then
        return false, "the checksum is wrong"
    end
    local version, kind = bytes.bits(body, 0, 3), bytes.bits(body, 3, 5)
    local read = up[kind]
    if version ~= 1 or not read then
        return false, ("no frame of version %d and type %d"):format(version, kind)
    end
    local params, why = read(body)
    if params then
        params.counter = bytes.bits(body, 8, 16)
    end
    return params, why
end

-- What waits is put together by the platform: several settings are one frame.
function M.on_command(commands)
    local id = math.tointeger(tonumber(commands.id))
    if commands[1].name == "reboot" then
        return "down", frame(">B I4", 2, id)
    elseif commands[1].name ~= "property" then
        error("the node knows no service " .. commands[1].name)
    end
    local interval, led = 0, 255
    for _, command in ipairs(commands) do
        interval = command.params.interval or interval
        if command.params.led ~= nil then
            led = command.params.led and 1 or 0
        end
    end
    return "down", frame(">B I4 I2 B", 1, id, interval, led)
end

M.tests = {
    {
        name = "a measurement below zero",
        input = { topic = "up", hex = "210102fb3788502fd9" },
        expect = { store = { { params = {
            temperature = -7.7, humidity = 60, open = true, tamper = false, charging = false,
            battery = 2.8, counter = 258,
        } } }, events = {} },
    },
    {
        name = "an event",
        input = { topic = "up", bytes = "\x22\x00\x07\x02\x00\x2a\x0a\x3d" },
        expect = {
            events = { { type = "motion", params = { code = 2, value = 42 } } }, store = {},
        },
    },
    {
        name = "a frame that was damaged on its way is rejected",
        input = { topic = "up", bytes = "\x22\x00\x07\x02\x00\x2b\x0a\x3d" },
        expect = { dead = { reason = "rejected", detail = "the checksum is wrong" } },
    },
    {
        name = "so is one of nothing",
        input = { topic = "up", bytes = "" },
        expect = { dead = { reason = "rejected" } },
    },
    {
        name = "the answer to a command",
        input = { topic = "up", hex = "2300080000002a00664c" },
        expect = { result = { id = "42", code = 200, data = 0 } },
    },
    {
        name = "settings go down as one frame",
        input = { commands = { { params = { interval = 15 } }, { params = { led = true } } } },
        expect = { sent = { { topic = "down", hex = "0100000001000f010046" } } },
    },
    {
        name = "a service",
        input = { commands = { { name = "reboot" } } },
        expect = { sent = { { topic = "down", hex = "020000000145ae" } } },
    },
}

return M
