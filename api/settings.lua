-- SPDX-License-Identifier: Apache-2.0
--
-- Settings of the platform that are changed while it runs. Each worker looks again after a second,
-- so a change is in force everywhere shortly after.
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local schema = require "thing.schema"

local M = {}

local FRESH_MS = 1000

local function number(default, min, max, description)
    return { type = "integer", minimum = min, maximum = max, default = default,
        description = description }
end

M.SCHEMA = schema.named("Settings", {
    type = "object", additionalProperties = false,
    properties = {
        session_idle_minutes = number(720, 5, 43200,
            "A session without a request ends after this."),
        session_days = number(7, 1, 365, "A session ends after this, whatever happens."),
        rate_per_minute = number(60000, 60, 10000000,
            "Requests that one account or token may make in a minute."),
        rate_open_per_minute = number(1200, 60, 10000000,
            "Requests without credentials that one address may make in a minute."),
        statistics_days = number(30, 1, 3650, "Figures of the platform are kept this long."),
        scripts_enabled = { type = "boolean", default = true,
            description = "False stops the scripts of all products at once, on every instance." },
        site_name = { type = "string", maxLength = 100, default = "",
            description = "Shown in the dashboard." },
    },
})

local cached, read_at = {}, -math.huge

function M.forget()
    read_at = -math.huge
end

-- The value in force; while PostgreSQL is away, what was read last.
function M.get(name)
    if thing.now() - read_at > FRESH_MS and thing.db.up() then
        read_at = thing.now()
        cached = jsonio.decode(db.value("select value::text as v from setting")) or cached
    end
    local value = cached[name]
    if value == nil then
        value = M.SCHEMA.properties[name].default
    end
    return value
end

return M
