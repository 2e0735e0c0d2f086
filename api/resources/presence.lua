-- SPDX-License-Identifier: Apache-2.0
--
-- Whether a device is connected, since when and where; and its connections, newest first.
local db = require "thing.db"
local reply = require "thing.reply"
local schema = require "thing.schema"
local timeline = require "thing.timeline"
local types = require "api.types"

local CONNECTION = schema.named("Connection", {
    type = "object", required = { "time", "event", "node", "address", "reason" },
    properties = {
        time = types.TIME, event = { type = "string", enum = { "connected", "disconnected" } },
        node = { type = "integer" }, address = { type = "string" }, reason = { type = "string" },
        protocol = { type = { "integer", "null" } },
    },
})

local PRESENCE = schema.named("Presence", schema.extend(types.list_of(CONNECTION), {
    online = types.FLAG,
    node = { type = { "integer", "null" }, description = "Broker node." },
    address = { type = { "string", "null" }, description = "The device's address and port." },
    connected_at = types.TIME_OR_NULL,
    disconnected_at = types.TIME_OR_NULL,
    seen_at = types.TIME_OR_NULL,
}, { "online", "node", "address", "connected_at", "disconnected_at", "seen_at" }))

local STATE_SQL = [[
    select json_build_object('online', online, 'node', node, 'address', address,
        'connected_at', th_rfc3339(connected_at), 'disconnected_at', th_rfc3339(left_at),
        'seen_at', th_rfc3339(seen_at)) as doc
    from device_state where device_id = $1]]

local function connections(ctx)
    return timeline.page({
        from = "connection_history", time = "ts",
        keys = { { "ts", "timestamptz" }, { "event", "text" }, { "address", "text" } },
        document = [[json_build_object('time', th_rfc3339(ts), 'event', event, 'node', node,
            'address', address,
            'reason', reason, 'protocol', protocol)]],
        where = function(q) q:where("device_id = ?", ctx.device.id) end,
    }, ctx.query)
end

return {
    name = "presence", levels = { read = "viewer" },
    routes = {
        {
            method = "GET", path = "/products/{product}/devices/{device}/presence", action = "read",
            id = "presence.get", summary = "Presence and connection history",
                query = timeline.parameters(),
            answers = { [200] = { schema = PRESENCE } },
            run = function(ctx)
                local docs, next = connections(ctx)
                return reply.list(docs, next, db.row(STATE_SQL, ctx.device.id).doc)
            end,
        },
    },
}
