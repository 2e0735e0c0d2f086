-- SPDX-License-Identifier: Apache-2.0
--
-- The query string of a request, read as its route declares it: name -> JSON Schema of the value.
-- Values are texts; integer, number and boolean schemas turn them into what they name, an array
-- takes its items comma-separated.
local jsonio = require "thing.jsonio"
local problem = require "thing.problem"
local rfc3339 = require "thing.rfc3339"
local schema = require "thing.schema"

local M = {}

local function unescape(s)
    return (s:gsub("+", " "):gsub("%%(%x%x)", function(h) return string.char(tonumber(h, 16)) end))
end

-- A text as a value in a query or a form.
function M.escape(s)
    return (s:gsub("[^%w._~-]", function(c) return ("%%%02X"):format(c:byte()) end))
end

-- Pairs in the order they came: { {name, value}, ... }
function M.split(text)
    local out = {}
    for part in (text or ""):gmatch("[^&]+") do
        local name, value = part:match("^([^=]*)=?(.*)$")
        out[#out + 1] = { unescape(name), unescape(value) }
    end
    return out
end

local function main_type(s)
    return type(s.type) == "table" and s.type[1] or s.type
end

local function coerce(s, text)
    local t = main_type(s)
    if t == "integer" or t == "number" then
        local n = text:find("^%-?%d+%.?%d*$") and tonumber(text)
        return n or text
    elseif t == "boolean" then
        if text == "true" or text == "false" then
            return text == "true"
        end
    elseif t == "array" then
        local items = jsonio.array()
        for item in text:gmatch("[^,]+") do
            items[#items + 1] = coerce(s.items, item)
        end
        return items
    elseif s.format == "date-time" then
        local time = text:gsub(" (%d%d:%d%d)$", "+%1") -- a plus that was not escaped
        return rfc3339.utc(time) or text
    end
    return text
end

-- The schema of a value's text, where a query is kept as an object of texts.
function M.text_schema(s)
    local t = main_type(s)
    if t == "boolean" then
        return { type = "string", enum = { "true", "false" }, description = s.description }
    elseif t == "array" then
        return { type = "string", minLength = 1, maxLength = 2000,
            description = (s.description or "") .. " Comma-separated." }
    end
    return s
end

local function put(errors, name, message)
    errors[#errors + 1] = { path = name, message = message }
end

-- For a route that others address, who add parameters of their own: name -> text. One that comes
-- twice is nobody's.
function M.any(text)
    local values, seen = {}, {}
    for _, pair in ipairs(M.split(text)) do
        local good = not seen[pair[1]] and utf8.len(pair[2]) and not pair[2]:find("%c")
        values[pair[1]], seen[pair[1]] = good and pair[2] or nil, true
    end
    return values
end

-- Returns function(text) -> { name = value }; raises invalid_query. required: names, or nil.
function M.compile(declared, required)
    local checks = {}
    for name, s in pairs(declared) do
        checks[name] = schema.compile(s)
    end
    local function take(values, errors, name, text)
        if not checks[name] then
            return put(errors, name, "is not known here")
        elseif values[name] ~= nil then
            return put(errors, name, "must not come twice")
        elseif not utf8.len(text) or text:find("\0", 1, true) then
            return put(errors, name, "must be text")
        end
        values[name] = coerce(declared[name], text)
        local faults = checks[name](values[name])
        if faults then
            put(errors, name, faults[1].message)
        end
    end
    return function(text)
        local values, errors = {}, jsonio.array()
        for _, pair in ipairs(M.split(text)) do
            take(values, errors, pair[1], pair[2])
        end
        for _, name in ipairs(required or {}) do
            if values[name] == nil and #errors == 0 then
                put(errors, name, "is missing")
            end
        end
        if #errors > 0 then
            problem.raise("invalid_query", errors[1].path .. " " .. errors[1].message,
                { errors = errors })
        end
        for name, s in pairs(declared) do
            if values[name] == nil then
                values[name] = s.default
            end
        end
        return values
    end
end

return M
