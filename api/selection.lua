-- SPDX-License-Identifier: Apache-2.0
--
-- Many devices at once, as jobs name them: by their keys, by the filter of a list, or all.
local db = require "thing.db"
local device_list = require "api.device_list"
local list = require "thing.list"
local query = require "thing.query"
local schema = require "thing.schema"
local types = require "api.types"

local M = {}

M.KEYS_MAX = 10000

local function form(name, member, s)
    return schema.named(name, { type = "object", additionalProperties = false,
        required = { member }, properties = { [member] = s } })
end

M.SCHEMA = schema.named("Selection", { anyOf = {
    form("SelectionOfKeys", "keys", { type = "array", items = types.KEY, minItems = 1,
        maxItems = M.KEYS_MAX }),
    form("SelectionByFilter", "filter", schema.named("SelectionFilter", {
        type = "object", additionalProperties = false, minProperties = 1,
        properties = device_list.TEXTS,
        description = "Filters of the device list by name, as in its query string; `group` among "
            .. "them.",
    })),
    form("SelectionOfAll", "all", { type = "boolean", enum = { true },
        description = "All devices that the caller may see." }),
} })

-- Raises when a filter is not of its form.
function M.check(selection)
    if selection.filter then
        device_list.read_filter(selection.filter)
    end
end

-- A query over device_list.FROM for what is selected and lies in the scope (nil: everywhere). keys:
-- these in place of all that the selection lists. A selection may have `values` in place of its
-- `filter`: one that was read already.
function M.query(selection, scope, keys)
    local q, ctx = query.new(device_list.FROM), { scope = scope }
    device_list.visible(ctx)(q)
    local values = selection.values or selection.filter
        and device_list.read_filter(selection.filter)
    if values then
        list.apply(q, device_list.FILTERS, values, ctx)
    elseif selection.keys then
        q:where("t.key = any(?::text[])", db.array(keys or selection.keys))
    end
    return q
end

function M.count(selection, scope)
    local sql, values = M.query(selection, scope):sql("count(*) as v")
    return db.rows_of(sql, values)[1].v
end

-- The newest device there is: a job does not run after those that come while it runs.
function M.newest()
    return db.value("select coalesce(max(id), 0) as v from device")
end

-- The next devices by id: rows with id, key, product_id, product_key and what `columns` says.
-- place: { id = the last one dealt with, newest = } .
function M.after(selection, scope, place, limit, columns, tail)
    local q = M.query(selection, scope)
    q:where("t.id > ?", place.id)
    q:where("t.id <= ?", place.newest)
    return db.rows_of(q:sql("t.id, t.key, t.product_id, p.key as product_key" .. (columns or ""),
        "order by t.id limit ? " .. (tail or ""), limit))
end

return M
