-- SPDX-License-Identifier: Apache-2.0
--
-- Strings that grow, and library calls that take an enormous count.
-- luacheck: ignore 241
local M = {
    api = 1,
    expect = {
        default = "error", empty_rep = "ok", doubling = "memory", doubling_under_pcall = "memory",
        append_for_ever = "cpu|memory", hash_long_keys = "cpu", compare_long = "cpu",
        numeral = "ok", byte_many = "error: string slice too long",
        pack_many = "error: format too long", upper_for_ever = "cpu",
        format_many_items = "cpu|error", utf8_for_ever = "cpu", char_many = "ok",
        rep_under_pcall = "cpu", unpack_position = "ok", concat_many = "cpu|memory",
        format_pointer = "error: not available",
    },
}

function M.rep() return ("x"):rep(1e9) end
function M.rep_maxinteger() return ("x"):rep(math.maxinteger) end
function M.rep_with_separator() return ("x"):rep(1e7, ("y"):rep(1e5)) end

-- In Lua's own this loops 10^18 times over nothing.
function M.empty_rep() assert((""):rep(1e18) == "" and (""):rep(1e18, "") == "") end

function M.rep_under_pcall()
    while true do pcall(string.rep, "x", 1e9) end
end

function M.doubling()
    local s = "x"
    while true do s = s .. s end
end

function M.doubling_under_pcall()
    local s = "x"
    while true do pcall(function() s = s .. s end) end
end

function M.append_for_ever()
    local s = ""
    while true do s = s .. ("x"):rep(1000) end
end

function M.concat_many()
    local s = ("x"):rep(1e5)
    while true do local _ = s .. s .. s .. s .. s .. s .. s .. s .. s .. s end
end

function M.hash_long_keys()
    local t, s = {}, ("x"):rep(1000000)
    while true do t[s .. "y"] = nil end
end

function M.compare_long()
    local x, y = ("x"):rep(1000000), ("x"):rep(1000000) .. "y"
    while x < y do end
end

function M.numeral()
    local s = ("1"):rep(1000000)
    for _ = 1, 1000 do assert(tonumber(s) == nil and tonumber(s, 16) == nil) end
end

function M.arithmetic_on_numeral() return ("1"):rep(1000000) + 1 end
function M.byte_many() return (("x"):rep(1000000)):byte(1, -1) end
function M.format_width() return ("%999999d"):format(1) end
function M.format_precision() return ("%.999999f"):format(1) end
function M.format_flags() return ("%" .. ("0"):rep(1e5) .. "d"):format(1) end
function M.format_pointer() return ("%p"):format({}) end

function M.format_large()
    local s = ("x"):rep(400000)
    return ("%s%s%s%s"):format(s, s, s, s)
end

function M.format_many_items()
    local f, item = ("%99.99f"):rep(200), {}
    for i = 1, 200 do item[i] = 1e308 end
    while true do f:format(table.unpack(item)) end
end

function M.gsub_growth()
    local s = "x"
    while true do s = s:gsub("x", "xxxxxxxxxx") end
end

function M.pack_pad() return string.pack("c999999999", "x") end
function M.pack_sum() return string.pack(("c1000000"):rep(20), "x") end
function M.pack_many() return string.pack(("b"):rep(1000000), 1) end
function M.packsize() return string.packsize(("c1000000"):rep(20)) end
function M.unpack_many() return string.unpack(("!16 Xi16"):rep(100000), "") end
function M.unpack_position() return string.unpack("b", "x", math.mininteger) end

function M.upper_for_ever()
    local s = ("x"):rep(1000000)
    while true do s:upper():lower():reverse() end
end

function M.char_many()
    local t = {}
    for i = 1, 50000 do t[i] = 65 end
    assert(#string.char(table.unpack(t)) == 50000)
end

function M.utf8_for_ever()
    local s = ("ä"):rep(400000)
    while true do
        utf8.len(s)
        utf8.offset(s, 399999)
        for _ in utf8.codes(s) do end
    end
end

function M.dates() return os.date(("%c"):rep(100000)) end

return M
