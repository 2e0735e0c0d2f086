-- SPDX-License-Identifier: Apache-2.0
--
-- Lists in pages. The order is a sort column and the id, a page begins behind the last item of the
-- one before (keyset), so pages stay right while things are inserted and deleted, and a late page
-- costs what the first does.
--
--   filters  name -> { schema =, sql = "t.key = ?" }, or build = function(q, value) instead of sql
--   sorts    name -> { sql =, type = }; callers say `sort=name` or `sort=-name`
local cursor = require "thing.cursor"
local db = require "thing.db"
local problem = require "thing.problem"
local query = require "thing.query"
local reply = require "thing.reply"

local M = {}

M.MAX_LIMIT = 1000

-- Up to this many are counted one by one.
local EXACT = 10000

-- The query parameters of a list: its filters and those that all lists have.
function M.parameters(filters, sorts, default_sort)
    local names = {}
    for name in pairs(sorts) do
        names[#names + 1] = name
        names[#names + 1] = "-" .. name
    end
    table.sort(names)
    local out = {
        limit = { type = "integer", minimum = 1, maximum = M.MAX_LIMIT, default = 100,
            description = "Most items in the answer." },
        cursor = { type = "string", maxLength = 2000,
            description = "`next_cursor` of the page before." },
        sort = { type = "string", enum = names, default = default_sort,
            description = "Order of the items; `-` turns it round." },
    }
    out.count = { type = "boolean", default = false,
        description = "Also answer `total`: how many match, as an estimate when they are many." }
    for name, filter in pairs(filters) do
        out[name] = filter.schema
    end
    return out
end

local function order_by(sorts, id, text)
    local down = text:sub(1, 1) == "-"
    local sort = sorts[down and text:sub(2) or text]
    local way = down and "desc" or "asc"
    return sort, down and "<" or ">", ("order by %s %s, %s %s"):format(sort.sql, way, id, way)
end

local function behind(q, sort, id, compare, name, text)
    local values = cursor.decode(name, text, 2)
    local number = values and math.tointeger(tonumber(values[2]))
    if not number then
        problem.raise("invalid_cursor")
    end
    q:where(("(%s, %s) %s (?::text::%s, ?::bigint)"):format(sort.sql, id, compare, sort.type),
        values[1], number)
end

-- Puts the filters' conditions into a query; ctx is handed to those that look for more.
function M.apply(q, filters, values, ctx)
    for name, filter in pairs(filters) do
        local value = values[name]
        if value ~= nil and filter.build then
            filter.build(q, value, ctx)
        elseif value ~= nil then
            q:where(filter.sql, value)
        end
    end
end

-- How many items match: exact while few, else what the planner thinks, so that counting never
-- scans.
local function total(q)
    local sql, values = q:sql("1", "limit " .. EXACT + 1)
    local n = db.rows_of("select count(*) as v from (" .. sql .. ") x", values)[1].v
    if n <= EXACT then
        return n, false
    end
    sql, values = q:sql("1")
    local plan = db.rows_of("explain (format json) " .. sql, values)[1]["QUERY PLAN"]
    return math.max(n, math.tointeger(tonumber(plan:match('"Plan Rows": (%d+)'))) or n), true
end

local function base(spec, params, restrict, ctx)
    local q = query.new(spec.from)
    if restrict then
        restrict(q)
    end
    M.apply(q, spec.filters, params, ctx)
    return q
end

-- spec: from, id (SQL of the bigint id), document (SQL), filters, sorts; restrict(q) adds what the
-- caller may see.
function M.page(spec, params, restrict, ctx)
    local counted
    if params.count then
        counted = ('{"total":{"value":%d,"estimate":%s}}'):format(
            total(base(spec, params, restrict, ctx)))
    end
    local q = base(spec, params, restrict, ctx)
    local sort, compare, order = order_by(spec.sorts, spec.id, params.sort)
    if params.cursor then
        behind(q, sort, spec.id, compare, params.sort, params.cursor)
    end
    local columns = ("%s as id, (%s)::text as s, %s as doc"):format(spec.id, sort.sql,
        spec.document)
    local rows = db.rows_of(q:sql(columns, order .. " limit ?", params.limit + 1))
    local docs = {}
    for i = 1, math.min(#rows, params.limit) do
        docs[i] = rows[i].doc
    end
    local last = #rows > params.limit and rows[params.limit]
    return reply.list(docs, last and cursor.encode(params.sort, { last.s, tostring(last.id) }),
        counted)
end

return M
