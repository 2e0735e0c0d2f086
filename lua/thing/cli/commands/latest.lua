-- SPDX-License-Identifier: Apache-2.0
local client = require "thing.cli.client"
local device = require "thing.cli.device"
local out = require "thing.cli.out"
local text = require "thing.cli.text"

local COLUMNS = { { "PROPERTY", "name" }, { "VALUE", "value" },
    { "TIME", "time", show = text.time } }

return {
    name = "latest", summary = "The newest value of each property of a device",
    args = { device.ARG }, options = { { "csv", false, "Comma-separated values" } },
    run = function(c)
        local form = c:form()
        local answer = c:request("GET", device.PATH .. "/latest", { with = device.find(c) })
        if form == "json" then
            return out.json(answer.body)
        end
        local properties, names = client.value(answer).properties, {}
        for name in pairs(properties) do
            names[#names + 1] = name
        end
        table.sort(names)
        local writer = out.list(form, COLUMNS)
        for _, name in ipairs(names) do
            local p = properties[name]
            writer.item { name = name, value = p.value, time = p.time }
        end
        writer.finish()
    end,
}
