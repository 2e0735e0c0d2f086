-- SPDX-License-Identifier: Apache-2.0
--
-- Nodes that send Cayenne LPP on their topic `up`, whatever their sensors: what each value is
-- stands in the payload. The format is a file of its own, for other products to take.
-- Try it: thingd lua test examples/products/cayenne

local lpp = require "lpp"

local M = { api = 1, topics = { publish = { "up" } } }

function M.on_message(_topic, data)
    if data == "" then
        return false, "nothing in it"
    end
    local values, why = lpp.decode(data)
    return values or false, why
end

local function up(hex)
    return { topic = "up", hex = hex }
end

M.tests = {
    {
        name = "two temperatures",
        input = up "03670110056700ff",
        expect = { store = { { params = { temperature_3 = 27.2, temperature_5 = 25.5 } } } },
    },
    {
        name = "below zero, and an acceleration",
        input = up "0167ffd7067104d2fb2e0000",
        expect = { store = { { params = { temperature_1 = -4.1,
            acceleration_6 = { x = 1.234, y = -1.234, z = 0 } } } } },
    },
    {
        name = "a place",
        input = up "018806765ff2960a0003e8",
        expect = { store = { { params = { location_1 = { latitude = 42.3519,
            longitude = -87.9094, altitude = 10 } } } } },
    },
    {
        name = "door, light, air and battery",
        input = up "010001026500780368500473272905020149066601",
        expect = { store = { { params = { digital_input_1 = 1, illuminance_2 = 120,
            humidity_3 = 40, pressure_4 = 1002.5, analog_input_5 = 3.29, presence_6 = true } } } },
    },
    {
        name = "a type that nobody knows",
        input = up "0367011005ff00ff",
        expect = { dead = { reason = "rejected", detail = "byte 5: no type 255" } },
    },
    {
        name = "a value that is cut off",
        input = up "036701",
        expect = { dead = { reason = "rejected", detail = "byte 1: temperature is cut off" } },
    },
    {
        name = "a channel and no more",
        input = up "03",
        expect = { dead = { reason = "rejected", detail = "byte 1: no type at all" } },
    },
}

return M
