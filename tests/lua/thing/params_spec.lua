-- SPDX-License-Identifier: Apache-2.0
require "tests.lua.offline"
local params = require "thing.params"
local problem = require "thing.problem"

local read = params.compile {
    limit = { type = "integer", minimum = 1, maximum = 10, default = 5 },
    online = { type = "boolean" },
    tag = { type = "array", items = { type = "string" } },
    q = { type = "string", maxLength = 5 },
    from = { type = "string", format = "date-time" },
}

local function refused(text)
    local ok, e = pcall(read, text)
    assert.is_false(ok, text)
    assert.truthy(problem.is(e))
    assert.equal("invalid_query", e.code)
    return e.errors[1].path
end

describe("params", function()
    it("reads values as their schemas say", function()
        assert.same({ limit = 3, online = true, tag = { "a", "b" }, q = "x y" },
            read("limit=3&online=true&tag=a,b&q=x+y"))
        assert.equal("ü=&", read("q=%C3%BC%3D%26").q)
    end)

    it("fills in defaults", function()
        assert.same({ limit = 5 }, read(""))
        assert.same({ limit = 5 }, read(nil))
    end)

    it("refuses what is unknown, twice or of another form", function()
        assert.equal("x", refused("x=1"))
        assert.equal("q", refused("q=a&q=b"))
        assert.equal("limit", refused("limit=0"))
        assert.equal("limit", refused("limit=1e1"))
        assert.equal("limit", refused("limit="))
        assert.equal("online", refused("online=1"))
        assert.equal("q", refused("q=abcdef"))
        assert.equal("q", refused("q=%FF"))
        assert.equal("q", refused("q=a%00"))
        assert.equal("from", refused("from=yesterday"))
    end)

    it("takes a time whose plus was not escaped", function()
        assert.equal("2025-12-31T16:00:00Z", read("from=2026-01-01T00:00:00+08:00").from)
    end)

    it("says how a value looks as a text", function()
        assert.same({ "true", "false" }, params.text_schema({ type = "boolean" }).enum)
        local one = { type = "string", pattern = "^a$" }
        assert.equal(one, params.text_schema(one))
        assert.equal("string", params.text_schema({ type = "array", items = one }).type)
    end)
end)

describe("params.any", function()
    it("takes what others send, and nothing that comes twice or is no text", function()
        assert.same({ code = "a b", state = "x=y" }, params.any("code=a+b&state=x%3Dy"))
        assert.same({ b = "2" }, params.any("a=1&b=2&a=3&a=4"))
        assert.same({ c = "" }, params.any("a=%00&b=%ff&c=&d=x%0d%0ay"))
        assert.same({}, params.any(""))
    end)
end)

describe("params.escape", function()
    it("gives what is read back", function()
        local text = "ü &=+%?/#\r\n~-._"
        assert.equal("%C3%BC%20%26%3D%2B%25%3F%2F%23%0D%0A~-._", params.escape(text))
        assert.equal(text, params.split("a=" .. params.escape(text))[1][2])
    end)
end)
