-- SPDX-License-Identifier: Apache-2.0
--
-- A plain JSON sensor: converts, checks, and raises an event.
-- Try it: thingd lua test examples/products/sensor

local M = { api = 1 }

-- Fahrenheit in, Celsius kept; a reading that no thermometer gives is rejected with a reason.
function M.on_property(msg)
    local params = msg.params
    if params.temperature_f then
        params.temperature = (params.temperature_f - 32) * 5 / 9
        params.temperature_f = nil
    end
    local t = params.temperature
    if t and (t < -60 or t > 120) then
        return false, "temperature out of range: " .. t
    end
    if params.battery and params.battery < 10 then
        thing.event("battery_low", { battery = params.battery })
    end
    return params
end

M.tests = {
    {
        name = "Fahrenheit becomes Celsius",
        input = { payload = { id = "1", params = { temperature_f = 212 }, ack = 1 } },
        expect = {
            store = { { params = { temperature = 100 } } },
            reply = { id = "1", code = 200 },
        },
    },
    {
        name = "an impossible reading is rejected and the device told",
        input = { payload = { id = "2", params = { temperature = 999 }, ack = 1 } },
        expect = { dead = { reason = "rejected" }, reply = { code = 422 }, store = {} },
    },
    {
        name = "a weak battery is an event",
        input = { payload = { id = "3", params = { battery = 5 } } },
        expect = { events = { { type = "battery_low", params = { battery = 5 } } } },
    },
}

return M
