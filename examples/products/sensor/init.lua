-- SPDX-License-Identifier: Apache-2.0
--
-- A plain JSON sensor: converts, checks, raises events and an alarm.
-- Try it: thingd lua test examples/products/sensor

local M = { api = 1 }

-- Degrees at which it is too hot, and below which that is over: apart, so that a value in between
-- does not raise an alarm every minute.
local HOT, COOL = 60, 55

local function watch(t)
    if t >= HOT then
        thing.alarm.raise("hot", {
            severity = t >= HOT + 20 and "critical" or "warning",
            message = ("%.1f degrees"):format(t), details = { limit = HOT },
        })
    elseif t < COOL then
        thing.alarm.clear("hot", { message = ("%.1f degrees"):format(t) })
    end
end

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
    if t then
        watch(t)
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
        name = "too hot is an alarm",
        input = { payload = { id = "3", params = { temperature = 61.24 } } },
        expect = { alarms = { { raise = "hot", severity = "warning", message = "61.2 degrees" } } },
    },
    {
        name = "a little less hot changes nothing",
        input = { payload = { id = "4", params = { temperature = 58 } }, alarms = { hot = {} } },
        expect = { alarms = {} },
    },
    {
        name = "cool again ends it",
        input = { payload = { id = "5", params = { temperature = 54 } }, alarms = { hot = {} } },
        expect = { alarms = { { clear = "hot" } } },
    },
    {
        name = "a weak battery is an event",
        input = { payload = { id = "6", params = { battery = 5 } } },
        expect = { events = { { type = "battery_low", params = { battery = 5 } } } },
    },
}

return M
