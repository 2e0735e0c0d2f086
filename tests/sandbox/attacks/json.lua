-- SPDX-License-Identifier: Apache-2.0
--
-- JSON that is deep, wide, shared or in a circle.
local M = {
    api = 1,
    expect = {
        default = "error", decode_deep = "ok", decode_wide = "ok|error|memory",
        decode_numbers = "ok", decode_for_ever = "cpu", encode_for_ever = "cpu",
        shared = "error|cpu", decode_keys = "ok", bad_text = "ok", shared_for_ever = "cpu",
        metamethods = "ok",
    },
}

local json = thing.json

function M.decode_deep()
    local v, why, code = json.decode(("["):rep(100000) .. ("]"):rep(100000))
    assert(v == nil and type(why) == "string" and type(code) == "string")
end

function M.decode_wide()
    local v = json.decode("[" .. ("{},"):rep(90000) .. "{}]")
    assert(v == nil or #v == 90001)
end

function M.decode_numbers()
    assert(json.decode("1e400") == nil)
    assert(json.decode(("9"):rep(100000)) == nil)
    assert(json.decode("9223372036854775807") == math.maxinteger)
end

function M.decode_keys()
    local t = {}
    for i = 1, 20000 do t[i] = ('"k%d":%d'):format(i, i) end
    assert(json.decode("{" .. table.concat(t, ",") .. "}").k20000 == 20000)
    assert(json.decode('{"a":1,"a":2}') == nil)
end

function M.bad_text()
    local texts = { "", "[", "nul", '"\\ud800"', '"\255"', '"a\0b"', "[1,]", "{'a':1}", "1 2" }
    for _, text in ipairs(texts) do
        assert(json.decode(text) == nil, text)
    end
end

function M.decode_for_ever()
    local text = "[" .. ("1,"):rep(10000) .. "1]"
    while true do json.decode(text) end
end

function M.encode_circle()
    local t = {}
    t.t = t
    return json.encode(t)
end

function M.encode_deep()
    local t = {}
    for _ = 1, 100 do t = { t } end
    return json.encode(t)
end

-- Thirty tables, a thousand million values.
function M.shared()
    local t = { 1 }
    for _ = 1, 30 do t = { t, t } end
    return json.encode(t)
end

function M.shared_for_ever()
    local t = { 1 }
    for _ = 1, 30 do t = { t, t } end
    while true do pcall(json.encode, t) end
end

function M.encode_long() return json.encode(("x"):rep(1000000) .. ("y"):rep(200000)) end
function M.encode_function() return json.encode({ print }) end
function M.encode_nan() return json.encode({ 0 / 0 }) end
function M.holes() return json.encode({ [1] = 1, [1e15] = 2 }) end
function M.mixed() return json.encode({ 1, 2, a = 3 }) end

function M.encode_for_ever()
    local t = {}
    for i = 1, 1000 do t["key" .. i] = { i, tostring(i), i / 3 } end
    while true do json.encode(t) end
end

function M.metamethods()
    local mt = { __index = error, __len = error, __pairs = error, __tostring = error }
    local t = setmetatable({ 1 }, mt)
    assert(json.encode(t) == "[1]")
end

return M
