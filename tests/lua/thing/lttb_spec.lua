-- SPDX-License-Identifier: Apache-2.0
local lttb = require "thing.lttb"

local function wave(n, spike)
    local out = {}
    for i = 1, n do
        out[i] = { i, i == spike and 1000 or math.sin(i / 50) }
    end
    return out
end

describe("lttb", function()
    it("keeps everything that is few", function()
        local points = wave(10)
        assert.equal(points, lttb.pick(points, 10))
    end)

    it("gives as many as were asked for, in order, both ends among them", function()
        for _, n in ipairs { 4, 11, 100, 10007 } do
            local points = wave(n)
            for _, count in ipairs { 3, n // 2 + 1, n - 1 } do
                local kept, at = lttb.pick(points, count), 0
                assert.equal(count, #kept)
                assert.equal(points[1], kept[1])
                assert.equal(points[n], kept[count])
                for _, p in ipairs(kept) do
                    assert.truthy(p[1] > at)
                    assert.equal(points[p[1]], p)
                    at = p[1]
                end
            end
        end
    end)

    it("keeps a spike wherever it is", function()
        for spike = 1, 1000, 37 do
            local seen = 0
            for _, p in ipairs(lttb.pick(wave(1000, spike), 50)) do
                seen = math.max(seen, p[2])
            end
            assert.equal(1000, seen)
        end
    end)

    it("picks what the program of the paper picks", function()
        local points = {}
        for i, v in ipairs { 2, 5, 3, 9, 1, 4, 4, 8, 0, 7, 6, 2 } do
            points[i] = { i - 1, v }
        end
        local times = {}
        for i, p in ipairs(lttb.pick(points, 5)) do
            times[i] = p[1]
        end
        assert.same({ 0, 3, 4, 7, 11 }, times)
    end)
end)
