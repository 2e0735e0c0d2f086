-- SPDX-License-Identifier: Apache-2.0
--
-- Scripts of products: versions that never change, checked before they are kept; tried without
-- consequences; put in force, watched, undone.
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local list = require "thing.list"
local problem = require "thing.problem"
local reply = require "thing.reply"
local samples = require "api.script_samples"
local scripts = require "api.scripts"
local shapes = require "api.script_schemas"

local PATH = "/products/{product}/scripts"

local VERSION_DOC = [[json_build_object('number', t.number, 'note', t.note, 'size',
    octet_length(t.source), 'sha256', encode(sha256(convert_to(t.source, 'UTF8')), 'hex'),
    'active', t.number is not distinct from p.script_version,
    'created_at', th_rfc3339(t.created_at), 'created_by', t.created_by)]]

local VERSIONS = {
    from = "script_version t join product p on p.id = t.product_id", id = "t.number",
    document = VERSION_DOC, filters = {},
    sorts = { number = { sql = "t.number", type = "integer" } },
}

local function list_versions(ctx)
    return list.page(VERSIONS, ctx.query, function(q)
        q:where("t.product_id = ?", ctx.product.id)
    end, ctx)
end

-- Of the last hour, and of the version in force only.
local RECENT = [[(select coalesce(sum(%s), 0) from script_run r where r.product_id = t.id
    and r.version = t.script_version and r.minute > now() - interval '1 hour')]]

