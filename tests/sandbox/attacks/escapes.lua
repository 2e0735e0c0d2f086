-- SPDX-License-Identifier: Apache-2.0
--
-- Ways out: names that must not be there, addresses that must not show, the host's own tables.
-- Each function ends well when the way is closed.
-- luacheck: ignore 111 112 113 142 143 211
local M = { api = 1, expect = { default = "ok" }, calls = { global_of_an_earlier_call = 2 } }

local function names(text)
    return text:gmatch("%S+")
end

function M.names()
    for name in names("load loadstring loadfile dofile debug io package collectgarbage module "
        .. "setfenv getfenv newproxy warn jit ffi") do
        assert(_G[name] == nil, name)
    end
    for name in names("execute exit getenv remove rename setlocale tmpname") do
        assert(os[name] == nil, name)
    end
    assert(string.dump == nil and coroutine.close == nil)
end

function M.what_is_there()
    local known = {}
    for name in names("_G _VERSION assert error getmetatable ipairs next pairs pcall print "
        .. "rawequal rawget rawlen rawset require select setmetatable tonumber tostring type "
        .. "xpcall coroutine math os string table thing utf8") do
        known[name] = true
        assert(_G[name] ~= nil, name)
    end
    for name in pairs(_G) do assert(known[name], name) end
end

function M.require()
    for name in names("os io debug string cjson lfs ../../etc/passwd /etc/passwd . thing.db _db") do
        assert(not pcall(require, name), name)
    end
    assert(not pcall(require) and not pcall(require, {}))
end

local function no_address(text)
    assert(type(text) == "string" and not text:find("0x") and not text:find("%x%x%x%x%x%x"), text)
end

function M.addresses_of_tostring()
    local named = setmetatable({}, { __name = "X" })
    for _, v in ipairs({ {}, print, M.names, coroutine.create(print), named, thing.json.null,
        thing.json.array(), thing, string.gmatch("", "") }) do
        no_address(tostring(v))
        no_address(string.format("%s", v))
        no_address(string.format("%10s", v))
    end
end

function M.addresses_of_errors()
    local function message(f, ...) return select(2, pcall(f, ...)) end
    no_address(message(function() return {} + 1 end))
    no_address(message(function() return {} < {} end))
    no_address(message(function() return #print end))
    no_address(message(function() return {} .. "x" end))
    no_address(message(string.rep, {}))
    no_address(message(string.format, "%d", {}))
    no_address(message(string.format, "%q", {}))
    no_address(message(table.concat, { {} }))
    no_address(message(setmetatable, 1))
    no_address(message(coroutine.resume, {}))
    assert(not pcall(string.format, "%p", {}))
end

-- Lua seeds its generator with an address and gives the seed away.
function M.addresses_of_random()
    assert(select("#", math.randomseed()) == 0 and select("#", math.randomseed(1)) == 0)
end

function M.addresses_of_numbers()
    assert(not pcall(string.format, "%d", {}) and not tonumber(print))
    assert(not pcall(function() return {} | 0 end))
end

function M.environment_is_local()
    local check = assert
    local function f()
        local _ENV = { x = 1 }
        return x
    end
    check(f() == 1)
    local _ENV <const> = {}
    check(string == nil)
end

function M.environment_lost()
    _ENV = nil
    return 1
end

local first = true

function M.global_of_an_earlier_call()
    assert(first == (mark == nil))
    first, mark = false, true
end

function M.neighbour_sees_nothing()
    _G.neighbour = "spoilt"
    _G.print = nil
    rawset(_G, "tostring", false)
    assert(tostring == false)
end

function M.handlers_are_fixed()
    M.names = function() error("ESCAPED: handler replaced after the load") end
end

function M.bytecode()
    assert(not pcall(require, "\27Lua"))
    assert(load == nil)
end

function M.own_task()
    local co = coroutine.running()
    assert(type(co) == "thread" and not pcall(coroutine.wrap, co))
    assert(not coroutine.isyieldable())
end

return M
