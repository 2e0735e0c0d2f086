-- SPDX-License-Identifier: Apache-2.0
--
-- Jobs that do the same to many devices. Which devices a filter finds is decided as the job comes
-- to them, in the order of their making; those made after its start are left out. Each is audited
-- as if it had been done by itself.
local db = require "thing.db"
local device_delete = require "api.device_delete"
local commands = require "api.commands"
local devices = require "api.resources.devices"
local jsonio = require "thing.jsonio"
local selection = require "api.selection"
local store = require "api.jobs.store"

local M = {}

local STEP = 200

M.PERMISSION = {
    tag = "devices:update", untag = "devices:update", enable = "devices:update",
    disable = "devices:update", command = "commands:create", delete = "devices:delete",
}

-- Rows that came to nothing and are kept with a job; beyond, they are only counted.
local ERRORS_MAX = 100000

function M.start() end

-- The rows of the step and, for a list of keys, the keys that found none.
local function by_keys(job, scope)
    local keys, from = job.params.selection.keys, job.place.index or 0
    local slice = table.move(keys, from + 1, math.min(#keys, from + STEP), 1, {})
    if #slice == 0 then
        return nil
    end
    local q = selection.query(job.params.selection, scope, slice)
    local rows = db.rows_of(q:sql("t.id, t.key, t.product_id, p.key as product_key",
        "order by t.id"))
    local found, missing = {}, {}
    for _, row in ipairs(rows) do
        found[row.key] = row
    end
    for i, key in ipairs(slice) do
        if found[key] then
            found[key].number = from + i
        else
            missing[#missing + 1] = { number = from + i, key = key }
        end
    end
    return { rows = rows, missing = missing, next = { index = from + #slice }, n = #slice }
end

local function by_filter(job, scope)
    local rows = selection.after(job.params.selection, scope, job.place, STEP)
    if #rows == 0 then
        return nil
    end
    return { rows = rows, missing = {}, n = #rows,
        next = { id = rows[#rows].id, newest = job.place.newest } }
end

function M.prepare(job)
    local scope = store.scope(job.subject, M.PERMISSION[job.params.action])
    local keys = job.params.selection.keys
    if not job.total then
        job.total = keys and #keys or selection.count(job.params.selection, scope)
        job.place = keys and { index = 0 } or { id = 0, newest = selection.newest() }
    end
    return (keys and by_keys or by_filter)(job, scope)
end

-- ---- what is done ----
-- function(job, ids, result): sets result.changed (how many), and adds to result.faults ({code,
-- message} by id) and result.tell (keys)

local DOCUMENTS = "select t.id, t.key, t.product_id, p.key as product_key, %s as doc from %s "
    .. "where t.id = any($1::bigint[]) order by t.id %s"

local function documents(ids, tail)
    return db.rows(DOCUMENTS:format(devices.spec.document, devices.spec.from, tail or ""),
        db.array(ids))
end

local SET = "update device set %s, rev = rev + 1, updated_at = now() "
    .. "where id = any($1::bigint[]) and %s returning id"

local TAGS = [[array(select e from unnest(tags) with ordinality u(e, n) order by n)
    || array(select e from unnest($2::text[]) e where e <> all(tags))]]

local UPDATES = {
    tag = { SET:format("tags = " .. TAGS, "not tags @> $2::text[] and cardinality(" .. TAGS
        .. ") <= 64"), true },
    untag = { SET:format([[tags = array(select e from unnest(tags) with ordinality u(e, n)
        where e <> all($2::text[]) order by n)]], "tags && $2::text[]"), true },
    enable = { SET:format("enabled = true", "not enabled") },
    disable = { SET:format("enabled = false", "enabled") },
}

local TOO_MANY = "select id from device where id = any($1::bigint[]) and not tags @> $2::text[]"

local function update(job, ids, result)
    local sql, tagged = table.unpack(UPDATES[job.params.action])
    local before = {}
    for _, row in ipairs(documents(ids, "for update of t")) do
        before[row.id] = row.doc
    end
    local values = tagged and db.array(job.params.tags)
    local rows = tagged and db.rows(sql, db.array(ids), values) or db.rows(sql, db.array(ids))
    local changed, audits = {}, {}
    for i, row in ipairs(rows) do
        changed[i] = row.id
    end
    for i, row in ipairs(documents(changed)) do
        audits[i] = { target = row.key, product_id = row.product_id, product_key = row.product_key,
            before = before[row.id], after = row.doc }
        result.tell[#result.tell + 1] = row.key
    end
    store.audit(job, "devices:update", audits)
    if job.params.action == "tag" then
        for _, row in ipairs(db.rows(TOO_MANY, db.array(ids), values)) do
            result.faults[row.id] = { "validation_failed", "It would have more than 64 tags." }
        end
    end
    result.changed = #changed
end

local COMMAND = [[
    with made as (insert into command (device_id, name, params, source, idempotency_key, expires_at)
        select id, $2, coalesce((select j.params -> 'command' -> 'params' from job j
            where j.id = $4), '{}'), 'api', $3, now() + $5 * interval '1 second'
        from unnest($1::bigint[]) id
        on conflict (device_id, idempotency_key) do nothing returning *)
    select t.id, t.key, t.product_id, p.key as product_key, made.id as command,
        (select %s from (select made.*, null::timestamptz as finished_at,
            null::integer as code, null::jsonb as data) c) as doc
    from made join device t on t.id = made.device_id join product p on p.id = t.product_id]]

local function command(job, ids, result)
    local wanted = job.params.command
    local ttl = wanted.ttl_seconds or thing.conf("command.ttl") // 1000
    local rows = db.rows(COMMAND:format(commands.DOCUMENT), db.array(ids),
        wanted.name or "property", "job:" .. job.id, job.id, ttl)
    local audits = {}
    for i, row in ipairs(rows) do
        audits[i] = { target = row.key .. "/" .. row.command, product_id = row.product_id,
            product_key = row.product_key, after = row.doc }
    end
    store.audit(job, "commands:create", audits)
    result.changed, result.commands = #rows, rows
end

local function delete(job, ids, result)
    local gone, audits, kept = documents(ids, "for update of t"), {}, {}
    for i, row in ipairs(gone) do
        audits[i] = { target = row.key, product_id = row.product_id,
            product_key = row.product_key, before = row.doc }
        kept[i], result.tell[i] = row.id, row.key
    end
    device_delete.prepare(kept, (job.params.history or "keep") == "keep")
    db.rows("delete from device where id = any($1::bigint[])", db.array(kept))
    store.audit(job, "devices:delete", audits)
    result.changed = #gone
end

local OPERATIONS = { tag = update, untag = update, enable = update, disable = update,
    command = command, delete = delete }

-- ---- telling others, once it is committed ----

local function tell_commands(rows)
    for _, row in ipairs(rows) do
        thing.command.wake(row.id, row.key)
        thing.live.publish("command", row.product_id, row.key, jsonio.encode {
            product = row.product_key, device = row.key, id = row.command, state = "queued",
        })
    end
end

local function teller(job, result)
    local out = job.params.action == "delete" or job.params.action == "disable"
    local tell = out and device_delete.tell or thing.device.forget
    return function()
        tell_commands(result.commands or {})
        for _, key in ipairs(result.tell) do
            tell(key)
        end
    end
end

local function keep_errors(job, errors)
    local room = math.max(0, math.min(#errors, ERRORS_MAX - job.failed))
    local cells = { {}, {}, {}, {} }
    for i = 1, room do
        local e = errors[i]
        cells[1][i], cells[2][i], cells[3][i], cells[4][i] = e.number, e.key, e.code, e.message
    end
    db.rows([[insert into job_row (job_id, number, key, outcome, code, message)
        select $1, u.number, u.key, 'error', u.code, u.message
        from unnest($2::bigint[], $3::text[], $4::text[], $5::text[]) u(number, key, code, message)
        on conflict do nothing]], job.id, db.array(cells[1]), db.array(cells[2]),
        db.array(cells[3]), db.array(cells[4]))
    job.failed = job.failed + #errors
end

function M.apply(job, work)
    local ids, result, errors = {}, { tell = {}, faults = {}, changed = 0 }, {}
    for i, row in ipairs(work.rows) do
        ids[i] = row.id
    end
    if #ids > 0 then
        OPERATIONS[job.params.action](job, ids, result)
    end
    for i, row in ipairs(work.rows) do
        local fault = result.faults[row.id]
        if fault then
            errors[#errors + 1] = { number = row.number or job.done + i, key = row.key,
                code = fault[1], message = fault[2] }
        end
    end
    for _, one in ipairs(work.missing) do
        errors[#errors + 1] = { number = one.number, key = one.key, code = "not_found",
            message = "There is no such device." }
    end
    keep_errors(job, errors)
    job.done, job.place = job.done + work.n, work.next
    job.counts.changed = (job.counts.changed or 0) + result.changed
    job.counts.unchanged = (job.counts.unchanged or 0) + work.n - result.changed - #errors
    return teller(job, result)
end

function M.finish() end

return M
