-- SPDX-License-Identifier: Apache-2.0
require "tests.lua.cli_host"
local text = require "thing.cli.text"
local values = require "thing.cli.values"
local client = require "thing.cli.client"
local fail = require "thing.cli.fail"
local jsonio = require "thing.jsonio"

describe("text from devices", function()
    it("commands no terminal", function()
        assert.equal("<1B>[2Jred", text.clean("\27[2Jred"))
        assert.equal("a<0A>b<09><00>", text.clean("a\nb\t\0"))
        assert.equal("<9B>2J<7F>", text.clean("\u{9B}2J\127"))
        assert.equal("<202E>evil<2066>", text.clean("\u{202E}evil\u{2066}"))
        assert.equal("<FF>x", text.clean("\xFFx"))
        assert.equal("温室 – é", text.clean("温室 – é"))
    end)

    it("is the same value as JSON, and commands no terminal there either", function()
        assert.equal('"\\u009b\\u007f\\u202e"', text.clean_json('"\u{9B}\127\u{202E}"'))
        assert.equal('{"a" : "温室 – é\\n"}', text.clean_json('{"a" : "温室 – é\\n"}'))
    end)
end)

describe("a value", function()
    it("stands on one line", function()
        assert.equal("", text.value(nil))
        assert.equal("", text.value(jsonio.null))
        assert.equal("yes", text.value(true))
        assert.equal("0.1", text.value(0.1))
        assert.equal("9007199254740993", text.value(9007199254740993))
        assert.equal("a, b", text.value(jsonio.array { "a", "b" }))
        assert.equal('{"a":[1]}', text.value { a = { 1 } })
    end)

    it("that is a time is told to the second", function()
        assert.equal("2026-01-31 10:20:30Z", text.time("2026-01-31T10:20:30.123Z"))
        assert.equal("soon", text.time("soon"))
        assert.equal("", text.time(jsonio.null))
    end)
end)

describe("values in arguments", function()
    it("are the JSON that they are, or text", function()
        assert.equal('{"a":3,"b":"x","c":"3","d":1.50,"e":null,"f":"[x"}', jsonio.encode(
            values.pairs { "a=3", "b=x", 'c="3"', "d=1.50", "e=null", "f=[x" }))
        assert.equal('{"a":{"b":true,"c":"="}}', jsonio.encode(
            values.pairs({ "a.b=true", "a.c==" }, true)))
        assert.equal('{"a":{"b":null}}', jsonio.encode(values.unset({}, { "a.b" }, true)))
    end)

    it("are refused when they are no pair", function()
        for _, bad in ipairs { "a", "=1", "" } do
            local ok, e = pcall(values.pairs, { bad })
            assert.is_false(ok)
            assert(fail.is(e))
        end
    end)

    it("that are times may say how long ago", function()
        assert.equal("2026-02-01T09:58:30Z", values.time("90s", "--from"))
        assert.equal("2026-01-25T10:00:00Z", values.time("7d", "--from"))
        assert.equal("2026-01-31T00:00:00Z", values.time("2026-01-31", "--from"))
        assert.equal("2026-01-31T08:00:00Z", values.time("2026-01-31T10:00:00+02:00", "--from"))
        for _, bad in ipairs { "soon", "2026-13-01", "-1h", "7w", "" } do
            assert.is_false(pcall(values.time, bad, "--from"))
        end
    end)
end)

describe("a path", function()
    it("is filled and escaped", function()
        local path, what = client.path("/products/{product}/devices/{device}",
            { product = "a/b", DEVICE = "ü?" })
        assert.equal("/products/a%2Fb/devices/%C3%BC%3F", path)
        assert.equal("device ü? (product a/b)", what)
        assert.equal("/tokens", (client.path("/tokens", {})))
    end)
end)
