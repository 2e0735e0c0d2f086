-- SPDX-License-Identifier: Apache-2.0
local host = require "tests.lua.cli_host"
local cjson = require "cjson"
local client = require "thing.cli.client"
local fail = require "thing.cli.fail"

local OPTIONS = { server = "http://there:8080/", token = "thg_x" }

-- Answers requests in their order: { status, body table or text, headers }; returns the requests.
local function answers(list)
    local asked = {}
    host.request = function(r)
        asked[#asked + 1] = r
        local a = list[#asked] or error("not expected: " .. r.path)
        if a[1] == nil then
            return nil, a[2], a[3]
        end
        return { status = a[1], body = type(a[2]) == "table" and cjson.encode(a[2]) or a[2] or "",
            headers = a[3] or {} }
    end
    return asked
end

local function refused(list, method, path, o)
    answers(list)
    local ok, e = pcall(function()
        client.new(OPTIONS):request(method or "GET", path or "/things", o)
    end)
    assert.is_false(ok)
    assert(fail.is(e), tostring(e))
    return e.status, e.message, e.hint
end

local function problem(code, more)
    local body = { title = "Title", code = code, status = 0, request_id = "r1" }
    for name, value in pairs(more or {}) do
        body[name] = value
    end
    return body
end

describe("a refusal", function()
    it("has the status of its kind", function()
        for status, expected in pairs { [400] = fail.NOT_VALID, [401] = fail.NOT_ALLOWED,
            [403] = fail.NOT_ALLOWED, [404] = fail.NOT_FOUND, [409] = fail.CONFLICT,
            [412] = fail.CONFLICT, [422] = fail.NOT_VALID, [429] = fail.NO_ANSWER,
            [500] = fail.FAILED, [503] = fail.NO_ANSWER, [504] = fail.NO_ANSWER } do
            assert.equal(expected, (refused { { status, problem("x") } }), tostring(status))
        end
    end)

    it("names what was looked for, each fault, and when to try again", function()
        local _, message = refused({ { 404, problem("not_found") } }, "GET", "/things/a",
            { what = "thing a" })
        assert.equal("there is no thing a, or the token may not see it", message)
        local _, valid, faults = refused { { 422, problem("validation_failed", { errors = {
            { path = "/a", message = "is odd" }, { path = "", message = "is\27[2J wrong" } } }) } }
        assert.equal("Title", valid)
        assert.equal("  /a: is odd\n  (the whole): is<1B>[2J wrong", faults)
        local _, _, hint = refused { { 429, problem("rate_limited"), { ["retry-after"] = "7" } } }
        assert.equal("Try again in 7 s.", hint)
        _, _, hint = refused { { 500, problem("internal") } }
        assert.equal("The server's log has it as request=r1", hint)
    end)

    it("that is none of thingd's is told", function()
        for _, body in ipairs { "", "<html>", '{"a":1}', "[]" } do
            local status, message = refused { { 404, body } }
            assert.equal(fail.FAILED, status)
            assert.equal("http://there:8080 answered 404, and not as thingd does", message)
        end
    end)

    it("is told from no answer at all", function()
        for code, expected in pairs { unavailable = fail.NO_ANSWER, timeout = fail.NO_ANSWER,
            invalid = fail.USAGE, crypto = fail.FAILED, too_large = fail.FAILED } do
            assert.equal(expected, (refused { { nil, "why", code } }))
        end
    end)
end)

describe("a list", function()
    local function each(list, o)
        local asked = answers(list)
        local keys, paths = {}, {}
        local more = client.new(OPTIONS):each("/things", o, function(item)
            keys[#keys + 1] = item.key
        end)
        for i, r in ipairs(asked) do
            paths[i] = r.path:match("%?(.*)")
        end
        return table.concat(keys), paths, more
    end

    local function page(keys, cursor)
        local items = {}
        for key in keys:gmatch(".") do
            items[#items + 1] = { key = key }
        end
        return { 200, { items = items, next_cursor = cursor or cjson.null } }
    end

    it("is read page by page to its end", function()
        local keys, paths, more = each({ page("ab", "c1"), page("", "c2"), page("c") },
            { query = { q = "x y" } })
        assert.equal("abc", keys)
        assert.same({ "limit=500&q=x%20y", "cursor=c1&limit=500&q=x%20y",
            "cursor=c2&limit=500&q=x%20y" }, paths)
        assert.is_false(more)
    end)

    it("ends where told and says whether there is more", function()
        local keys, paths, more = each({ page("ab", "c1"), page("c", "c2") }, { limit = 3 })
        assert.equal("abc", keys)
        assert.same({ "limit=3", "cursor=c1&limit=1" }, paths)
        assert.is_true(more)
        local all, _, rest = each({ page("abc") }, { limit = 3 })
        assert.equal("abc", all)
        assert.is_false(rest)
    end)

    it("waits for a server that wants a pause, between pages", function()
        local slept = {}
        host.sleep = function(ms) slept[#slept + 1] = ms end
        local pause = { 429, problem("rate_limited"), { ["retry-after"] = "3" } }
        assert.equal("ab", (each({ page("a", "c"), pause, pause, page("b") }, {})))
        assert.same({ 3000, 3000 }, slept)
        assert.is_false(pcall(each, { pause }, {}))
        assert.is_false(pcall(each, { page("a", "c"), { 429, problem("rate_limited"),
            { ["retry-after"] = "3600" } } }, {}))
    end)

    it("that cannot be read is an error", function()
        for _, body in ipairs { "no JSON", "[]", '{"items":1}' } do
            assert.is_false(pcall(each, { { 200, body } }, {}))
        end
    end)
end)

describe("a request", function()
    it("of a patient connection is made again", function()
        local slept = 0
        host.sleep = function(ms) slept = slept + ms end
        local asked = answers { { 429, problem("rate_limited"), { ["retry-after"] = "2" } },
            { 204 } }
        local connection = client.new(OPTIONS)
        connection.patient = true
        assert.equal(204, connection:request("PATCH", "/a", { body = { n = 1 } }).status)
        assert.same({ 2, 2000 }, { #asked, slept })
        assert.equal(asked[1].body, asked[2].body)
    end)

    it("carries body, query and headers as they are to be", function()
        local asked = answers { { 204 } }
        client.new(OPTIONS):request("POST", "/a", { body = { n = 1 }, query = { b = true,
            list = { "x", "y,z" } }, headers = { "If-Match: \"1\"" } })
        local r = asked[1]
        assert.equal("/api/v1/a?b=true&list=x%2Cy%2Cz", r.path)
        assert.equal('{"n":1}', r.body)
        assert.same({ "Content-Type: application/json", 'If-Match: "1"' }, r.headers)
        assert.equal("http://there:8080", r.server)
        assert.equal("thg_x", r.token)
    end)
end)
