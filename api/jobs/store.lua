-- SPDX-License-Identifier: Apache-2.0
--
-- Jobs as rows: making them, and what a run does with them.
local auditing = require "api.mw.audit"
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local permit = require "api.mw.permit"
local problem = require "thing.problem"
local schema = require "thing.schema"
local types = require "api.types"

local M = {}

M.KINDS = { "import", "action", "export" }
M.STATES = { "queued", "running", "done", "failed", "canceled" }

-- Open jobs that one subject may have.
local OPEN_MAX = 20

-- Seconds until a run that says nothing counts as dead.
local LEASE = 30

-- Runs in a row that may die or give up without a step being committed.
local ATTEMPTS = 10

M.SCHEMA = schema.named("Job", {
    type = "object",
    required = { "id", "kind", "state", "actor", "product", "params", "total", "done", "failed",
        "counts", "error", "canceling", "has_file", "has_credentials", "created_at", "started_at",
        "finished_at" },
    properties = {
        id = types.ID, kind = { type = "string", enum = M.KINDS },
        state = { type = "string", enum = M.STATES },
        actor = { type = "string", description = "Who asked for it." },
        product = { type = { "string", "null" },
            description = "The one product that it is about; null: several." },
        params = types.OBJECT,
        total = { type = { "integer", "null" },
            description = "Rows or devices in all; null while that is not known." },
        done = { type = "integer", minimum = 0, description = "How many were dealt with." },
        failed = { type = "integer", minimum = 0,
            description = "How many of them came to nothing; see the job's rows." },
        counts = { type = "object", additionalProperties = types.COUNT,
            description = "What became of how many, by outcome." },
        error = { type = { "object", "null" },
            properties = { code = { type = "string" }, message = { type = "string" } },
            description = "Why the job failed. What `done` counts stays done." },
        canceling = { type = "boolean", description = "It ends after the step under way." },
        has_file = { type = "boolean", description = "Its result can be downloaded." },
        has_credentials = { type = "boolean",
            description = "Credentials of devices it made wait for their one download." },
        created_at = types.TIME, started_at = types.TIME_OR_NULL,
        finished_at = types.TIME_OR_NULL,
    },
})

-- FROM and document of lists.
M.FROM = "job t left join product p on p.id = t.product_id"
M.DOCUMENT = [[json_build_object('id', t.id, 'kind', t.kind, 'state', t.state, 'actor', t.actor,
    'product', p.key, 'params', t.params, 'total', t.total, 'done', t.done, 'failed', t.failed,
    'counts', t.counts, 'error', t.error, 'canceling', t.canceling,
    'has_file', t.state = 'done' and t.output_id is not null,
    'has_credentials', t.keys_taken_at is null
        and exists (select from job_key k where k.job_id = t.id),
    'created_at', th_rfc3339(t.created_at), 'started_at', th_rfc3339(t.started_at),
    'finished_at', th_rfc3339(t.finished_at))]]

-- The products of the permission, as the list of ids or nil for all; raises when there is none.
function M.scope(subject, permission)
    local found, scope = permit.scope(subject, permission)
    if not found then
        problem.raise("forbidden", "This needs the permission " .. permission .. ".")
    end
    return scope
end

function M.read(id)
    local row = db.row("select " .. M.DOCUMENT .. " as doc from " .. M.FROM .. " where t.id = $1",
        id)
    return row and row.doc
end

-- Tells those who watch. subject: key of the owner's.
function M.tell(subject, job)
    thing.live.publish("job", job.product_id or 0, subject, jsonio.encode {
        id = job.id, kind = job.kind, state = job.state, done = job.done, total = job.total,
        failed = job.failed,
    })
end

