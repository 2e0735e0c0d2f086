-- SPDX-License-Identifier: Apache-2.0
--
-- Jobs: work over many devices that goes on without the request that asked for it. Everybody sees
-- his own; with jobs:manage also those of others, as far as they lie in the products of that
-- permission.
local db = require "thing.db"
local files = require "api.files"
local jsonio = require "thing.jsonio"
local list = require "thing.list"
local permit = require "api.mw.permit"
local problem = require "thing.problem"
local query = require "thing.query"
local reply = require "thing.reply"
local run = require "api.jobs.run"
local schema = require "thing.schema"
local store = require "api.jobs.store"
local types = require "api.types"

local OUTCOMES = { "created", "updated", "unchanged", "error" }

local ROW = schema.named("JobRow", {
    type = "object", required = { "number", "line", "key", "outcome", "code", "message" },
    properties = {
        number = { type = "integer", minimum = 1,
            description = "Of the row, or of the device in the order the job came to them." },
        line = { type = { "integer", "null" }, description = "Where the row begins in the file." },
        key = { type = "string" }, outcome = { type = "string", enum = OUTCOMES },
        code = { type = { "string", "null" } }, message = { type = { "string", "null" } },
    },
})

local SPEC = {
    from = store.FROM, id = "t.id", document = store.DOCUMENT,
    filters = {
        kind = { schema = { type = "string", enum = store.KINDS }, sql = "t.kind = ?" },
        state = {
            schema = { type = "array", items = { type = "string", enum = store.STATES } },
            build = function(q, v) q:where("t.state = any(?::text[])", db.array(v)) end,
        },
        mine = {
            schema = { type = "boolean", description = "Only one's own." },
            build = function(q, v, ctx)
                if v then
                    q:where("t.subject_kind = ? and t.subject_id = ?", ctx.subject.kind,
                        ctx.subject.id)
                end
            end,
        },
    },
    sorts = { created_at = { sql = "t.created_at", type = "timestamptz" } },
}

local function visible(ctx)
    local found, scope = permit.scope(ctx.subject, "jobs:manage")
    return function(q)
        if found and scope then
            q:where("t.subject_kind = ? and t.subject_id = ? or t.products <@ ?::bigint[]",
                ctx.subject.kind, ctx.subject.id, db.array(scope))
        elseif not found then
            q:where("t.subject_kind = ? and t.subject_id = ?", ctx.subject.kind, ctx.subject.id)
        end
    end
end

-- The job that the path names, as far as the caller may know of it.
local function find(ctx, columns, tail)
    local id = math.tointeger(tonumber(ctx.params.job)) or problem.raise("not_found")
    local q = query.new(store.FROM)
    visible(ctx)(q)
    q:where("t.id = ?", id)
    return db.rows_of(q:sql(columns, tail))[1] or problem.raise("not_found")
end

local function own(ctx, row)
    if row.subject_kind ~= ctx.subject.kind or row.subject_id ~= ctx.subject.id then
        problem.raise("forbidden", "Only who asked for the job gets this.")
    end
end

local function cancel(ctx)
    local row = find(ctx, "t.id, t.state, t.kind, t.product_id, t.total, t.done, t.failed, "
        .. "t.subject_kind, t.subject_id, " .. store.DOCUMENT .. " as doc", "for update of t")
    if row.state ~= "queued" and row.state ~= "running" then
        problem.raise("conflict", "The job is over: " .. row.state .. ".")
    end
    db.rows([[update job set canceling = true, state = case when state = 'queued' then 'canceled'
        else state end, finished_at = case when state = 'queued' then now() end where id = $1]],
        row.id)
    local after = store.read(row.id)
    ctx:audit { target = tostring(row.id), before = row.doc, after = after }
    local owner = row.subject_kind .. ":" .. row.subject_id
    row.state = jsonio.decode(after).state
    ctx:after(function() store.tell(owner, row) end)
    return reply.json(after)
end

-- ---- the report ----

local ROWS = {
    from = "job_row t", id = "t.number",
    document = [[json_build_object('number', t.number, 'line', t.line, 'key', t.key,
        'outcome', t.outcome, 'code', t.code, 'message', t.message)]],
    filters = {
        outcome = { schema = { type = "string", enum = OUTCOMES }, sql = "t.outcome = ?" },
        key = { schema = types.KEY, sql = "t.key = ?" },
    },
    sorts = { number = { sql = "t.number", type = "bigint" } },
}

local function rows(ctx)
    local job = find(ctx, "t.id")
    return list.page(ROWS, ctx.query, function(q) q:where("t.job_id = ?", job.id) end, ctx)
end

local LINES = [[select max(number) as last, string_agg(concat_ws(',', number,
        coalesce(line::text, ''), key, outcome, coalesce(code, ''),
        coalesce(th_csv_cell(th_csv_safe(message)), '')), E'\r\n' order by number)
        || E'\r\n' as text
    from (select * from job_row where job_id = $1 and number > $2 order by number limit 5000) r]]

