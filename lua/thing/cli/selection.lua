-- SPDX-License-Identifier: Apache-2.0
--
-- Many devices at once, as jobs take them: named one by one, or by the filters of the device list.
local device = require "thing.cli.device"

local M = {}

-- The filters, and what stands for all.
M.OPTIONS = table.move({
    { "device", "DEVICE", "This device", repeated = true },
    { "all", false, "All devices that the token may see" },
}, 1, 2, #device.FILTERS + 1, table.move(device.FILTERS, 1, #device.FILTERS, 1, {}))

-- needed: whether one has to say which. Returns what the API takes, or nil.
function M.of(c, needed)
    local o, filter, some = c.options, {}, false
    for name, value in pairs(c:query(device.FILTERS)) do
        filter[name] = type(value) == "table" and table.concat(value, ",") or tostring(value)
        some = true
    end
    local ways = (o.device and 1 or 0) + (o.all and 1 or 0) + (some and 1 or 0)
    if ways > 1 then
        c:usage("one of --device, --all and filters")
    elseif ways == 0 and needed then
        c:usage("which devices? --device, a filter such as --product, or --all")
    elseif o.device then
        local keys = {}
        for i, name in ipairs(o.device) do
            keys[i] = name:match("[^/]*$")
        end
        return { keys = keys }
    end
    return some and { filter = filter } or o.all and { all = true } or nil
end

return M
