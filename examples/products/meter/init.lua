-- SPDX-License-Identifier: Apache-2.0
--
-- An electricity meter that counts watt-hours in a register, and tariffs that turn them into money.
-- The meter reports {"register": n}; stored beside it are what was used since the report before, at
-- which tariff, what it cost, and the month so far. When a month ends there is an event `bill`.
--
-- A register falls back to nothing when the meter is changed, or runs over: what was used then is
-- not known, so nothing is charged and an event says so. Reports that come late are stored but not
-- charged, since the ones after them have been.
-- Try it: thingd lua test examples/products/meter

local M = { api = 1 }

local ZONE = 60 -- minutes east of UTC: tariffs go by the clock on the wall
local RUNS_OVER = 100000000 -- the register's size

-- Thousandths of a cent for a watt-hour.
local TARIFFS = {
    day = 32, night = 21, weekend = 24,
}

local function tariff_at(parts)
    if parts.weekday >= 6 then
        return "weekend"
    end
    return parts.hour >= 6 and parts.hour < 22 and "day" or "night"
end

-- Watt-hours between two readings; nil when nobody can know.
local function used(before, now)
    if now >= before then
        return now - before
    elseif before > RUNS_OVER * 0.99 and now < RUNS_OVER * 0.01 then
        return now + RUNS_OVER - before
    end
end

local function month_of(parts)
    return ("%04d-%02d"):format(parts.year, parts.month)
end

-- What a month has gathered: watt-hours by tariff, and cost.
local function open_month(name)
    return { month = name, used = { day = 0, night = 0, weekend = 0 }, cost = 0 }
end

local function cents(cost)
    return cost / 1000
end

local function bill(month)
    thing.event("bill", { month = month.month, used = month.used, cents = cents(month.cost) })
end

function M.on_property(msg)
    local params = msg.params
    local register = math.tointeger(params.register)
    if not register or register < 0 or register >= RUNS_OVER then
        return false, "register: a whole number of watt-hours expected"
    end
    local last = thing.kv.get("last")
    if last and msg.time <= last.time then
        return params
    end
    thing.kv.set("last", { register = register, time = msg.time })
    -- What was used since the reading before is charged at the tariff of its time: a meter that
    -- reports each quarter of an hour is never wrong by more than that.
    local parts = thing.time.parts(last and last.time or msg.time, ZONE)
    local month = thing.kv.get("month") or open_month(month_of(parts))
    if month.month ~= month_of(parts) then
        bill(month)
        month = open_month(month_of(parts))
    end
    local amount = last and used(last.register, register)
    if last and not amount then
        thing.event("register_fell", { before = last.register, now = register })
    elseif amount then
        local tariff = tariff_at(parts)
        local cost = amount * TARIFFS[tariff]
        month.used[tariff] = month.used[tariff] + amount
        month.cost = month.cost + cost
        params.used, params.tariff, params.cents = amount, tariff, cents(cost)
    end
    thing.kv.set("month", month)
    params.month_cents = cents(month.cost)
    return params
end

-- Wednesday 2026-01-14 at 12:00, and 23:00 of the last day of the month, on the wall.
local NOON, LAST_NIGHT = 1768388400000, 1769896800000

local function reading(register, time, kv)
    return { payload = { id = "1", params = { register = register } }, received = time, kv = kv }
end

M.tests = {
    {
        name = "the first reading has nothing to compare with",
        input = reading(5000, NOON),
        expect = {
            store = { { params = { register = 5000, month_cents = 0 } } },
            kv = { last = { register = 5000, time = NOON } }, events = {},
        },
    },
    {
        name = "at noon of a working day it is dear",
        input = reading(6000, NOON + 900000, { last = { register = 5000, time = NOON } }),
        expect = {
            store = { { params = { used = 1000, tariff = "day", cents = 32, month_cents = 32 } } },
            kv = { month = { month = "2026-01", used = { day = 1000, night = 0, weekend = 0 },
                cost = 32000 } },
        },
    },
    {
        name = "a register that runs over goes on",
        input = reading(20, NOON + 900000, { last = { register = RUNS_OVER - 80, time = NOON } }),
        expect = { store = { { params = { used = 100, cents = 3.2 } } }, events = {} },
    },
    {
        name = "one that falls charges nothing and says so",
        input = reading(7, NOON + 900000, { last = { register = 5000, time = NOON } }),
        expect = {
            store = { { params = { register = 7, month_cents = 0 } } },
            events = { { type = "register_fell", params = { before = 5000, now = 7 } } },
        },
    },
    {
        name = "a late reading is stored, not charged",
        input = reading(4990, NOON - 1, { last = { register = 5000, time = NOON } }),
        expect = {
            store = { { params = { register = 4990 }, time = NOON - 1 } }, events = {},
        },
    },
    {
        name = "the last night of a month belongs to it",
        input = reading(5100, LAST_NIGHT + 7200000, {
            last = { register = 5000, time = LAST_NIGHT },
            month = { month = "2026-01", used = { day = 1, night = 2, weekend = 3 }, cost = 146 },
        }),
        expect = {
            store = { { params = { used = 100, tariff = "weekend", month_cents = 2.546 } } },
            kv = { month = { month = "2026-01" } }, events = {},
        },
    },
    {
        name = "a month that is over is billed",
        input = reading(5200, LAST_NIGHT + 8100000, {
            last = { register = 5100, time = LAST_NIGHT + 7200000 },
            month = { month = "2026-01", cost = 2546,
                used = { day = 1, night = 2, weekend = 103 } },
        }),
        expect = {
            events = { { type = "bill", params = { month = "2026-01", cents = 2.546,
                used = { day = 1, night = 2, weekend = 103 } } } },
            kv = { month = { month = "2026-02", cost = 2400 } },
        },
    },
    {
        name = "what is no register is rejected",
        input = { payload = { id = "1", params = { register = 1.5 } } },
        expect = { dead = { reason = "rejected" }, store = {} },
    },
}

return M
