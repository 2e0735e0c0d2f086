-- SPDX-License-Identifier: Apache-2.0
--
-- Formats that the API's schemas name: function(text) -> boolean each. A format not listed here is
-- a note for readers of the schema only.
local rfc3339 = require "thing.rfc3339"

local M = {}

M["date-time"] = rfc3339.is_time

M.email = function(s)
    return #s <= 254 and s:find("^[^%s@]+@[^%s@]+%.[^%s@]+$") ~= nil
end

return M
