-- SPDX-License-Identifier: Apache-2.0
--
-- Holds lua/thing/reference.lua against what scripts really find in `thing`.
local M = { api = 1 }

local sections = require "reference"

local function walk(visit)
    for _, s in ipairs(sections) do
        local where = s.name == "thing" and thing or thing[s.name:match("%.(.*)")]
        assert(type(where) == "table", s.name .. " does not exist")
        for _, f in ipairs(s.functions) do
            visit(s.name .. "." .. f.name, where[f.name], f, s)
        end
    end
end

function M.listed_exist()
    walk(function(name, value, f)
        assert(value ~= nil, name .. " is listed and does not exist")
        assert(type(f.text) == "string" and #f.text > 0, name .. " has no text")
        if f.signature:sub(1, 1) == "(" then
            assert(type(value) == "function", name .. " is no function")
        else
            assert(type(value) ~= "function", name .. " is a function without a signature")
        end
    end)
end

function M.existing_are_listed()
    local listed, count = {}, 0
    walk(function(name)
        assert(not listed[name], name .. " is listed twice")
        listed[name] = true
    end)
    for name, value in pairs(thing) do
        if type(value) == "table" then
            for field in pairs(value) do
                local full = "thing." .. name .. "." .. field
                assert(listed[full], full .. " is not listed")
                count = count + 1
            end
        else
            assert(listed["thing." .. name], name .. " is not listed")
            count = count + 1
        end
    end
    assert(count > 40, "only " .. count .. " functions")
end

-- Called without arguments a function fails, but not for its phase where it may be called.
function M.phases(phase)
    walk(function(name, value, f)
        if not f.phases then
            return
        end
        local allowed = false
        for _, p in ipairs(f.phases) do allowed = allowed or p == phase end
        local _, e = pcall(value)
        local refused = tostring(e):find("is not available in phase " .. phase, 1, true) ~= nil
        assert(refused ~= allowed, name .. " in phase " .. phase .. ": " .. tostring(e))
    end)
end

-- A script that checks all examples.
function M.examples()
    local lines = { "return { api = 1, check = function()" }
    walk(function(name, _, f)
        if f.example then
            local line = "do local v = tostring(%s) assert(v == %q, %q .. ' gives ' .. v) end"
            lines[#lines + 1] = line:format(f.example[1], f.example[2], name)
        end
    end)
    assert(#lines > 40)
    lines[#lines + 1] = "end }"
    return table.concat(lines, "\n")
end

-- Scripts, one for each handler, with a byte 1 between them.
function M.handlers()
    local scripts, types = {}, {}
    for _, t in ipairs(sections.types) do types[t.name] = true end
    local seen = {}
    for i, h in ipairs(sections.handlers) do
        assert(not seen[h.name], h.name .. " is described twice")
        seen[h.name] = true
        for name in h.signature:gmatch("thing%.%w+") do
            assert(types[name], h.name .. ": there is no type " .. name)
        end
        scripts[i] = "local M = { api = 1 }\n" .. h.example .. "\nassert(M." .. h.name
            .. ")\nreturn M"
    end
    return table.concat(scripts, "\1")
end

return M
