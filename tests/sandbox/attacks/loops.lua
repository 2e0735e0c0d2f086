-- SPDX-License-Identifier: Apache-2.0
--
-- Loops without end in every form the language has. Each must end by the CPU budget.
local M = { api = 1, expect = { default = "cpu" } }

function M.endless_while()
    while true do end
end

function M.endless_repeat()
    repeat until false
end

function M.endless_goto()
    ::again::
    goto again
end

function M.endless_for()
    for _ = 1, math.maxinteger do end
end

function M.endless_float_for()
    for _ = 1, math.huge, 1e-9 do end
end

function M.endless_iterator()
    for _ in function() return 1 end do end
end

function M.tail_calls()
    local function f() return f() end
    return f()
end

function M.mutual_tail_calls()
    local even, odd
    function even(n) return odd(n + 1) end
    function odd(n) return even(n + 1) end
    return even(0)
end

function M.closures()
    while true do
        local f = function() return function() end end
        f()()
    end
end

function M.index_function()
    local t = setmetatable({}, { __index = function(t, k) return t[k + 1] and nil end })
    while true do
        local _ = pcall(function() return t[1] end)
    end
end

function M.ipairs_without_end()
    for _ in ipairs(setmetatable({}, { __index = function() return 1 end })) do end
end

function M.pairs_that_grows()
    local function endless() return function() return 1 end end
    for _ in pairs(setmetatable({}, { __pairs = endless })) do end
end

function M.nested_loops()
    for _ = 1, 1e9 do
        for _ = 1, 1e9 do
            for _ = 1, 1e9 do end
        end
    end
end

function M.arithmetic_metamethods()
    local mt = {}
    mt.__add = function(a) return a end
    mt.__lt = function() return true end
    mt.__eq = function() return false end
    mt.__concat = function(a) return a end
    local a, b = setmetatable({}, mt), setmetatable({}, mt)
    while a < b and a ~= b do a = (a + b) .. b end
end

function M.call_metamethod()
    local t = setmetatable({}, {})
    getmetatable(t).__call = function(self) return self() end
    return t()
end

function M.varargs()
    local function f(...) return f(..., 1) end
    return f(1)
end

function M.while_next()
    local t = {}
    for i = 1, 5e4 do t["k" .. i] = true end
    while next(t) do
        t[next(t)] = nil
        if not next(t) then
            for i = 1, 1e4 do t["k" .. i] = true end
        end
    end
end

return M
