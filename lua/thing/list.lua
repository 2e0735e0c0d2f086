-- SPDX-License-Identifier: Apache-2.0
--
-- Lists in pages. The order is a sort column and the id, a page begins behind the last item of the
-- one before (keyset), so pages stay right while things are inserted and deleted, and a late page
-- costs what the first does.
--
--   filters  name -> { schema =, sql = "t.key = ?" }, or build = function(q, value) instead of sql
--   sorts    name -> { sql =, type = }, and build = function(q, params, ctx) for conditions that
--            help to find the order; callers say `sort=name` or `sort=-name`
local cursor = require "thing.cursor"
local db = require "thing.db"
local problem = require "thing.problem"
local query = require "thing.query"
local reply = require "thing.reply"

local M = {}

M.MAX_LIMIT = 1000

-- Up to this many are counted one by one.
local EXACT = 1000

-- When the planner expects more than this it finds a thousand by reading the table from its start,
-- which is long where those that match lie at its end.
local BELIEVED = 10 * EXACT

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

local function order_by(sorts, text)
    local down = text:sub(1, 1) == "-"
    local sort = sorts[down and text:sub(2) or text]
    return sort, down and "desc" or "asc", down and "<" or ">"
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

-- How many items match, and whether that is an estimate: exact while few, else what the planner
-- thinks, so that counting never scans. Who expects very many is believed without a look. seen: the
-- length of the first page; whole: whether it is all there is.
local function total(q, seen, whole)
    if whole then
        return seen, false
    end
    local sql, values = q:sql("1")
    local plan = db.rows_of("explain (format json) " .. sql, values)[1]["QUERY PLAN"]
    local expected = math.tointeger(tonumber(plan:match('"Plan Rows": (%d+)'))) or 0
    if expected > BELIEVED then
        return expected, true
    end
    sql, values = q:sql("1", "limit " .. EXACT + 1)
    local n = db.rows_of("select count(*) as v from (" .. sql .. ") x", values)[1].v
    return math.max(n, n > EXACT and expected or 0), n > EXACT
end

local function base(spec, params, restrict, ctx)
    local q = query.new(spec.from)
    if restrict then
        restrict(q)
    end
    M.apply(q, spec.filters, params, ctx)
    return q
end

-- The page's rows with id, s (the sort value as text) and doc, and one more when there are more.
local function rows(spec, q, sort, way, limit)
    local order = ("order by %s %s, %s %s limit ?"):format(sort.sql, way, spec.id, way)
    if not spec.late then
        local columns = ("%s as id, (%s)::text as s, %s as doc"):format(spec.id, sort.sql,
            spec.document)
        return db.rows_of(q:sql(columns, order, limit))
    end
    local page, values = q:sql(("%s as id, %s as s"):format(spec.id, sort.sql), order, limit)
    local sql = "select page.id, page.s::text as s, %s as doc from (%s) page join (%s) "
        .. "on %s = page.id order by page.s %s, page.id %s"
    return db.rows_of(sql:format(spec.document, page, spec.from, spec.id, way, way), values)
end

-- spec: from, id (SQL of the bigint id), document (SQL), filters, sorts; late: documents are made
-- of the page's rows alone, looked up by id, so that `from` joins to the others only what finds
-- them. restrict(q) adds what the caller may see.
function M.page(spec, params, restrict, ctx)
    local q = base(spec, params, restrict, ctx)
    local sort, way, compare = order_by(spec.sorts, params.sort)
    if sort.build then
        sort.build(q, params, ctx)
    end
    if params.cursor then
        behind(q, sort, spec.id, compare, params.sort, params.cursor)
    end
    local found = rows(spec, q, sort, way, params.limit + 1)
    local docs = {}
    for i = 1, math.min(#found, params.limit) do
        docs[i] = found[i].doc
    end
    local counted
    if params.count then
        counted = ('{"total":{"value":%d,"estimate":%s}}'):format(
            total(base(spec, params, restrict, ctx), #docs, not params.cursor and #found == #docs))
    end
    local last = #found > params.limit and found[params.limit]
    return reply.list(docs, last and cursor.encode(params.sort, { last.s, tostring(last.id) }),
        counted)
end

return M
