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

-- Each device has one of both; a left join is one that the planner leaves out where it is not used.
M.FROM = "device t left join product p on p.id = t.product_id "
    .. "left join device_state s on s.device_id = t.id"

local function like(text)
    return "%" .. text:lower():gsub("[%%_\\]", "\\%0") .. "%"
end

-- The hour of a time: the indexed one of a device is that in which it was seen last. The planner
-- knows how many were seen in which hours, so the time itself is looked at in one hour only.
local HOUR = "date_bin('1 hour', ?::timestamptz, '1970-01-01 00:00:00+00')"

local function seen(q, hours, without, v)
    q:where("s.seen_hour " .. hours .. " " .. HOUR, v)
    q:where("not (s.seen_hour = " .. HOUR .. " and s.seen_at " .. without
        .. " ?::timestamptz)", v, v)
end

local FILTERS = {
    key = { schema = types.KEY, sql = "t.key = ?" },
    prefix = { schema = types.KEY, sql = 't.key collate "C" ^@ ?' },
    name = { schema = types.NAME, sql = "t.name = ?" },
    q = {
        schema = { type = "string", minLength = 1, maxLength = 200, pattern = "^[^\n]*$",
            description = "Part of key or name, in any case." },
        build = function(q, v) q:where("lower(t.key || E'\\n' || t.name) like ?", like(v)) end,
    },
    tag = {
        schema = { type = "array", items = types.TAG, maxItems = 16,
            description = "Has all of these." },
        build = function(q, v) q:where("t.tags @> ?::text[]", db.array(v)) end,
    },
    attribute = {
        schema = { type = "string", maxLength = 500, pattern = "^[^=]{1,128}=[^=]{0,300}$",
            description = "name=value, compared as text." },
        sql = "th_attribute_texts(t.attributes) @> array[?::text]",
    },
    enabled = { schema = types.FLAG, sql = "t.enabled = ?" },
    online = { schema = types.FLAG, sql = "s.online = ?" },
    source = {
        schema = { type = "string", enum = { "manual", "auto", "import" } }, sql = "t.source = ?",
    },
    seen_after = {
        schema = types.TIME,
        build = function(q, v) seen(q, ">=", "<", v) end,
    },
    seen_before = {
        schema = types.TIME,
        build = function(q, v) seen(q, "<=", ">=", v) end,
    },
    product = { schema = types.KEY, sql = "t.product_id = (select id from product where key = ?)" },
}

local function reader(filters)
    local schemas = {}
    for name, filter in pairs(filters) do
        schemas[name] = filter.schema
    end
    return params.compile(schemas)
end

local read_query = reader(FILTERS)

local function escape(s)
    return (s:gsub("[^%w_.~-]", function(c) return ("%%%02X"):format(c:byte()) end))
end

local function query_string(query)
    local parts = {}
    for name, value in pairs(query) do
        value = type(value) == "table" and table.concat(value, ",") or value
        parts[#parts + 1] = name .. "=" .. escape(value)
    end
    return table.concat(parts, "&")
end

-- The filters of a saved query (texts by name, as in a query string) as values; raises
-- invalid_query.
function M.read_saved(query)
    return read_query(query_string(query))
end

local function text_schemas(filters)
    local out = {}
    for name, filter in pairs(filters) do
        out[name] = params.text_schema(filter.schema)
    end
    return out
end

-- Schemas of what a saved query may have, by name.
function M.saved_schemas()
    return text_schemas(FILTERS)
end

local GROUP = [[select id, kind, query::text as query, product_id from device_group
    where key = $1 and ($2::bigint[] is null or product_id = any($2))]]

-- The members of a small group are gone through, whatever the order; those of a large one are met
-- soon enough in any order.
local FEW_MEMBERS = 5000
local MEMBERS = "select count(*) as v from (select from device_group_member "
    .. "where group_id = $1 limit " .. FEW_MEMBERS .. ") m"

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
    elseif db.value(MEMBERS, group.id) < FEW_MEMBERS then
        q:where("t.id = any(array(select device_id from device_group_member where group_id = ?))",
            group.id)
    else
        q:where("t.id in (select device_id from device_group_member where group_id = ?)", group.id)
    end
end

-- The filters of every device list.
M.FILTERS = { group = { schema = types.KEY, build = in_group } }
for name, filter in pairs(FILTERS) do
    M.FILTERS[name] = filter
end

-- Schemas of a list's whole filter, which may name a group; tags may be a list.
M.TEXTS = text_schemas(M.FILTERS)
M.TEXTS.tag = { anyOf = { types.TAG, M.FILTERS.tag.schema } }

local read_filter = reader(M.FILTERS)

-- As read_saved, of a whole filter.
function M.read_filter(query)
    return read_filter(query_string(query))
end

-- Those of the devices of one product.
M.WITHIN = {}
for name, filter in pairs(M.FILTERS) do
    M.WITHIN[name] = name ~= "product" and filter or nil
end

M.SORTS = {
    key = { sql = 't.key collate "C"', type = "text" },
    name = { sql = "t.name", type = "text" },
    created_at = { sql = "t.created_at", type = "timestamptz" },
    -- To the hour, see its migration.
    seen_at = {
        sql = "s.seen_hour", type = "timestamptz",
        build = function(q, values, ctx)
            q:where("s.seen_hour is not null") -- so the join may begin with the states
            if ctx.product then
                q:where("s.product_id = ?", ctx.product.id)
            elseif values.product then
                q:where("s.product_id = (select id from product where key = ?)", values.product)
            end
        end,
    },
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
