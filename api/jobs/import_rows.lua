-- SPDX-License-Identifier: Apache-2.0
--
-- The rows of one step of an import: what each would become, and doing it. An item is one row:
--   number, line, text = JSON, fault = { code, message } (before read(): a text), key, product =
--   of its own or the job's, outcome
local db = require "thing.db"
local devices = require "api.resources.devices"
local import_write = require "api.jobs.import_write"
local jsonio = require "thing.jsonio"
local permit = require "api.mw.permit"
local problem = require "thing.problem"
local schema = require "thing.schema"
local types = require "api.types"

local M = {}

local check_row = schema.compile((function()
    local s = schema.extend(devices.spec.create_schema, { product = types.KEY })
    s.additionalProperties = false
    return s
end)())
local check_whole = schema.compile((devices.spec.fields:update_schemas()))

local function fault(item, code, message)
    item.fault = { code, message }
end

local function check(item, value)
    local errors = check_row(value)
    if errors then
        return fault(item, "validation_failed",
            (errors[1].path .. " " .. errors[1].message):gsub("^ ", "the row "))
    end
    local ok, e = pcall(devices.spec.hooks.validate, nil, value)
    if not ok and problem.is(e) then
        fault(item, e.code, e.detail)
    elseif not ok then
        error(e, 0)
    end
end

local function read(item, params)
    if item.fault then
        return fault(item, "row_invalid", item.fault)
    end
    local value, message = jsonio.decode(item.text)
    if value == nil then
        return fault(item, "invalid_json", message)
    elseif type(value) ~= "table" or jsonio.is_array(value) then
        return fault(item, "validation_failed", "the row is not an object")
    end
    item.key = type(value.key) == "string" and value.key or nil
    item.product = type(value.product) == "string" and value.product or params.product
    check(item, value)
end

-- What the text says: sets key, product, or a fault.
function M.read(item, params)
    read(item, params)
    item.unfit = item.fault
end

-- Products where the owner may create, and where it may change devices.
function M.rights(job)
    local rights = {}
    for name, permission in pairs { create = "devices:create", update = "devices:update" } do
        local found, scope = permit.scope(job.subject, permission)
        local set = found and not scope and {} or scope and {}
        for _, id in ipairs(scope or {}) do
            set[id] = true
        end
        rights[name] = function(id) return found and (not scope or set[id] == true) end
    end
    if not permit.scope(job.subject, "devices:create") then
        problem.raise("forbidden", "The permission devices:create was taken away.")
    end
    return rights
end

local PRODUCTS = "select id, key, settings ->> 'auth' as auth from product "
    .. "where key = any($1::text[])"

