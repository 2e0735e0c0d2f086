-- SPDX-License-Identifier: Apache-2.0
require "tests.lua.offline"
local picture = require "api.picture"

local DAY = 86400

local function plan(seconds, count)
    local _, length, from = picture.plan({ seconds = seconds, from = "since" }, count)
    return length, from
end

describe("the parts of a picture", function()
    it("are whole five minutes where there is one for each point", function()
        assert.same({ 1200, "epoch" }, { plan(30 * DAY, 1000) })
        assert.same({ 300, "epoch" }, { plan(7 * DAY, 1000) })
        assert.same({ 300, "epoch" }, { plan(1000 * 300, 1000) })
        for _, count in ipairs { 3, 70, 500, 8640 } do
            local length = plan(30 * DAY, count)
            assert.equal(0, length % 300)
            assert.is_true(length <= 300 or 30 * DAY / length >= 2 * count)
        end
    end)

    it("are whole hours where they are as long", function()
        assert.same({ 3600, "epoch" }, { plan(30 * DAY, 300) })
        assert.same({ 4 * 3600, "epoch" }, { plan(30 * DAY, 86) })
    end)

    it("are as short as it takes in a short range", function()
        assert.same({ 43.2, "since" }, { plan(DAY, 1000) })
        assert.same({ 0.001, "since" }, { plan(0.005, 1000) })
    end)
end)
