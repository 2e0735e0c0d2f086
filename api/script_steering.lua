-- SPDX-License-Identifier: Apache-2.0
--
-- A version in force for some devices before all (a canary), and the record of what was in force.
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local problem = require "thing.problem"
local reply = require "thing.reply"
local schema = require "thing.schema"
local scripts = require "api.scripts"
local types = require "api.types"

local M = {}

local COUNTED = 1000

M.TARGET = schema.named("ScriptCanary", {
    type = "object", additionalProperties = false, minProperties = 1, maxProperties = 1,
    description = "Which devices: one of these.",
    properties = {
        devices = { type = "array", items = types.KEY, minItems = 1, maxItems = 1000,
            uniqueItems = true },
        tag = types.TAG,
        group = { type = "string", pattern = types.KEY.pattern,
            description = "Key of a static group." },
        percent = { type = "number", minimum = 0.01, maximum = 99.99,
            description = "A share, by a hash of the device's key: a larger one keeps the devices "
                .. "of a smaller one." },
    },
})

M.ACTIVATION = schema.named("ScriptActivation", {
    type = "object", required = { "kind", "version", "target", "at", "actor", "ended_at",
        "ended_by", "outcome", "reason" },
    properties = {
        kind = { type = "string", enum = { "activation", "canary" } },
        version = { type = { "integer", "null" }, minimum = 1, description = "Null: none." },
        target = { type = { "object", "null" }, additionalProperties = true,
            description = "Of a canary." },
        at = types.TIME, actor = { type = "string" }, ended_at = types.TIME_OR_NULL,
        ended_by = { type = { "string", "null" },
            description = "`system`: it failed. Null: it was not undone." },
        outcome = { type = { "string", "null" },
            enum = { "undone", "promoted", "aborted", "failed", "replaced", jsonio.null } },
        reason = { type = { "string", "null" } },
    },
})

M.LIMIT = { type = "integer", minimum = 1, maximum = 1000, default = 100 }

local ACTIVATIONS = [[
    select json_build_object('kind', kind, 'version', version, 'target', target,
        'at', th_rfc3339(at), 'actor', actor, 'ended_at', th_rfc3339(ended_at),
        'ended_by', ended_by, 'outcome', outcome, 'reason', why) as doc
    from (select 'activation' as kind, version, null::jsonb as target, at, actor,
            undone_at as ended_at, undone_by as ended_by,
            case when undone_at is not null then case when undone_by = 'system' and undone_why
                is not null then 'failed' else 'undone' end end as outcome, undone_why as why, id
            from script_activation where product_id = $1
        union all select 'canary', version, target, at, actor, ended_at, ended_by, outcome, why, id
            from script_canary where product_id = $1) t
    order by at desc, id desc limit $2]]

function M.list_activations(ctx)
    local docs = {}
    for i, row in ipairs(db.rows(ACTIVATIONS, ctx.product.id, ctx.query.limit)) do
        docs[i] = row.doc
    end
    return reply.list(docs)
end

local KNOWN = [[select count(*) as v from device where product_id = $1 and key = any($2::text[])]]
local GROUP = [[select 1 as v from device_group where key = $1 and kind = 'static'
    and (product_id is null or product_id = $2)]]

local function check_target(ctx)
    local body = ctx.body
    if body.devices and db.value(KNOWN, ctx.product.id, db.array(body.devices))
        < #body.devices then
        problem.raise("unknown_reference", "Not all of these are devices of the product.")
    elseif body.group and not db.value(GROUP, body.group, ctx.product.id) then
        problem.raise("unknown_reference", "There is no static group " .. body.group
            .. " for devices of this product.")
    end
end

-- How many there are is counted up to a bound: it serves for the fallback of small canaries. Each
-- kind by its index; of a large product's devices a share is what it says.
local SIZES = {
    devices = [[select jsonb_array_length($2::jsonb -> 'devices') as v
        from product where id = $1]],
    tag = [[select count(*) as v from (select from device where product_id = $1
        and tags @> array[$2::jsonb ->> 'tag'] limit 1000) x]],
    group = [[select count(*) as v from (select from device_group g
        join device_group_member m on m.group_id = g.id join device d on d.id = m.device_id
        where g.key = $2::jsonb ->> 'group' and d.product_id = $1 limit 1000) x]],
    percent = [[select case when devices > 20000
            then least(devices * ($2::jsonb ->> 'percent')::numeric / 100, 1000)::bigint
            else (select count(*) from device d where d.product_id = $1
                and th_canary_has($2::jsonb, d)) end as v
        from (select coalesce((select devices from device_count where product_id = $1), 0)
            as devices) x]],
}

local function audit(ctx, before, after)
    ctx:audit { target = "canary", before = before, after = after }
    local key = ctx.product.key
    ctx:after(function() thing.product.forget(key) end)
end

local NOW = [[select canary_version as version, json_build_object('version', canary_version,
    'target', canary)::text as doc from product where id = $1]]

local function canary(ctx)
    local row = db.row(NOW, ctx.product.id)
    return row.version and row.doc or nil
end

-- Puts the version in force for the devices that the body names; one that is under way ends.
function M.start_canary(ctx, number)
    local active = scripts.lock(ctx.product)
    if active == number then
        problem.raise("conflict", "Version " .. number .. " is in force for all devices.")
    end
    check_target(ctx)
    local before = canary(ctx)
    if before then
        scripts.canary_over(ctx, "replaced")
    end
    local size = math.min(db.value(SIZES[next(ctx.body)], ctx.product.id, ctx.raw), COUNTED)
    local target = jsonio.splice(ctx.raw, ('{"size":%d}'):format(size))
    db.rows("update product set canary_version = $2, canary = $3::jsonb where id = $1",
        ctx.product.id, number, target)
    db.rows([[insert into script_canary (product_id, version, target, actor)
        values ($1, $2, $3::jsonb, $4)]], ctx.product.id, number, target, ctx.subject.name)
    audit(ctx, before, canary(ctx))
end

function M.abort_canary(ctx)
    scripts.lock(ctx.product)
    local before = canary(ctx)
    if not before then
        problem.raise("conflict", "There is no canary.")
    end
    scripts.canary_over(ctx, "aborted")
    db.rows("update product set canary_version = null, canary = null where id = $1", ctx.product.id)
    audit(ctx, before, nil)
end

return M
