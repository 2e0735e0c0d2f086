-- SPDX-License-Identifier: Apache-2.0
--
-- Patterns that make a backtracking matcher work for minutes on a line of text. No hook is called
-- in there.
local M = {
    api = 1,
    expect = {
        default = "cpu", deep_pattern = "error: pattern too complex",
        many_captures = "error: too many captures", plain_find = "ok", gmatch_of_nothing = "ok",
    },
}

local a = ("a"):rep(300)

function M.lazy_items()
    string.find(("a"):rep(30), ("a-"):rep(30) .. "b")
end

function M.greedy_items()
    string.find(("a"):rep(40), ("a*"):rep(40) .. "b")
end

function M.optional_items()
    string.find(("a"):rep(60), ("a?"):rep(60) .. ("a"):rep(60) .. "b")
end

function M.three_wildcards()
    string.find(("x"):rep(20000), ".-.-.-b")
end

function M.match_greedy()
    string.match(a, ("(.*)"):rep(12) .. "b")
end

function M.gsub_lazy()
    string.gsub(a, ".-.-.-.-b", "")
end

function M.gmatch_lazy()
    for _ in string.gmatch(a, ".-.-.-.-b") do end
end

function M.under_pcall()
    while true do pcall(string.find, a, ".-.-.-.-b") end
end

function M.as_method()
    return a:find(("a-"):rep(30) .. "b")
end

function M.in_comparator()
    table.sort({ 1, 2, 3 }, function() return a:find(".-.-.-.-b") end)
end

function M.back_reference()
    local s = ("a"):rep(100000)
    while true do s:find("(.*)%1b") end
end

function M.balance()
    local s = ("("):rep(100000)
    while true do s:find("%b()") end
end

function M.frontier()
    local s = ("ab"):rep(50000)
    while true do s:find("%f[%d]x") end
end

function M.long_set()
    local set = "[" .. ("b-c"):rep(30000) .. "]"
    while true do a:find(set .. "x") end
end

function M.anchored_everywhere()
    local s = ("a"):rep(1000000)
    while true do s:find("a-$b") end
end

-- Quadratic in a naive search: a megabyte in a megabyte.
function M.plain_find()
    local s, p = ("a"):rep(1000000), ("a"):rep(500000) .. "b"
    assert(s:find(p, 1, true) == nil)
end

function M.deep_pattern()
    string.find(("a"):rep(300), ("(a"):rep(30) .. (")"):rep(30) .. ("a?"):rep(250))
end

function M.many_captures()
    string.find(a, ("(a)"):rep(40))
end

function M.gmatch_of_nothing()
    local n = 0
    for _ in string.gmatch(a, "") do n = n + 1 end
    assert(n == 301)
end

return M
