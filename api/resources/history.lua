-- SPDX-License-Identifier: Apache-2.0
--
-- What a device reported: messages as they came, or numbers gathered in buckets of time.
local chart = require "thing.chart"
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local problem = require "thing.problem"
local reply = require "thing.reply"
local rows = require "api.rows"
local schema = require "thing.schema"
local timeline = require "thing.timeline"
local types = require "api.types"

local NAMES = { type = "array", items = { type = "string", minLength = 1, maxLength = 128 },
    maxItems = 64,
    description = "Only these properties." }

local AGGREGATE_NAMES = { "min", "max", "avg", "sum", "count", "last" }

local SAMPLE = schema.named("Sample", {
    type = "object", required = { "time", "params" },
    properties = { time = types.TIME, params = types.OBJECT, flags = rows.FLAGS },
})

local NUMBER = { type = { "number", "null" } }
local BUCKET = schema.named("Bucket", {
    type = "object", required = { "time", "properties" },
    properties = {
        time = { type = "string", format = "date-time", description = "Start of the bucket." },
        properties = {
            type = "object",
            additionalProperties = {
                type = "object",
                properties = { min = NUMBER, max = NUMBER, avg = NUMBER, sum = NUMBER,
                    count = types.COUNT,
                    last = types.ANY },
            },
        },
    },
})

local SOME = [[(select coalesce(jsonb_object_agg(m.key, m.value), '{}') from jsonb_each(params) m
    where m.key = any(?::text[]))]]

local function names_of(params)
    return params.properties and db.array(params.properties)
end

local function raw(ctx)
    local names = names_of(ctx.query)
    return reply.list(timeline.page({
        from = "property_history", time = "ts", keys = { { "ts", "timestamptz" },
            { "digest", "uuid" } },
        document = function(q)
            local params = names and q:bind(SOME, names) or "params"
            return rows.document(("'time', th_rfc3339(ts), 'params', %s"):format(params))
        end,
        where = function(q)
            q:where("device_id = ?", ctx.device.id)
            if names then
                q:where("params ??| ?::text[]", names)
            end
        end,
    }, ctx.query))
end

local function buckets(ctx)
    local params = ctx.query
    if not params.bucket then
        params.from = params.from or chart.day_before(params.to)
        params.bucket = chart.fit(params.from, params.to, params.points)
    end
    local docs = chart.read(ctx.device.id, params, names_of(params))
    if #docs > params.limit then
        problem.raise("invalid_query",
            ("More than %d buckets: choose a longer bucket, a shorter range or a higher "
            .. "limit."):format(params.limit))
    end
    return reply.list(docs)
end

return {
    name = "history", levels = { read = "viewer" },
    routes = {
        {
            method = "GET", path = "/products/{product}/devices/{device}/history", action = "read",
                id = "history.list",
            summary = "Property reports of a device, as they came or in buckets",
            query = timeline.parameters {
                properties = NAMES,
                bucket = { type = "string", pattern = "^[1-9][0-9]{0,5}[smhd]$",
                    description = "Length, such as 30s, 5m, 1h, 1d. Buckets are not paged. Whole "
                        .. "hours and days outlive the reports: they are kept as rollups." },
                points = { type = "integer", minimum = 2, maximum = 10000,
                    description = "In place of bucket: the shortest usual length that gives no "
                        .. "more buckets from `from`, or a day before, to `to` or now." },
                aggregate = { type = "array", items = { type = "string", enum = AGGREGATE_NAMES },
                    maxItems = 6,
                    default = jsonio.array { "min", "max", "avg", "count", "last" } },
            },
            answers = { [200] = { list = { anyOf = { SAMPLE, BUCKET } } } },
            run = function(ctx)
                local gathered = ctx.query.bucket or ctx.query.points
                return gathered and buckets(ctx) or raw(ctx)
            end,
        },
    },
}
