-- SPDX-License-Identifier: Apache-2.0
local host = require "tests.lua.cli_host"
local cli = require "thing.cli"
local complete = require "thing.cli.complete"

local function words(...)
    local found = {}
    for i, candidate in ipairs(complete.candidates(cli.root, cli.COMMON, { ... })) do
        found[i] = candidate[1]
    end
    return found
end

local function all_commands(group, visit, path)
    for _, command in ipairs(group.commands) do
        visit(command, path .. " " .. command.name)
        if command.commands then
            all_commands(command, visit, path .. " " .. command.name)
        end
    end
end

describe("completion", function()
    it("goes down the words", function()
        assert.same({ "product" }, words("prod"))
        assert.same({ "list", "create", "delete" }, words("device", "key", ""))
        assert.same({}, words("nonsense", "x"))
    end)

    it("offers options once, those that may come again always", function()
        assert.same({ "--online" }, words("device", "list", "--onl"))
        assert.same({}, words("device", "list", "--online", "--onl"))
        assert.same({ "--tag" }, words("device", "list", "--tag", "a", "--tag"))
        assert.same({ "--tag", "--to", "--type", "--token" }, words("export", "events", "--t"))
    end)

    it("offers what an option takes", function()
        assert.same({ "csv", "jsonl" }, words("export", "devices", "--format", ""))
        assert.same({ "--format=jsonl" }, words("export", "devices", "--format=j"))
        assert.same({ complete.FILES }, words("export", "devices", "--out", "x"))
        assert.same({ complete.FILES }, words("import", ""))
        assert.same({ "operator" }, words("token", "create", "--role", "op"))
    end)

    it("asks the server that the line names", function()
        local asked
        host.request = function(r)
            asked = r
            return { status = 200, headers = {}, body = '{"items":[{"key":"abc"},{"key":"xyz"}]}' }
        end
        assert.same({ "abc" }, words("device", "show", "--server", "http://there", "--token", "t",
            "a"))
        assert.equal("http://there", asked.server)
        assert.equal("/api/v1/devices?limit=100&prefix=a", asked.path)
        assert(asked.timeout <= 2000)
        host.request = function() return nil, "away", "unavailable" end
        assert.same({}, words("device", "show", "a"))
    end)
end)

describe("every command", function()
    it("is declared whole", function()
        all_commands(cli.root, function(command, path)
            assert(command.summary and #command.summary > 0, path)
            assert(not command.summary:find("%.$"), path .. ": no full stop, help adds it")
            local program = command.alone and not command.run
            assert(command.run or command.commands or program, path)
            local many = false
            for _, arg in ipairs(command.args or {}) do
                assert(not many, path .. ": nothing comes behind an argument of many words")
                assert(arg[1]:find("^[A-Z_]+$") and arg[2], path .. " " .. arg[1])
                many = arg.many
            end
            local seen = {}
            for _, list in ipairs { command.options or {}, command.alone and {} or cli.COMMON } do
                for _, option in ipairs(list) do
                    assert(not seen[option[1]], path .. ": --" .. option[1] .. " twice")
                    assert(option[1]:find("^[a-z-]+$") and option[2] ~= nil and option[3], path)
                    seen[option[1]] = true
                end
            end
        end, "thingd")
    end)
end)