-- job: kind, params (JSON text), products (scope), product_id, input_id, total. Inside a
-- transaction. Returns its id and document.
function M.create(ctx, job)
    local subject = ctx.subject
    local open = db.value([[select count(*) as v from job where subject_kind = $1
        and subject_id = $2 and state in ('queued', 'running')]], subject.kind, subject.id)
    if open >= OPEN_MAX then
        problem.raise("busy", ("You have %d jobs that are not over yet."):format(open))
    end
    local id = db.value([[insert into job (kind, subject_kind, subject_id, actor, address,
        request_id, products, product_id, params, input_id)
        values ($1, $2, $3, $4, $5, $6, $7::bigint[], $8, $9::jsonb, $10) returning id as v]],
        job.kind, subject.kind, subject.id, subject.name, ctx.peer, ctx.id,
        job.products and db.array(job.products), job.product_id, job.params, job.input_id)
    local doc = M.read(id)
    ctx:audit { target = tostring(id), after = doc, product = job.product }
    return id, doc
end

-- Audit rows of what a job did to single things, as if the owner had done each by a request.
-- list: { {target =, product_id =, product_key =, before =, after =}, ... }, JSON texts or nil.
function M.audit(job, action, list)
    if #list == 0 then
        return
    end
    local cells = { {}, {}, {}, {}, {} }
    for i, entry in ipairs(list) do
        cells[1][i], cells[2][i], cells[3][i] = entry.target, entry.product_id, entry.product_key
        cells[4][i], cells[5][i] = entry.before or "null", entry.after or "null"
    end
    db.rows(auditing.MANY, job.subject_kind, job.subject_id, job.actor, job.address,
        job.request_id, action, db.array(cells[1]), db.array(cells[2]), db.array(cells[3]),
        db.array(cells[4]), db.array(cells[5]))
end

local CLAIM = [[
    update job set state = 'running', claim = $1, claimed_until = now() + $2 * interval '1 second',
        attempts = attempts + 1, started_at = coalesce(started_at, now())
    from (select o.id, o.state = 'running' as taken_over from job o where o.state = 'queued'
            or (o.state = 'running' and o.claimed_until < now())
        order by o.id for update skip locked limit 1) o where job.id = o.id
    returning job.id, taken_over, kind, job.state, subject_kind, subject_id, actor, address,
        request_id, product_id,
        params::text as params, total, done, failed, counts::text as counts, place::text as place,
        canceling, claim, attempts, input_id, output_id]]

-- Takes one job that waits, or whose run has died; nil when there is none.
function M.claim()
    local job = db.row(CLAIM, thing.crypto.token(), LEASE)
    if not job then
        return nil
    end
    job.owner = job.subject_kind .. ":" .. job.subject_id
    job.params, job.place = jsonio.decode(job.params), jsonio.decode(job.place)
    job.counts = jsonio.decode(job.counts)
    job.gives_up = job.attempts > ATTEMPTS
    return job
end

-- Part of the transaction of a step: says how far the job is, and holds it for the next step.
-- Raises when another run has taken it over: then nothing of this step may be committed.
function M.advance(job)
    local row = db.row([[update job set claimed_until = now() + $3 * interval '1 second',
            attempts = 0, total = $4, done = $5, failed = $6, counts = $7::jsonb,
            place = $8::jsonb
        where id = $1 and claim = $2 and state = 'running' returning canceling]], job.id, job.claim,
        LEASE, job.total, job.done, job.failed, jsonio.encode(job.counts),
        jsonio.encode(job.place))
    if not row then
        problem.raise("conflict", "Another run has taken this job over.", { lost = true })
    end
    return row.canceling
end

-- The end. problem_: of a job that failed.
function M.finish(job, state, problem_)
    local text = problem_ and jsonio.encode { code = problem_.code,
        message = problem_.detail or problem_.title }
    local row = db.row([[update job set state = $3, error = $4::jsonb, claim = null,
            claimed_until = null, finished_at = now()
        where id = $1 and claim = $2 and state = 'running' returning 1 as v]], job.id, job.claim,
        state, text)
    if row then
        job.state = state
        M.tell(job.owner, job)
    end
end

-- Back into the queue, for another process: this one ends.
function M.release(job)
    db.rows([[update job set state = 'queued', claim = null, claimed_until = null,
        attempts = greatest(attempts - 1, 0) where id = $1 and claim = $2]], job.id, job.claim)
end

return M
