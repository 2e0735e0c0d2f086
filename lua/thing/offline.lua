-- SPDX-License-Identifier: Apache-2.0
--
-- As much of `thing` as the API's pure parts need where no server runs: specs, and the generator of
-- openapi.json. Everything that would reach out of the process raises.
local cjson = require "cjson"

local M = { version = "0.0.0" }

local mark = { __name = "array" }

M.json = {
    null = cjson.null,
    array = function(t) return setmetatable(t or {}, mark) end,
    is_array = function(t) return type(t) == "table" and getmetatable(t) == mark end,
}

-- A configuration in which nothing is set.
function M.conf()
    return ""
end

local function refuse()
    error("there is no server behind this", 2)
end

for _, name in ipairs { "db", "crypto", "device", "product", "command", "broker", "account",
    "live", "files" } do
    M[name] = setmetatable({}, { __index = function() return refuse end })
end

return M
