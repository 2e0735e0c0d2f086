-- SPDX-License-Identifier: Apache-2.0
--
-- The small state that a product's script keeps with a device (thing.kv), for people to look at and
-- to put right. A change takes the same revision as the messages that change it.
local db = require "thing.db"
local problem = require "thing.problem"
local reply = require "thing.reply"
local resource = require "thing.resource"
local schema = require "thing.schema"

local PATH = "/products/{product}/devices/{device}/kv"

-- As in core/store/kv.h.
local MAX_BYTES, MAX_KEYS, MAX_KEY = 16384, 256, 128

local KV = schema.named("DeviceKv", {
    type = "object", required = { "kv" }, additionalProperties = false,
    properties = { kv = { type = "object", additionalProperties = true, maxProperties = MAX_KEYS,
        description = "JSON values by name, all that the script keeps. At most 16 KiB." } },
})

-- The revision of the whole state moves with every message; this one with what is kept.
local READ = [[select s.kv::text as kv, ('x' || left(md5(s.kv::text), 15))::bit(60)::bigint as tag
    from device_state s where s.device_id = $1 %s]]

local STORE = [[update device_state set kv = $2::json -> 'kv', rev = rev + 1 where device_id = $1]]

local function document(row)
    return '{"kv":' .. row.kv .. "}"
end

local function read(ctx)
    local row = db.row(READ:format(""), ctx.device.id)
    return reply.json(document(row), 200, resource.etag(row.tag))
end

local function replace(ctx)
    local before = db.row(READ:format("for update"), ctx.device.id)
    resource.check_match(ctx, before.tag)
    for name in pairs(ctx.body.kv) do
        if #name == 0 or #name > MAX_KEY then
            problem.raise("validation_failed", "Names have 1 to 128 bytes.")
        end
    end
    if db.value("select octet_length($1::json ->> 'kv') as v", ctx.raw) > MAX_BYTES then
        problem.raise("validation_failed", "The state may have 16 KiB.")
    end
    db.rows(STORE, ctx.device.id, ctx.raw)
    local key = ctx.device.key
    ctx:after(function() thing.device.forget(key) end)
    local after = db.row(READ:format(""), ctx.device.id)
    ctx:audit { target = key, before = document(before), after = document(after) }
    return reply.json(document(after), 200, resource.etag(after.tag))
end

return {
    name = "kv", levels = { read = "operator", update = "integrator" },
    routes = {
        {
            method = "GET", path = PATH, action = "read", id = "kv.get",
            summary = "Read what the script keeps with the device",
            answers = { [200] = { schema = KV, etag = true } }, run = read,
        },
        {
            method = "PUT", path = PATH, action = "update", id = "kv.replace",
            summary = "Replace what the script keeps with the device", write = true, match = true,
            body = KV, answers = { [200] = { schema = KV, etag = true } }, run = replace,
        },
    },
}
