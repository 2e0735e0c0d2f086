-- SPDX-License-Identifier: Apache-2.0
--
-- Tables that grow, and library calls with bounds nobody means.
-- luacheck: ignore 241
local M = {
    api = 1,
    expect = {
        default = "cpu", fill_array = "cpu|memory", fill_hash = "cpu|memory",
        fill_tables = "cpu|memory", -- which comes first, depends on the machine
        unpack_many = "error", unpack_wrap = "error", insert_shift = "cpu|memory",
        concat_none = "error", concat_large = "error", move_wrap = "error", sort_large = "ok|cpu",
        pack_many = "error", remove_bounds = "error", constructor = "cpu|memory",
        rehash = "cpu|memory", select_many = "error",
    },
}

function M.move_far() table.move({}, 1, 1e15, 2) end
function M.move_down_far() table.move({}, -1e15, 1e15, 2, {}) end
function M.move_wrap() table.move({}, 1, math.maxinteger, 2) end

function M.move_fill()
    local source = setmetatable({}, { __index = function() return 1 end })
    table.move(source, 1, 1e15, 1, {})
end

function M.move_under_pcall()
    while true do pcall(table.move, {}, 1, 1e15, 2) end
end

function M.unpack_many() return table.unpack({}, 1, 1e8) end
function M.unpack_wrap() return table.unpack({}, math.mininteger, math.maxinteger) end
function M.concat_none() return table.concat({}, "", 1, 1e15) end

function M.concat_large()
    local t = {}
    for i = 1, 1000 do t[i] = ("x"):rep(10000) end
    return table.concat(t)
end

function M.concat_for_ever()
    local t = {}
    for i = 1, 10000 do t[i] = "x" end
    while true do table.concat(t, ",") end
end

function M.insert_shift()
    local t = {}
    for i = 1, 1e9 do table.insert(t, 1, i) end
end

function M.remove_shift()
    local t = {}
    for i = 1, 1e5 do t[i] = i end
    while true do
        table.remove(t, 1)
        t[#t + 1] = 1
    end
end

function M.remove_bounds() return table.remove({}, 1e15) end

function M.sort_for_ever()
    local t = {}
    while true do
        for i = 1, 1e4 do t[i] = i * 7919 % 10007 end
        table.sort(t, function(x, y) return x > y end)
    end
end

function M.sort_large()
    local t = {}
    for i = 1, 5e4 do t[i] = i * 7919 % 50021 end
    table.sort(t)
end

function M.fill_array()
    local t = {}
    for i = 1, 1e9 do t[i] = i end
end

function M.fill_hash()
    local t = {}
    for i = 1, 1e9 do t["k" .. i] = i end
end

function M.fill_tables()
    local t = {}
    while true do t = { t } end
end

function M.constructor()
    local kept = {}
    for i = 1, 1e9 do kept[#kept + 1] = { i, i, i, i, i, i, i, i, i, i, i, i, i, i, i, i } end
end

function M.pack_many() return table.pack(table.unpack({}, 1, 200000)) end
function M.select_many() return select(-1, table.unpack({}, 1, 200000)) end

function M.rehash()
    while true do
        local t = {}
        for i = 1, 65537 do t[i * 1.5] = i end
    end
end

function M.border_search()
    local t = {}
    t[1] = 1
    for i = 1, 60 do t[1 << i] = 1 end
    while true do local _ = #t end
end

function M.next_over_gaps()
    local t = {}
    for i = 1, 60000 do t["k" .. i] = i end
    for i = 1, 59999 do t["k" .. i] = nil end
    while true do next(t) end
end

return M
