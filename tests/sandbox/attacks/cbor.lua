-- SPDX-License-Identifier: Apache-2.0
--
-- CBOR that is deep, endless, boastful of its length, shared or in a circle.
local M = {
    api = 1,
    expect = {
        default = "ok", circle = "error", shared = "error|cpu", wide = "ok|error|memory",
        many_names = "error", decode_for_ever = "cpu", encode_for_ever = "cpu",
        names_in_a_circle = "cpu|ok", names_for_ever = "cpu",
    },
}

local cbor = thing.cbor

local function refused(data)
    local v, why, code = cbor.decode(data)
    assert(v == nil and type(why) == "string" and type(code) == "string")
end

function M.deep()
    for _, head in ipairs { "\x81", "\x9f", "\xa1\x00", "\xbf\x00", "\xc1\x81" } do
        refused(head:rep(100000))
    end
end

function M.tags_without_end()
    refused(("\xc1"):rep(1000000))
end

function M.pieces_within_pieces()
    refused(("\x5f"):rep(100000))
    refused(("\x7f"):rep(100000))
end

-- Lengths that the bytes cannot hold make room for nothing.
function M.boasts()
    local lengths = { "\x9a\xff\xff\xff\xff", "\x9b\x7f" .. ("\xff"):rep(7), "\x9b" .. ("\xff"):rep(8),
        "\xba\xff\xff\xff\xff", "\xbb" .. ("\xff"):rep(8), "\x5a\xff\xff\xff\xff",
        "\x7b" .. ("\xff"):rep(8) }
    for _, head in ipairs(lengths) do
        refused(head)
        refused(("\x81"):rep(60) .. head .. ("\0"):rep(1000))
        refused(head:rep(60))
    end
end

function M.wide()
    local v = cbor.decode("\x9a\0\1\0\0" .. ("\x80"):rep(65536))
    assert(v == nil or #v == 65536)
end

function M.pieces()
    assert(#cbor.decode("\x5f" .. ("\x41a"):rep(100000) .. "\xff") == 100000)
end

function M.every_byte()
    for a = 0, 255 do
        for b = 0, 255, 51 do
            cbor.decode(string.char(a, b, 0, 0, 0, 0, 0, 0, 0, 0))
        end
    end
end

function M.circle()
    local t = {}
    t.t = t
    return cbor.encode(t)
end

function M.shared()
    local t = {}
    for _ = 1, 60 do t = { t, t } end
    return cbor.encode(t)
end

-- The names of a map are put in order before the first is written.
local function names(n)
    local t = {}
    for i = 1, n do t["k" .. i] = i end
    return t
end

function M.many_names()
    return cbor.encode(names(20000))
end

function M.names_in_a_circle()
    local t = names(10000)
    t["a"] = t
    t["k1"] = nil
    assert(not pcall(cbor.encode, t))
end

function M.decode_for_ever()
    local data = "\x9f" .. ("\1"):rep(10000) .. "\xff"
    while true do cbor.decode(data) end
end

function M.encode_for_ever()
    local t = {}
    for i = 1, 10000 do t[i] = { a = i } end
    while true do pcall(cbor.encode, t) end
end

function M.names_for_ever()
    local t = names(10000)
    local list = {}
    for i = 1, 10000 do list[i] = t end
    while true do pcall(cbor.encode, list) end
end

function M.metamethods()
    local called = false
    local function hook() called = true return 1 end
    local t = setmetatable({}, { __index = hook, __len = hook, __pairs = hook, __newindex = hook })
    assert(cbor.encode(t) == "\xa0" and not called)
    assert(not pcall(function() getmetatable(cbor.bytes("a")).__index = hook end))
    local bytes = cbor.bytes("a")
    bytes[1] = 7
    assert(cbor.encode(bytes) == "\x81\7")
end

return M
