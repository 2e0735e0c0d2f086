-- SPDX-License-Identifier: Apache-2.0
--
-- Whether a device is connected, since when and where; and its connections, newest first.
local db = require "thing.db"
local jsonio = require "thing.jsonio"
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

local RECONNECT = schema.named("Reconnect", {
    type = "object", additionalProperties = false,
    properties = {
        before = { type = "string", format = "date-time",
            description = "Those that connected before; now unless told." },
        after = { type = "string", maxLength = 128,
            description = "Device to go on behind: `next` of the answer before." },
    },
})

local RECONNECTED = schema.named("Reconnected", {
    type = "object", required = { "kicked", "gone", "failed", "before", "next" },
    properties = {
        kicked = types.COUNT, gone = { type = "integer", minimum = 0,
            description = "Not connected any more." },
        failed = { type = "integer", minimum = 0,
            description = "The broker could not be asked: call again with the same `before`." },
        before = types.TIME, next = { type = { "string", "null" },
            description = "There are more: call again with it as `after`, and the same `before`." },
    },
})

local AT_ONCE = 500

local CONNECTED_SQL = [[
    select d.key, coalesce(s.node, 0) as node from device d
        join device_state s on s.device_id = d.id
    where d.product_id = $1 and s.online and s.connected_at < $2::timestamptz and d.key > $3
    order by d.key limit $4]]

-- A device that is put out connects anew, with the rights that it has now.
local function reconnect(ctx)
    local before = ctx.body.before or db.value("select th_rfc3339(now()) as v")
    local rows = db.rows(CONNECTED_SQL, ctx.product.id, before, ctx.body.after or "", AT_ONCE)
    local done = { kicked = 0, gone = 0, failed = 0, before = before, next = jsonio.null }
    for _, row in ipairs(rows) do
        local how = thing.broker.kick(row.key, row.node)
        done[how] = done[how] + 1
    end
    if #rows == AT_ONCE then
        done.next = rows[#rows].key
    end
    local text = jsonio.encode(done)
    ctx:audit { target = ctx.product.key, after = text }
    return reply.json(text)
end

return {
    name = "presence", levels = { read = "viewer", reconnect = "integrator" },
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
        {
            method = "POST", path = "/products/{product}/reconnect", action = "reconnect",
            id = "presence.reconnect",
            summary = "Have connected devices connect anew, some hundred a call", body = RECONNECT,
            answers = { [200] = { schema = RECONNECTED } }, run = reconnect,
        },
    },
}
