-- SPDX-License-Identifier: Apache-2.0
--
-- Reports as they came, or gathered in buckets. A table or CSV has a column for each property that
-- was asked for; of those that were not, nobody knows beforehand which there are, so CSV then has a
-- row for each value.
local call = require "thing.cli.call"
local device = require "thing.cli.device"
local out = require "thing.cli.out"
local text = require "thing.cli.text"

local PATH = device.PATH .. "/history"
local BUCKETS_MAX = 10000

local AGGREGATES = { "min", "max", "avg", "sum", "count", "last" }

local TIME = { "TIME", "time", show = text.time }

local function sorted_names(t)
    local names = {}
    for name in pairs(t) do
        names[#names + 1] = name
    end
    table.sort(names)
    return names
end

-- "co2=412 name=lab"
local function params_of(item)
    local parts = {}
    for i, name in ipairs(sorted_names(item.params)) do
        parts[i] = name .. "=" .. text.value(item.params[name])
    end
    return table.concat(parts, " ")
end

local function columns_of(properties)
    local columns = { TIME }
    for _, name in ipairs(properties) do
        columns[#columns + 1] = { name, function(item) return item.params[name] end }
    end
    return columns
end

-- A row for each value: { time =, name =, and what is known of it }.
local function split(member, writer)
    return { finish = writer.finish, item = function(item)
        for _, name in ipairs(sorted_names(item[member])) do
            local value = item[member][name]
            if member == "params" then
                writer.item { time = item.time, name = name, value = value }
            else
                value.time, value.name = item.time, name
                writer.item(value)
            end
        end
    end }
end

local function raw_writer(c, form)
    local properties = c.options.property
    if form == "json" then
        return out.list(form)
    elseif properties then
        return out.list(form, columns_of(properties))
    elseif form == "csv" then
        return split("params", out.list(form, { TIME, { "PROPERTY", "name" },
            { "VALUE", "value" } }))
    end
    return out.list(form, { TIME, { "PROPERTIES", params_of } })
end

local function bucket_writer(c, form)
    if form == "json" then
        return out.list(form)
    end
    local columns = { TIME, { "PROPERTY", "name" } }
    for _, aggregate in ipairs(c.options.aggregate or { "min", "avg", "max", "count", "last" }) do
        columns[#columns + 1] = { aggregate:upper(), aggregate }
    end
    return split("properties", out.list(form, columns))
end

local function run(c)
    local o = c.options
    local form = c:form()
    if o.bucket and o.points then
        c:usage("either --bucket or --points")
    elseif o.aggregate and not (o.bucket or o.points) then
        c:usage("--aggregate goes with --bucket or --points")
    elseif o.bucket or o.points then
        c:list(PATH, { with = device.find(c), paged = false, writer = bucket_writer(c, form),
            query = { limit = o.limit or BUCKETS_MAX } })
    else
        c:list(PATH, { with = device.find(c), writer = raw_writer(c, form) })
    end
end

return {
    name = "history", summary = "What a device reported",
    text = "Newest first, unless --order asc is said. Buckets come all at once.",
    args = { device.ARG },
    options = call.options(call.RANGE, {
        { "property", "NAME", "Only this property", repeated = true, query = "properties" },
        { "bucket", "LENGTH", "Gathered in buckets of 30s, 5m, 1h, 1d ...", query = "bucket" },
        { "points", "N", "As few buckets as make at most N from --from on", integer = true,
            query = "points" },
        { "aggregate", "NAME", "What of each bucket", choices = AGGREGATES, repeated = true,
            query = "aggregate" },
    }, call.LIST),
    examples = {
        { "thingd history air-1 --from 2h --property co2 --property temperature" },
        { "thingd history air-1 --from 7d --bucket 1h --aggregate avg --csv > co2.csv" },
        { "thingd history air-1 --from 2026-01-01 --order asc --all --json" },
    },
    run = run,
}
