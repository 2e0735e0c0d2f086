-- SPDX-License-Identifier: Apache-2.0
--
-- JSON Schema (the part the API's own declarations use) compiled to closures. Schemas are Lua
-- tables; where the same table stands in two places, so does the check. Values are as thing.jsonio
-- decodes them: jsonio.null for null, and tables marked as arrays or not.
--
--   local check = schema.compile { type = "object", properties = { ... } }
--   local errors = check(value)  -- nil, or { {path = "/name", message = "..."}, ... }, at most 20
local any_of = require "thing.schema.any_of"
local formats = require "thing.schema.formats"
local jsonio = require "thing.jsonio"
local pattern = require "thing.schema.pattern"

local M = {}

local MAX_ERRORS = 20

-- Names under which OpenAPI lists a schema once and refers to it.
local names = setmetatable({}, { __mode = "k" })

function M.named(name, s)
    names[s] = name
    return s
end

function M.name_of(s)
    return names[s]
end

local function type_of(v)
    if v == jsonio.null then
        return "null"
    end
    local t = type(v)
    if t == "table" then
        return jsonio.is_array(v) and "array" or "object"
    end
    return t
end

local function is_type(v, wanted)
    local t = type_of(v)
    if wanted == "integer" then
        return t == "number" and v == math.floor(v) and v >= -2 ^ 63 and v < 2 ^ 63
    end
    return t == wanted
end

local function report(errors, path, message)
    if #errors < MAX_ERRORS then
        errors[#errors + 1] = { path = path, message = message }
    end
end

local function pointer(path, member)
    return path .. "/" .. tostring(member):gsub("~", "~0"):gsub("/", "~1")
end

local compile

local keywords = {}

function keywords.type(s)
    local wanted = type(s.type) == "table" and s.type or { s.type }
    local message = "must be " .. table.concat(wanted, " or ")
    return function(v, path, errors)
        for _, t in ipairs(wanted) do
            if is_type(v, t) then
                return true
            end
        end
        report(errors, path, message)
    end
end

function keywords.enum(s)
    local set, shown = {}, {}
    for i, v in ipairs(s.enum) do
        set[v], shown[i] = true, tostring(v)
    end
    local message = "must be one of " .. table.concat(shown, ", ")
    return function(v, path, errors)
        return set[v] or report(errors, path, message)
    end
end

local function bound(keyword, applies, holds, message)
    keywords[keyword] = function(s)
        local limit = s[keyword]
        local text = message:format(limit)
        return function(v, path, errors)
            return not applies(v) or holds(v, limit) or report(errors, path, text)
        end
    end
end

local function is_text(v) return type(v) == "string" end
local function is_number(v) return type(v) == "number" end
local function is_list(v) return type_of(v) == "array" end
local function is_map(v) return type_of(v) == "object" end
local function chars(v) return utf8.len(v) or #v end
local function members(v)
    local n = 0
    for _ in pairs(v) do
        n = n + 1
    end
    return n
end

bound("minLength", is_text, function(v, n) return chars(v) >= n end,
    "must have at least %s characters")
bound("maxLength", is_text, function(v, n) return chars(v) <= n end,
    "must have at most %s characters")
bound("minimum", is_number, function(v, n) return v >= n end, "must be at least %s")
bound("maximum", is_number, function(v, n) return v <= n end, "must be at most %s")
bound("minItems", is_list, function(v, n) return #v >= n end, "must have at least %s items")
bound("maxItems", is_list, function(v, n) return #v <= n end, "must have at most %s items")
bound("minProperties", is_map, function(v, n) return members(v) >= n end,
    "must have at least %s members")
bound("maxProperties", is_map, function(v, n) return members(v) <= n end,
    "must have at most %s members")

function keywords.pattern(s)
    local matches = pattern.compile(s.pattern)
    return function(v, path, errors)
        return not is_text(v) or matches(v) or report(errors, path, "must match " .. s.pattern)
    end
end

function keywords.format(s)
    local holds = formats[s.format]
    return function(v, path, errors)
        return not holds or not is_text(v) or holds(v) or report(errors, path, "must be a valid "
            .. s.format)
    end
end

function keywords.uniqueItems(s)
    return function(v, path, errors)
        local seen = {}
        for i, item in ipairs(s.uniqueItems and is_list(v) and v or {}) do
            if seen[item] then
                report(errors, pointer(path, i - 1), "must not come twice")
            end
            seen[item] = true
        end
    end
end

function keywords.items(s)
    local check = compile(s.items)
    return function(v, path, errors)
        for i, item in ipairs(is_list(v) and v or {}) do
            check(item, pointer(path, i - 1), errors)
        end
    end
end

function keywords.required(s)
    return function(v, path, errors)
        for _, name in ipairs(is_map(v) and s.required or {}) do
            if v[name] == nil then
                report(errors, pointer(path, name), "is required")
            end
        end
    end
end

-- properties and additionalProperties are one check, since the second speaks of what the first
-- leaves over.
function keywords.object(s)
    local checks, rest = {}, s.additionalProperties
    for name, sub in pairs(s.properties or {}) do
        checks[name] = compile(sub)
    end
    local rest_check = type(rest) == "table" and compile(rest)
    local name_check = s.propertyNames and compile(s.propertyNames)
    return function(v, path, errors)
        for name, member in pairs(is_map(v) and v or {}) do
            local check = checks[name] or rest_check
            if name_check then
                name_check(name, pointer(path, name), errors)
            end
            if check then
                check(member, pointer(path, name), errors)
            elseif rest == false then
                report(errors, pointer(path, name), "is not known here")
            end
        end
    end
end

function keywords.anyOf(s)
    local checks = {}
    for i, sub in ipairs(s.anyOf) do
        checks[i] = compile(sub)
    end
    return any_of(checks, report)
end

local ORDER = { "enum", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems",
    "minProperties",
    "maxProperties", "pattern", "format", "uniqueItems", "items", "required", "anyOf" }

function compile(s)
    local type_check = s.type and keywords.type(s)
    local checks = {}
    for _, keyword in ipairs(ORDER) do
        if s[keyword] ~= nil then
            checks[#checks + 1] = keywords[keyword](s)
        end
    end
    if s.properties or s.additionalProperties ~= nil or s.propertyNames then
        checks[#checks + 1] = keywords.object(s)
    end
    return function(v, path, errors)
        if type_check and not type_check(v, path, errors) then
            return
        end
        if v == jsonio.null and type_check then
            return
        end
        for _, check in ipairs(checks) do
            check(v, path, errors)
        end
    end
end

function M.compile(s)
    local check = compile(s)
    return function(value)
        local errors = {}
        check(value, "", errors)
        if #errors > 0 then
            table.sort(errors, function(a, b) return a.path < b.path end)
            return errors
        end
    end
end

-- An object's schema with further members.
function M.extend(s, properties, required)
    local out = { type = "object", properties = {}, required = { table.unpack(s.required or {}) } }
    for name, sub in pairs(s.properties) do
        out.properties[name] = sub
    end
    for name, sub in pairs(properties) do
        out.properties[name] = sub
    end
    for _, name in ipairs(required or {}) do
        out.required[#out.required + 1] = name
    end
    return out
end

local function with_null(s)
    local out = {}
    for k, v in pairs(s) do
        out[k] = v
    end
    if s.type then
        out.type = type(s.type) == "table" and { table.unpack(s.type) } or { s.type }
        out.type[#out.type + 1] = "null"
    end
    return out
end

-- What a merge patch (RFC 7396) of a thing with this schema may look like: nothing required, null
-- removes.
function M.patch(s)
    local out = {}
    for k, v in pairs(s) do
        out[k] = v
    end
    out.required, out.minProperties = nil, nil
    if s.properties then
        out.properties = {}
        for name, sub in pairs(s.properties) do
            out.properties[name] = with_null(M.patch(sub))
        end
    end
    if type(s.additionalProperties) == "table" then
        out.additionalProperties = with_null(M.patch(s.additionalProperties))
    end
    return out
end

return M
