-- SPDX-License-Identifier: Apache-2.0
--
-- Jobs that write devices, or what they reported, into a file. A step is one statement and thus one
-- snapshot; the whole is not: what changes while the job runs is in it or not, by when the job
-- comes to it. Reports and events are taken up to the time the job was asked for, unless it says
-- otherwise, so they are whole but for what comes late.
local db = require "thing.db"
local files = require "api.files"
local selection = require "api.selection"
local store = require "api.jobs.store"
local text_rows = require "api.jobs.export_sql"

local M = {}

M.PERMISSION = { devices = "devices:read", history = "history:read", events = "events:read" }

-- How long the result is kept.
M.KEPT = 86400

-- Devices of which reports are looked for in one step.
local DEVICES = 500

-- Rows of a step: so many that they make about BYTES, which is also where a step is cut.
local ROWS_MAX, BYTES = 5000, 1 << 20

function M.start(job)
    if job.taken_over then
        -- The run that seemed dead may still write into its file: this one gets another.
        job.place, job.done, job.counts, job.total = {}, 0, {}, nil
    end
    local row = db.row("select name from stored_file where id = $1", job.output_id)
    job.output_name = row and row.name
    job.limit = 100
end

local function begin(job, scope)
    job.place = { id = 0, newest = selection.newest(), bytes = 0 }
    if job.params.what == "devices" then
        job.total = selection.count(job.params.selection or { all = true }, scope)
    end
    local head = text_rows.head(job.params)
    return { text = head, rows = 0, place = { id = 0, newest = job.place.newest, bytes = #head },
        first = true }
end

local function of_devices(job, scope)
    local row = text_rows.devices(job.params, scope, job.place, job.limit, BYTES)
    if row.n == 0 then
        return nil
    end
    return { text = row.text, rows = row.n,
        place = { id = row.last_id, newest = job.place.newest } }
end

-- Devices are gone through in the order of their making, each one's reports in the order of time.
-- place.ts and place.digest: where in the reports of place.device it goes on.
local function of_reports(job, scope)
    local place = job.place
    local devices = selection.after(job.params.selection or { all = true }, scope, place, DEVICES)
    if #devices == 0 then
        return nil
    end
    local row = text_rows.reports(job.params, devices, place, job.limit, BYTES)
    local next_place = { newest = place.newest, id = devices[#devices].id }
    if row.more then
        next_place.id = row.last_n > 1 and devices[row.last_n - 1].id or place.id
        next_place.device, next_place.ts = devices[row.last_n].id, row.last_ts
        next_place.digest = row.last_digest
    end
    return { text = row.text or "", rows = row.n, place = next_place }
end

function M.prepare(job)
    local scope = store.scope(job.subject, M.PERMISSION[job.params.what])
    if not job.place.newest then
        return begin(job, scope)
    end
    local read = job.params.what == "devices" and of_devices or of_reports
    local work = read(job, scope)
    if not work then
        return nil
    end
    if work.rows > 0 then
        local fit = BYTES * work.rows // math.max(1, #work.text)
        job.limit = math.max(10, math.min(ROWS_MAX, job.limit * 4, fit))
    end
    files.write(job.output_name, job.place.bytes, work.text)
    work.place.bytes = job.place.bytes + #work.text
    return work
end

-- The text is in the file before the place says so; a step done again writes the same place again.
function M.apply(job, work)
    if work.first then
        db.rows("update stored_file set expires_at = now() where id = $1", job.output_id)
        job.output_id, job.output_name = files.create(job.owner, text_rows.title(job.params),
            #work.text, 30 * 86400)
        db.rows("update job set output_id = $2 where id = $1", job.id, job.output_id)
    else
        files.check_caps(job.owner, #work.text)
        db.rows("update stored_file set bytes = $2 where id = $1", job.output_id, work.place.bytes)
    end
    job.place, job.done = work.place, job.done + work.rows
    job.counts.bytes = work.place.bytes
end

-- The first line is written last: until then the file has a hole where it stands.
function M.finish(job)
    local head = text_rows.head(job.params)
    if head ~= "" or job.place.bytes == 0 then
        files.write(job.output_name, 0, head)
    end
    db.rows("update stored_file set expires_at = now() + $2 * interval '1 second' where id = $1",
        job.output_id, M.KEPT)
end

return M
