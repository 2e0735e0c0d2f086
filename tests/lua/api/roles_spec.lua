-- SPDX-License-Identifier: Apache-2.0
require "tests.lua.offline"
local roles = require "api.roles"

local function set(...)
    local out = {}
    for _, name in ipairs { ... } do
        out[name] = true
    end
    return out
end

local function grant(products, ...)
    return { products = products, permissions = set(...) }
end

describe("roles.covers", function()
    local cases = {
        { "everything covers nothing", true, { grant(nil, "a") }, {} },
        { "nothing covers nothing", true, {}, {} },
        { "nothing covers no right", false, {}, { grant({ 1 }, "a") } },
        { "the same", true, { grant(nil, "a", "b") }, { grant(nil, "a", "b") } },
        { "less", true, { grant(nil, "a", "b") }, { grant(nil, "a") } },
        { "more", false, { grant(nil, "a") }, { grant(nil, "a", "b") } },
        { "for one product of all", true, { grant(nil, "a") }, { grant({ 1 }, "a") } },
        { "for all and not one", false, { grant({ 1 }, "a") }, { grant(nil, "a") } },
        { "for the same product", true, { grant({ 1, 2 }, "a") }, { grant({ 2 }, "a") } },
        { "for another product", false, { grant({ 1 }, "a") }, { grant({ 2 }, "a") } },
        { "one product too many", false, { grant({ 1 }, "a") }, { grant({ 1, 2 }, "a") } },
        { "another right there", false, { grant({ 1 }, "a") }, { grant({ 1 }, "b") } },
        { "put together", true, { grant({ 1 }, "a"), grant({ 2 }, "a") },
            { grant({ 1, 2 }, "a") } },
        { "put together, crosswise", false, { grant({ 1 }, "a"), grant({ 2 }, "b") },
            { grant({ 1 }, "b") } },
        { "all after some", true, { grant({ 1 }, "a"), grant(nil, "a") }, { grant(nil, "a") } },
        { "some after all", true, { grant(nil, "a"), grant({ 1 }, "a") }, { grant({ 2 }, "a") } },
        { "no product at all", true, { grant({}, "a") }, { grant({}, "a") } },
    }
    for _, case in ipairs(cases) do
        it(case[1], function()
            assert.equal(case[2], roles.covers({ grants = case[3] }, case[4]))
        end)
    end
end)
