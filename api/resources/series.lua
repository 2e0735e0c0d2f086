-- SPDX-License-Identifier: Apache-2.0
--
-- Properties of several devices as lines over time, for charts.
local chart = require "thing.chart"
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local picture = require "api.picture"
local problem = require "thing.problem"
local reply = require "thing.reply"
local rfc3339 = require "thing.rfc3339"
local schema = require "thing.schema"
local types = require "api.types"

local DEVICES_MAX, PROPERTIES_MAX, POINTS_MAX, ALL_MAX = 20, 20, 10000, 100000

local LINE = schema.named("Line", {
    type = "object", required = { "device", "product", "property", "points" },
    properties = {
        device = types.KEY, product = types.KEY, property = { type = "string" },
        points = { type = "array", items = {
            type = "object", required = { "time", "value" },
            properties = { time = types.TIME, value = types.ANY },
        } },
    },
})

local SERIES = schema.named("Series", {
    type = "object", required = { "items", "bucket", "from", "to" },
    properties = {
        items = { type = "array", items = LINE,
            description = "One for each device and property, in the order asked for." },
        bucket = { type = { "string", "null" }, description = "Length; null with lttb." },
        from = types.TIME, to = types.TIME,
    },
})

local QUERY = {
    devices = { type = "array", items = types.KEY, minItems = 1, maxItems = DEVICES_MAX,
        uniqueItems = true },
    properties = { type = "array", items = { type = "string", minLength = 1, maxLength = 128 },
        minItems = 1, maxItems = PROPERTIES_MAX, uniqueItems = true },
    from = { type = "string", format = "date-time", description = "Not before." },
    to = { type = "string", format = "date-time", description = "Before; now, unless given." },
    bucket = { type = "string", pattern = "^[1-9][0-9]{0,5}[smhd]$",
        description = "Length, such as 30s, 5m, 1h, 1d." },
    points = { type = "integer", minimum = 3, maximum = POINTS_MAX, default = 500,
        description = "In place of bucket: the shortest usual length that gives no more buckets; "
            .. "with lttb the most points of a line." },
    aggregate = { type = "string", enum = { "min", "max", "avg", "sum", "count", "last" },
        default = "avg" },
    fill = { type = "string", enum = chart.FILLS, default = "none",
        description = "What stands where a bucket has no value: no point, null, the value of the "
            .. "last one before, or one on the straight line between its neighbours." },
    method = { type = "string", enum = { "bucket", "lttb" }, default = "bucket",
        description = "lttb: reports themselves, so few that they draw the same picture; numbers "
            .. "only, peaks stay." },
}

local FIND = [[select d.id, d.key, p.key as product from device d join product p
    on p.id = d.product_id where d.key = any($1::text[])
    and ($2::bigint[] is null or d.product_id = any($2))]]

-- In the order asked for. What lies outside of the scope is answered like what does not exist.
local function devices_of(ctx)
    local found, out = {}, {}
    for _, row in ipairs(db.rows(FIND, db.array(ctx.query.devices),
        ctx.scope and db.array(ctx.scope))) do
        found[row.key] = row
    end
    for i, key in ipairs(ctx.query.devices) do
        out[i] = found[key] or problem.raise("not_found", "There is no device " .. key .. ".")
    end
    return out
end

local RANGE = [[select th_rfc3339(f) as since, th_rfc3339(t) as until_, f < t as good,
    extract(epoch from t - f)::float8 as seconds
    from (select $1::timestamptz as f, coalesce($2::timestamptz, now()) as t) x]]

local function refuse(detail)
    problem.raise("invalid_query", detail)
end

local function read_range(q)
    local range = db.row(RANGE, q.from, q.to)
    if not range.good then
        refuse("from is not before to.")
    end
    return range
end

local function line(device, property, points)
    return ('{"device":%s,"product":%s,"property":%s,"points":%s}'):format(
        jsonio.quote(device.key), jsonio.quote(device.product), jsonio.quote(property), points)
end

local function buckets(devices, q, range)
    q.bucket = q.bucket or chart.fit(range.since, range.until_, q.points)
    local count = range.seconds / chart.seconds(q.bucket) + 1
    if count > POINTS_MAX or count * #devices * #q.properties > ALL_MAX then
        refuse(("More than %d points in a line or %d in all: choose a longer bucket, a shorter "
            .. "range, or fewer lines."):format(POINTS_MAX, ALL_MAX))
    end
    local params = { from = range.since, to = range.until_, bucket = q.bucket,
        aggregate = q.aggregate, fill = q.fill }
    local out = {}
    for _, device in ipairs(devices) do
        local lines = chart.lines(device.id, params, db.array(q.properties))
        for _, property in ipairs(q.properties) do
            out[#out + 1] = line(device, property, lines[property] or "[]")
        end
    end
    return out
end

local function points_of(found)
    local parts = {}
    for i, p in ipairs(found) do
        parts[i] = ('{"time":"%s","value":%s}'):format(rfc3339.text(p[1]), p[3])
    end
    return "[" .. table.concat(parts, ",") .. "]"
end

local function pictures(devices, q, range)
    if q.points * #devices * #q.properties > ALL_MAX then
        refuse(("More than %d points in all."):format(ALL_MAX))
    elseif q.bucket or q.fill ~= "none" then
        refuse("lttb takes no bucket and no fill.")
    end
    local out = {}
    local params = { from = range.since, to = range.until_, seconds = range.seconds }
    for _, device in ipairs(devices) do
        for _, property in ipairs(q.properties) do
            out[#out + 1] = line(device, property,
                points_of(picture.read(device.id, params, property, q.points)))
        end
    end
    return out
end

local function read(ctx)
    local q = ctx.query
    local devices, range = devices_of(ctx), read_range(q)
    local items = (q.method == "lttb" and pictures or buckets)(devices, q, range)
    return reply.json(('{"items":[%s],"bucket":%s,"from":"%s","to":"%s"}'):format(
        table.concat(items, ","), q.bucket and jsonio.quote(q.bucket) or "null", range.since,
        range.until_))
end

return {
    name = "history", levels = {},
    routes = {
        {
            method = "GET", path = "/series", action = "read", id = "series.get",
            summary = "Properties of several devices as lines over time",
            description = "Up to 20 devices and 20 properties. A device that is not there, or not "
                .. "for the caller, is answered 404.",
            query = QUERY, required = { "devices", "properties", "from" },
            answers = { [200] = { schema = SERIES } }, run = read,
        },
    },
}