local function products_of(items)
    local keys, out = {}, {}
    for _, item in ipairs(items) do
        keys[#keys + 1] = item.product
    end
    for _, row in ipairs(db.rows(PRODUCTS, db.array(keys))) do
        out[row.key] = row
    end
    return out
end

-- Devices that are there already, by key: what a patch may change, the same with the row merged in,
-- and the document. Locked until the step is over.
local EXISTING = [[
    select t.id, t.key, t.product_id, p.key as product_key, %s as doc, w.writable::text as writable,
        th_merge_patch(w.writable, r.row - 'key' - 'product')::text as merged
    from unnest($1::text[], $2::jsonb[]) r(key, row)
    join device t on t.key = r.key join product p on p.id = t.product_id
    join device_state s on s.device_id = t.id
    cross join lateral (select %s as writable) w
    order by t.id for update of t]]

local function existing_of(items)
    local keys, texts, out = {}, {}, {}
    for _, item in ipairs(items) do
        if not item.fault then
            keys[#keys + 1], texts[#texts + 1] = item.key, item.text
        end
    end
    local sql = EXISTING:format(devices.spec.document, devices.spec.fields:writable())
    for _, row in ipairs(#keys > 0 and db.rows(sql, db.array(keys), db.array(texts)) or {}) do
        out[row.key] = row
    end
    return out
end

local function plan_update(item, row, rights, mode)
    local mine = rights.update(row.product_id) or rights.create(row.product_id)
    if mode ~= "upsert" or not mine or item.product and item.product ~= row.product_key then
        return fault(item, "conflict", "A device with this key exists already.")
    elseif not rights.update(row.product_id) then
        return fault(item, "forbidden", "This needs the permission devices:update.")
    end
    item.device = row
    if row.merged == row.writable then
        item.outcome = "unchanged"
        return
    end
    local errors = check_whole(jsonio.decode(row.merged))
    if errors then
        return fault(item, "validation_failed", errors[1].path .. " " .. errors[1].message)
    end
    item.outcome = "updated"
end

local function plan_create(item, products, rights)
    local product = item.product and products[item.product]
    if not item.product then
        fault(item, "validation_failed", "/product is missing")
    elseif not product or not rights.create(product.id) then
        fault(item, "unknown_reference", "There is no product " .. item.product .. ".")
    else
        item.made_in, item.outcome = product, "created"
    end
end

-- A dry run makes nothing, so what it would have made is known from its own rows.
local SEEN = "select key from job_row where job_id = $1 and key = any($2::text[]) "
    .. "and outcome = 'created'"

local function seen_of(job, items)
    local keys, out = {}, {}
    for _, item in ipairs(job.params.dry_run and items or {}) do
        keys[#keys + 1] = item.key
    end
    for _, row in ipairs(#keys > 0 and db.rows(SEEN, job.id, db.array(keys)) or {}) do
        out[row.key] = true
    end
    return out
end

local function plan(job, items, rights)
    local products, existing, seen = products_of(items), existing_of(items), seen_of(job, items)
    for _, item in ipairs(items) do
        if item.fault then
            item.outcome = nil
        elseif existing[item.key] then
            plan_update(item, existing[item.key], rights, job.params.mode)
        elseif seen[item.key] and job.params.mode == "upsert" then
            item.outcome = "updated"
        elseif seen[item.key] then
            fault(item, "conflict", "A device with this key exists already.")
        else
            plan_create(item, products, rights)
        end
    end
end

local ROWS = [[
    insert into job_row (job_id, number, line, key, outcome, code, message)
    select $1, u.number, u.line, u.key, u.outcome, nullif(u.code, ''), nullif(u.message, '')
    from unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[])
        u(number, line, key, outcome, code, message)]]

local function report(job, items)
    local cells = { {}, {}, {}, {}, {}, {} }
    for i, item in ipairs(items) do
        local key = item.key and #item.key <= 128 and item.key:match("^[%w_-]+$") or ""
        local outcome = item.fault and "error" or item.outcome
        local f = item.fault or { "", "" }
        for k, v in ipairs { item.number, item.line, key, outcome, f[1], f[2] } do
            cells[k][i] = v
        end
        job.counts[outcome] = (job.counts[outcome] or 0) + 1
        job.failed = job.failed + (item.fault and 1 or 0)
    end
    for k = 1, 6 do
        cells[k] = db.array(cells[k])
    end
    db.rows(ROWS, job.id, table.unpack(cells))
end

local REFUSED = { validation_failed = true, conflict = true, in_use = true }

-- Does what was planned; what PostgreSQL refuses is undone. Returns whether it went through.
local function try(job, items)
    db.rows("savepoint step")
    local ok, e = pcall(import_write.write, job, items)
    if ok then
        db.rows("release savepoint step")
        return true
    elseif not (problem.is(e) and REFUSED[e.code]) then
        error(e, 0)
    end
    db.rows("rollback to savepoint step")
    return false, e
end

local function write(job, items)
    if try(job, items) then
        return
    end
    for _, item in ipairs(items) do -- one of them is refused: each by itself
        local ok, e = try(job, { item })
        if not ok then
            fault(item, e.code, e.detail or e.title)
        end
    end
end

-- Inside the step's transaction; see api.jobs.run.
function M.apply(job, items, rights)
    for _, item in ipairs(items) do
        item.fault = item.unfit -- what an earlier try of this step found is found anew
    end
    plan(job, items, rights)
    if not job.params.dry_run then
        write(job, items)
    end
    report(job, items)
    return function()
        for _, item in ipairs(job.params.dry_run and {} or items) do
            if not item.fault and item.outcome ~= "unchanged" then
                thing.device.forget(item.key)
                if item.disabled then
                    thing.device.kick(item.key)
                end
            end
        end
    end
end

return M
