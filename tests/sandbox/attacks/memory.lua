-- SPDX-License-Identifier: Apache-2.0
--
-- The byte cap: it holds whatever the memory is made of, and running into it cannot be caught.
-- luacheck: ignore 241
local M = {
    api = 1,
    expect = {
        default = "memory", linked = "cpu|memory", strings = "cpu|memory",
        thrash = "cpu|memory", recursion_in_c = "ok", leak = "ok|memory",
        metamethod_recursion = "error|memory", garbage = "cpu",
    },
    calls = { leak = 40 },
}

function M.recursion()
    local function f() return 1 + f() end
    return f()
end

function M.recursion_with_arguments()
    local function f(...) return 1 + f(1, 2, 3, 4, 5, 6, 7, 8, ...) end
    return f()
end

function M.recursion_in_c()
    local function f() return select(2, pcall(f)) end
    f()
    local function g() return (string.gsub("x", "x", g)) end
    assert(not pcall(g))
end

function M.metamethod_recursion()
    local t = setmetatable({}, { __index = function(t, k) return t[k .. "x"] end })
    return t.x
end

function M.closures()
    local all = {}
    while true do
        local up = {}
        all[#all + 1] = function() return up end
    end
end

function M.linked()
    local list
    while true do list = { next = list } end
end

function M.strings()
    local all = {}
    for i = 1, 1e9 do all[i] = ("x"):rep(1000) .. i end
end

function M.long_strings()
    local all = {}
    for i = 1, 1e9 do all[i] = ("x"):rep(500000) .. i end
end

function M.caught()
    local all = {}
    while true do
        pcall(function()
            while true do all[#all + 1] = {} end
        end)
    end
end

function M.upvalues()
    local f = function() end
    while true do
        local g = f
        f = function() return g end
    end
end

-- Nearly full of what is in use, so that each new piece of garbage makes Lua collect everything.
function M.thrash()
    local kept = {}
    for i = 1, 15 do
        kept[i] = {}
        for k = 1, 10000 do kept[i][k] = { k } end
    end
    while true do local _ = { {}, {} } end
end

function M.garbage()
    while true do local _ = { ("x"):rep(10000) } end
end

local leaked = {}

-- A little in each call: the cap is the state's, not the call's.
function M.leak()
    for _ = 1, 1000 do leaked[#leaked + 1] = ("x"):rep(1000) .. #leaked end
end

return M
