-- SPDX-License-Identifier: Apache-2.0
--
-- Weak keys in chains: where each value is the next key, one collection costs the square of the
-- chain's length, in one go inside the collector that no hook sees. Only the jump out of the library
-- ends it. setmetatable refuses __mode, but a metatable in use can be given one later.
local M = { api = 1, expect = { default = "cpu" } }

-- The links go through the keys out of order, against the order in which the collector meets them.
local function chain(n, link)
    local keys = {}
    for i = 1, n do keys[i] = {} end
    for i = n, 2, -1 do
        local k = math.random(i)
        keys[i], keys[k] = keys[k], keys[i]
    end
    for i = 1, n - 1 do link(keys[i], keys[i + 1]) end
    return keys[1]
end

local one_mt, many_mt = {}, {}
local one = setmetatable({}, one_mt)
local many = {}
local roots = {
    one, many,
    chain(3e4, function(k, v) one[k] = v end),
    chain(1e4, function(k, v) many[#many + 1] = setmetatable({ [k] = v }, many_mt) end),
}

local function collect()
    while roots do local _ = { {} } end
end

function M.one_table()
    one_mt.__mode = "k"
    collect()
end

function M.many_tables()
    many_mt.__mode = "k"
    collect()
end

function M.under_pcall()
    one_mt.__mode = "k"
    while true do pcall(collect) end
end

function M.in_a_coroutine()
    one_mt.__mode = "k"
    coroutine.wrap(collect)()
end

function M.in_a_callback()
    one_mt.__mode = "k"
    table.sort({ 1, 2, 3 }, collect)
end

return M
