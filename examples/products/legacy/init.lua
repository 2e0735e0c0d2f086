-- SPDX-License-Identifier: Apache-2.0
--
-- An old logger that cannot be changed: lines of text on a topic of its own, the key it was made
-- with as its password (product setting auth = script), commands as lines.
--
--   data    T=21.5;H=40;B=3.61;ERR=0   one line per reading, the oldest first; @seconds before a
--                                      line that was kept: when it was, since 1970
--   line    42 SET INT=15              to the device, with a number; it answers on `data` with
--                                      42 OK, or with 42 E and the number of what went wrong
--
-- Try it: thingd lua test examples/products/legacy

local M = { api = 1, topics = { publish = { "data" }, subscribe = { "line" } } }

local NAMES = { T = "temperature", H = "humidity", B = "battery" }

-- Signs in as it always did; with a certificate or without, nobody else's password will do.
function M.on_auth(client)
    return client.mtls or thing.auth.key_is(client.password or "")
end

local function reading(line)
    local seconds, fields = line:match("^@(%d+) (.*)$")
    local params = {}
    for name, value in (fields or line):gmatch("([A-Z]+)=(-?[%d.]+)") do
        params[NAMES[name] or name:lower()] = tonumber(value)
    end
    if next(params) == nil then
        return nil, "not a reading: " .. line:sub(1, 60)
    end
    local code = params.err
    params.err = nil
    if code and code ~= 0 then
        thing.event("error", { code = code })
    end
    return params, seconds and math.tointeger(tonumber(seconds)) * 1000
end

function M.on_message(_topic, text)
    for line in text:gmatch("[^\r\n]+") do
        local id, answer, number = line:match("^(%d+) ([OE]K?)(%d*)$")
        if id then
            thing.result { id = id, code = answer == "OK" and 200 or 500, data = tonumber(number) }
        else
            local params, time = reading(line)
            if not params then
                return false, time
            end
            thing.store(params, time)
        end
    end
end

-- What waits is one line: the last writer of a setting wins.
function M.on_command(commands)
    if commands[1].name ~= "property" then
        error("the logger knows no service " .. commands[1].name)
    end
    local set, names, words = {}, {}, {}
    for _, command in ipairs(commands) do
        for name, value in pairs(command.params) do
            set[name:upper()] = tostring(value)
        end
    end
    for name in pairs(set) do
        names[#names + 1] = name
    end
    table.sort(names)
    for i, name in ipairs(names) do
        words[i] = name .. "=" .. set[name]
    end
    return "line", ("%s SET %s\r\n"):format(commands.id, table.concat(words, " "))
end

M.tests = {
    {
        name = "lines become reports, those that were kept with their own time",
        input = {
            topic = "data", payload = "@1764000000 T=-4.5;H=81\r\nT=-4;H=80;B=3.61;ERR=0\r\n",
        },
        expect = { events = {}, store = {
            { time = 1764000000000, params = { temperature = -4.5, humidity = 81 } },
            { params = { temperature = -4, humidity = 80, battery = 3.61 } },
        } },
    },
    {
        name = "an error is an event",
        input = { topic = "data", payload = "T=20;ERR=7" },
        expect = { events = { { type = "error", params = { code = 7 } } },
            store = { { params = { temperature = 20 } } } },
    },
    {
        name = "settings go down as one line",
        input = { commands = { { params = { int = 10, led = 1 } }, { params = { int = 15 } } } },
        expect = { sent = { { topic = "line", text = "1 SET INT=15 LED=1\r\n" } } },
    },
    {
        name = "the line is answered",
        input = { topic = "data", payload = "42 E7\r\n" },
        expect = { result = { id = "42", code = 500, data = 7 } },
    },
    {
        name = "noise on the line is rejected",
        input = { topic = "data", bytes = "\xff\x00\x13" },
        expect = { dead = { reason = "rejected" }, store = {} },
    },
    {
        name = "its own key signs it in",
        input = { event = "auth", password = "made-with", key = "made-with" },
        expect = { allowed = true },
    },
    {
        name = "another does not",
        input = { event = "auth", password = "guess", key = "made-with" },
        expect = { allowed = false },
    },
}

return M
