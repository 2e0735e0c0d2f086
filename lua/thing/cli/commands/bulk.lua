-- SPDX-License-Identifier: Apache-2.0
--
-- Changes to many devices, done by a job of the server.
local call = require "thing.cli.call"
local client = require "thing.cli.client"
local job = require "thing.cli.job"
local out = require "thing.cli.out"
local selection = require "thing.cli.selection"
local values = require "thing.cli.values"

local DRY = { "dry-run", false, "Only say how many devices it would be" }

local OPTIONS = call.options(selection.OPTIONS, { DRY, call.YES, job.BACKGROUND })

-- words: what is done, as in "disable 12 devices".
local function act(c, words, body)
    body.selection = selection.of(c, true)
    local answer = c:request("POST", "/devices/actions/preview", { body = body })
    local found = client.value(answer)
    if c.options.dry_run then
        if c.options.json then
            out.json(answer.body)
        else
            out.line(("%d devices%s%s"):format(found.devices, #found.sample > 0 and ", such as "
                or "", table.concat(found.sample, ", ")))
        end
        return 0
    end
    c:confirm(("%s %d devices?"):format(words, found.devices))
    local made, text = job.follow(c, c:request("POST", "/devices/actions", { body = body }))
    return made and job.report(c, made, text) or 0
end

local function with_tags(name, words)
    return {
        name = name, summary = words .. " many devices", options = OPTIONS,
        args = { { "TAG", "The tags", many = true } },
        run = function(c) return act(c, words, { action = name, tags = c.args.TAG }) end,
    }
end

local function plain(name, words)
    return {
        name = name, summary = words .. " many devices", options = OPTIONS,
        run = function(c) return act(c, words, { action = name }) end,
    }
end

local function params_of(c)
    local o = c.options
    if o.params and #c.args.VALUE > 0 then
        c:usage("either NAME=VALUE or --params")
    elseif o.params then
        return (values.json(o.params, "--params"))
    elseif #c.args.VALUE == 0 and not o.service then
        c:usage("nothing to set was given: NAME=VALUE or --params JSON")
    end
    return values.pairs(c.args.VALUE)
end

return {
    name = "bulk", summary = "Change many devices at once",
    commands = {
        with_tags("tag", "Tag"), with_tags("untag", "Untag"),
        plain("enable", "Enable"), plain("disable", "Disable"),
        {
            name = "command", summary = "Send a command to many devices",
            args = { { "VALUE", "What to set, as NAME=VALUE", many = true, optional = true } },
            options = call.options({
                { "service", "SERVICE", "Call this service with the values" },
                { "params", "JSON", "The values as JSON, @FILE or - for standard input" },
                { "ttl", "SECONDS", "Give it up when it was not carried out by then",
                    integer = true },
            }, OPTIONS),
            examples = { { "thingd bulk command interval=60 --product air-monitor --tag north" } },
            run = function(c)
                return act(c, "Send a command to", { action = "command", command = {
                    name = c.options.service, params = params_of(c), ttl_seconds = c.options.ttl,
                } })
            end,
        },
        {
            name = "delete", summary = "Delete many devices",
            options = call.options({
                { "delete-history", false, "Also all that they reported, kept otherwise" },
            }, OPTIONS),
            run = function(c)
                return act(c, "Delete", { action = "delete",
                    history = c.options.delete_history and "delete" or "keep" })
            end,
        },
    },
}
