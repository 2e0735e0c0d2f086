-- SPDX-License-Identifier: Apache-2.0
--
-- Finalizers, weak tables, and the metatables that belong to everyone.
-- luacheck: ignore 122
local M = {
    api = 1,
    expect = {
        default = "ok", late_weak_values = "cpu|memory", index_chain = "error",
    },
}

local function refused(f, ...)
    local ok = pcall(f, ...)
    assert(not ok, "was allowed")
end

function M.finalizer()
    refused(setmetatable, {}, { __gc = function() while true do end end })
    refused(setmetatable, {}, { __gc = true })
end

-- Lua looks for __gc when a metatable is set: one added later must not count.
function M.late_finalizer()
    local mt = {}
    for _ = 1, 1000 do setmetatable({}, mt) end
    mt.__gc = function() error("ESCAPED: a finalizer runs") end
    refused(setmetatable, {}, mt)
    for i = 1, 1e4 do local _ = { i } end
end

function M.weak_tables()
    refused(setmetatable, {}, { __mode = "k" })
    refused(setmetatable, {}, { __mode = "v" })
end

function M.late_weak_values()
    local mt = {}
    local t = setmetatable({}, mt)
    mt.__mode = "v"
    for i = 1, 1e9 do t[i % 50000] = {} end
end

function M.strings()
    assert(getmetatable("") == false)
    refused(setmetatable, "", {})
    refused(function() getmetatable("").__index.rep = print end)
    assert(("x"):rep(2) == "xx" and ("10") + 1 == 11)
end

function M.libraries()
    local libraries = { string, table, math, os, utf8, coroutine, thing, thing.json, thing.log }
    for _, lib in ipairs(libraries) do
        refused(function() lib.x = 1 end)
        refused(rawset, lib, "x", 1)
        refused(table.insert, lib, 1)
        refused(setmetatable, lib, {})
        refused(table.move, { 1 }, 1, 1, 1, lib)
        assert(getmetatable(lib) == false)
        assert(next(lib) == nil and rawlen(lib) == 0)
    end
    for name, f in pairs(string) do assert(string[name] == f) end
end

function M.nested_library()
    refused(function() thing.json.null = 1 end)
    refused(function() thing.json = {} end)
    refused(rawset, thing.json, "encode", 1)
end

function M.own_globals()
    refused(setmetatable, _G, {})
    assert(getmetatable(_G) == false)
    rawset(_G, "string", "mine")
    assert(string == "mine")
end

function M.array_mark()
    local mt = getmetatable(thing.json.array())
    assert(type(mt) ~= "table")
    refused(setmetatable, thing.json.array(), {})
end

function M.index_chain()
    local t = {}
    for _ = 1, 3000 do t = setmetatable({}, { __index = t }) end
    return t.x
end


return M
