-- SPDX-License-Identifier: Apache-2.0
--
-- Times as the API takes them: RFC 3339 with any offset. PostgreSQL knows offsets below 16 hours
-- only, so what goes there is turned into UTC first.
local M = {}

local DAYS = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }
local PATTERN = "^(%d%d%d%d)%-(%d%d)%-(%d%d)[Tt ](%d%d):(%d%d):(%d%d)(%.?%d*)([Zz+-].*)$"

-- Days since 0000-03-01 of the proleptic Gregorian calendar, and back.
local function day_number(y, m, d)
    if m < 3 then
        y, m = y - 1, m + 12
    end
    return 365 * y + y // 4 - y // 100 + y // 400 + (153 * (m - 3) + 2) // 5 + d - 1
end

local function date_of(n)
    local era = n // 146097
    local rest = n - era * 146097
    local y = (rest - rest // 1460 + rest // 36524 - rest // 146096) // 365
    local day = rest - (365 * y + y // 4 - y // 100)
    local m = (5 * day + 2) // 153
    local d = day - (153 * m + 2) // 5 + 1
    return y + era * 400 + (m >= 10 and 1 or 0), m < 10 and m + 3 or m - 9, d
end

local function offset_of(text)
    if text == "Z" or text == "z" then
        return 0
    end
    local sign, h, m = text:match("^([+-])(%d%d):(%d%d)$")
    if not sign or tonumber(h) > 23 or tonumber(m) > 59 then
        return nil
    end
    local minutes = tonumber(h) * 60 + tonumber(m)
    return sign == "-" and -minutes or minutes
end

-- Year, month, day, minute of the day, seconds as text, offset in minutes; nil when it is no time.
local function parse(text)
    local y, mo, d, h, mi, s, fraction, zone = text:match(PATTERN)
    if not y or fraction == "." or fraction ~= "" and fraction:sub(1, 1) ~= "." then
        return nil
    end
    y, mo, d, h, mi = tonumber(y), tonumber(mo), tonumber(d), tonumber(h), tonumber(mi)
    local leap = mo == 2 and y % 4 == 0 and (y % 100 ~= 0 or y % 400 == 0)
    local days = DAYS[mo] and DAYS[mo] + (leap and 1 or 0)
    local offset = offset_of(zone)
    local clock = h <= 23 and mi <= 59 and tonumber(s) <= 59
    if y < 1 or not days or d < 1 or d > days or not clock or not offset then
        return nil
    end
    return y, mo, d, h * 60 + mi, s .. fraction, offset
end

function M.is_time(text)
    return parse(text) ~= nil
end

-- The same moment with Z; nil when it is no time. Before year 1 it is the beginning of year 1.
function M.utc(text)
    local y, mo, d, minute, seconds, offset = parse(text)
    if not y then
        return nil
    end
    minute = minute - offset
    y, mo, d = date_of(day_number(y, mo, d) + minute // 1440)
    if y < 1 then
        return "0001-01-01T00:00:00Z"
    end
    minute = minute % 1440
    return ("%04d-%02d-%02dT%02d:%02d:%sZ"):format(y, mo, d, minute // 60, minute % 60, seconds)
end

local DAY, EPOCH = 86400000, day_number(1970, 1, 1)

-- Milliseconds since 1970 in the form of PostgreSQL's th_rfc3339.
function M.text(ms)
    local y, mo, d = date_of(EPOCH + ms // DAY)
    local rest = ms % DAY
    return ("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ"):format(y, mo, d, rest // 3600000,
        rest // 60000 % 60, rest // 1000 % 60, rest % 1000)
end

return M
