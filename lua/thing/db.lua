-- SPDX-License-Identifier: Apache-2.0
--
-- PostgreSQL for the API: functions that return rows or end the request with a problem. Inside
-- db.tx() every statement of the request runs in the transaction.
--
-- Rows are tables by column name: integers, floats and booleans as such, bytea as bytes, null
-- absent, everything else (json included) as text.
local problem = require "thing.problem"

local M = {}

local RETRIES = 3

local BY_STATE = {
    ["23505"] = { "conflict", "Something with this key already exists." },
    ["23503"] = { "in_use", "Others depend on it, or it names something that does not exist." },
    ["23514"] = { "validation_failed", "A value is outside of what the database allows." },
    ["55P03"] = { "busy", "Another request holds what this one needs." },
    ["57014"] = { "timeout", "The database took too long." },
    ["57P03"] = { "unavailable" },
    ["53300"] = { "unavailable" },
    ["40001"] = { "busy", "Too many requests change the same thing at once." },
    ["40P01"] = { "busy", "Too many requests change the same thing at once." },
    busy = { "busy" },
    unavailable = { "unavailable" },
    timeout = { "timeout", "The database took too long." },
    canceled = { "unavailable" },
}

local function fail(message, code)
    local known = BY_STATE[code]
    if known then
        local again = known[1] == "busy" or known[1] == "unavailable"
        problem.raise(known[1], known[2], {
            headers = again and { ["retry-after"] = "1" } or nil,
            rerun = code == "40001" or code == "40P01" or nil,
        })
    elseif code and code:sub(1, 2) == "22" then
        thing.log("warn", "api_value_refused", message)
        problem.raise("validation_failed", "A value cannot be stored.")
    end
    error("database: " .. tostring(message) .. " (" .. tostring(code) .. ")", 0)
end

function M.rows(sql, ...)
    local rows, message, code = thing.db.query(sql, ...)
    if not rows then
        fail(message, code)
    end
    return rows
end

-- values: a list with its length as n, as query:sql() returns it.
function M.rows_of(sql, values)
    return M.rows(sql, table.unpack(values, 1, values.n))
end

-- The first row, or nil.
function M.row(sql, ...)
    return M.rows(sql, ...)[1]
end

-- The first column of the first row, named `v`, or nil.
function M.value(sql, ...)
    local row = M.rows(sql, ...)[1]
    return row and row.v
end

-- A bytea parameter.
function M.bytes(s)
    return "\\x" .. s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)
end

-- A text[] or bigint[] parameter.
function M.array(list)
    local out = {}
    for i, v in ipairs(list) do
        out[i] = '"' .. tostring(v):gsub('[\\"]', "\\%0") .. '"'
    end
    return "{" .. table.concat(out, ",") .. "}"
end

-- true and what fn returned; or false and what it raised.
local function attempt(fn)
    local ok, message, code = thing.db.begin()
    if not ok then
        fail(message, code)
    end
    local done = table.pack(pcall(fn))
    if not done[1] then
        thing.db.finish(false)
        return table.unpack(done, 1, done.n)
    end
    ok, message, code = thing.db.finish(true)
    if not ok then
        return pcall(fail, message, code)
    end
    return table.unpack(done, 1, done.n)
end

-- Runs fn in one transaction and returns what it returns. When fn raises, all is undone. A
-- transaction that lost to others is run again, so fn must have no effects outside of it.
function M.tx(fn)
    for try = 1, RETRIES do
        local done = table.pack(attempt(fn))
        if done[1] then
            return table.unpack(done, 2, done.n)
        elseif try == RETRIES or not (problem.is(done[2]) and done[2].rerun) then
            error(done[2], 0)
        end
    end
end

return M
