-- SPDX-License-Identifier: Apache-2.0
local device = require "thing.cli.device"
local values = require "thing.cli.values"

local PATH = device.PATH .. "/shadow"

local ORDER = { "version", "desired", "reported", "delta" }

local function set(c)
    local o = c.options
    local some = #c.args.VALUE > 0 or o.unset
    if o.desired and some then
        c:usage("either NAME=VALUE and --unset, or --desired")
    elseif not o.desired and not some then
        c:usage("nothing to set was given: NAME=VALUE, --unset NAME or --desired JSON")
    end
    local desired = o.desired and values.json(o.desired, "--desired")
        or values.unset(values.pairs(c.args.VALUE), o.unset)
    c:show(c:request("PATCH", PATH, { with = device.find(c),
        body = { desired = desired, version = o.version, ttl_seconds = o.ttl } }), ORDER)
end

return {
    name = "shadow", summary = "What a device should be, and what it reported",
    commands = {
        {
            name = "get", summary = "Show desired, reported and what is lacking",
            args = { device.ARG },
            run = function(c)
                c:show(c:request("GET", PATH, { with = device.find(c) }), ORDER)
            end,
        },
        {
            name = "set", summary = "Change desired values; the device is told",
            args = { device.ARG,
                { "VALUE", "What it should be, as NAME=VALUE", many = true, optional = true } },
            options = {
                { "unset", "NAME", "A value that is no longer desired", repeated = true },
                { "desired", "JSON", "A merge patch as JSON, @FILE or - for standard input" },
                { "version", "N", "Only when the shadow is at this version", integer = true },
                { "ttl", "SECONDS", "Give the command up when it was not carried out by then",
                    integer = true },
            },
            examples = { { "thingd shadow set air-1 reporting_interval=5" } },
            run = set,
        },
    },
}
