-- SPDX-License-Identifier: Apache-2.0
--
-- Texts that are bad to load: each function gives one, which is loaded as the script of a
-- generation of its own, with the budget of a call.
local M = {
    api = 1,
    kind = "source",
    expect = {
        default = "error", loop = "cpu", loop_under_pcall = "cpu", fill = "memory",
        search_names = "cpu",
        labels = "cpu|error", many_constants = "cpu|error|ok", string_literal = "ok|error|memory",
        long_line = "ok|cpu|error|memory", long_expression = "ok|cpu|error|memory",
        table_literal = "ok|cpu|error|memory", gotos = "cpu|error|ok",
    },
}

function M.loop() return "while true do end" end
function M.loop_under_pcall()
    return "while true do pcall(function() while true do end end) end"
end

function M.fill() return "local t = {} while true do t[#t + 1] = {} end" end
function M.bytecode() return "\27Lua\84\0\25\147\r\n\26\n" .. ("x"):rep(100) end
function M.syntax() return "return { api = 1, on_property = functio() end }" end
function M.nothing() return "" end
function M.number() return "return 1" end
function M.no_api() return "return {}" end
function M.api_from_the_future() return "return { api = 2 }" end
function M.api_by_metamethod() return "return setmetatable({}, { __index = { api = 1 } })" end
function M.yields() return "coroutine.yield()" end
function M.wait() return "error(thing.http)" end
function M.requires_itself() return 'return require("main")' end
function M.parentheses() return "return " .. ("("):rep(100000) .. "1" .. (")"):rep(100000) end
function M.braces() return "return " .. ("{"):rep(100000) .. ("}"):rep(100000) end
function M.functions() return ("return function() "):rep(40000) .. (" end "):rep(40000) end
function M.blocks() return ("do "):rep(100000) .. ("end "):rep(100000) end
function M.concats() return "return " .. ("'x'.."):rep(100000) .. "'x'" end
function M.nots() return "return " .. ("not "):rep(100000) .. "1" end
function M.locals() return ("local x "):rep(100000) end
function M.unfinished_string() return 'return "' .. ("x"):rep(500000) end
function M.unfinished_comment() return "--[==[" .. ("x"):rep(500000) end

function M.string_literal()
    return "local s = '" .. ("x"):rep(500000) .. "' return { api = 1 }"
end

function M.long_line() return ("x=1 "):rep(120000) .. "return { api = 1 }" end
function M.long_expression() return "return 1" .. ("+x"):rep(200000) end

function M.table_literal()
    return "local t = {" .. ("{},"):rep(150000) .. "} return { api = 1 }"
end

function M.many_constants()
    local t = {}
    for i = 1, 40000 do t[i] = "x=" .. i .. ".5" end
    return table.concat(t, " ") .. " return { api = 1 }"
end

-- A name is looked for in every function around it, each with two hundred variables: minutes for a
-- megabyte.
function M.search_names()
    local names = {}
    for i = 1, 180 do names[i] = "v" .. i end
    local head = "local " .. table.concat(names, ",") .. " "
    return (head .. "local function f() "):rep(100) .. ("x=y "):rep(200000)
end

function M.labels()
    local t = {}
    for i = 1, 32000 do t[i] = "::l" .. i .. "::" end
    return table.concat(t)
end

function M.gotos()
    local t = {}
    for i = 1, 20000 do t[i] = "goto l" .. i end
    for i = 1, 20000 do t[#t + 1] = "::l" .. i .. "::" end
    return "do " .. table.concat(t, " ") .. " end"
end

return M
