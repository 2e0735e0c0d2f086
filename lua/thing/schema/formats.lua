-- SPDX-License-Identifier: Apache-2.0
--
-- Formats that the API's schemas name: function(text) -> boolean each. A format not listed here is
-- a note for readers of the schema only.
local M = {}

local DAYS = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }

-- RFC 3339: real day of a real month, offset or Z.
M["date-time"] = function(s)
    local y, mo, d, h, mi, sec, rest =
        s:match("^(%d%d%d%d)%-(%d%d)%-(%d%d)[Tt ](%d%d):(%d%d):(%d%d)(.*)$")
    if not y then
        return false
    end
    y, mo, d = tonumber(y), tonumber(mo), tonumber(d)
    local leap = mo == 2 and y % 4 == 0 and (y % 100 ~= 0 or y % 400 == 0)
    if y < 1 or not DAYS[mo] or d < 1 or d > DAYS[mo] + (leap and 1 or 0) then
        return false
    end
    if tonumber(h) > 23 or tonumber(mi) > 59 or tonumber(sec) > 59 then
        return false
    end
    rest = rest:gsub("^%.%d+", "", 1)
    if rest == "Z" or rest == "z" then
        return true
    end
    local oh, om = rest:match("^[+-](%d%d):(%d%d)$")
    return oh ~= nil and tonumber(oh) <= 15 and tonumber(om) <= 59
end

M.email = function(s)
    return #s <= 254 and s:find("^[^%s@]+@[^%s@]+%.[^%s@]+$") ~= nil
end

return M
