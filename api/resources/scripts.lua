-- SPDX-License-Identifier: Apache-2.0
--
-- Scripts of products: versions that never change, checked before they are kept; tried without
-- consequences; put in force, watched, undone.
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local list = require "thing.list"
local problem = require "thing.problem"
local reference = require "api.script_reference"
local reply = require "thing.reply"
local runs = require "api.script_runs"
local samples = require "api.script_samples"
local scripts = require "api.scripts"
local shapes = require "api.script_schemas"
local steering = require "api.script_steering"
local types = require "api.types"

local PATH = "/products/{product}/scripts"

local VERSION_DOC = [[json_build_object('number', t.number, 'note', t.note, 'size',
    octet_length(t.source) + (select coalesce(sum(octet_length(value)), 0)
        from jsonb_each_text(t.modules)),
    'sha256', encode(sha256(convert_to(t.source || case t.modules when '{}' then ''
        else t.modules::text end, 'UTF8')), 'hex'),
    'active', t.number is not distinct from p.script_version, 'manifest', t.manifest,
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

-- Of the last hour, and of one version only.
local function recent(what, version)
    return ([[(select coalesce(sum(r.%s), 0) from script_run r where r.product_id = t.id
        and r.version = t.%s and r.minute > now() - interval '1 hour')]]):format(what, version)
end

local CANARY = [[case when t.canary_version is not null then (select json_build_object(
    'version', c.version, 'target', c.target, 'started_at', th_rfc3339(c.at),
    'started_by', c.actor, 'runs', ]] .. recent("runs", "canary_version") .. [[, 'errors', ]]
    .. recent("errors", "canary_version") .. [[) from script_canary c where c.product_id = t.id
    and c.ended_at is null order by c.id desc limit 1) end]]

local OVERVIEW = {
    from = [[product t left join script_version v on v.product_id = t.id
        and v.number = t.script_version]], id = "t.id",
    document = [[json_build_object('product', t.key, 'version', t.script_version, 'note', v.note,
        'enabled', coalesce((t.settings ->> 'scripts_enabled')::boolean, true)
            and (select th_scripts_enabled(value) from setting),
        'newest', (select max(number) from script_version n where n.product_id = t.id),
        'activated_at', (select th_rfc3339(a.at) from script_activation a
            where a.product_id = t.id and a.undone_at is null order by a.id desc limit 1),
        'runs', ]] .. recent("runs", "script_version") .. ", 'errors', "
        .. recent("errors", "script_version") .. ", 'canary', " .. CANARY .. ")",
    filters = {
        active = { schema = { type = "boolean", description = "With a script in force." },
            sql = "(t.script_version is not null) = ?" },
        product = { schema = types.KEY, sql = "t.key = ?" },
    },
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

local function version(ctx, number)
    local row = db.row("select " .. VERSION_DOC .. [[ as doc,
        json_build_object('source', t.source, 'modules', t.modules)::text as texts
        from script_version t join product p on p.id = t.product_id
        where t.product_id = $1 and t.number = $2]],
        ctx.product.id, number) or problem.raise("not_found")
    return row.doc, row.texts
end

local function create(ctx)
    local script = scripts.of_body(ctx)
    local checked = scripts.check_new(ctx, script)
    local number = scripts.add(ctx, script, checked)
    local doc = version(ctx, number)
    ctx:audit { target = ctx.product.key .. "/" .. number, after = doc }
    return reply.json(doc, 201, { location = ctx.path .. "/" .. number })
end

local function get(ctx)
    local doc, texts = version(ctx, number_of(ctx))
    return reply.json(jsonio.splice(doc, texts))
end

local function check(ctx)
    local script = scripts.of_body(ctx)
    local _, text = scripts.try(ctx.product, script)
    return reply.json(jsonio.splice(text, '{"warnings":' .. scripts.lint(script) .. "}"))
end

local function script_to_try(ctx)
    if ctx.body.source then
        return scripts.of_body(ctx)
    end
    local number = ctx.body.version or db.value(
        "select script_version as v from product where id = $1", ctx.product.id)
    return number and scripts.kept(ctx.product, number)
        or problem.raise("conflict", "No version is in force: name one, or give the source.")
end

local function try(ctx)
    local script = script_to_try(ctx)
    local items, ok = {}, true
    local found = samples.of(ctx)
    for i = 1, math.max(#found, 1) do
        local sample = found[i] or {}
        local answer, text = scripts.try(ctx.product, script, sample)
        ok = ok and answer.ok
        items[i] = jsonio.splice(text, jsonio.encode {
            device = sample.device, topic = sample.topic, timer = sample.timer,
            time = sample.time,
        })
        if sample.stored then
            items[i] = jsonio.splice(items[i], '{"stored":' .. sample.stored .. "}")
        end
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
    local checked = scripts.check(ctx.product, scripts.kept(ctx.product, number))
    scripts.complete(ctx.product, number, checked)
    scripts.activate(ctx, number)
    return state(ctx)
end

-- A handler for what is said of one version.
local function about(fn)
    return function(ctx)
        local number = number_of(ctx)
        version(ctx, number)
        return fn(ctx, number)
    end
end

local function canary(ctx)
    local number = number_of(ctx)
    scripts.check(ctx.product, scripts.kept(ctx.product, number))
    steering.start_canary(ctx, number)
    return state(ctx)
end

return {
    name = "scripts", ticks = { runs.forget_old },
    levels = { read = "operator", create = "integrator", activate = "integrator" },
    routes = {
        {
            method = "GET", path = "/scripts", action = "read", id = "scripts.overview",
            summary = "Which version of which product is in force, and how it does",
            query = list.parameters(OVERVIEW.filters, OVERVIEW.sorts, "product"),
            answers = { [200] = { list = shapes.STATE } }, run = overview,
        },
        {
            method = "GET", path = "/scripts/reference", action = "read", id = "scripts.reference",
            summary = "What scripts may call, what calls them, and with what",
            answers = { [200] = { schema = reference.SCHEMA } }, run = reference.get,
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
            summary = "Load a source, run its tests, look through it; nothing is kept",
            body = shapes.CHECK, answers = { [200] = { schema = shapes.LINTED } }, run = check,
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
            method = "POST", path = PATH .. "/{number}/canary", action = "activate",
            id = "scripts.canary", write = true, body = steering.TARGET,
            summary = "Put a version in force for some devices; activate it to promote it",
            answers = { [200] = { schema = shapes.STATE } }, run = canary,
        },
        {
            method = "DELETE", path = PATH .. "/canary", action = "activate",
            id = "scripts.canary_abort", write = true,
            summary = "End the canary: its devices go back to the version in force",
            answers = { [200] = { schema = shapes.STATE } },
            run = function(ctx)
                steering.abort_canary(ctx)
                return state(ctx)
            end,
        },
        {
            method = "GET", path = PATH .. "/activations", action = "read",
            id = "scripts.activations", query = { limit = steering.LIMIT },
            summary = "Which version was put in force when, for whom, by whom, and how it ended",
            answers = { [200] = { list = steering.ACTIVATION } },
            run = steering.list_activations,
        },
        {
            method = "GET", path = PATH .. "/log", action = "read", id = "scripts.log",
            summary = "What the script logged last, oldest first",
            description = "Lines are in the memory of the instance that answers, the last 1000 of "
                .. "a product at most; the live stream has new ones as `script_log`.",
            query = {
                level = { type = "string", enum = { "debug", "info", "warn", "error" },
                    default = "debug", description = "At least of this level." },
                device = types.KEY,
                limit = { type = "integer", minimum = 1, maximum = 1000, default = 100 },
            },
            answers = { [200] = { list = shapes.LINE } },
            run = function(ctx)
                local q = ctx.query
                return reply.json(('{"items":%s,"next_cursor":null}'):format(
                    thing.script_log(ctx.product.id, q.level, q.device, q.limit)))
            end,
        },
        {
            method = "GET", path = PATH .. "/{number}/runs", action = "read", id = "scripts.runs",
            summary = "How the functions of a version did; of the last day unless told",
            query = runs.RANGE, answers = { [200] = { list = runs.RUNS } }, run = about(runs.runs),
        },
        {
            method = "GET", path = PATH .. "/{number}/errors", action = "read",
            id = "scripts.errors", query = { limit = runs.LIMIT },
            summary = "What went wrong in a version, with the first and the last sample of each",
            answers = { [200] = { list = runs.ERROR } }, run = about(runs.errors),
        },
    },
}
