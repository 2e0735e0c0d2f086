-- SPDX-License-Identifier: Apache-2.0
--
-- Files of devices, what they reported, or their events. Lists of devices come straight away, all
-- else is written by a job.
local call = require "thing.cli.call"
local device = require "thing.cli.device"
local fail = require "thing.cli.fail"
local job = require "thing.cli.job"
local selection = require "thing.cli.selection"
local values = require "thing.cli.values"

local COMMON = {
    { "format", "FORMAT", "Of the file", choices = { "csv", "jsonl" }, default = "csv" },
    { "out", "FILE", "Where to; else standard output" },
}

local RANGE = {
    { "from", "TIME", "Not before: 2h (ago), 2026-01-31, 2026-01-31T10:00:00Z" },
    { "to", "TIME", "Before; else now" },
}

local function devices(c)
    local query = c:query()
    query.format = c.options.format
    job.download(c, "GET", "/devices/export", c.options.out, { query = query })
end

local function by_job(what)
    return function(c)
        local o = c.options
        local made, text = job.follow(c, c:request("POST", "/exports", { body = {
            what = what, format = o.format, selection = selection.of(c, false),
            from = o.from and values.time(o.from, "--from"),
            to = o.to and values.time(o.to, "--to"), properties = o.property, type = o.type,
        } }))
        if not made then
            return 0
        elseif made.state ~= "done" then
            return job.report(c, made, text)
        elseif not made.has_file then
            fail.raise(fail.FAILED, "the job wrote no file")
        end
        job.download(c, "GET", "/jobs/{job}/file", o.out,
            { with = { job = ("%d"):format(made.id) } })
    end
end

return {
    name = "export", summary = "Write devices, history or events into a file",
    commands = {
        {
            name = "devices", summary = "The list of devices",
            options = call.options(device.FILTERS, COMMON), run = devices,
        },
        {
            name = "history", summary = "What many devices reported",
            options = call.options(selection.OPTIONS, RANGE, {
                { "property", "NAME", "Only reports with this one; in CSV a column for each",
                    repeated = true },
            }, COMMON, { job.BACKGROUND }),
            examples = { { "thingd export history --product air-monitor --from 30d "
                .. "--property co2 --out co2.csv" } },
            run = by_job("history"),
        },
        {
            name = "events", summary = "Events of many devices",
            options = call.options(selection.OPTIONS, RANGE,
                { { "type", "TYPE", "Of this type" } }, COMMON, { job.BACKGROUND }),
            run = by_job("events"),
        },
    },
}
