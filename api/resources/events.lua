-- SPDX-License-Identifier: Apache-2.0
--
-- The events a device posted.
local reply = require "thing.reply"
local rows = require "api.rows"
local schema = require "thing.schema"
local timeline = require "thing.timeline"
local types = require "api.types"

local EVENT = schema.named("Event", {
    type = "object", required = { "time", "type", "params", "received_at" },
    properties = { time = types.TIME, type = types.KEY, params = types.ANY,
        received_at = types.TIME, flags = rows.FLAGS },
})

return {
    name = "events", levels = { read = "viewer" },
    routes = {
        {
            method = "GET", path = "/products/{product}/devices/{device}/events", action = "read",
                id = "events.list",
            summary = "Events of a device", query = timeline.parameters { type = types.KEY },
            answers = { [200] = { list = EVENT } },
            run = function(ctx)
                return reply.list(timeline.page({
                    from = "event_history", time = "ts",
                        keys = { { "ts", "timestamptz" }, { "digest", "uuid" } },
                    document = rows.document([['time', th_rfc3339(ts), 'type', type, 'params',
                        params, 'received_at', th_rfc3339(received_at)]]),
                    where = function(q)
                        q:where("device_id = ?", ctx.device.id)
                        if ctx.query.type then
                            q:where("type = ?", ctx.query.type)
                        end
                    end,
                }, ctx.query))
            end,
        },
    },
}
