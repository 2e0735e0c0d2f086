-- SPDX-License-Identifier: Apache-2.0
--
-- What a command prints: tables and records for people, JSON as the server sent it for programs,
-- CSV for spreadsheets. Standard output carries the result and nothing else.
local fail = require "thing.cli.fail"
local grid = require "thing.cli.grid"
local jsonio = require "thing.jsonio"
local text = require "thing.cli.text"

local M = {}

local function check(good, why)
    if not good then
        fail.raise(fail.FAILED, "cannot write: " .. tostring(why))
    end
end

function M.put(...)
    check(io.stdout:write(...))
end

function M.line(...)
    M.put(...)
    M.put("\n")
end

-- Also before a wait, so that whoever reads along sees what there is.
function M.flush()
    check(io.stdout:flush())
end

-- To standard error: what is not part of the result.
function M.note(line)
    io.stderr:write(text.clean(line), "\n")
end

local COLOURS = { bold = "1", red = "31", green = "32" }

local function colours()
    local no = os.getenv("NO_COLOR")
    return thing.host.is_terminal(1) and (no == nil or no == "") and os.getenv("TERM") ~= "dumb"
end

function M.paint(colour, s)
    if s == "" or not colours() then
        return s
    end
    return ("\27[%sm%s\27[0m"):format(COLOURS[colour], s)
end

function M.json(body)
    M.line(text.clean_json(body))
end

-- ---- lists ----

local function at(item, path)
    for name in path:gmatch("[^.]+") do
        if type(item) ~= "table" then
            return nil
        end
        item = item[name]
    end
    return item
end

local function get(column, item)
    local from = column[2]
    if type(from) == "function" then
        return from(item)
    end
    return at(item, from)
end

local function cell(column, item)
    return (column.show or text.value)(get(column, item))
end

-- A text that a spreadsheet would take for a formula is made plain.
local function csv_cell(column, item)
    local v = get(column, item)
    local s = type(v) == "string" and v or type(v) == "boolean" and tostring(v) or text.value(v)
    if type(v) ~= "number" and s:find("^[=+@\t\r-]") then
        s = "'" .. s
    end
    return s:find('[",\r\n]') and '"' .. s:gsub('"', '""') .. '"' or s
end

local writers = {}

function writers.table(columns)
    local heads = {}
    for i, column in ipairs(columns) do
        heads[i] = column[1]
    end
    local g = grid.new { heads = heads, put = M.line, width = thing.host.width,
        columns = thing.host.is_terminal(1) and thing.host.columns() or nil,
        bold = function(s) return M.paint("bold", s) end }
    return {
        item = function(item)
            local row = {}
            for i, column in ipairs(columns) do
                row[i] = cell(column, item)
            end
            g:add(row)
        end,
        finish = function() g:flush() end,
    }
end

function writers.json()
    return { item = function(_, raw) M.json(raw) end, finish = function() end }
end

function writers.csv(columns)
    local heads = {}
    for i, column in ipairs(columns) do
        heads[i] = column[1]:lower():gsub(" ", "_")
    end
    local function put_head()
        if heads then
            M.put(table.concat(heads, ","), "\r\n")
            heads = nil
        end
    end
    return {
        item = function(item)
            local row = {}
            for i, column in ipairs(columns) do
                row[i] = csv_cell(column, item)
            end
            put_head()
            M.put(table.concat(row, ","), "\r\n")
        end,
        finish = put_head,
    }
end

-- A writer of items: item(value, its JSON text), finish(). form: "table", "json" (one object a
-- line) or "csv". columns: { {"HEAD", "path.in.item" or function(item), show = function(value)} }
function M.list(form, columns)
    return writers[form](columns)
end

-- ---- records ----

local function flatten(out, prefix, value)
    if type(value) ~= "table" or jsonio.is_array(value) or next(value) == nil then
        out[#out + 1] = { prefix, value }
        return
    end
    local names = {}
    for name in pairs(value) do
        names[#names + 1] = name
    end
    table.sort(names)
    for _, name in ipairs(names) do
        flatten(out, prefix == "" and name or prefix .. "." .. name, value[name])
    end
end

-- One thing, a line for each member: those named first in their order, then the others; members of
-- members as name.name. Times are told by their names' end.
function M.record(value, first)
    local lines, seen = {}, {}
    for _, name in ipairs(first or {}) do
        if value[name] ~= nil then
            flatten(lines, name, value[name])
        end
        seen[name] = true
    end
    local rest = {}
    for name, member in pairs(value) do
        if not seen[name] then
            rest[name] = member
        end
    end
    if next(rest) ~= nil then
        flatten(lines, "", rest)
    end
    local widest = 0
    for _, line in ipairs(lines) do
        line[1] = text.clean(line[1])
        widest = math.max(widest, thing.host.width(line[1]))
    end
    for _, line in ipairs(lines) do
        local show = line[1]:find("_at$") and text.time or text.value
        local pad = (" "):rep(widest - thing.host.width(line[1]) + 2)
        M.line(((M.paint("bold", line[1]) .. pad .. show(line[2])):gsub(" +$", "")))
    end
end

return M
