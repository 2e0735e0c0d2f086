-- SPDX-License-Identifier: Apache-2.0
--
-- Cayenne Low Power Payload: values one after the other, each a channel, a type and big-endian
-- bytes. The types are IPSO object ids less 3200: the first dozen are of Cayenne's own description,
-- the others those that node libraries added (ElectronicCats CayenneLPP).
local bytes = thing.bytes

local M = {}

-- What is divided to get the unit is an integer, so that 27.2 comes out as 27.2.
local function number(format, divisor)
    return { size = bytes.size(format), read = function(data, at)
        local n = bytes.unpack(format, data, at)
        return divisor and n / divisor or n
    end }
end

local function flag()
    return { size = 1, read = function(data, at) return data:byte(at) ~= 0 end }
end

local function axes(divisor)
    return { size = 6, read = function(data, at)
        local x, y, z = bytes.unpack(">i2 i2 i2", data, at)
        return { x = x / divisor, y = y / divisor, z = z / divisor }
    end }
end

local function location()
    return { size = 9, read = function(data, at)
        local latitude, longitude, altitude = bytes.unpack(">i3 i3 i3", data, at)
        return { latitude = latitude / 10000, longitude = longitude / 10000,
            altitude = altitude / 100 }
    end }
end

local function colour()
    return { size = 3, read = function(data, at)
        local red, green, blue = data:byte(at, at + 2)
        return { red = red, green = green, blue = blue }
    end }
end

local TYPES = {
    [0] = { "digital_input", number(">B") }, [1] = { "digital_output", number(">B") },
    [2] = { "analog_input", number(">i2", 100) }, [3] = { "analog_output", number(">i2", 100) },
    [100] = { "generic", number(">I4") }, [101] = { "illuminance", number(">I2") }, -- lx
    [102] = { "presence", flag() },
    [103] = { "temperature", number(">i2", 10) }, -- degrees Celsius
    [104] = { "humidity", number(">B", 2) }, -- %
    [113] = { "acceleration", axes(1000) }, -- g
    [115] = { "pressure", number(">I2", 10) }, -- hPa
    [116] = { "voltage", number(">I2", 100) }, [117] = { "current", number(">I2", 1000) }, -- V, A
    [118] = { "frequency", number(">I4") }, [120] = { "percentage", number(">B") }, -- Hz, %
    [121] = { "altitude", number(">i2") }, [125] = { "concentration", number(">I2") }, -- m, ppm
    [128] = { "power", number(">I2") }, [130] = { "distance", number(">I4", 1000) }, -- W, m
    [131] = { "energy", number(">I4", 1000) }, -- kWh
    [132] = { "direction", number(">I2") }, -- degrees
    [133] = { "unix_time", number(">I4") }, -- s
    [134] = { "rotation", axes(100) }, -- degrees a second
    [135] = { "colour", colour() }, [136] = { "location", location() }, -- degrees, m
    [142] = { "switch", flag() },
}

-- Properties by name and channel, such as temperature_3; or nil and what is wrong. A type that is
-- not known ends it: nobody knows where the next value begins.
function M.decode(data)
    local values, at = {}, 1
    while at <= #data do
        local channel, kind = data:byte(at, at + 1)
        local name, form = table.unpack(TYPES[kind] or {})
        if not name then
            return nil, ("byte %d: no type %s"):format(at, kind or "at all")
        elseif at + 1 + form.size > #data then
            return nil, ("byte %d: %s is cut off"):format(at, name)
        end
        values[name .. "_" .. channel] = form.read(data, at + 2)
        at = at + 2 + form.size
    end
    return values
end

return M
