-- SPDX-License-Identifier: Apache-2.0
--
-- The audit log: who changed what, from where, before and after. Read only; rows are never changed.
local db = require "thing.db"
local reply = require "thing.reply"
local schema = require "thing.schema"
local timeline = require "thing.timeline"
local types = require "api.types"

local ENTRY = schema.named("AuditEntry", {
    type = "object",
    required = { "id", "time", "actor", "address", "request_id", "action", "target", "product",
        "before", "after" },
    properties = {
        id = types.ID, time = types.TIME,
        actor = {
            type = "object", required = { "kind", "id", "name" },
            properties = {
                kind = { type = "string", enum = { "token", "account", "system" } },
                id = { type = { "integer", "null" } }, name = { type = "string" },
            },
        },
        address = { type = "string" }, request_id = { type = "string" },
            action = { type = "string" },
        target = { type = "string" }, product = { type = "string" }, before = types.ANY,
            after = types.ANY,
    },
})

local function where(ctx)
    return function(q)
        if ctx.scope then
            q:where("t.product_id = any(?::bigint[])", db.array(ctx.scope))
        end
        local columns = { action = "t.action", product = "t.product_key", actor = "t.actor",
            target = "t.target" }
        for name, column in pairs(columns) do
            if ctx.query[name] then
                q:where(column .. " = ?", ctx.query[name])
            end
        end
    end
end

return {
    name = "audit", levels = { read = "admin" },
    routes = {
        {
            method = "GET", path = "/audit", action = "read", id = "audit.list",
                summary = "Who changed what",
            query = timeline.parameters {
                action = { type = "string", maxLength = 100 },
                    actor = { type = "string", maxLength = 200 },
                product = types.KEY, target = { type = "string", maxLength = 300 },
            },
            answers = { [200] = { list = ENTRY } },
            run = function(ctx)
                return reply.list(timeline.page({
                    from = "audit t", time = "t.at", keys = { { "t.at", "timestamptz" },
                        { "t.id", "bigint" } },
                    document = [[json_build_object('id', t.id, 'time', th_rfc3339(t.at),
                        'actor', json_build_object('kind', t.actor_kind, 'id', t.actor_id, 'name',
                            t.actor),
                        'address', t.address, 'request_id', t.request_id, 'action', t.action,
                            'target', t.target,
                        'product', t.product_key, 'before', t.before, 'after', t.after)]],
                    where = where(ctx),
                }, ctx.query))
            end,
        },
    },
}
