-- SPDX-License-Identifier: Apache-2.0
local call = require "thing.cli.call"
local many = require "thing.cli.many"
local text = require "thing.cli.text"

local ID = { "ID", "Its id, as listed" }

local SEVERITIES = { "info", "warning", "critical" }
local STATES = { "active", "unacknowledged", "acknowledged", "cleared", "all" }

local WHICH = {
    { "product", "PRODUCT", "Of this product", query = "product" },
    { "device", "DEVICE", "Of this device", query = "device" },
    { "key", "KEY", "With this key", query = "key" },
    { "severity", "SEVERITY", "Of this severity", choices = SEVERITIES, repeated = true,
        query = "severity" },
}

local RAISED = {
    { "from", "TIME", "Raised not before: 2h (ago), 2026-01-31, 2026-01-31T10:00:00Z",
        query = "from", time = true },
    { "to", "TIME", "Raised before", query = "to", time = true },
}

local NOTE = { "note", "TEXT", "Why, for the others" }
local ALL = { "all", false, "All that are active, when nothing else is said" }

local COLUMNS = {
    { "ID", "id" }, { "RAISED", "raised_at", show = text.time }, { "SEVERITY", "severity" },
    { "PRODUCT", "product" }, { "DEVICE", "device" }, { "KEY", "key" }, { "COUNT", "count" },
    { "STATE", "state" }, { "ACKNOWLEDGED", "acknowledged_by" }, { "MESSAGE", "message" },
}

local ORDER = { "id", "product", "device", "key", "state", "severity", "message", "details",
    "count", "raised_at", "last_raised_at", "acknowledged_at", "acknowledged_by", "note",
    "cleared_at", "cleared_by", "source", "script_version" }

local LOG = {
    { "TIME", "time", show = text.time }, { "EVENT", "event" }, { "SEVERITY", "severity" },
    { "BY", "actor", show = function(actor)
        return text.clean(actor.name ~= "" and actor.name or actor.kind)
    end }, { "MESSAGE", "message" },
}

local function change(verb, summary, past)
    local options = call.options(WHICH, RAISED, { NOTE, ALL })
    return {
        name = verb, summary = summary, args = { many.ID },
        options = verb == "clear" and call.options(options, { call.YES }) or options,
        examples = { { ("thingd alarm %s --product air-monitor --key hot --note 'seen'")
            :format(verb) } },
        run = function(c)
            local body = many.choice(c, WHICH, RAISED)
            body.note = c.options.note
            if c.args.ID then
                return c:done(c:request("POST", "/alarms/{alarm}/" .. verb,
                    { with = { alarm = c.args.ID }, body = { note = c.options.note } }),
                    past .. " alarm " .. c.args.ID)
            elseif verb == "clear" then
                c:confirm("Clear all alarms that match?")
            end
            local total, more = many.rounds(c, "/alarms/" .. verb, body, { done = true })
            many.report(c, total, more, { "done" }, "there are more, and none of them changed")
        end,
    }
end

return {
    name = "alarm", summary = "Alarms of devices",
    commands = {
        {
            name = "list", summary = "List alarms, newest first; those that are active unless "
                .. "asked for others",
            options = call.options({
                { "state", "STATE", "In this state", choices = STATES, query = "state" },
            }, WHICH, RAISED, call.LIST),
            run = function(c) c:list("/alarms", { columns = COLUMNS }) end,
        },
        {
            name = "show", summary = "Show an alarm, active or cleared", args = { ID },
            run = function(c)
                c:show(c:request("GET", "/alarms/{alarm}", { with = { alarm = c.args.ID } }), ORDER)
            end,
        },
        {
            name = "log", summary = "What became of an alarm, newest first", args = { ID },
            options = call.options(call.RANGE, call.LIST),
            run = function(c)
                c:list("/alarms/{alarm}/log", { with = { alarm = c.args.ID }, columns = LOG })
            end,
        },
        change("acknowledge", "Say that one, or all that match, have been seen", "acknowledged"),
        change("clear", "End one, or all that match; what still holds is raised anew", "cleared"),
    },
}
