-- SPDX-License-Identifier: Apache-2.0
require "tests.lua.cli_host"
local args = require "thing.cli.args"
local fail = require "thing.cli.fail"

local COMMON = { { "json", false, "JSON" }, { "server", "URL", "Address" } }

local ROOT = { name = "thingd", commands = {
    { name = "thing", commands = {
        { name = "list", args = {}, options = {
            { "limit", "N", "Most", integer = true },
            { "tag", "TAG", "Has it", repeated = true },
            { "sort", "FIELD", "Order", choices = { "key", "-key" } },
            { "dry-run", false, "Nothing is done" },
            { "role", "ROLE", "Role", default = "viewer" },
        } },
        { name = "move", args = { { "FROM", "Source" }, { "TO", "Target", many = true } } },
        { name = "show", args = { { "KEY", "Key", optional = true } } },
    } },
} }

local function parse(line)
    local words = {}
    for word in line:gmatch("%S+") do
        words[#words + 1] = word == "''" and "" or word
    end
    return args.parse(ROOT, COMMON, words)
end

local function refused(line)
    local ok, e = pcall(parse, line)
    assert.is_false(ok)
    assert(fail.is(e), tostring(e))
    assert.equal(fail.USAGE, e.status)
    return e.message, e.hint
end

describe("the command line", function()
    it("is read in any order of options and arguments", function()
        for _, line in ipairs { "thing list --limit 3 --json", "--json thing --limit=3 list",
            "thing --limit 3 --json list" } do
            if not line:find("limit.* list") then
                local call = parse(line)
                assert.same({ "thing", "list" }, call.words)
                assert.same({ json = true, limit = 3, role = "viewer" }, call.options)
            else
                assert.matches("no option", (refused(line)))
            end
        end
    end)

    it("gathers what may come several times, and refuses what may not", function()
        assert.same({ "a", "b" }, parse("thing list --tag a --tag=b").options.tag)
        assert.matches("%-%-limit came twice", (refused("thing list --limit 1 --limit 2")))
    end)

    it("takes a value that begins with a dash, or is empty", function()
        assert.equal("-key", parse("thing list --sort -key").options.sort)
        assert.equal("", parse("thing list --role=").options.role)
    end)

    it("names options with - as members with _", function()
        assert.is_true(parse("thing list --dry-run").options.dry_run)
        assert.matches("takes no value", (refused("thing list --dry-run=yes")))
    end)

    it("puts arguments where they belong", function()
        assert.same({ FROM = "a", TO = { "b", "c" } }, parse("thing move a b c").args)
        assert.same({ FROM = "--x", TO = { "-" } }, parse("thing move -- --x -").args)
        assert.same({}, parse("thing show").args)
    end)

    it("says what is missing, empty or too much", function()
        assert.matches("TO is missing: Target", (refused("thing move a")))
        assert.matches("KEY is empty", (refused("thing show ''")))
        assert.matches('what is "b"', (refused("thing show a b")))
        assert.matches("%-%-limit wants a value: N", (refused("thing list --limit")))
        assert.matches("wants a whole number", (refused("thing list --limit 1.5")))
        assert.matches("is one of key, %-key", (refused("thing list --sort name")))
    end)

    it("knows what was meant", function()
        local message, hint = refused("thng list")
        assert.equal('there is no command "thng"', message)
        assert.matches('Did you mean "thing"', hint)
        message, hint = refused("thing list --limti 3")
        assert.equal('thing list: there is no option "--limti" here', message)
        assert.matches('Did you mean "%-%-limit"', hint)
        local _, far = refused("thing list --wholly-other")
        assert.equal("Try `thingd help thing list`.", far)
    end)

    it("asks for nothing when help is wanted", function()
        assert.is_true(parse("thing move --help").help)
        assert.is_true(parse("thing -h").help)
    end)
end)
