-- SPDX-License-Identifier: Apache-2.0
--
-- Values as people read them. What devices and scripts sent is never a command to the terminal:
-- control characters, and those that turn the direction of writing, are shown by their number.
local jsonio = require "thing.jsonio"

local M = {}

local function show(code)
    return ("<%02X>"):format(code)
end

-- The marks and overrides of direction: U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069.
local TURNS = { ["\u{200E}"] = 0x200E, ["\u{200F}"] = 0x200F }
for code = 0x202A, 0x202E do
    TURNS[utf8.char(code)] = code
end
for code = 0x2066, 0x2069 do
    TURNS[utf8.char(code)] = code
end

local function turn(c)
    return TURNS[c] and show(TURNS[c])
end

function M.clean(text)
    if not utf8.len(text) then
        text = text:gsub("[\x80-\xFF]", function(c) return show(c:byte()) end)
    end
    text = text:gsub("[%c\x7F]", function(c) return show(c:byte()) end)
    text = text:gsub("\xC2([\x80-\x9F])", function(c) return show(c:byte()) end)
    return (text:gsub("\xE2[\x80\x81].", turn))
end

-- JSON for output: the same value, and nothing in it that a terminal obeys.
function M.clean_json(text)
    text = text:gsub("\x7F", "\\u007f")
    text = text:gsub("\xC2([\x80-\x9F])", function(c) return ("\\u%04x"):format(c:byte()) end)
    return (text:gsub("\xE2[\x80\x81].", function(c)
        return TURNS[c] and ("\\u%04x"):format(TURNS[c])
    end))
end

local function number(v)
    if math.type(v) == "integer" then
        return ("%d"):format(v)
    end
    local short = ("%.15g"):format(v)
    return tonumber(short) == v and short or ("%.17g"):format(v)
end

local function scalars(list)
    for _, v in ipairs(list) do
        if type(v) == "table" then
            return false
        end
    end
    return true
end

-- One value on one line. nil and null: nothing to show.
function M.value(v)
    if v == nil or v == jsonio.null then
        return ""
    elseif type(v) == "boolean" then
        return v and "yes" or "no"
    elseif type(v) == "number" then
        return number(v)
    elseif type(v) == "string" then
        return M.clean(v)
    elseif jsonio.is_array(v) and scalars(v) then
        local parts = {}
        for i, item in ipairs(v) do
            parts[i] = M.value(item)
        end
        return table.concat(parts, ", ")
    end
    return M.clean(jsonio.encode(v))
end

-- "2026-01-31T10:20:30.123Z" -> "2026-01-31 10:20:30Z"; anything else as a value.
function M.time(v)
    if type(v) ~= "string" then
        return M.value(v)
    end
    local day, time = v:match("^(%d+%-%d%d%-%d%d)T(%d%d:%d%d:%d%d)%.?%d*Z$")
    return day and day .. " " .. time .. "Z" or M.clean(v)
end

-- Text broken at blanks to lines of at most width bytes, all but the first indented.
function M.wrap(text, width, indent)
    local lines, line = {}, ""
    for word in text:gmatch("%S+") do
        if line ~= "" and #line + 1 + #word > width then
            lines[#lines + 1], line = line, word
        else
            line = line .. (line ~= "" and " " or "") .. word
        end
    end
    lines[#lines + 1] = line
    return table.concat(lines, "\n" .. (" "):rep(indent or 0))
end

return M
