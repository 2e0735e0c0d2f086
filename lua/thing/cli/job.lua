-- SPDX-License-Identifier: Apache-2.0
--
-- Jobs: waiting for them, and what they leave to be fetched.
local client = require "thing.cli.client"
local fail = require "thing.cli.fail"
local out = require "thing.cli.out"
local text = require "thing.cli.text"

local M = {}

M.ORDER = { "id", "kind", "state", "product", "actor", "total", "done", "failed", "counts", "error",
    "created_at", "started_at", "finished_at" }

-- Rows of failures that are shown unasked.
local SHOWN = 10

local OVER = { done = true, failed = true, canceled = true }

local function progress(job, last)
    if not thing.host.is_terminal(2) then
        return
    end
    local line = ("%d of %s"):format(job.done, text.value(job.total) ~= "" and job.total or "?")
    io.stderr:write("\r\27[K", job.kind, ": ", job.state, ", ", line,
        job.failed > 0 and (", %d failed"):format(job.failed) or "", last and "\n" or "")
end

-- Looks until it is over. Returns the job and its JSON.
function M.wait(c, id)
    local pause = 50
    while true do
        local answer = c:request("GET", "/jobs/{job}", { with = { job = id }, patient = true })
        local job = client.value(answer)
        progress(job, OVER[job.state])
        if OVER[job.state] then
            return job, answer.body
        end
        thing.host.sleep(pause)
        pause = math.min(pause * 2, 1000)
    end
end

local function print_failures(c, job, id)
    local shown = 0
    c:connect():each("/jobs/" .. id .. "/rows", { limit = SHOWN, query = { outcome = "error" } },
        function(row)
            shown = shown + 1
            local where = type(row.line) == "number" and "line " .. row.line
                or "no. " .. row.number
            out.note(("  %s%s: %s"):format(where, row.key ~= "" and " " .. row.key or "",
                text.value(row.message)))
        end)
    if job.failed > shown then
        out.note(("  and %d more: thingd job rows %s --outcome error"):format(job.failed - shown,
            id))
    end
end

-- Says how a job ended, the counts on standard output; returns the exit status.
function M.report(c, job, body)
    local id = ("%d"):format(job.id)
    if c.options.json then
        out.json(body)
    else
        local counts = {}
        for name, n in pairs(job.counts) do
            name = name == "error" and "failed" or name:gsub("_", " ")
            counts[#counts + 1] = n > 0 and ("%d %s"):format(n, name) or nil
        end
        table.sort(counts)
        out.line(("job %s is %s: %s"):format(id, job.state, #counts > 0
            and table.concat(counts, ", ") or ("%d dealt with"):format(job.done)))
    end
    out.flush()
    if job.state == "failed" then
        fail.raise(fail.FAILED, ("job %s failed: %s"):format(id,
            type(job.error) == "table" and job.error.message or "no reason was given"))
    elseif job.failed > 0 and not c.options.json then
        print_failures(c, job, id)
    end
    return (job.state ~= "done" or job.failed > 0) and fail.FAILED or 0
end

-- After a request that began one: waits and reports, or says its id with --background.
function M.follow(c, answer)
    local job = client.value(answer)
    if not c.options.background then
        return M.wait(c, ("%d"):format(job.id))
    elseif c.options.json then
        out.json(answer.body)
    else
        out.line(("%d"):format(job.id))
    end
end

M.BACKGROUND = { "background", false, "Print the job's id and do not wait for it" }

-- ---- what is downloaded ----

-- Before a long way to it: that the file can be written, and that nothing is overwritten which
-- cannot be had again.
function M.check_new(c, path)
    if path and path ~= "-" and thing.host.stat(path) then
        c:usage(path .. " is there already")
    end
end

-- Fetches into a file, complete or not at all, or to standard output (nil or "-"). o: with =,
-- query =, private = mode 0600, once = it cannot be had again: what came is kept in any case.
function M.download(c, method, template, path, o)
    local sink = out.put
    local f, aside
    if path and path ~= "-" then
        aside = o.once and path or path .. ".part"
        local made, why = thing.host.write_file(aside, "", o.private)
        if made then
            f, why = io.open(aside, "ab")
        end
        if not f then
            fail.raise(fail.FAILED, "cannot write " .. why)
        end
        sink = function(chunk)
            local good, reason = f:write(chunk)
            if not good then
                fail.raise(fail.FAILED, ("cannot write %s: %s"):format(aside, reason))
            end
        end
    end
    local ok, e = pcall(c.request, c, method, template, { with = o.with, query = o.query,
        sink = sink })
    if f then
        local closed, why = f:close()
        if ok and not closed then
            ok, e = pcall(fail.raise, fail.FAILED, ("cannot write %s: %s"):format(aside, why))
        end
    end
    if aside and not o.once then
        if ok then
            ok, e = os.rename(aside, path)
        else
            os.remove(aside)
        end
    end
    if not ok then
        error(e, 0)
    end
    out.flush()
end

return M
