-- SPDX-License-Identifier: Apache-2.0
require "tests.lua.cli_host"
local fail = require "thing.cli.fail"
local jsonio = require "thing.jsonio"
local out = require "thing.cli.out"

local COLUMNS = {
    { "NAME", "name" }, { "DEEP VALUE", "a.b" },
    { "SUM", function(item) return item.x and item.x + 1 end },
    { "SHOWN", "x", show = function(v) return "<" .. tostring(v) .. ">" end },
}

local ITEMS = {
    { name = "one", a = { b = false }, x = 1 },
    { name = '=1+1,"', a = jsonio.null },
    { name = "a\nb", a = { b = { 1, 2 } }, x = -2.5 },
}

-- What fn writes to standard output.
local function written(fn)
    local parts, real = {}, io.stdout
    rawset(io, "stdout", { flush = function() return true end, write = function(_, ...)
        for _, part in ipairs { ... } do
            parts[#parts + 1] = part
        end
        return true
    end })
    local ok, e = pcall(fn)
    rawset(io, "stdout", real)
    assert(ok, e)
    return table.concat(parts)
end

local function list(form, items)
    return written(function()
        local writer = out.list(form, COLUMNS)
        for i, item in ipairs(items) do
            writer.item(item, '{"n":' .. i .. "}")
        end
        writer.finish()
    end)
end

describe("a list", function()
    it("as a table", function()
        assert.equal("NAME    DEEP VALUE  SUM   SHOWN\n"
            .. "one     no          2     <1>\n"
            .. '=1+1,"                    <nil>\n'
            .. "a<0A>b  1, 2        -1.5  <-2.5>\n", list("table", ITEMS))
    end)

    it("as CSV: formulas are text, numbers stay numbers", function()
        assert.equal("name,deep_value,sum,shown\r\none,false,2,1\r\n"
            .. '"\'=1+1,""",,,\r\n"a\nb","1, 2",-1.5,-2.5\r\n', list("csv", ITEMS))
        for _, begin in ipairs { "=", "+", "-", "@", "\t", "\r" } do
            local row = list("csv", { { name = begin .. "x" } }):match("\r\n(.*)")
            assert.equal("'", row:match("^\"?(.)"))
        end
    end)

    it("as JSON: the server's text, a line each", function()
        assert.equal('{"n":1}\n{"n":2}\n{"n":3}\n', list("json", ITEMS))
    end)

    it("that is empty has a head where forms have one", function()
        assert.equal("NAME  DEEP VALUE  SUM  SHOWN\n", list("table", {}))
        assert.equal("name,deep_value,sum,shown\r\n", list("csv", {}))
        assert.equal("", list("json", {}))
    end)
end)

describe("a record", function()
    it("shows what was named first, then the rest, members of members flat", function()
        local record = { b = { d = jsonio.array { "x", "y" }, c = 1 }, key = "a", empty = {},
            made_at = "2026-01-31T10:00:00.5Z" }
        assert.equal("key      a\nmade_at  2026-01-31 10:00:00Z\nb.c      1\nb.d      x, y\n"
            .. "empty    {}\n", written(function()
                out.record(record, { "key", "made_at", "absent" })
            end))
    end)
end)

describe("output that cannot be written", function()
    it("is a failure", function()
        local real = io.stdout
        rawset(io, "stdout", { write = function() return nil, "No space left on device" end })
        local ok, e = pcall(out.line, "x")
        rawset(io, "stdout", real)
        assert.is_false(ok)
        assert(fail.is(e))
        assert.equal("cannot write: No space left on device", e.message)
    end)
end)
