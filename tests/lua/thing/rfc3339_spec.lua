-- SPDX-License-Identifier: Apache-2.0
local rfc3339 = require "thing.rfc3339"

describe("rfc3339", function()
    it("turns every offset into UTC", function()
        for text, utc in pairs {
            ["2026-11-24T20:00:00Z"] = "2026-11-24T20:00:00Z",
            ["2026-11-24T20:00:00.123456+08:00"] = "2026-11-24T12:00:00.123456Z",
            ["2026-11-24t00:30:00+05:45"] = "2026-11-23T18:45:00Z",
            ["2024-02-29T23:59:59-00:01"] = "2024-03-01T00:00:59Z",
            ["2000-03-01T00:00:00+23:59"] = "2000-02-29T00:01:00Z",
            ["1900-02-28T23:00:00-02:00"] = "1900-03-01T01:00:00Z",
            ["2026-12-31T23:59:59-23:59"] = "2027-01-01T23:58:59Z",
            ["0001-01-01T00:00:00+01:00"] = "0001-01-01T00:00:00Z",
            ["9999-12-31T23:59:59-01:00"] = "10000-01-01T00:59:59Z",
        } do
            assert.equal(utc, rfc3339.utc(text))
        end
    end)

    it("agrees with the calendar on every day of 400 years", function()
        local days = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }
        local last
        for y = 1900, 2299 do
            local leap = y % 4 == 0 and (y % 100 ~= 0 or y % 400 == 0)
            for m = 1, 12 do
                for d = 1, days[m] + (leap and m == 2 and 1 or 0) do
                    local day = ("%04d-%02d-%02d"):format(y, m, d)
                    if last then -- the evening before, an hour west, is this day's first hour
                        assert(day == rfc3339.utc(last .. "T23:30:00-01:00"):sub(1, 10), day)
                    end
                    last = day
                end
            end
        end
    end)

    it("writes milliseconds since 1970", function()
        for ms, text in pairs {
            [0] = "1970-01-01T00:00:00.000Z", [-1] = "1969-12-31T23:59:59.999Z",
            [951782400007] = "2000-02-29T00:00:00.007Z",
            [1795395178123] = "2026-11-23T00:52:58.123Z",
            [253402300799999] = "9999-12-31T23:59:59.999Z",
        } do
            assert.equal(text, rfc3339.text(ms))
        end
    end)

    it("refuses what is no time", function()
        for _, text in ipairs {
            "", "2026-11-24", "2026-11-24T20:00:00", "2026-02-29T00:00:00Z", "2026-00-01T00:00:00Z",
            "2026-01-00T00:00:00Z", "2026-11-24T24:00:00Z", "2026-11-24T20:60:00Z",
            "2026-11-24T20:00:60Z", "2026-11-24T20:00:00.Z", "2026-11-24T20:00:00+24:00",
            "2026-11-24T20:00:00+0100", "0000-01-01T00:00:00Z", "2026-11-24T20:00:0012Z", "x",
        } do
            assert.is_nil(rfc3339.utc(text), text)
        end
    end)
end)