local function attachment(name, pieces)
    return { status = 200, body = "", pieces = pieces, headers = {
        ["content-type"] = "text/csv; charset=utf-8",
        ["content-disposition"] = 'attachment; filename="' .. name .. '"',
    } }
end

local function report(ctx)
    local job, last = find(ctx, "t.id"), nil
    return attachment(("job-%d.csv"):format(job.id), function()
        if not last then
            last = 0
            return "number,line,key,outcome,code,message\r\n"
        end
        local row = db.row(LINES, job.id, last)
        last = row.last
        return row.text
    end)
end

-- ---- what is downloaded ----

local function file(ctx)
    local job = find(ctx, "t.state, t.params ->> 'format' as format, t.subject_kind, t.subject_id, "
        .. "(select f.name || ' ' || f.title from stored_file f where f.id = t.output_id "
        .. "and f.expires_at > now()) as file")
    own(ctx, job)
    if job.state ~= "done" or not job.file then
        problem.raise("not_found", "The job has no file, or it was kept long enough.")
    end
    local name, title = job.file:match("^(%S+) (.*)$")
    return files.reply(name, title, job.format == "csv" and "text/csv; charset=utf-8"
        or "application/x-ndjson")
end

local KEYS = [[select number, sealed from job_key where job_id = $1 and number > $2
    order by number limit 20]]

-- The mark that they were taken is committed before the first line leaves.
local function credentials(ctx)
    local job = db.tx(function()
        local row = find(ctx, "t.id, t.state, t.keys_taken_at::text as taken, t.subject_kind, "
            .. "t.subject_id", "for update of t")
        own(ctx, row)
        if row.state == "queued" or row.state == "running" then
            problem.raise("conflict", "The job is not over yet.")
        elseif row.taken or not db.row("select from job_key where job_id = $1 limit 1", row.id) then
            problem.raise("not_found", "There are no credentials, or they were taken already.")
        end
        db.rows("update job set keys_taken_at = now() where id = $1", row.id)
        ctx:audit { target = tostring(row.id) }
        return row
    end)
    local last
    return attachment(("job-%d-credentials.csv"):format(job.id), function()
        if not last then
            last = 0
            return "username,client_id,secret\r\n"
        end
        local lines = {}
        for i, row in ipairs(db.rows(KEYS, job.id, last)) do
            lines[i] = thing.crypto.unseal(row.sealed, ("job_key:%d:%d"):format(job.id, row.number))
            last = row.number
        end
        if #lines == 0 then
            db.rows("delete from job_key where job_id = $1", job.id)
            return nil
        end
        return table.concat(lines)
    end)
end

local CSV = { [200] = { text = "text/csv; charset=utf-8" } }

return {
    name = "jobs", ticks = { run.sweep },
    levels = { read = "viewer", cancel = "viewer", credentials = "integrator", manage = "admin",
        export = "viewer", import = "integrator", act = "operator" },
    routes = {
        {
            method = "GET", path = "/jobs", action = "read", id = "jobs.list",
            summary = "List jobs: one's own, with jobs:manage also those of others",
            query = list.parameters(SPEC.filters, SPEC.sorts, "-created_at"),
            answers = { [200] = { list = store.SCHEMA } },
            run = function(ctx) return list.page(SPEC, ctx.query, visible(ctx), ctx) end,
        },
        {
            method = "GET", path = "/jobs/{job}", action = "read", id = "jobs.get",
            summary = "Read a job: how far it is, and what came of it",
            answers = { [200] = { schema = store.SCHEMA } },
            run = function(ctx)
                return reply.json(find(ctx, store.DOCUMENT .. " as doc").doc)
            end,
        },
        {
            method = "POST", path = "/jobs/{job}/cancel", action = "cancel", id = "jobs.cancel",
            summary = "Cancel a job: it ends after the step under way, what is done stays done",
            write = true, answers = { [200] = { schema = store.SCHEMA } }, run = cancel,
        },
        {
            method = "GET", path = "/jobs/{job}/rows", action = "read", id = "jobs.rows",
            summary = "What became of each row of an import, or of each device that an action "
                .. "failed for",
            query = list.parameters(ROWS.filters, ROWS.sorts, "number"),
            answers = { [200] = { list = ROW } }, run = rows,
        },
        {
            method = "GET", path = "/jobs/{job}/report", action = "read", id = "jobs.report",
            summary = "The same as one file of CSV", answers = CSV, run = report,
        },
        {
            method = "GET", path = "/jobs/{job}/file", action = "read", id = "jobs.file",
            summary = "Download what an export wrote, within a day",
            answers = { [200] = { text = "text/csv; charset=utf-8",
                text_too = "application/x-ndjson" } }, run = file,
        },
        {
            method = "POST", path = "/jobs/{job}/credentials", action = "credentials",
            id = "jobs.credentials",
            summary = "Download the credentials of the devices an import made: once, within a day",
            description = "A download that breaks off cannot be had again: make new keys for the "
                .. "devices that are missing.",
            answers = CSV, run = credentials,
        },
    },
}
