-- SPDX-License-Identifier: Apache-2.0
--
-- The script of the demo's air monitors. `make run` watches its copy in var/products/air-monitor:
-- change a limit there, save, and the next report has it.

---@type thing.Product
local M = { api = 1 }

-- ppm of CO2 up to which the air is called so
local GOOD, FAIR = 800, 1200

function M.on_property(msg, _device)
    local params = msg.params
    local co2 = params.co2
    if type(co2) == "number" then
        params.air = co2 <= GOOD and "good" or co2 <= FAIR and "fair" or "poor"
        if params.air == "poor" then
            thing.alarm.raise("air", { message = co2 .. " ppm of CO2" })
        elseif params.air == "good" then
            thing.alarm.clear("air")
        end
    end
    return params
end

M.tests = {
    {
        name = "the air is called by its CO2",
        input = { payload = { id = "1", params = { co2 = 1500, temperature = 21 } } },
        expect = { store = { { params = { co2 = 1500, temperature = 21, air = "poor" } } } },
    },
    {
        name = "poor air is an alarm until it is good",
        input = { payload = { id = "2", params = { co2 = 1500 } } },
        expect = { alarms = { { raise = "air", severity = "warning" } } },
    },
    {
        name = "good air ends it",
        input = { payload = { id = "3", params = { co2 = 700 } }, alarms = { air = {} } },
        expect = { alarms = { { clear = "air" } } },
    },
    {
        name = "a report without CO2 is stored as it comes",
        input = { payload = { id = "4", params = { battery = 80 } } },
        expect = { store = { { params = { battery = 80 } } } },
    },
}

return M
