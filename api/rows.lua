-- SPDX-License-Identifier: Apache-2.0
--
-- Rows of property and event history as the API says them.
local M = {}

M.FLAGS = {
    type = "array", items = { type = "string", enum = { "clock", "raw" } },
    description = "Absent when there is none. `clock`: the device's time was off, it is the "
        .. "broker's; `raw`: stored as it came, since the script failed or was off.",
}

-- SQL of a row's JSON with these members ("'name', value, ...") and its flags when it has any.
function M.document(members)
    return ([[case when flags = 0 then json_build_object(%s)
        else json_build_object(%s, 'flags', th_row_flags(flags)) end]]):format(members, members)
end

return M
