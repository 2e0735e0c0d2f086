-- SPDX-License-Identifier: Apache-2.0
local call = require "thing.cli.call"
local job = require "thing.cli.job"
local text = require "thing.cli.text"

local ID = { "JOB", "Its id, as listed" }

local OUT = { "out", "FILE", "Where to; else standard output" }

return {
    name = "job", summary = "Imports, exports and changes that are under way or over",
    commands = {
        {
            name = "list", summary = "List jobs, newest first",
            options = call.options({
                { "kind", "KIND", "Of this kind", query = "kind",
                    choices = { "import", "action", "export" } },
                { "state", "STATE", "In this state", query = "state", repeated = true,
                    choices = { "queued", "running", "done", "failed", "canceled" } },
                { "mine", false, "Only your own", query = "mine" },
            }, call.LIST),
            run = function(c)
                c:list("/jobs", { columns = {
                    { "JOB", "id" }, { "KIND", "kind" }, { "STATE", "state" },
                    { "DONE", "done" }, { "TOTAL", "total" }, { "FAILED", "failed" },
                    { "BY", "actor" }, { "CREATED", "created_at", show = text.time },
                } })
            end,
        },
        {
            name = "show", summary = "Show a job", args = { ID },
            run = function(c) c:show(c:request("GET", "/jobs/{job}"), job.ORDER) end,
        },
        {
            name = "wait", summary = "Wait until a job is over", args = { ID },
            run = function(c) return job.report(c, job.wait(c, c.args.JOB)) end,
        },
        {
            name = "cancel", summary = "End a job; what it did stays done", args = { ID },
            run = function(c)
                c:done(c:request("POST", "/jobs/{job}/cancel"), "canceled job " .. c.args.JOB)
            end,
        },
        {
            name = "rows", summary = "What became of each row or device", args = { ID },
            options = call.options({
                { "outcome", "OUTCOME", "Only these", query = "outcome",
                    choices = { "created", "updated", "unchanged", "error" } },
                { "key", "DEVICE", "Of this device", query = "key" },
            }, call.LIST),
            run = function(c)
                c:list("/jobs/{job}/rows", { columns = {
                    { "NUMBER", "number" }, { "LINE", "line" }, { "DEVICE", "key" },
                    { "OUTCOME", "outcome" }, { "CODE", "code" }, { "MESSAGE", "message" },
                } })
            end,
        },
        {
            name = "file", summary = "Download what an export wrote, within a day", args = { ID },
            options = { OUT },
            run = function(c) job.download(c, "GET", "/jobs/{job}/file", c.options.out, {}) end,
        },
        {
            name = "credentials",
            summary = "Download the credentials of imported devices, once, within a day",
            args = { ID }, options = { OUT },
            run = function(c)
                job.check_new(c, c.options.out)
                job.download(c, "POST", "/jobs/{job}/credentials", c.options.out,
                    { private = true, once = true })
            end,
        },
    },
}
