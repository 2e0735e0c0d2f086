-- SPDX-License-Identifier: Apache-2.0
--
-- The life of products' scripts: checked before they are kept, put in force by one update, undone
-- by another. All that changes something runs in the request's transaction.
--
-- A script is { source =, modules = JSON text of what it requires (bind/modules.h) or nil,
-- tests = JSON text of a list of tests beside its own, or nil }.
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local problem = require "thing.problem"

local M = {}

-- The script that a body holds; nil when it holds none.
function M.of_body(ctx)
    local body = ctx.body
    local function text(member)
        return body[member] and next(body[member]) ~= nil
            and db.value("select ($1::jsonb -> $2)::text as v", ctx.raw, member) or nil
    end
    return body.source and { source = body.source, modules = text("modules"),
        tests = text("tests") }
end

-- Runs a script without consequences. spec: what thing.try_script takes beside. Returns the answer
-- (bind/try.h) and its text.
function M.try(product, script, spec)
    spec = spec or {}
    local text, message = thing.try_script {
        product = product.key, source = script.source, modules = script.modules,
        tests = script.tests, device = spec.device, topic = spec.topic, timer = spec.timer,
        payload = spec.payload, kv = spec.kv, alarms = spec.alarms, received = spec.received,
        input = spec.input,
    }
    if not text then
        problem.raise("busy", message, { headers = { ["retry-after"] = "1" } })
    end
    return jsonio.decode(text) or error("no JSON from the try: " .. text), text
end

-- What the lint says of a script: the text of a list (bind/lint.h).
function M.lint(script)
    local text, message = thing.lint_script(script)
    if not text then
        problem.raise("busy", message, { headers = { ["retry-after"] = "1" } })
    end
    return text
end

local function position(e)
    local function known(n) return n and n > 0 and n or nil end
    return { path = "/source", message = e.message, where = e.where, line = known(e.line),
        column = known(e.column) }
end

-- What is wrong, in the form of a problem's `errors`; empty when nothing is.
local function errors_of(answer)
    local errors = jsonio.array()
    if answer.error then
        errors[1] = position(answer.error)
    end
    for _, test in ipairs(answer.tests) do
        if not test.passed then
            errors[#errors + 1] = { path = "/source", test = test.name, message = test.message }
        end
    end
    return errors
end

local function summary(e)
    if e.test then
        return ("The test \"%s\" fails: %s."):format(e.test, e.message)
    end
    local line = e.line and (":%d"):format(e.line) .. (e.column and ":" .. e.column or "") or ""
    return ("%s%s: %s"):format(e.where, line, e.message)
end

-- Raises unless the script loads and passes its tests; returns the text of the answer.
function M.check(product, script)
    local answer, text = M.try(product, script)
    if answer.ok then
        return text
    end
    local errors = errors_of(answer)
    problem.raise("script_invalid", errors[1] and summary(errors[1])
        or "Its `tests` are not a list of tests.", { errors = errors })
end

-- The same for a version that somebody wants to keep. Those who follow the product's live log,
-- beside an editor say, see why it was refused.
function M.check_new(ctx, script)
    local ok, result = pcall(M.check, ctx.product, script)
    if ok then
        return result
    elseif problem.is(result) and result.code == "script_invalid" then
        thing.script_say(ctx.product.id, ctx.product.key, "error",
            ("a version by %s is refused: %s"):format(ctx.subject.name, result.detail))
    end
    error(result, 0)
end

-- Lets one change of a product's scripts at a time through; returns the version in force or nil.
function M.lock(product)
    return db.value("select script_version as v from product where id = $1 for no key update",
        product.id)
end

-- The script of a version.
function M.kept(product, number)
    local row = db.row([[select source, nullif(modules, '{}')::text as modules from script_version
        where product_id = $1 and number = $2]], product.id, number)
    return row or problem.raise("not_found")
end

-- Keeps the script of the request's body as the product's next version and returns its number.
-- checked: what M.check gave. The body's `after`: refused unless this is the newest one (0: there
-- is none).
function M.add(ctx, script, checked)
    M.lock(ctx.product)
    local after, newest = ctx.body.after, db.value(
        "select max(number) as v from script_version where product_id = $1", ctx.product.id) or 0
    if after and after ~= newest then
        problem.raise("conflict", ("The newest version is %s, not %d."):format(
            newest > 0 and newest or "none", after))
    end
    db.rows([[insert into script_version (product_id, number, source, note, created_by, modules,
            manifest)
        values ($1, $2, $3, $4, $5, coalesce($6::jsonb, '{}'), $7::jsonb -> 'manifest')]],
        ctx.product.id, newest + 1, script.source, ctx.body.note or "", ctx.subject.name,
        script.modules, checked)
    return newest + 1
end

-- A version from before manifests were kept gets its own when it is put in force again.
function M.complete(product, number, checked)
    db.rows([[update script_version set manifest = $3::jsonb -> 'manifest'
        where product_id = $1 and number = $2 and manifest is null]], product.id, number, checked)
end

-- Records how the canary under way ended.
function M.canary_over(ctx, outcome)
    db.rows("select th_canary_end($1, $2, $3, null)", ctx.product.id, ctx.subject.name, outcome)
end

-- A canary whose version is in force now has come to its good end; one beside no version at all is
-- over, too.
local PUT = [[update product set script_version = $2::integer,
    canary_version = case when $2::integer is not null then nullif(canary_version, $2::integer) end,
    canary = case when canary_version <> $2::integer then canary end where id = $1]]

local function put(ctx, version, before)
    local canary = db.value("select canary_version as v from product where id = $1", ctx.product.id)
    db.rows(PUT, ctx.product.id, version)
    if canary and (canary == version or not version) then
        M.canary_over(ctx, canary == version and "promoted" or "aborted")
    end
    local function text(v) return jsonio.encode { version = v or jsonio.null } end
    ctx:audit { target = "activation", before = text(before), after = text(version) }
    local key = ctx.product.key
    ctx:after(function() thing.product.forget(key) end)
end

-- Puts a version in force; nil: none. What is in force already stays so without a trace.
function M.activate(ctx, version)
    local before = M.lock(ctx.product)
    if before == version then
        return
    end
    db.rows([[insert into script_activation (product_id, version, actor) values ($1, $2, $3)]],
        ctx.product.id, version, ctx.subject.name)
    put(ctx, version, before)
end

-- Undoes the activation that is in force.
function M.rollback(ctx)
    local before = M.lock(ctx.product)
    local steps = db.rows([[select id, version from script_activation
        where product_id = $1 and undone_at is null order by id desc limit 2]], ctx.product.id)
    if not steps[1] then
        problem.raise("conflict", "There is no activation to go back from.")
    end
    db.rows("update script_activation set undone_at = now(), undone_by = $2 where id = $1",
        steps[1].id, ctx.subject.name)
    put(ctx, steps[2] and steps[2].version, before)
end

return M
