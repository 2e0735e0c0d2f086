-- SPDX-License-Identifier: Apache-2.0
--
-- What is asked of the server itself: is it alive, is it ready, figures, time, and the description
-- of this API.
local jsonio = require "thing.jsonio"
local openapi = require "api.description"
local problem = require "thing.problem"
local reply = require "thing.reply"
local schema = require "thing.schema"

local CHECKS = schema.named("Readiness", {
    type = "object", required = { "ready", "database", "broker" },
    properties = { ready = { type = "boolean" }, database = { type = "boolean" },
        broker = { type = "boolean" } },
})

local function database_up()
    return thing.db.up() and thing.db.query("select 1") ~= nil
end

local document

local function description()
    document = document or jsonio.encode(openapi.build(require("api.init").routes))
    return reply.json(document)
end

return {
    name = "system", levels = { read = "viewer" },
    routes = {
        {
            method = "GET", path = "/healthz", root = true, open = true, probe = true,
            id = "system.health", summary = "Is it alive",
            answers = { [200] = { text = "text/plain" } },
            run = function() return reply.text("ok\n", "text/plain; charset=utf-8") end,
        },
        {
            method = "GET", path = "/readyz", root = true, action = "read", loopback = true,
                id = "system.ready",
            summary = "Are database and broker well", answers = { [200] = { schema = CHECKS } },
            run = function()
                local checks = { database = database_up(), broker = thing.broker.up() }
                checks.ready = checks.database and checks.broker
                if not checks.ready then
                    problem.raise("unavailable", "Not ready.", checks)
                end
                return reply.value(checks)
            end,
        },
        {
            method = "GET", path = "/metrics", root = true, action = "read", loopback = true,
                id = "system.metrics",
            summary = "Figures in Prometheus' text form",
                answers = { [200] = { text = "text/plain" } },
            run = function() return reply.text(thing.metrics(),
                "text/plain; version=0.0.4; charset=utf-8") end,
        },
        {
            method = "GET", path = "/time", root = true, open = true, id = "system.time",
            summary = "Milliseconds since 1970, for devices without a clock",
            answers = { [200] = { schema = { type = "integer" } } },
            run = function() return reply.json(("%d"):format(thing.now())) end,
        },
        {
            method = "GET", path = "/api/openapi.json", root = true, action = "read",
                loopback = true, id = "system.openapi",
            summary = "This description", answers = { [200] = { schema = { type = "object" } } },
                run = description,
        },
    },
}
