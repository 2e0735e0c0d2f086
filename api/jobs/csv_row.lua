-- SPDX-License-Identifier: Apache-2.0
--
-- Rows of CSV as the JSON that the API takes. Columns: key, product, name, tags (parted by blanks,
-- commas or semicolons), enabled (true or false), attributes and parameters (a JSON object each),
-- or one column per member: attributes.NAME, whose cells are texts, and parameters.NAME, whose
-- cells are numbers or true or false where they look like it. An empty cell says nothing.
local jsonio = require "thing.jsonio"

local M = {}

local PLAIN = { key = "text", product = "text", name = "text", tags = "tags", enabled = "flag",
    attributes = "object", parameters = "object" }

-- Columns that exports have and that an import passes over.
local IGNORED = { source = true, online = true, seen_at = true, created_at = true,
    updated_at = true }

local function column(name)
    local group, member = name:match("^(%a+)%.(.+)$")
    if PLAIN[name] then
        return { name = name, kind = PLAIN[name] }
    elseif IGNORED[name] then
        return { kind = "ignored" }
    elseif group == "attributes" and #member <= 128 then
        return { name = group, member = member, kind = "member" }
    elseif group == "parameters" and #member <= 128 then
        return { name = group, member = member, kind = "value" }
    end
end

-- From the fields of the first line; with `fault` when they do not do.
function M.columns(header)
    local out, seen = jsonio.array(), {}
    for i = 1, header.n do
        local name = header[i]:match("^%s*(.-)%s*$")
        local found = utf8.len(name) and column(name)
        if not found then
            return { fault = ("there is no column %s; columns are key, product, name, tags, "
                .. "enabled, attributes, parameters, attributes.NAME, parameters.NAME."):format(
                utf8.len(name) and jsonio.quote(name:sub(1, 100)) or "that is not UTF-8") }
        elseif seen[name] then
            return { fault = "the column " .. name .. " comes twice." }
        end
        seen[name] = true
        out[i] = found
    end
    if not seen.key then
        return { fault = "there is no column key." }
    end
    for _, name in ipairs { "attributes", "parameters" } do
        for other in pairs(seen) do
            if seen[name] and other:find("^" .. name .. "%.") then
                return { fault = ("%s and %s do not go together."):format(name, other) }
            end
        end
    end
    return out
end

local function tags(cell)
    local out = {}
    for tag in cell:gmatch("[^%s,;]+") do
        out[#out + 1] = jsonio.quote(tag)
    end
    return "[" .. table.concat(out, ",") .. "]"
end

local NUMBER = "^%-?%d+%.?%d*[eE]?[+-]?%d*$"

-- JSON of a cell, or nil and what is wrong with it.
local function value(kind, cell)
    if kind == "text" or kind == "member" then
        return jsonio.quote(cell)
    elseif kind == "tags" then
        return tags(cell)
    elseif kind == "flag" then
        local flag = cell:lower()
        if flag ~= "true" and flag ~= "false" then
            return nil, "is true or false"
        end
        return flag
    elseif kind == "value" then
        local literal = cell == "true" or cell == "false"
            or cell:find(NUMBER) and jsonio.decode("[" .. cell .. "]") ~= nil
        return literal and cell or jsonio.quote(cell)
    end
    local object = jsonio.decode(cell)
    if type(object) ~= "table" or jsonio.is_array(object) then
        return nil, "is a JSON object"
    end
    return cell
end

-- JSON text of an object, or nil and what is wrong with the row.
function M.json(columns, fields)
    if fields.n ~= #columns then
        return nil, ("The row has %d fields, the first line %d."):format(fields.n, #columns)
    end
    local out, groups = {}, {}
    for i, c in ipairs(columns) do
        local cell = fields[i]
        if not utf8.len(cell) then
            return nil, ("Field %d is not UTF-8."):format(i)
        end
        if cell ~= "" and c.kind ~= "ignored" then
            local text, fault = value(c.kind, cell)
            if not text then
                return nil, c.name .. " " .. fault .. "."
            elseif c.member then
                groups[c.name] = groups[c.name] or {}
                table.insert(groups[c.name], jsonio.quote(c.member) .. ":" .. text)
            else
                out[#out + 1] = jsonio.quote(c.name) .. ":" .. text
            end
        end
    end
    for _, name in ipairs { "attributes", "parameters" } do
        if groups[name] then
            out[#out + 1] = ('"%s":{%s}'):format(name, table.concat(groups[name], ","))
        end
    end
    return "{" .. table.concat(out, ",") .. "}"
end

return M
