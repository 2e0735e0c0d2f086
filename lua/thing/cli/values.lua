-- SPDX-License-Identifier: Apache-2.0
--
-- Values in the arguments: NAME=VALUE, JSON, files, times.
local client = require "thing.cli.client"
local fail = require "thing.cli.fail"
local jsonio = require "thing.jsonio"
local rfc3339 = require "thing.rfc3339"

local M = {}

-- "3", "true", '{"a":1}', '"3"' are the JSON that they are, digit by digit; all else is text.
function M.scalar(text)
    if text:find('^[%d"%[{-]') or text == "true" or text == "false" or text == "null" then
        if thing.host.decode(text) ~= nil then
            return jsonio.raw(text)
        end
    end
    return text
end

local function put(into, name, value, nested)
    local head, rest = name:match("^([^.]+)%.(.+)$")
    if nested and head then
        into[head] = type(into[head]) == "table" and into[head] or {}
        put(into[head], rest, value, nested)
    else
        into[name] = value
    end
end

-- { "a=1", "b=x" } -> { a = 1, b = "x" }; nested: "a.b=1" -> { a = { b = 1 } }.
function M.pairs(list, nested)
    local out = {}
    for _, text in ipairs(list or {}) do
        local name, value = text:match("^([^=]+)=(.*)$")
        if not name then
            fail.raise(fail.USAGE, ("%q is not NAME=VALUE"):format(text))
        end
        put(out, name, M.scalar(value), nested)
    end
    return out
end

-- Adds null for each name: what a merge patch takes for "remove".
function M.unset(into, list, nested)
    for _, name in ipairs(list or {}) do
        put(into, name, jsonio.null, nested)
    end
    return into
end

-- JSON in the argument itself, from @FILE, or from - (standard input), as text to be sent.
function M.json(text, what)
    if text == "-" or text:sub(1, 1) == "@" then
        text = client.read_file(text == "-" and text or text:sub(2))
    end
    local value, why = thing.host.decode(text)
    if value == nil then
        fail.raise(fail.USAGE, what .. " is not JSON: " .. why)
    end
    return jsonio.raw(text), value
end

local UNITS = { s = 1, m = 60, h = 3600, d = 86400 }

-- A moment: RFC 3339, a day in UTC, or how long ago (90s, 15m, 2h, 7d).
function M.time(text, what)
    local n, unit = text:match("^(%d+)([smhd])$")
    if n then
        local seconds = thing.host.now() // 1000 - math.tointeger(n) * UNITS[unit]
        return os.date("!%Y-%m-%dT%H:%M:%SZ", math.max(seconds, 0))
    end
    local day = text:match("^%d%d%d%d%-%d%d%-%d%d$")
    local time = rfc3339.utc(day and text .. "T00:00:00Z" or text)
    return time or fail.raise(fail.USAGE,
        ("%s is a time such as 2h (ago), 2026-01-31 or 2026-01-31T10:00:00Z, not %q"):format(what,
            text))
end

return M
