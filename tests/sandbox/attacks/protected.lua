-- SPDX-License-Identifier: Apache-2.0
--
-- pcall, xpcall and error objects as shields against the kill. A kill is no error: nothing here
-- can hold it.
local M = {
    api = 1,
    expect = {
        default = "cpu", handler_that_raises = "ok", error_in_error = "ok",
        killed_leaves_no_trace = "ok", recursion_under_pcall = "cpu|memory",
    },
    calls = { remember_the_kill = 3 },
}

local function loop()
    while true do end
end

function M.pcall_in_a_loop()
    while true do pcall(loop) end
end

function M.xpcall_in_a_loop()
    while true do xpcall(loop, function() end) end
end

function M.handler_that_loops()
    xpcall(error, loop, "x")
end

function M.handler_is_pcall()
    while true do xpcall(loop, pcall) end
end

function M.pcall_of_pcall()
    while true do pcall(pcall, pcall, pcall, loop) end
end

function M.nested_protection()
    local function deeper(n)
        if n == 0 then loop() end
        while true do pcall(deeper, n - 1) end
    end
    deeper(150)
end

function M.handler_that_raises()
    for _ = 1, 1000 do
        local ok = xpcall(error, function() error("again") end, "x")
        assert(not ok)
    end
end

function M.error_in_error()
    local function bad() error(setmetatable({}, { __tostring = function() error("no") end })) end
    local ok, e = pcall(bad)
    assert(not ok and type(e) == "table" and not pcall(tostring, e))
end

function M.protect_in_sort()
    table.sort({ 3, 1, 2, 5, 4 }, function()
        while true do pcall(loop) end
    end)
end

function M.protect_in_gsub()
    string.gsub("abc", ".", function()
        while true do pcall(loop) end
    end)
end

function M.protect_in_tostring()
    tostring(setmetatable({}, { __tostring = function()
        while true do pcall(loop) end
    end }))
end

function M.protect_around_c()
    while true do
        pcall(table.sort, { 3, 1, 2 }, loop)
        pcall(string.gsub, "abc", ".", loop)
    end
end

function M.pcall_as_comparator()
    local t = {}
    for i = 1, 1000 do t[i] = i end
    while true do pcall(table.sort, t, pcall) end
end

function M.recursion_under_pcall()
    local function f() pcall(f) f() end
    f()
end

local seen = 0

function M.remember_the_kill()
    seen = seen + 1
    while true do
        local ok, e = pcall(loop)
        if not ok then error("caught: " .. tostring(e)) end
    end
end

function M.killed_leaves_no_trace()
    assert(select("#", pcall(error)) == 2)
    assert(select(2, xpcall(error, function(e) return e .. "!" end, "x")) == "x!")
end

return M
