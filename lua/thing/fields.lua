-- SPDX-License-Identifier: Apache-2.0
--
-- The fields of a resource, and the SQL that reads and writes them. PostgreSQL makes the JSON of an
-- answer and takes values out of the body's own text, so numbers and nested values are never
-- rewritten here.
--
-- A field is { name, schema = , write = , sql = , default = }:
--   schema   JSON Schema of the value
--   write    nil: read only; "create": set once; "always"
--   sql      how it is read; default: the column of its name in alias t
--   default  SQL for what it becomes when a patch removes it; a field without one cannot be removed
--   virtual  no column of the table: the resource's hooks write it
--   hidden   is taken and never shown
local schema = require "thing.schema"

local M = {}
M.__index = M

local function kind_of(s)
    local t = type(s.type) == "table" and s.type[1] or s.type
    if t == "string" then
        return s.format == "date-time" and "time" or "text"
    elseif t == "array" then
        return s.items and s.items.type == "string" and "texts" or "json"
    end
    return t == "object" and "json" or t or "json"
end

local READ = { time = "th_rfc3339(%s)", texts = "to_jsonb(%s)" }

-- How a member of the body b becomes a column's value.
local WRITE = {
    text = "b ->> '%s'",
    time = "(b ->> '%s')::timestamptz",
    integer = "(b ->> '%s')::bigint",
    number = "(b ->> '%s')::float8",
    boolean = "(b ->> '%s')::boolean",
    json = "b -> '%s'",
    texts = "array(select jsonb_array_elements_text(b -> '%s'))",
}

function M.new(list)
    local self = setmetatable({ list = {}, by_name = {} }, M)
    for _, f in ipairs(list) do
        local name, kind = f[1], kind_of(f.schema)
        local field = { name = name, schema = f.schema, write = f.write, default = f.default,
            kind = kind, virtual = f.virtual, hidden = f.hidden,
            column = f.column or name, sql = f.sql or (READ[kind] or "%s"):format("t."
                .. (f.column or name)) }
        self.list[#self.list + 1], self.by_name[name] = field, field
    end
    return self
end

local function object_of(fields, accept)
    local properties, required = {}, {}
    for _, f in ipairs(fields) do
        if accept(f) then
            properties[f.name] = f.schema
            required[#required + 1] = f.name
        end
    end
    return properties, required
end

-- What answers contain.
function M:schema()
    local properties, required = object_of(self.list, function(f) return not f.hidden end)
    return { type = "object", properties = properties, required = required }
end

-- What a create takes; required: names.
function M:create_schema(required)
    local properties = object_of(self.list, function(f) return f.write end)
    return { type = "object", properties = properties, required = #required > 0 and required or nil,
        additionalProperties = false }
end

-- What the whole of the writable fields must be after a patch, and what the patch may look like.
function M:update_schemas()
    local properties = object_of(self.list, function(f) return f.write == "always" end)
    local whole = { type = "object", properties = properties, additionalProperties = false }
    local needed = {}
    for name in pairs(properties) do
        if not self.by_name[name].default then
            needed[#needed + 1] = name
        end
    end
    table.sort(needed)
    whole.required = #needed > 0 and needed or nil
    return whole, schema.patch(whole)
end

-- SQL of the representation.
function M:document()
    local parts = {}
    for _, f in ipairs(self.list) do
        if not f.hidden then
            parts[#parts + 1] = ("'%s', %s"):format(f.name, f.sql)
        end
    end
    return "json_build_object(" .. table.concat(parts, ", ") .. ")"
end

-- SQL of the fields that a patch is merged into, as jsonb; fields that are null are left out, nulls
-- inside are kept.
function M:writable()
    local parts = {}
    for _, f in ipairs(self.list) do
        if f.write == "always" then
            parts[#parts + 1] = ("'%s', %s"):format(f.name, f.sql)
        end
    end
    return "(select coalesce(jsonb_object_agg(m.key, m.value), '{}') from jsonb_each("
        .. "jsonb_build_object(" .. table.concat(parts, ", ") .. ")) m where m.value <> 'null')"
end

-- Columns and expressions over b for the members that `body` has. merged: after a patch, whose
-- removed members turn into their defaults.
function M:assignments(body, merged)
    local columns, exprs = {}, {}
    for _, f in ipairs(self.list) do
        if f.write and not f.virtual and body[f.name] ~= nil then
            local expr = WRITE[f.kind]:format(f.name)
            if merged and merged[f.name] == nil then
                expr = f.default
            end
            columns[#columns + 1], exprs[#exprs + 1] = f.column, expr
        end
    end
    return columns, exprs
end

return M
