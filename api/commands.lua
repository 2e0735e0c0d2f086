-- SPDX-License-Identifier: Apache-2.0
--
-- Queueing commands: used by the resources that make them.
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local schema = require "thing.schema"
local types = require "api.types"

local M = {}

M.STATES = { "queued", "sent", "succeeded", "failed", "expired", "canceled" }

M.SCHEMA = schema.named("Command", {
    type = "object",
    required = { "id", "name", "params", "source", "state", "attempts", "created_at", "expires_at",
        "sent_at",
        "finished_at", "code", "data" },
    properties = {
        id = types.ID, name = types.KEY, params = types.ANY,
        source = { type = "string", enum = { "api", "desired", "script" } },
        state = { type = "string", enum = M.STATES }, attempts = types.COUNT,
        created_at = types.TIME, expires_at = types.TIME, sent_at = types.TIME_OR_NULL,
        finished_at = types.TIME_OR_NULL,
        code = { type = { "integer", "null" }, description = "What the device answered." },
            data = types.ANY,
    },
})

M.TTL = { type = "integer", minimum = 1, maximum = 31536000,
    description = "Seconds after which a command that was not carried out expires." }

-- Both tables, active and closed, give the same document; `c` is either.
M.DOCUMENT = [[json_build_object('id', c.id, 'name', c.name, 'params', c.params, 'source', c.source,
    'state', c.state, 'attempts', c.attempts, 'created_at', th_rfc3339(c.created_at),
    'expires_at', th_rfc3339(c.expires_at), 'sent_at', th_rfc3339(c.sent_at),
    'finished_at', th_rfc3339(c.finished_at), 'code', c.code, 'data', c.data)]]

local COLUMNS = "id, device_id, name, params, source, state, attempts, created_at, expires_at, "
    .. "sent_at"

-- For `from`: every command of one device ($ is its bind).
M.ALL = "(select " .. COLUMNS .. ", null::timestamptz as finished_at, null::integer as code, "
    .. "null::jsonb as data from command where device_id = %s union all select " .. COLUMNS
        .. ", finished_at, code, data "
    .. "from command_log where device_id = %s) c"

local INSERT = [[
    insert into command (device_id, name, params, source, idempotency_key, expires_at)
    values ($1, $2, $3::jsonb, $4, $5, now() + $6 * interval '1 second')
    on conflict (device_id, idempotency_key) do nothing returning id as v]]

local SAME = "select id as v from command where device_id = $1 and idempotency_key = $2"

-- Tells those who watch, once it is committed.
function M.tell(ctx, id, state)
    local product, device = ctx.product, ctx.device
    ctx:after(function()
        thing.live.publish("command", product.id, device.key, jsonio.encode {
            product = product.key, device = device.key, id = id, state = state,
        })
    end)
end

-- Queues a command and wakes its device's worker once it is committed. Returns its id, and whether
-- it is new: with an idempotency key, an active command made under the same key is returned
-- instead.
function M.queue(ctx, command)
    local ttl = command.ttl_seconds or thing.conf("command.ttl") // 1000
    local id = db.value(INSERT, ctx.device.id, command.name, command.params, command.source,
        command.key, ttl)
    if not id then
        return db.value(SAME, ctx.device.id, command.key), false
    end
    local device_id, device_key = ctx.device.id, ctx.device.key
    ctx:after(function() thing.command.wake(device_id, device_key) end)
    M.tell(ctx, id, "queued")
    return id, true
end

-- The document of one command, or nil.
function M.read(device_id, id)
    local row = db.row("select " .. M.DOCUMENT .. " as doc, c.state from "
        .. M.ALL:format("$1", "$1")
        .. " where c.id = $2 limit 1", device_id, id)
    return row and row.doc, row and row.state
end

return M
