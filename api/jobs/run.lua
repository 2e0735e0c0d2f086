-- SPDX-License-Identifier: Apache-2.0
--
-- Runs jobs, step by step. A kind of job is { start = , prepare = , apply = , finish = }:
--   start(job)        a run begins: what is kept in memory is made anew from job.place
--   prepare(job)      outside of a transaction: what the step is about, nil when none is left
--   apply(job, work)  does it, inside the step's transaction, and moves job.place behind it; called
--                     again with the same work when the transaction lost to others. May return a
--                     function that tells others once it is committed
--   finish(job)       outside, after the last step
-- A step and the place behind it are committed together, so nothing is done twice, whatever dies.
-- Each step asks again what its owner may do.
local actions = require "api.jobs.action"
local db = require "thing.db"
local exports = require "api.jobs.export"
local files = require "api.files"
local imports = require "api.jobs.import"
local problem = require "thing.problem"
local store = require "api.jobs.store"
local subjects = require "api.subjects"

local M = {}

local KINDS = { import = imports, action = actions, export = exports }

-- Members of a job that a step changes: put back when its transaction is undone.
local MOVING = { "total", "done", "failed", "counts", "place" }

local function copy(t)
    local out = {}
    for k, v in pairs(t) do
        out[k] = v
    end
    return out
end

local function step(job, kind, work)
    local before = {}
    for _, name in ipairs(MOVING) do
        before[name] = job[name]
    end
    return db.tx(function()
        for _, name in ipairs(MOVING) do
            local value = before[name]
            job[name] = type(value) == "table" and copy(value) or value
        end
        local tell = kind.apply(job, work)
        return store.advance(job), tell
    end)
end

-- "done", "canceled", or nil when this process ends first.
local function steps(job, kind)
    local canceling = job.canceling
    while not canceling do
        if thing.draining() then
            return nil
        end
        job.subject = subjects.load(job.subject_kind, job.subject_id)
            or problem.raise("forbidden", "Whoever asked for this job is no longer allowed to.")
        local work = kind.prepare(job)
        if not work then
            kind.finish(job)
            return "done"
        end
        local tell
        canceling, tell = step(job, kind, work)
        if tell then
            tell()
        end
        store.tell(job.owner, job)
    end
    return "canceled"
end

-- Trouble that passes: the job is left as it is, and taken up again when its time is up.
local PASSING = { busy = true, unavailable = true, timeout = true }

local function on_error(e)
    return problem.is(e) and e or { trace = debug.traceback(tostring(e), 2) }
end

local function fail(job, e)
    if not problem.is(e) then
        thing.log("error", "job_failed", ("job %d: %s"):format(job.id, e.trace))
        e = problem.new("internal")
    end
    store.finish(job, "failed", e)
end

local function run(job)
    if job.gives_up then
        return fail(job, problem.new("internal", "Every try to go on with it ended early."))
    end
    local kind = KINDS[job.kind]
    store.tell(job.owner, job)
    local ok, ended = xpcall(function()
        kind.start(job)
        return steps(job, kind)
    end, on_error)
    if ok and ended then
        store.finish(job, ended)
    elseif ok then
        store.release(job)
    elseif problem.is(ended) and (ended.lost or PASSING[ended.code]) then
        thing.log("warn", "job_interrupted", ("job %d: %s"):format(job.id, tostring(ended)))
    else
        fail(job, ended)
    end
end

-- Takes jobs until there is none; called twice a second on one worker while fewer than two run.
function M.work()
    while thing.db.up() and not thing.draining() do
        local job = store.claim()
        if not job then
            return
        end
        run(job)
    end
end

-- What is over goes after a month, the credentials nobody fetched after a day.
function M.sweep()
    db.rows([[delete from job_key k using job j where j.id = k.job_id
        and (j.finished_at < now() - interval '1 day'
            or j.keys_taken_at < now() - interval '10 minutes')]])
    db.rows([[delete from job where id in (select id from job
        where finished_at < now() - interval '30 days' order by id limit 1)]])
    if thing.files.on() then
        files.sweep()
    end
end

return M
