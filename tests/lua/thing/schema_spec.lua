-- SPDX-License-Identifier: Apache-2.0
require "tests.lua.offline"
local jsonio = require "thing.jsonio"
local schema = require "thing.schema"

local function errors(s, value)
    local out = {}
    for i, e in ipairs(schema.compile(s)(value) or {}) do
        out[i] = e.path .. " " .. e.message
    end
    return out
end

local function good(s, ...)
    for _, value in ipairs { ... } do
        assert.same({}, errors(s, value))
    end
end

local function bad(s, ...)
    for _, value in ipairs { ... } do
        assert.equal(1, #errors(s, value), tostring(value))
    end
end

describe("schema", function()
    it("checks types", function()
        good({ type = "integer" }, 1, -1, 1.0, 2 ^ 53)
        bad({ type = "integer" }, 1.5, "1", true, jsonio.null, {}, 2 ^ 63, 0 / 0)
        good({ type = "number" }, 1, 1.5)
        good({ type = "object" }, {}, { a = 1 })
        bad({ type = "object" }, jsonio.array(), "x", jsonio.null)
        good({ type = "array" }, jsonio.array(), jsonio.array { 1 })
        bad({ type = "array" }, {}, { a = 1 })
        good({ type = { "string", "null" } }, "a", jsonio.null)
        bad({ type = "boolean" }, 0, "true")
    end)

    it("checks bounds", function()
        good({ minLength = 2, maxLength = 3 }, "ab", "äöü", 7)
        bad({ minLength = 2, maxLength = 3 }, "a", "äöüx")
        good({ minimum = 1, maximum = 2 }, 1, 2, "x")
        bad({ minimum = 1, maximum = 2 }, 0.9, 2.1)
        bad({ type = "array", maxItems = 1 }, jsonio.array { 1, 2 })
        bad({ type = "object", maxProperties = 1 }, { a = 1, b = 2 })
        bad({ enum = { "a", "b" } }, "c", jsonio.null)
        bad({ type = "array", uniqueItems = true }, jsonio.array { "a", "a" })
    end)

    it("names the place of each fault", function()
        local s = {
            type = "object", required = { "a", "x/y" }, additionalProperties = false,
            properties = {
                a = { type = "string" }, ["x/y"] = {},
                list = { type = "array", items = { type = "integer" } },
            },
        }
        assert.same({ "/a is required", "/list/1 must be integer", "/other is not known here",
            "/x~1y is required" }, errors(s, { list = jsonio.array { 1, "2" }, other = 1 }))
    end)

    it("checks names and further members", function()
        local s = { type = "object", additionalProperties = { type = "integer" },
            propertyNames = { maxLength = 2 } }
        good(s, { ab = 1 })
        bad(s, { abc = 1 }, { ab = "1" })
    end)

    it("takes one of several forms", function()
        local s = { anyOf = { { type = "string" }, { type = "integer", minimum = 3 } } }
        good(s, "a", 3)
        bad(s, 2, true)
    end)

    it("says what a value lacks of the form that it means to have", function()
        local function form(kind, member)
            return { type = "object", additionalProperties = false, required = { "kind", member },
                properties = { kind = { type = "string", enum = { kind } },
                    [member] = { type = "string", enum = { "x" } } } }
        end
        local s = { anyOf = { form("a", "one"), form("b", "two") } }
        good(s, { kind = "a", one = "x" }, { kind = "b", two = "x" })
        assert.same({ "/two is required" }, errors(s, { kind = "b" }))
        assert.same({ "/one is required", "/two is not known here" }, errors(s, { kind = "a",
            two = "x" }))
        assert.same({ " has none of the allowed forms" }, errors(s, { kind = "c" }))
    end)

    it("stops at twenty faults", function()
        local list = jsonio.array()
        for i = 1, 100 do
            list[i] = "x"
        end
        assert.equal(20, #errors({ type = "array", items = { type = "integer" } }, list))
    end)

    it("lets a patch leave out and remove members, at any depth", function()
        local whole = { type = "object", required = { "a" }, additionalProperties = false,
            properties = {
            a = { type = "string" },
            b = { type = "object", required = { "c" }, properties = { c = { type = "integer" } } },
        } }
        local patch = schema.patch(whole)
        good(patch, {}, { a = jsonio.null }, { b = {} }, { b = { c = jsonio.null } },
            { b = jsonio.null })
        bad(patch, { a = 1 }, { b = { c = "x" } }, { z = 1 })
        bad(whole, { b = { c = 1 } })
    end)

    it("checks times", function()
        local s = { type = "string", format = "date-time" }
        good(s, "2026-11-24T20:00:00Z", "2024-02-29T00:00:00.123456+08:00", "2000-02-29t23:59:59z")
        bad(s, "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-24", "2026-11-24T24:00:00Z",
            "2026-11-24T20:00:00", "1900-02-29T00:00:00Z", "2026-11-24T20:00:00+25:00",
                "0000-01-01T00:00:00Z", "x")
    end)
end)

describe("pattern", function()
    local pattern = require "thing.schema.pattern"

    local function matches(p, s)
        return pattern.compile(p)(s)
    end

    it("matches what its regular expression does", function()
        for _, case in ipairs {
            { "^[A-Za-z0-9_-]{1,3}$", "a-B", true }, { "^[A-Za-z0-9_-]{1,3}$", "", false },
            { "^[A-Za-z0-9_-]{1,3}$", "abcd", false }, { "^[A-Za-z0-9_-]{1,3}$", "ä", false },
            { "^a+b*c?$", "aab", true }, { "^a+b*c?$", "bc", false }, { "^a*a$", "aaa", true },
            { "^[^=]{1,3}=[^=]*$", "ab=cd", true }, { "^[^=]{1,3}=[^=]*$", "ab==", false },
            { "^\\d{2}$", "42", true }, { "^\\d{2}$", "4x", false }, { "^x\\.y$", "x.y", true },
            { "^x\\.y$", "xzy", false }, { "^[\\d.]+$", "1.2", true }, { "^$", "", true },
        } do
            assert.equal(case[3], matches(case[1], case[2]), case[1] .. " on " .. case[2])
        end
    end)

    it("refuses what it does not know", function()
        for _, p in ipairs { "abc", "^a", "^(a)$", "^a|b$", "^.$", "^a{x}$", "^[a$" } do
            assert.has_error(function() pattern.compile(p) end)
        end
    end)
end)
