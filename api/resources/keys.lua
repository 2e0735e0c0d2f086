-- SPDX-License-Identifier: Apache-2.0
--
-- Rotating the keys of a device, or of a product whose devices share one: add a key, move devices
-- over, delete the old.
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local keys = require "api.keys"
local problem = require "thing.problem"
local reply = require "thing.reply"
local schema = require "thing.schema"
local types = require "api.types"

local KEY = schema.named("Key", {
    type = "object", required = { "id", "created_at", "expires_at" },
    properties = { id = types.ID, created_at = types.TIME, expires_at = types.TIME_OR_NULL },
})
local CREATED = schema.named("KeyCreated", schema.extend(KEY, {
    secret = { type = "string", description = "Shown only now." },
}, { "secret" }))
local CREATE = schema.named("KeyCreate", {
    type = "object", additionalProperties = false,
    properties = {
        expires_at = types.TIME,
        replace_after = { type = "integer", minimum = 0, maximum = 31536000,
            description = "Seconds after which all older keys expire." },
    },
})

local DOC = [[json_build_object('id', k.id, 'created_at', th_rfc3339(k.created_at),
    'expires_at', th_rfc3339(k.expires_at))]]

local OLDER_SQL = [[update %s set expires_at = least(expires_at, now() + $3 * interval '1 second')
    where %s = $1 and id <> $2]]

-- Routes for one of the two tables; owner(ctx) -> id, key, forget.
local function routes(kind, path, owner)
    local column = keys.OWNER[kind]
    local plural = kind .. "s"

    local function changed(ctx)
        local _, key, forget = owner(ctx)
        ctx:after(function() forget(key) end)
        return key
    end

    return {
        {
            method = "GET", path = path, action = "read", id = plural .. ".list",
                summary = "List its keys",
            answers = { [200] = { list = KEY } },
            run = function(ctx)
                local docs = {}
                local sql = "select %s as doc from %s k where k.%s = $1 order by k.id"
                for i, row in ipairs(db.rows(sql:format(DOC, kind, column), (owner(ctx)))) do
                    docs[i] = row.doc
                end
                return reply.list(docs)
            end,
        },
        {
            method = "POST", path = path, action = "create", id = plural .. ".create",
                summary = "Add a key",
            write = true, idempotent = true, body = CREATE, body_optional = true,
            answers = { [201] = { schema = CREATED } },
            run = function(ctx)
                local secret, id = keys.make(kind, owner(ctx), ctx.body.expires_at)
                if ctx.body.replace_after then
                    db.rows(OLDER_SQL:format(kind, column), owner(ctx), id, ctx.body.replace_after)
                end
                local doc = db.row(("select %s as doc from %s k where id = $1"):format(DOC, kind),
                    id).doc
                ctx:audit { target = changed(ctx), after = doc }
                return reply.json(jsonio.splice(doc, jsonio.encode { secret = secret }), 201)
            end,
        },
        {
            method = "DELETE", path = path .. "/{key_id}", action = "delete", id = plural
                .. ".delete",
            summary = "Delete a key", write = true, answers = { [204] = {} },
            run = function(ctx)
                local id = math.tointeger(tonumber(ctx.params.key_id))
                local sql = "delete from %s k where id = $1 and %s = $2 returning %s as doc"
                local row = id and db.row(sql:format(kind, column, DOC), id, (owner(ctx)))
                if not row then
                    problem.raise("not_found")
                end
                ctx:audit { target = changed(ctx), before = row.doc }
                return reply.empty()
            end,
        },
    }
end

local M = { name = "keys", levels = { read = "integrator", create = "integrator",
    delete = "integrator" }, routes = {} }

for _, r in ipairs(routes("product_key", "/products/{product}/keys",
    function(ctx) return ctx.product.id, ctx.product.key, thing.product.forget end)) do
    M.routes[#M.routes + 1] = r
end
for _, r in ipairs(routes("device_key", "/products/{product}/devices/{device}/keys",
    function(ctx) return ctx.device.id, ctx.device.key, thing.device.forget end)) do
    M.routes[#M.routes + 1] = r
end

return M
