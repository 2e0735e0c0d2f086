-- SPDX-License-Identifier: Apache-2.0
--
-- Commands to a device: queue, look, cancel. Calling a service is a command by the service's name.
local commands = require "api.commands"
local cursor = require "thing.cursor"
local db = require "thing.db"
local idempotency = require "api.mw.idempotency"
local problem = require "thing.problem"
local query = require "thing.query"
local reply = require "thing.reply"
local schema = require "thing.schema"
local types = require "api.types"

local PATH = "/products/{product}/devices/{device}/commands"

local CREATE = schema.named("CommandCreate", {
    type = "object", required = { "params" }, additionalProperties = false,
    properties = {
        name = types.KEY,
        params = types.OBJECT,
        ttl_seconds = commands.TTL,
    },
})

local CALL = schema.named("ServiceCall", {
    type = "object", additionalProperties = false,
    properties = { params = types.OBJECT, ttl_seconds = commands.TTL },
})

-- The body's own text goes to PostgreSQL, so params keep every digit.
local function params_of(ctx)
    return db.value("select coalesce($1::jsonb -> 'params', '{}')::text as v", ctx.raw)
end

local function create(ctx, name)
    local id, new = commands.queue(ctx, {
        name = name, params = params_of(ctx), source = "api", ttl_seconds = ctx.body.ttl_seconds,
        key = idempotency.key(ctx) and ctx.subject.key .. " " .. idempotency.key(ctx),
    })
    local doc = commands.read(ctx.device.id, id)
    if new then
        ctx:audit { target = ctx.device.key .. "/" .. id, after = doc }
    end
    return reply.json(doc, new and 201 or 200, { location = "/api/v1/products/" .. ctx.product.key
        .. "/devices/"
        .. ctx.device.key .. "/commands/" .. id })
end

local function list(ctx)
    local q = query.new("")
    local device = q:bind("?", ctx.device.id)
    q.from = commands.ALL:format(device, device)
    if ctx.query.state then
        q:where("c.state = any(?::text[])", db.array(ctx.query.state))
    end
    if ctx.query.name then
        q:where("c.name = ?", ctx.query.name)
    end
    if ctx.query.cursor then
        local place = cursor.decode("commands", ctx.query.cursor, 1)
        local id = place and math.tointeger(tonumber(place[1])) or problem.raise("invalid_cursor")
        q:where("c.id < ?", id)
    end
    local limit = ctx.query.limit
    local rows = db.rows_of(q:sql("c.id, " .. commands.DOCUMENT .. " as doc",
        "order by c.id desc limit ?", limit + 1))
    local docs = {}
    for i = 1, math.min(#rows, limit) do
        docs[i] = rows[i].doc
    end
    return reply.list(docs, #rows > limit and cursor.encode("commands",
        { tostring(rows[limit].id) }))
end

local function find(ctx)
    local id = math.tointeger(tonumber(ctx.params.command))
    local doc, state
    if id then
        doc, state = commands.read(ctx.device.id, id)
    end
    if not doc then
        problem.raise("not_found")
    end
    return doc, state, id
end

local CANCEL = [[
    with gone as (delete from command where id = $1 and device_id = $2 returning *)
    insert into command_log (id, device_id, name, params, source, state, message_id, attempts,
        idempotency_key,
        created_at, expires_at, sent_at, finished_at)
    select id, device_id, name, params, source, 'canceled', message_id, attempts, idempotency_key,
        created_at,
        expires_at, sent_at, now() from gone returning 1 as v]]

local function cancel(ctx)
    local doc, state, id = find(ctx)
    if not db.row(CANCEL, id, ctx.device.id) then
        problem.raise("command_closed", "The command is over: " .. state .. ".")
    end
    local after = commands.read(ctx.device.id, id)
    ctx:audit { target = ctx.device.key .. "/" .. id, before = doc, after = after }
    commands.tell(ctx, id, "canceled")
    return reply.json(after)
end

return {
    name = "commands", levels = { read = "viewer", create = "operator", cancel = "operator" },
    routes = {
        {
            method = "GET", path = PATH, action = "read", id = "commands.list",
            summary = "Commands of a device, newest first",
            query = {
                state = { type = "array", items = { type = "string", enum = commands.STATES } },
                name = types.KEY,
                limit = { type = "integer", minimum = 1, maximum = 1000, default = 100 },
                cursor = { type = "string", maxLength = 2000 },
            },
            answers = { [200] = { list = commands.SCHEMA } }, run = list,
        },
        {
            method = "POST", path = PATH, action = "create", id = "commands.create",
                summary = "Send a command",
            write = true, idempotent = true, body = CREATE,
            answers = { [201] = { schema = commands.SCHEMA },
                [200] = { schema = commands.SCHEMA } },
            run = function(ctx) return create(ctx, ctx.body.name or "property") end,
        },
        {
            method = "GET", path = PATH .. "/{command}", action = "read", id = "commands.get",
                summary = "Read a command",
            answers = { [200] = { schema = commands.SCHEMA } },
            run = function(ctx) return reply.json((find(ctx))) end,
        },
        {
            method = "POST", path = PATH .. "/{command}/cancel", action = "cancel",
                id = "commands.cancel",
            summary = "Cancel a command that is not over", write = true,
            answers = { [200] = { schema = commands.SCHEMA } }, run = cancel,
        },
        {
            method = "POST", path = "/products/{product}/devices/{device}/services/{service}",
                action = "create",
            id = "services.call", summary = "Call a service of the device", write = true,
                idempotent = true,
            body = CALL, body_optional = true,
            answers = { [201] = { schema = commands.SCHEMA },
                [200] = { schema = commands.SCHEMA } },
            run = function(ctx)
                if not ctx.params.service:find("^[%w_-]+$") or #ctx.params.service > 128 then
                    problem.raise("not_found")
                end
                return create(ctx, ctx.params.service)
            end,
        },
    },
}
