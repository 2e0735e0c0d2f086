-- SPDX-License-Identifier: Apache-2.0
--
-- thing.notify misused: notifications are bounded in number and bytes, and only of the form that
-- notifiers know.
local M = { api = 1, expect = { default = "error" } }

function M.flood()
    while true do thing.notify("c", { title = "t" }) end
end

function M.flood_of_one_key()
    while true do thing.notify("c", { title = "t" }, "k") end
end

function M.flood_of_channels()
    for i = 1, 1000 do thing.notify("c" .. i, { title = "t" }) end
end

M.expect.under_pcall = "cpu"

function M.under_pcall()
    while true do pcall(thing.notify, "c", { title = "t", data = ("x"):rep(10000) }) end
end

M.expect.sixteen = "ok"

function M.sixteen()
    for i = 1, 16 do thing.notify("c", { title = "t" .. i }) end
    assert(not pcall(thing.notify, "c", { title = "t" }))
end

function M.large_data()
    thing.notify("c", { title = "t", data = ("x"):rep(17000) })
end

function M.large_text()
    thing.notify("c", { title = "t", text = ("x"):rep(10000) })
end

-- Every quote becomes two bytes.
function M.large_once_written()
    thing.notify("c", { title = "t", text = ('"'):rep(8000), data = ("x"):rep(1000) })
end

function M.large_title()
    thing.notify("c", { title = ("x"):rep(1000000) })
end

function M.no_title()
    thing.notify("c", { text = "t" })
end

function M.unknown_member()
    thing.notify("c", { title = "t", sevrity = "critical" })
end

function M.unknown_severity()
    thing.notify("c", { title = "t", severity = "fatal" })
end

function M.nul_in_title()
    thing.notify("c", { title = "a\0b" })
end

function M.broken_text()
    thing.notify("c", { title = "t", text = "\xff" })
end

function M.channel_with_path()
    thing.notify("../c", { title = "t" })
end

function M.long_key()
    thing.notify("c", { title = "t" }, ("k"):rep(129))
end

function M.circle()
    local t = {}
    t.t = t
    thing.notify("c", { title = "t", data = t })
end

function M.no_table()
    thing.notify("c", "title")
end

M.expect.tricks = "ok"

-- The table is looked at raw: no metamethod is called.
function M.tricks()
    local trick = { __index = error, __pairs = error, __len = error, __tostring = error }
    thing.notify("c", setmetatable({ title = "t", data = setmetatable({ 1 }, trick) }, trick))
end

return M
