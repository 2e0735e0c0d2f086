-- SPDX-License-Identifier: Apache-2.0
--
-- Jobs that make devices out of a file, or change them. The file is read twice: first it is only
-- counted, so that one that is no CSV or JSON changes nothing; then its rows are taken, some
-- hundreds to a step. What a row says is checked as the same body of a request would be, and each
-- device that was made or changed is audited by itself.
local apply_rows = require "api.jobs.import_rows"
local csv = require "thing.csv"
local csv_row = require "api.jobs.csv_row"
local db = require "thing.db"
local files = require "api.files"
local json_rows = require "thing.json_rows"
local problem = require "thing.problem"
local store = require "api.jobs.store"

local M = {}

-- A step reads that much, or takes that many rows, so that requests are not held up.
local READ = 64 * 1024
local STEP = 200
M.ROWS_MAX = 1000000

local function fault(e)
    if type(e) == "table" and e.line and e.message then
        return problem.new("file_invalid", ("Line %d: %s"):format(e.line, e.message))
    end
    return e
end

-- Calls fn; what a reader says is wrong with the file ends the job.
local function guard(fn, ...)
    local done = table.pack(pcall(fn, ...))
    if not done[1] then
        error(fault(done[2]), 0)
    end
    return table.unpack(done, 2, done.n)
end

-- The first line tells the delimiter: the one of these that stands in it most often outside of
-- quotes.
local function detect(job)
    local head = files.read(job.input_name, 0, READ):match("^[^\r\n]*"):gsub('"[^"]*"', "")
    local best, most = ",", 0
    for _, one in ipairs { ",", ";", "\t" } do
        local _, n = head:gsub(one, "")
        if n > most then
            best, most = one, n
        end
    end
    return best
end

local DELIMITERS = { comma = ",", semicolon = ";", tab = "\t" }

local function open_reader(job)
    local place = job.place
    job.read_at = place.offset
    if job.params.format == "csv" then
        place.delimiter = place.delimiter or DELIMITERS[job.params.delimiter] or detect(job)
        return csv.reader { delimiter = place.delimiter, offset = place.offset, line = place.line }
    end
    return json_rows.reader { offset = place.offset, line = place.line, array = place.array }
end

-- The next record, its line and offset; nil at the end of the file.
local function next_record(job)
    while true do
        local record, line, offset = job.reader:next()
        if record or job.reader.finished then
            return record, line, offset
        end
        local text = files.read(job.input_name, job.read_at, READ)
        job.read_at = job.read_at + #text
        if text == "" then
            job.reader:finish()
        else
            job.reader:feed(text)
        end
    end
end

function M.start(job)
    local row = db.row("select name from stored_file where id = $1", job.input_id)
        or problem.raise("not_found", "The file of this job is gone.")
    job.input_name = row.name
    job.place.phase = job.place.phase or "count"
    if job.place.phase == "count" then
        job.place.offset, job.place.line, job.place.rows = 0, 1, 0
        job.place.columns, job.place.array, job.place.first = nil, nil, nil
    end
    job.held, job.reader = nil, open_reader(job)
end

-- ---- the first pass ----

local function read_header(job)
    local header, line = next_record(job)
    if not header then
        problem.raise("file_invalid", "The file is empty.")
    end
    local columns = csv_row.columns(header)
    if columns.fault then
        problem.raise("file_invalid", ("Line %d: %s"):format(line, columns.fault))
    end
    return columns
end

-- Rows of about READ bytes; the place of the first one, and the columns, when they are known now.
local function count(job)
    local work = { rows = 0 }
    if job.params.format == "csv" and not job.place.columns then
        work.columns = guard(read_header, job)
    end
    local from = job.read_at
    while job.read_at - from <= READ do
        local record, line, offset = guard(next_record, job)
        if not record then
            work.ended = true
            break
        end
        work.first = work.first or { offset = offset, line = line }
        work.rows = work.rows + 1
    end
    work.array = job.reader.array
    return work
end

local function apply_count(job, work)
    local place = job.place
    place.columns, place.array = work.columns or place.columns, work.array
    place.rows = place.rows + work.rows
    place.first = place.first or work.first
    if place.rows > M.ROWS_MAX then
        problem.raise("file_invalid", ("The file has more than %d rows."):format(M.ROWS_MAX))
    elseif work.ended then
        job.total = place.rows
        place.phase, place.ended = "rows", place.rows == 0
        place.offset = place.first and place.first.offset or 0
        place.line = place.first and place.first.line or 1
    end
end

-- ---- the second pass ----

-- Up to STEP rows, none of which names a device that one before it names.
local function take(job)
    local items, seen = {}, {}
    while #items < STEP do
        local held = job.held or table.pack(guard(next_record, job))
        job.held = nil
        local record, line, offset = held[1], held[2], held[3]
        if not record then
            break
        end
        local item = { line = line, number = job.done + #items + 1 }
        if job.params.format == "csv" then
            item.text, item.fault = csv_row.json(job.place.columns, record)
        else
            item.text = record
        end
        apply_rows.read(item, job.params)
        if item.key and seen[item.key] then
            job.held = { record, line, offset }
            break
        end
        seen[item.key or false] = item.key and true or nil
        items[#items + 1] = item
    end
    return items
end

-- Where the row after these begins: looked up now, so that the step's transaction can say it.
local function peek(job)
    if not job.held then
        local record, line, offset = guard(next_record, job)
        job.held = record and { record, line, offset }
    end
    return job.held
end

function M.prepare(job)
    if job.place.phase == "count" then
        return count(job)
    end
    if job.place.ended then
        return nil
    end
    if not job.rewound then -- the first pass has left the reader at the end
        job.held, job.reader = nil, open_reader(job)
        job.rewound = true
    end
    local items = take(job)
    if #items == 0 then
        return nil
    end
    local after = peek(job)
    return { items = items, offset = after and after[3], line = after and after[2],
        ended = not after, rights = apply_rows.rights(job) }
end

function M.apply(job, work)
    if job.place.phase == "count" then
        return apply_count(job, work)
    end
    local tell = apply_rows.apply(job, work.items, work.rights)
    if work.ended then
        job.place.ended = true
    else
        job.place.offset, job.place.line = work.offset, work.line
    end
    job.done = job.done + #work.items
    return tell
end

function M.finish() end

-- What a caller needs for such a job; raises.
function M.check(subject, mode)
    store.scope(subject, "devices:create")
    if mode == "upsert" then
        store.scope(subject, "devices:update")
    end
end

return M
