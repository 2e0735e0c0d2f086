-- SPDX-License-Identifier: Apache-2.0
--
-- The life of products' scripts: checked before they are kept, put in force by one update, undone
-- by another. All that changes something runs in the request's transaction.
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local problem = require "thing.problem"

local M = {}

-- Runs the source without consequences. spec: what thing.try_script takes beside product and
-- source. Returns the answer (bind/try.h) and its text.
function M.try(product, source, spec)
    spec = spec or {}
    local text, message = thing.try_script {
        product = product.key, source = source, device = spec.device, topic = spec.topic,
        payload = spec.payload,
    }
    if not text then
        problem.raise("busy", message, { headers = { ["retry-after"] = "1" } })
    end
    return jsonio.decode(text) or error("no JSON from the try: " .. text), text
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

-- Raises unless the source loads and passes its own tests.
function M.check(product, source)
    local answer = M.try(product, source)
    if answer.ok then
        return
    end
    local errors = errors_of(answer)
    problem.raise("script_invalid", errors[1] and summary(errors[1])
        or "Its `tests` are not a list of tests.", { errors = errors })
end

-- Lets one change of a product's scripts at a time through; returns the version in force or nil.
function M.lock(product)
    return db.value("select script_version as v from product where id = $1 for no key update",
        product.id)
end

function M.source(product, number)
    local row = db.row("select source from script_version where product_id = $1 and number = $2",
        product.id, number)
    return row and row.source or problem.raise("not_found")
end

-- Keeps a source as the product's next version and returns its number.
function M.add(ctx, source, note)
    M.lock(ctx.product)
    return db.value([[insert into script_version (product_id, number, source, note, created_by)
        select $1, coalesce(max(number), 0) + 1, $2, $3, $4 from script_version
        where product_id = $1 returning number as v]],
        ctx.product.id, source, note or "", ctx.subject.name)
end

local function put(ctx, version, before)
    db.rows("update product set script_version = $2 where id = $1", ctx.product.id, version)
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
    db.rows("update script_activation set undone_at = now() where id = $1", steps[1].id)
    put(ctx, steps[2] and steps[2].version, before)
end

return M
