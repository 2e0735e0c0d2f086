-- SPDX-License-Identifier: Apache-2.0
--
-- JSON of the API. What must keep every digit travels as text: PostgreSQL reads bodies and writes
-- answers, and what is decoded here is only looked at. Arrays are marked, so that an empty one
-- stays one; the writer sorts members, so that the same value always gives the same text.
local native = thing.json

local M = {
    null = native.null,
    array = native.array, -- marks (and returns) a table as an array; without an argument a new one
    -- Returns the value, or nil and the reason: not JSON, not UTF-8, nested deeper than 64, a
    -- member named twice, text or a number that PostgreSQL could not store.
    decode = native.decode,
}

-- A table with a first item is an array as well.
function M.is_array(t)
    return native.is_array(t) or t[1] ~= nil
end

local escapes = { ['"'] = '\\"', ["\\"] = "\\\\", ["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n",
    ["\r"] = "\\r",
    ["\t"] = "\\t" }

function M.quote(s)
    return '"' .. s:gsub('[%c"\\\127]', function(c) return escapes[c]
        or ("\\u%04x"):format(c:byte()) end) .. '"'
end

local raw_mt = {}

-- JSON text that is written as it is: every digit stays.
function M.raw(text)
    return setmetatable({ text = text }, raw_mt)
end

local put

local function put_object(out, t)
    local names = {}
    for name in pairs(t) do
        names[#names + 1] = name
    end
    table.sort(names)
    out[#out + 1] = "{"
    for i, name in ipairs(names) do
        out[#out + 1] = (i > 1 and "," or "") .. M.quote(name) .. ":"
        put(out, t[name])
    end
    out[#out + 1] = "}"
end

local function put_array(out, t)
    out[#out + 1] = "["
    for i = 1, #t do
        if i > 1 then
            out[#out + 1] = ","
        end
        put(out, t[i])
    end
    out[#out + 1] = "]"
end

local function put_number(v)
    if math.type(v) == "integer" then
        return ("%d"):format(v)
    end
    assert(v == v and v ~= math.huge and v ~= -math.huge, "a number that JSON has no form for")
    return v == math.floor(v) and math.abs(v) < 2 ^ 53 and ("%d"):format(v) or ("%.17g"):format(v)
end

function put(out, v)
    local t = type(v)
    if getmetatable(v) == raw_mt then
        out[#out + 1] = v.text
    elseif t == "table" then
        local write = M.is_array(v) and put_array or put_object
        write(out, v)
    elseif t == "string" then
        out[#out + 1] = M.quote(v)
    elseif t == "number" then
        out[#out + 1] = put_number(v)
    elseif t == "boolean" then
        out[#out + 1] = tostring(v)
    elseif v == nil or v == M.null then
        out[#out + 1] = "null"
    else
        error("no JSON for a " .. t)
    end
end

function M.encode(v)
    local out = {}
    put(out, v)
    return table.concat(out)
end

-- Adds members to an object that is already text: splice('{"a":1}', '{"b":2}') -> '{"a":1,"b":2}'.
function M.splice(object, members)
    if members:find("^{%s*}$") then
        return object
    elseif object:find("^{%s*}$") then
        return members
    end
    return object:sub(1, -2) .. "," .. members:sub(2)
end

return M
