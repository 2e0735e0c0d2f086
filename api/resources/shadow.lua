-- SPDX-License-Identifier: Apache-2.0
--
-- The shadow: desired values, what the device reported, and what of the desired it has not. A
-- change of desired raises the version and queues a command with the delta, in one transaction.
local commands = require "api.commands"
local db = require "thing.db"
local problem = require "thing.problem"
local reply = require "thing.reply"
local resource = require "thing.resource"
local schema = require "thing.schema"
local types = require "api.types"

local PATH = "/products/{product}/devices/{device}/shadow"

-- A shadow is a device's settings, not its storage.
local MAX_DESIRED = 65536

local SHADOW = schema.named("Shadow", {
    type = "object", required = { "desired", "reported", "delta", "version" },
    properties = {
        desired = types.OBJECT,
        reported = { type = "object", additionalProperties = true,
            description = "Bare values, as in desired." },
        delta = types.OBJECT,
        version = types.COUNT,
    },
})

local PATCH = schema.named("ShadowPatch", {
    type = "object", required = { "desired" }, additionalProperties = false,
    properties = {
        desired = { type = "object", additionalProperties = true,
            description = "Merge patch (RFC 7396): members are set, null removes." },
        version = { type = "integer", minimum = 0,
            description = "The version this change is meant for." },
        ttl_seconds = commands.TTL,
    },
})

local READ = [[
    select json_build_object('desired', s.desired,
        'reported', (select coalesce(jsonb_object_agg(r.key, r.value -> 'v'),
            '{}') from jsonb_each(s.reported) r),
        'delta', th_delta(s.desired, s.reported), 'version', s.version)::text as doc, s.version
    from device_state s where s.device_id = $1]]

local LOCK = [[
    select s.version, s.desired as before, th_merge_patch(s.desired,
        $2::jsonb -> 'desired') as after,
        s.desired is distinct from th_merge_patch(s.desired, $2::jsonb -> 'desired') as changed
    from device_state s where s.device_id = $1 for update]]

local STORE = [[
    update device_state set desired = $2::jsonb, version = version + 1,
        rev = rev + 1 where device_id = $1
    returning th_delta(desired, reported)::text as v]]

local function answer(ctx)
    local row = db.row(READ, ctx.device.id)
    return reply.json(row.doc, 200, resource.etag(row.version))
end

local function update(ctx)
    local row = db.row(LOCK, ctx.device.id, ctx.raw)
    resource.check_match(ctx, row.version)
    if ctx.body.version and ctx.body.version ~= row.version then
        problem.raise("version_conflict", "The version is " .. row.version .. " now.")
    elseif not row.changed then
        return answer(ctx)
    elseif #row.after > MAX_DESIRED then
        problem.raise("validation_failed", "Desired values may have " .. MAX_DESIRED .. " bytes.")
    end
    local delta = db.value(STORE, ctx.device.id, row.after)
    if delta ~= "{}" then
        commands.queue(ctx, { name = "property", params = delta, source = "desired",
            ttl_seconds = ctx.body.ttl_seconds })
    end
    local key = ctx.device.key
    ctx:after(function() thing.device.forget(key) end)
    ctx:audit { target = key, before = '{"desired":' .. row.before .. "}", after = '{"desired":'
        .. row.after .. "}" }
    return answer(ctx)
end

return {
    name = "shadow", levels = { read = "viewer", update = "operator" },
    routes = {
        {
            method = "GET", path = PATH, action = "read", id = "shadow.get",
                summary = "Read the shadow",
            answers = { [200] = { schema = SHADOW, etag = true } }, run = answer,
        },
        {
            method = "PATCH", path = PATH, action = "update", id = "shadow.update",
                summary = "Change desired values",
            write = true, match = true, body = PATCH,
                answers = { [200] = { schema = SHADOW, etag = true } },
            run = update,
        },
    },
}
