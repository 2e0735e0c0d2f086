-- SPDX-License-Identifier: Apache-2.0
local call = require "thing.cli.call"
local device = require "thing.cli.device"
local text = require "thing.cli.text"

return {
    name = "event", summary = "Events that devices posted",
    commands = {
        {
            name = "list", summary = "List a device's events, newest first", args = { device.ARG },
            options = call.options({ { "type", "TYPE", "Of this type", query = "type" } },
                call.RANGE, call.LIST),
            run = function(c)
                c:list(device.PATH .. "/events", { with = device.find(c), columns = {
                    { "TIME", "time", show = text.time }, { "TYPE", "type" },
                    { "PARAMS", "params" },
                } })
            end,
        },
    },
}
