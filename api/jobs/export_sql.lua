-- SPDX-License-Identifier: Apache-2.0
--
-- The statements of exports. Each answers one row: n lines as `text` (nil for none), where they
-- end, and whether there may be more. CSV is of RFC 4180, lines end with LF; text that people or
-- devices chose is made safe against spreadsheets that take it for a formula, numbers stay what
-- they are.
local db = require "thing.db"
local devices = require "api.resources.devices"
local query = require "thing.query"
local selection = require "api.selection"

local M = {}

-- Keys may begin with a minus sign, but hold nothing that makes a formula: they stay what they are,
-- so that an export can be imported. Tags cannot begin like one.
local DEVICE_COLUMNS = {
    { "key", "t.key" }, { "product", "p.key" }, { "name", "th_csv_cell(th_csv_safe(t.name))" },
    { "tags", "array_to_string(t.tags, ' ')" }, { "enabled", "t.enabled::text" },
    { "attributes", "th_csv_cell(t.attributes::text)" },
    { "parameters", "th_csv_cell(t.parameters::text)" },
    { "source", "t.source" }, { "online", "s.online::text" },
    { "seen_at", "th_rfc3339(s.seen_at)" }, { "created_at", "th_rfc3339(t.created_at)" },
    { "updated_at", "th_rfc3339(t.updated_at)" },
}

local REPORT_COLUMNS = {
    { "product", "d.product" }, { "device", "d.key" }, { "time", "th_rfc3339(h.ts)" },
    { "received_at", "th_rfc3339(h.received_at)" },
}

local function columns_of(params, q)
    if params.what == "devices" then
        return DEVICE_COLUMNS
    end
    local out = table.move(REPORT_COLUMNS, 1, #REPORT_COLUMNS, 1, {})
    if params.what == "events" then
        out[#out + 1] = { "type", "th_csv_cell(th_csv_safe(h.type))" }
    end
    for _, name in ipairs(params.properties or {}) do
        out[#out + 1] = { name, q:bind("th_csv_cell(th_csv_value(h.params -> ?::text))", name) }
    end
    if not params.properties then
        out[#out + 1] = { "params", "th_csv_cell(h.params::text)" }
    end
    return out
end

local function cell(text)
    if text:find("^[=+@\t\r\n-]") then
        text = "'" .. text
    end
    return text:find('[",\r\n]') and '"' .. text:gsub('"', '""') .. '"' or text
end
M.cell = cell

-- The first line of the file.
function M.head(params)
    if params.format ~= "csv" then
        return ""
    end
    local names = {}
    for i, column in ipairs(columns_of(params, query.new(""))) do
        names[i] = cell(column[1])
    end
    return table.concat(names, ",") .. "\n"
end

local function line_of(params, q)
    if params.format == "csv" then
        local cells = {}
        for i, column in ipairs(columns_of(params, q)) do
            cells[i] = column[2]
        end
        return "array_to_string(array[" .. table.concat(cells, ", ") .. "], ',', '')"
    elseif params.what == "devices" then
        return "(" .. devices.spec.document .. ")::text"
    end
    local some = params.properties and q:bind([[(select coalesce(jsonb_object_agg(m.key, m.value),
        '{}') from jsonb_each(h.params) m where m.key = any(?::text[]))]],
        db.array(params.properties)) or "h.params"
    return ([[json_build_object('product', d.product, 'device', d.key, 'time', th_rfc3339(h.ts),
        'received_at', th_rfc3339(h.received_at), %s'params', %s)::text]]):format(
        params.what == "events" and "'type', h.type, " or "", some)
end

-- Lines up to so many bytes, but at least one.
local CUT = [[select count(*) as n, string_agg(c.line, E'\n' order by c.i) || E'\n' as text,
    max(c.i) < max(c.every) or max(c.every) >= %d as more, %s
    from (select r.*, row_number() over w as i, count(*) over () as every,
            sum(octet_length(r.line)) over w as bytes
        from (%s) r window w as (order by %s)) c where c.bytes <= %d or c.i = 1]]

-- Devices behind place.id.
function M.devices(params, scope, place, limit, bytes)
    local q = selection.query(params.selection or { all = true }, scope)
    local line = line_of(params, q)
    q:where("t.id > ?", place.id)
    q:where("t.id <= ?", place.newest)
    local sql, values = q:sql("t.id, " .. line .. " as line", "order by t.id limit ?", limit)
    return db.rows_of(CUT:format(limit, "max(c.id) as last_id", sql, "r.id", bytes), values)[1]
end

local TABLES = { history = "property_history", events = "event_history" }

local ENDS = [[max(c.device) as last_n,
    (array_agg(c.ts::text order by c.i desc))[1] as last_ts,
    (array_agg(c.digest::text order by c.i desc))[1] as last_digest]]

-- What is asked of each device's reports: its own begin, where it has one, is d.ts and d.digest.
local function each(params, q, limit)
    local h = query.new(TABLES[params.what] .. " h")
    h.values = q.values
    h:where("h.device_id = d.id")
    h:where("h.ts >= coalesce(d.ts, ?::timestamptz)", params.from or "-infinity")
    h:where("h.ts < ?::timestamptz", params.to or "infinity")
    h:where("d.ts is null or (h.ts, h.digest) > (d.ts, d.digest)")
    if params.properties then
        h:where("h.params ??| ?::text[]", db.array(params.properties))
    end
    if params.type then
        h:where("h.type = ?", params.type)
    end
    return (h:sql("*", "order by h.ts, h.digest limit ?", limit))
end

-- Reports of these devices, in their order. When the first one is place.device, its begin behind
-- place.ts and place.digest. last_n, last_ts, last_digest: where they end.
function M.reports(params, list, place, limit, bytes)
    local ids, keys, products = {}, {}, {}
    for i, device in ipairs(list) do
        ids[i], keys[i], products[i] = device.id, device.key, device.product_key
    end
    local on = list[1].id == place.device and place or {}
    local q = query.new("")
    q.from = q:bind([[(select u.*, case when u.n = 1 then ?::timestamptz end as ts,
        case when u.n = 1 then ?::uuid end as digest
        from unnest(?::bigint[], ?::text[], ?::text[]) with ordinality u(id, key, product, n)) d]],
        on.ts, on.digest, db.array(ids), db.array(keys), db.array(products))
        .. " cross join lateral (" .. each(params, q, limit) .. ") h"
    local sql, values = q:sql("d.n as device, h.ts, h.digest, " .. line_of(params, q) .. " as line",
        "order by d.n, h.ts, h.digest limit ?", limit)
    return db.rows_of(CUT:format(limit, ENDS, sql, "r.device, r.ts, r.digest", bytes), values)[1]
end

-- What the file is called when it is downloaded.
function M.title(params)
    return ("%s.%s"):format(params.what, params.format)
end

return M