local OVERVIEW = {
    from = [[product t left join script_version v on v.product_id = t.id
        and v.number = t.script_version]], id = "t.id",
    document = [[json_build_object('product', t.key, 'version', t.script_version, 'note', v.note,
        'newest', (select max(number) from script_version n where n.product_id = t.id),
        'activated_at', (select th_rfc3339(a.at) from script_activation a
            where a.product_id = t.id and a.undone_at is null order by a.id desc limit 1),
        'runs', ]] .. RECENT:format("r.runs") .. ", 'errors', " .. RECENT:format("r.errors") .. ")",
    filters = { active = { schema = { type = "boolean", description = "With a script in force." },
        sql = "(t.script_version is not null) = ?" } },
    sorts = { product = { sql = "t.key", type = "text" } },
}

local function overview(ctx)
    return list.page(OVERVIEW, ctx.query, function(q)
        if ctx.scope then
            q:where("t.id = any(?::bigint[])", db.array(ctx.scope))
        end
    end, ctx)
end

local function number_of(ctx)
    local number = math.tointeger(tonumber(ctx.params.number))
    return number and number > 0 and number < 2 ^ 31 and number or problem.raise("not_found")
end

local function version(ctx, number, source)
    local row = db.row("select " .. VERSION_DOC .. " as doc"
        .. (source and ", to_json(t.source)::text as source" or "") .. [[ from script_version t
        join product p on p.id = t.product_id where t.product_id = $1 and t.number = $2]],
        ctx.product.id, number) or problem.raise("not_found")
    return row.doc, row.source
end

local function create(ctx)
    scripts.check(ctx.product, ctx.body.source)
    local number = scripts.add(ctx, ctx.body.source, ctx.body.note)
    local doc = version(ctx, number)
    ctx:audit { target = ctx.product.key .. "/" .. number, after = doc }
    return reply.json(doc, 201, { location = ctx.path .. "/" .. number })
end

local function get(ctx)
    local doc, source = version(ctx, number_of(ctx), true)
    return reply.json(jsonio.splice(doc, '{"source":' .. source .. "}"))
end

local function check(ctx)
    local _, text = scripts.try(ctx.product, ctx.body.source)
    return reply.json(text)
end

local function source_to_try(ctx)
    if ctx.body.source then
        return ctx.body.source
    end
    local number = ctx.body.version or db.value(
        "select script_version as v from product where id = $1", ctx.product.id)
    return number and scripts.source(ctx.product, number)
        or problem.raise("conflict", "No version is in force: name one, or give the source.")
end

local function try(ctx)
    local source = source_to_try(ctx)
    local items, ok = {}, true
    local found = samples.of(ctx)
    for i = 1, math.max(#found, 1) do
        local sample = found[i] or {}
        local answer, text = scripts.try(ctx.product, source, sample)
        ok = ok and answer.ok
        items[i] = jsonio.splice(text, jsonio.encode {
            device = sample.device, topic = sample.topic, time = sample.time,
        })
        if not answer.loaded then
            break
        end
    end
    return reply.json(('{"ok":%s,"items":[%s]}'):format(ok, table.concat(items, ",")))
end

-- What is in force after a change.
local function state(ctx)
    local row = db.row("select " .. OVERVIEW.document .. " as doc from " .. OVERVIEW.from
        .. " where t.id = $1", ctx.product.id)
    return reply.json(row.doc)
end

local function activate(ctx)
    local number = number_of(ctx)
    scripts.check(ctx.product, scripts.source(ctx.product, number))
    scripts.activate(ctx, number)
    return state(ctx)
end

local RUNS = [[
    select json_build_object('function', r.function, 'runs', sum(r.runs), 'errors', sum(r.errors),
        'cpu_us', sum(r.cpu_us), 'cpu_avg_us', round(sum(r.cpu_us) / greatest(sum(r.runs), 1), 1),
        'cpu_max_us', max(r.cpu_max_us), 'memory_max', max(r.memory_max),
        'first_at', th_rfc3339(min(r.minute)), 'last_at', th_rfc3339(max(r.minute)),
        'last_error', (array_agg(r.error order by r.minute desc)
            filter (where r.error is not null))[1],
        'last_error_at', th_rfc3339(max(r.minute) filter (where r.error is not null))) as doc
    from script_run r
    where r.product_id = $1 and r.version = $2
        and r.minute >= coalesce($3::timestamptz, now() - interval '1 day')
        and ($4::timestamptz is null or r.minute < $4::timestamptz)
    group by r.function order by r.function]]

local function runs(ctx)
    local number = number_of(ctx)
    version(ctx, number)
    local docs = {}
    for i, row in ipairs(db.rows(RUNS, ctx.product.id, number, ctx.query.from, ctx.query.to)) do
        docs[i] = row.doc
    end
    return reply.list(docs)
end

local function forget_old_runs()
    db.rows("delete from script_run where minute < now() - interval '7 days'")
end

return {
    name = "scripts", ticks = { forget_old_runs },
    levels = { read = "operator", create = "integrator", activate = "integrator" },
    routes = {
        {
            method = "GET", path = "/scripts", action = "read", id = "scripts.overview",
            summary = "Which version of which product is in force, and how it does",
            query = list.parameters(OVERVIEW.filters, OVERVIEW.sorts, "product"),
            answers = { [200] = { list = shapes.STATE } }, run = overview,
        },
        {
            method = "GET", path = PATH, action = "read", id = "scripts.list",
            summary = "Versions of a product's script",
            query = list.parameters(VERSIONS.filters, VERSIONS.sorts, "-number"),
            answers = { [200] = { list = shapes.VERSION } }, run = list_versions,
        },
        {
            method = "POST", path = PATH, action = "create", id = "scripts.create",
            summary = "Keep a new version; it must load and pass its tests", write = true,
            idempotent = true, body = shapes.CREATE,
            answers = { [201] = { schema = shapes.VERSION } }, run = create,
        },
        {
            method = "GET", path = PATH .. "/{number}", action = "read", id = "scripts.get",
            summary = "Read a version with its source",
            answers = { [200] = { schema = shapes.WITH_SOURCE } }, run = get,
        },
        {
            method = "POST", path = PATH .. "/check", action = "create", id = "scripts.check",
            summary = "Load a source and run its tests; nothing is kept", body = shapes.CHECK,
            answers = { [200] = { schema = shapes.CHECKED } }, run = check,
        },
        {
            method = "POST", path = PATH .. "/try", action = "create", id = "scripts.try",
            summary = "Show what a script makes of messages; nothing is kept", body = shapes.TRY,
            answers = { [200] = { schema = shapes.TRIED } }, run = try,
        },
        {
            method = "POST", path = PATH .. "/{number}/activate", action = "activate",
            id = "scripts.activate", summary = "Put a version in force", write = true,
            answers = { [200] = { schema = shapes.STATE } }, run = activate,
        },
        {
            method = "POST", path = PATH .. "/rollback", action = "activate",
            id = "scripts.rollback", summary = "Undo the last activation", write = true,
            answers = { [200] = { schema = shapes.STATE } },
            run = function(ctx)
                scripts.rollback(ctx)
                return state(ctx)
            end,
        },
        {
            method = "POST", path = PATH .. "/deactivate", action = "activate",
            id = "scripts.deactivate", write = true,
            summary = "Put no version in force: the product behaves as one without a script",
            answers = { [200] = { schema = shapes.STATE } },
            run = function(ctx)
                scripts.activate(ctx, nil)
                return state(ctx)
            end,
        },
        {
            method = "GET", path = PATH .. "/{number}/runs", action = "read", id = "scripts.runs",
            summary = "How the functions of a version did; of the last day unless told",
            query = {
                from = { type = "string", format = "date-time", description = "Not before." },
                to = { type = "string", format = "date-time", description = "Before." },
            },
            answers = { [200] = { list = shapes.RUNS } }, run = runs,
        },
    },
}
