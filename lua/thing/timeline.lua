-- SPDX-License-Identifier: Apache-2.0
--
-- Pages over tables ordered by time, such as histories and logs: a range [from, to), newest or
-- oldest first, places by the time and whatever else makes it unique.
--
--   { from = "event_history t", time = "ts", keys = { {"ts", "timestamptz"}, {"digest", "uuid"} },
--     document = SQL or function(q) -> SQL, where = function(q) ... end }
local cursor = require "thing.cursor"
local db = require "thing.db"
local problem = require "thing.problem"
local query = require "thing.query"

local M = {}

M.MAX_LIMIT = 10000

-- The bounds of a range, as query parameters.
M.FROM = { type = "string", format = "date-time", description = "Not before." }
M.TO = { type = "string", format = "date-time", description = "Before." }

-- The query parameters of such a list, with further ones.
function M.parameters(more)
    local out = {
        from = M.FROM, to = M.TO,
        order = { type = "string", enum = { "asc", "desc" }, default = "desc",
            description = "Oldest first, or newest first." },
        limit = { type = "integer", minimum = 1, maximum = M.MAX_LIMIT, default = 100 },
        cursor = { type = "string", maxLength = 2000,
            description = "`next_cursor` of the page before." },
    }
    for name, s in pairs(more or {}) do
        out[name] = s
    end
    return out
end

function M.range(q, time, params)
    if params.from then
        q:where(time .. " >= ?::timestamptz", params.from)
    end
    if params.to then
        q:where(time .. " < ?::timestamptz", params.to)
    end
end

local function behind(q, spec, params)
    local place = cursor.decode("time " .. params.order, params.cursor, #spec.keys)
    if not place then
        problem.raise("invalid_cursor")
    end
    local names, marks = {}, {}
    for i, key in ipairs(spec.keys) do
        names[i], marks[i] = key[1], "?::text::" .. key[2]
    end
    q:where(("(%s) %s (%s)"):format(table.concat(names, ", "), params.order == "asc" and ">" or "<",
        table.concat(marks, ", ")), table.unpack(place))
end

-- Returns the documents of a page and the cursor of the next, or nil.
function M.page(spec, params)
    local q = query.new(spec.from)
    spec.where(q)
    M.range(q, spec.time, params)
    if params.cursor then
        behind(q, spec, params)
    end
    local document = type(spec.document) == "function" and spec.document(q) or spec.document
    local columns, order = { document .. " as doc" }, {}
    for i, key in ipairs(spec.keys) do
        columns[i + 1] = ("(%s)::text as k%d"):format(key[1], i)
        order[i] = key[1] .. " " .. params.order
    end
    local rows = db.rows_of(q:sql(table.concat(columns, ", "), "order by "
        .. table.concat(order, ", ") .. " limit ?",
        params.limit + 1))
    local docs = {}
    for i = 1, math.min(#rows, params.limit) do
        docs[i] = rows[i].doc
    end
    local last = #rows > params.limit and rows[params.limit]
    if not last then
        return docs
    end
    local place = {}
    for i in ipairs(spec.keys) do
        place[i] = last["k" .. i]
    end
    return docs, cursor.encode("time " .. params.order, place)
end

return M
