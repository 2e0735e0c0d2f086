-- SPDX-License-Identifier: Apache-2.0
--
-- Puts a SELECT together from pieces with `?` for values. Pieces are written by resources, never by
-- callers; values only ever travel as parameters.
--
--   local q = query.new("device t")
--   q:where("t.product_id = ?", 7)
--   local sql, values = q:sql("t.id, t.key", "order by t.id limit ?", 51)
local M = {}
M.__index = M

function M.new(from)
    return setmetatable({ from = from, conditions = {}, values = { n = 0 } }, M)
end

-- Takes values in and gives the piece back with their numbers.
function M:bind(piece, ...)
    local values, i = table.pack(...), 0
    local bound = piece:gsub("%?%??", function(mark)
        if mark == "??" then -- the operator ?, as in jsonb ? text
            return "?"
        end
        i = i + 1
        self.values.n = self.values.n + 1
        self.values[self.values.n] = values[i]
        return "$" .. self.values.n
    end)
    assert(i == values.n, "values do not fit the piece: " .. piece)
    return bound
end

function M:where(piece, ...)
    self.conditions[#self.conditions + 1] = "(" .. self:bind(piece, ...) .. ")"
    return self
end

function M:join(piece)
    self.from = self.from .. " " .. piece
    return self
end

-- Returns SQL and the list of values (with their number as n).
function M:sql(columns, tail, ...)
    local where = #self.conditions > 0 and " where " .. table.concat(self.conditions, " and ") or ""
    local text = "select " .. columns .. " from " .. self.from .. where
    if tail then
        text = text .. " " .. self:bind(tail, ...)
    end
    return text, self.values
end

return M
