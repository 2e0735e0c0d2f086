-- SPDX-License-Identifier: Apache-2.0
require "tests.lua.cli_host"
local diff = require "thing.cli.script.diff"
local fail = require "thing.cli.fail"
local folder = require "thing.cli.script.folder"
local live = require "thing.cli.script.live"

local function marked(before, after)
    local out = {}
    for i, c in ipairs(diff.lines(before, after)) do
        out[i] = c.sign .. c.line
    end
    return table.concat(out, "|")
end

describe("the difference of two texts", function()
    for _, case in ipairs {
        { "", "", "" },
        { "a\n", "a\n", " a" },
        { "a", "a\n", " a" },
        { "", "a\n", "+a" },
        { "a\n", "", "-a" },
        { "a\nb\nc\n", "a\nx\nc\n", " a|-b|+x| c" },
        { "a\nb\nc\nd\n", "b\nc\ne\nd\n", "-a| b| c|+e| d" },
        { "a\na\na\n", "a\na\n", " a| a|-a" },
        { "x\ny\n", "y\nx\n", "-x| y|+x" },
        { "\n\n", "\n", " |-" },
    } do
        it(("of %q and %q"):format(case[1], case[2]), function()
            assert.equal(case[3], marked(case[1], case[2]))
        end)
    end

    it("makes the one of the other, whatever they are", function()
        local seed = 7
        local function text()
            local lines = {}
            for i = 1, 12 do
                seed = (seed * 1103515245 + 12345) % 2 ^ 31
                lines[i] = ("abcd"):sub(seed // 65536 % 4 + 1, seed // 65536 % 4 + 1)
            end
            return table.concat(lines, "\n") .. "\n"
        end
        for _ = 1, 50 do
            local a, b, from, to = text(), text(), {}, {}
            for _, c in ipairs(diff.lines(a, b)) do
                if c.sign ~= "+" then from[#from + 1] = c.line end
                if c.sign ~= "-" then to[#to + 1] = c.line end
            end
            assert.equal(a, table.concat(from, "\n") .. "\n")
            assert.equal(b, table.concat(to, "\n") .. "\n")
        end
    end)

    it("ends also when both are large and have nothing in common", function()
        local changes = diff.lines(("a\n"):rep(30000), ("b\n"):rep(30000))
        assert.equal(60000, #changes)
    end)

    it("is shown with little around it", function()
        local before, after = {}, {}
        for i = 1, 20 do
            before[i], after[i] = "line " .. i, i == 10 and "new" or "line " .. i
        end
        assert.same({ "  line 8", "  line 9", "- line 10", "+ new", "  line 11", "  line 12" },
            diff.hunks(diff.lines(table.concat(before, "\n"), table.concat(after, "\n"))))
    end)

    it("of folders names files that are new or gone", function()
        assert.same({ "a.lua (gone)", "b.lua", "- 1", "+ 2", "c.lua (new)" },
            diff.files({ ["a.lua"] = "1", ["b.lua"] = "1", ["d.lua"] = "1" },
                { ["b.lua"] = "2", ["c.lua"] = "1", ["d.lua"] = "1" }))
    end)
end)

describe("a stream of events", function()
    it("is read in pieces of any size", function()
        local text = ": hello\n\nevent: script_log\nid: 7\ndata: {\"a\":1}\n\n"
            .. "event: resync\ndata: {}\n\nevent: x\n\ndata: one\ndata: two\n\ndata: unfinished\n"
        for size = 1, #text do
            local seen = {}
            local feed = live.reader(function(name, data)
                seen[#seen + 1] = tostring(name) .. "=" .. data
            end)
            for at = 1, #text, size do
                feed(text:sub(at, at + size - 1))
            end
            assert.same({ 'script_log={"a":1}', "resync={}", "nil=one\ntwo" }, seen)
        end
    end)
end)

describe("a version that is written into a folder", function()
    for _, name in ipairs { "../../evil", "a/b", "..", "a..b", ".a", "", "a-b", "a\0b" } do
        it(("has no file outside of it: %q"):format(name), function()
            local ok, e = pcall(folder.replace, "nowhere", nil, { source = "x",
                modules = { good = "1", [name] = "1" } })
            assert(not ok and fail.is(e) and e.message:find("which no folder may have", 1, true))
        end)
    end
end)
