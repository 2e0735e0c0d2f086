-- SPDX-License-Identifier: Apache-2.0
--
-- Opaque places in a sorted list: the sort values of the last item shown. They name the order they
-- belong to, so that one cannot be used with another. Nothing in them is trusted: values reach SQL
-- as parameters, and what may be seen is decided anew for each page.
local M = {}

local ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

local value_of = {}
for i = 1, 64 do
    value_of[ALPHABET:sub(i, i)] = i - 1
end

local function base64url(s)
    local out = {}
    for i = 1, #s, 3 do
        local a, b, c = s:byte(i, i + 2)
        local n = a << 16 | (b or 0) << 8 | (c or 0)
        for k = 0, (c and 3 or b and 2 or 1) do
            local v = n >> (18 - 6 * k) & 63
            out[#out + 1] = ALPHABET:sub(v + 1, v + 1)
        end
    end
    return table.concat(out)
end

local function unbase64url(s)
    local out, n, bits = {}, 0, 0
    for c in s:gmatch(".") do
        local v = value_of[c]
        if not v then
            return nil
        end
        n, bits = (n << 6 | v) & 0xffffff, bits + 6
        if bits >= 8 then
            bits = bits - 8
            out[#out + 1] = string.char(n >> bits & 255)
        end
    end
    return table.concat(out)
end
M.base64url, M.unbase64url = base64url, unbase64url

-- The common form, with padding.
function M.base64(s)
    local text = base64url(s):gsub("[-_]", { ["-"] = "+", ["_"] = "/" })
    return text .. ("="):rep(-#text % 4)
end

-- order: text that names the list's order; values: texts.
function M.encode(order, values)
    return base64url(string.pack("s1" .. ("s2"):rep(#values), order, table.unpack(values)))
end

-- Returns the values (count of them), or nil when the cursor is not one of this order.
function M.decode(order, text, count)
    local raw = unbase64url(text)
    local ok, found, pos = pcall(string.unpack, "s1", raw or "")
    if not ok or found ~= order then
        return nil
    end
    local values = {}
    for i = 1, count do
        ok, values[i], pos = pcall(string.unpack, "s2", raw, pos)
        if not ok or not utf8.len(values[i]) or values[i]:find("\0", 1, true) then
            return nil
        end
    end
    return pos == #raw + 1 and values or nil
end

return M
