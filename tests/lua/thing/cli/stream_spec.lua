-- SPDX-License-Identifier: Apache-2.0
local host = require "tests.lua.cli_host"
local fail = require "thing.cli.fail"
local stream = require "thing.cli.stream"

local TEXT = ": hello\n\nid: 1\nevent: latest\ndata: {\"a\":1}\n\r\n"
    .. "id: 2\r\ndata: one\r\ndata:two\r\n\r\nevent: none\n\nid: 3\ndata\n\n"

local EVENTS = {
    { event = "latest", data = '{"a":1}', id = "1" },
    { event = "message", data = "one\ntwo", id = "2" },
    { event = "message", data = "", id = "3" },
}

describe("a stream of events", function()
    it("is read whatever pieces it comes in", function()
        for size = 1, #TEXT do
            local seen = {}
            local take = stream.reader(function(event) seen[#seen + 1] = event end)
            for at = 1, #TEXT, size do
                assert.is_true(take(TEXT:sub(at, at + size - 1)))
            end
            assert.same(EVENTS, seen)
        end
    end)

    it("ends when enough was seen", function()
        local seen = 0
        local take = stream.reader(function()
            seen = seen + 1
            return seen < 2
        end)
        assert.is_false(take(TEXT))
        assert.equal(2, seen)
    end)

    it("is followed over a broken connection, behind the last event", function()
        local asked, pauses, seen = {}, {}, {}
        host.sleep = function(ms) pauses[#pauses + 1] = ms end
        local connection = { request = function(_, _, _, o)
            asked[#asked + 1] = o.headers[2] or "from now on"
            if #asked == 2 then
                fail.raise(fail.NO_ANSWER, "away")
            end
            o.sink(#asked == 1 and "id: 7\ndata: a\n\n" or "id: 8\ndata: b\n\n")
        end }
        stream.follow(connection, "/events", {}, function(event)
            seen[#seen + 1] = event.data
            return event.data ~= "b"
        end)
        assert.same({ "a", "b" }, seen)
        assert.same({ "from now on", "Last-Event-ID: 7", "Last-Event-ID: 7" }, asked)
        assert.same({ 500, 1000 }, pauses)
    end)

    it("that never began is an error, and so is a refusal", function()
        for _, status in ipairs { fail.NO_ANSWER, fail.NOT_ALLOWED } do
            local connection = { request = function() fail.raise(status, "no") end }
            local ok, e = pcall(stream.follow, connection, "/events", {}, function() end)
            assert.is_false(ok)
            assert.equal(status, e.status)
        end
    end)
end)
