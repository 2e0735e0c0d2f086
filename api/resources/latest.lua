-- SPDX-License-Identifier: Apache-2.0
--
-- The newest value of each property of a device, with its report time.
local db = require "thing.db"
local reply = require "thing.reply"
local schema = require "thing.schema"
local types = require "api.types"

local LATEST = schema.named("Latest", {
    type = "object", required = { "properties" },
    properties = {
        properties = {
            type = "object",
            additionalProperties = {
                type = "object", required = { "value", "time" },
                    properties = { value = types.ANY, time = types.TIME },
            },
        },
    },
})

return {
    name = "latest", levels = { read = "viewer" },
    routes = {
        {
            method = "GET", path = "/products/{product}/devices/{device}/latest", action = "read",
                id = "latest.get",
            summary = "Newest value of each property", answers = { [200] = { schema = LATEST } },
            run = function(ctx)
                return reply.json(db.row([[select json_build_object('properties',
                    th_latest(reported)) as doc
                    from device_state where device_id = $1]], ctx.device.id).doc)
            end,
        },
    },
}
