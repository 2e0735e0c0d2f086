-- SPDX-License-Identifier: Apache-2.0
--
-- thing.later and thing.forward misused: what may wait is bounded in number and bytes, and only functions that are
-- there can be named.
local M = { api = 1, expect = { default = "error" } }

M.expect.target = "ok"

function M.target() end

function M.flood()
    while true do thing.later("target") end
end

function M.flood_of_one_key()
    while true do thing.later("target", nil, 0, "k") end
end

function M.flood_of_keys()
    for i = 1, 1000 do thing.later("target", nil, 0, "k" .. i) end
end

function M.forward_flood()
    while true do thing.forward("d", "target") end
end

function M.forward_and_later_flood()
    for i = 1, 60 do thing.later("target", nil, 0, "k" .. i) end
    for i = 1, 60 do thing.forward("d" .. i, "target") end
end

function M.forward_large_args()
    thing.forward("d", "target", ("x"):rep(20000))
end

M.expect.forward_to_no_key = "ok"

function M.forward_to_no_key()
    for _, key in ipairs { "", "a b", "a/b", "#", "\0", ("x"):rep(129), 7, {}, false } do
        assert(not pcall(thing.forward, key, "target"))
    end
end

function M.cancel_flood()
    while true do thing.cancel("k") end
end

M.expect.under_pcall = "cpu"

function M.under_pcall()
    while true do pcall(thing.later, "target", ("x"):rep(10000)) end
end

function M.large_args()
    thing.later("target", ("x"):rep(20000))
end

function M.circle()
    local t = {}
    t.t = t
    thing.later("target", t)
end

function M.function_args()
    thing.later("target", { f = print })
end

function M.unknown()
    thing.later("nothing")
end

function M.handler()
    thing.later("on_property")
end

function M.name_with_path()
    thing.later("../target")
end

function M.huge_name()
    thing.later(("x"):rep(1000000))
end

function M.nul_in_name()
    thing.later("target\0x")
end

function M.nan_delay()
    thing.later("target", nil, 0 / 0)
end

function M.endless_delay()
    thing.later("target", nil, math.huge)
end

function M.long_key()
    thing.later("target", nil, 0, ("k"):rep(129))
end

function M.broken_key()
    thing.later("target", nil, 0, "\xff")
end

M.expect.tricks_in_args = "ok"

-- Args are looked at raw: no metamethod is called.
function M.tricks_in_args()
    thing.later("target", setmetatable({ 1 }, { __index = error, __pairs = error, __len = error,
        __tostring = error }))
end

M.expect.over_the_cap_keeps_the_rest = "ok"

function M.over_the_cap_keeps_the_rest()
    for i = 1, 64 do thing.later("target", i) end
    assert(not pcall(thing.later, "target"))
    assert(not pcall(thing.later, "target", nil, 0, "k"))
end

M.expect.canceled_ones_do_not_count = "ok"

function M.canceled_ones_do_not_count()
    for i = 1, 40 do
        thing.later("target", i, 0, "k")
        thing.cancel("k")
    end
    for i = 1, 20 do thing.later("target", i) end
end

return M
