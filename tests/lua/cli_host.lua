-- SPDX-License-Identifier: Apache-2.0
--
-- For specs of the command line: thing.host without a terminal, a server or files. What is asked of
-- it can be changed by the spec.
require "tests.lua.offline"
local cjson = require "cjson"

-- Widths as the specs need them: wide in the blocks of CJK, nothing for combining marks.
local function width(text)
    local cells = 0
    for _, code in utf8.codes(text) do
        local wide = code >= 0x1100 and code <= 0x115F or code >= 0x2E80 and code <= 0xFF60
        cells = cells + (code >= 0x300 and code < 0x370 and 0 or wide and 2 or 1)
    end
    return cells
end

_G.thing.host = {
    version = "0.0.0", programs = {}, width = width,
    is_terminal = function() return false end,
    columns = function() end,
    stat = function() end,
    now = function() return 1769940000000 end, -- 2026-02-01T10:00:00Z
    decode = function(text)
        local ok, value = pcall(cjson.decode, text)
        if ok then
            return value, {}
        end
        return nil, "not JSON", "syntax"
    end,
}

return thing.host
