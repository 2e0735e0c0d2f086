-- SPDX-License-Identifier: Apache-2.0
local host = require "tests.lua.cli_host"
local grid = require "thing.cli.grid"

local function print_rows(heads, rows, columns)
    local lines = {}
    local g = grid.new { heads = heads, columns = columns, width = host.width,
        put = function(line) lines[#lines + 1] = line end, bold = function(s) return s end }
    for _, row in ipairs(rows) do
        g:add(row)
    end
    g:flush()
    return lines
end

describe("a table", function()
    it("aligns by the cells that characters take", function()
        assert.same({ "KEY   NAME", "a     温室", "long  é" },
            print_rows({ "KEY", "NAME" }, { { "a", "温室" }, { "long", "é" } }))
        assert.same({ "N      K", "温室   a", "e\u{301}tage  b" },
            print_rows({ "N", "K" }, { { "温室", "a" }, { "e\u{301}tage", "b" } }))
    end)

    it("has a head also without rows", function()
        assert.same({ "A  B" }, print_rows({ "A", "B" }, {}))
    end)

    it("is cut to the terminal, at the widest column, between characters", function()
        local lines = print_rows({ "KEY", "NAME" }, { { "a", ("温"):rep(40) } }, 20)
        assert.equal("a    温温温温温温温…", lines[2])
        for _, line in ipairs(lines) do
            assert(host.width(line) <= 20, line)
        end
    end)

    it("keeps columns that can be read when there is no room at all", function()
        local lines = print_rows({ "A", "B" }, { { ("x"):rep(30), ("y"):rep(30) } }, 5)
        assert.equal("xxxxxxx…  yyyyyyy…", lines[2])
    end)

    it("is printed as it comes, also when later rows are wider", function()
        local lines = {}
        local g = grid.new { heads = { "A", "B" }, width = host.width, bold = tostring,
            put = function(line) lines[#lines + 1] = line end }
        for i = 1, 1000 do
            assert.equal(0, #lines)
            g:add { tostring(i), "x" }
        end
        assert.equal(1001, #lines)
        g:add { "123456", "y" }
        assert.equal("123456  y", lines[1002])
        g:flush()
        assert.equal(1002, #lines)
    end)
end)
