-- SPDX-License-Identifier: Apache-2.0
--
-- Lists of devices: what they can be filtered and sorted by, in the device lists, in groups and in
-- jobs over many devices.
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local list = require "thing.list"
local params = require "thing.params"
local types = require "api.types"

local M = {}

M.FROM = "device t join product p on p.id = t.product_id "
    .. "join device_state s on s.device_id = t.id"

local function like(text)
    return "%" .. text:lower():gsub("[%%_\\]", "\\%0") .. "%"
end

local FILTERS = {
    key = { schema = types.KEY, sql = "t.key = ?" },
    prefix = { schema = types.KEY, sql = "t.key ^@ ?" },
    name = { schema = types.NAME, sql = "t.name = ?" },
    q = {
        schema = { type = "string", minLength = 1, maxLength = 200,
            description = "Part of key or name." },
        build = function(q, v)
            q:where("lower(t.key) like ? or lower(t.name) like ?", like(v), like(v))
        end,
    },
    tag = {
        schema = { type = "array", items = types.TAG, maxItems = 16,
            description = "Has all of these." },
        build = function(q, v) q:where("t.tags @> ?::text[]", db.array(v)) end,
    },
    attribute = {
        schema = { type = "string", maxLength = 500, pattern = "^[^=]{1,128}=[^=]{0,300}$",
            description = "name=value, compared as text." },
        build = function(q, v)
            local name, value = v:match("^([^=]*)=(.*)$")
            q:where("t.attributes ->> ? = ?", name, value)
        end,
    },
    enabled = { schema = types.FLAG, sql = "t.enabled = ?" },
    online = { schema = types.FLAG, sql = "s.online = ?" },
    source = {
        schema = { type = "string", enum = { "manual", "auto", "import" } }, sql = "t.source = ?",
    },
    seen_after = { schema = types.TIME, sql = "s.seen_at >= ?::timestamptz" },
    seen_before = {
        schema = types.TIME, sql = "coalesce(s.seen_at, '-infinity') < ?::timestamptz",
    },
    product = { schema = types.KEY, sql = "p.key = ?" },
}

local read_query = params.compile((function()
    local out = {}
    for name, filter in pairs(FILTERS) do
        out[name] = filter.schema
    end
    return out
end)())

local function escape(s)
    return (s:gsub("[^%w_.~-]", function(c) return ("%%%02X"):format(c:byte()) end))
end

-- The filters of a saved query (texts by name, as in a query string) as values; raises
-- invalid_query.
function M.read_saved(query)
    local parts = {}
    for name, value in pairs(query) do
        parts[#parts + 1] = name .. "=" .. escape(value)
    end
    return read_query(table.concat(parts, "&"))
end

-- Names that a saved query may have.
function M.saved_names()
    local out = {}
    for name in pairs(FILTERS) do
        out[#out + 1] = name
    end
    table.sort(out)
    return out
end

local GROUP = [[select id, kind, query::text as query, product_id from device_group
    where key = $1 and ($2::bigint[] is null or product_id = any($2))]]

local function in_group(q, key, ctx)
    local group = db.row(GROUP, key, ctx.scope and db.array(ctx.scope))
    if not group then
        q:where("false")
        return
    end
    if group.product_id then
        q:where("t.product_id = ?", group.product_id)
    end
    if group.kind == "query" then
        list.apply(q, FILTERS, M.read_saved(jsonio.decode(group.query)), ctx)
    else
        q:where("t.id in (select device_id from device_group_member where group_id = ?)", group.id)
    end
end

-- The filters of every device list.
M.FILTERS = { group = { schema = types.KEY, build = in_group } }
for name, filter in pairs(FILTERS) do
    M.FILTERS[name] = filter
end

-- Those of the devices of one product.
M.WITHIN = {}
for name, filter in pairs(M.FILTERS) do
    M.WITHIN[name] = name ~= "product" and filter or nil
end

M.SORTS = {
    key = { sql = "t.key", type = "text" },
    name = { sql = "t.name", type = "text" },
    created_at = { sql = "t.created_at", type = "timestamptz" },
    seen_at = { sql = "coalesce(s.seen_at, '-infinity')", type = "timestamptz" },
}

-- What the caller may see of all devices.
function M.visible(ctx)
    return function(q)
        if ctx.scope then
            q:where("t.product_id = any(?::bigint[])", db.array(ctx.scope))
        end
    end
end

return M
