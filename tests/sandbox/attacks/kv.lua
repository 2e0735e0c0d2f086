-- SPDX-License-Identifier: Apache-2.0
--
-- thing.kv misused: the state of a device stays within its caps, whatever is tried.
local M = { api = 1, expect = { default = "error" } }

function M.set_flood()
    while true do thing.kv.set("a", 1) end
end

function M.many_keys()
    for i = 1, 1000 do thing.kv.set("k" .. i, 1) end
end

function M.large_value()
    thing.kv.set("a", ("x"):rep(16385))
end

function M.large_together()
    for i = 1, 100 do thing.kv.set("k" .. i, ("x"):rep(1000)) end
end

function M.long_key()
    thing.kv.set(("k"):rep(129), 1)
end

function M.huge_key()
    thing.kv.get(("k"):rep(1000000))
end

function M.empty_key()
    thing.kv.set("", 1)
end

function M.nul_key()
    thing.kv.set("a\0b", 1)
end

function M.broken_key()
    thing.kv.set("\xff", 1)
end

function M.table_key()
    thing.kv.set(setmetatable({}, { __tostring = function() return "a" end }), 1)
end

function M.circle()
    local t = {}
    t.t = t
    thing.kv.set("a", t)
end

function M.function_value()
    thing.kv.set("a", print)
end

function M.deep()
    local t = {}
    for _ = 1, 100 do t = { t } end
    thing.kv.set("a", t)
end

M.expect.lying_length = "ok"

-- Metamethods are not asked.
function M.lying_length()
    thing.kv.set("a", setmetatable({ 1 }, { __len = function() return 1e9 end,
        __index = function() return 1 end, __pairs = function() error("asked") end }))
    assert(#thing.kv.get("a") == 1)
end

M.expect.read_flood = "cpu"

function M.read_flood()
    local t = {}
    for i = 1, 4000 do t[i] = 1 end
    thing.kv.set("a", t)
    while true do thing.kv.get("a") end
end

M.expect.read_and_keep = "memory|cpu"

function M.read_and_keep()
    local t, all = {}, {}
    for i = 1, 4000 do t[i] = 1 end
    thing.kv.set("a", t)
    while true do all[#all + 1] = thing.kv.all() end
end

M.expect.under_pcall = "cpu"

function M.under_pcall()
    while true do pcall(thing.kv.set, "a", ("x"):rep(10000)) end
end

M.expect.copies = "ok"

-- What was read is the script's own; the state changes by set alone.
function M.copies()
    thing.kv.set("a", { n = 1 })
    thing.kv.get("a").n = 2
    thing.kv.all().a.n = 3
    assert(thing.kv.get("a").n == 1)
    assert(not pcall(function() thing.kv.get = nil end))
end

M.expect.over_the_cap_keeps_the_old = "ok"

function M.over_the_cap_keeps_the_old()
    thing.kv.set("a", ("x"):rep(16000))
    assert(not pcall(thing.kv.set, "b", ("x"):rep(1000)))
    assert(not pcall(thing.kv.set, "a", ("y"):rep(16384)))
    assert(thing.kv.get("b") == nil and thing.kv.get("a") == ("x"):rep(16000))
    assert(thing.kv.delete("a") and not thing.kv.delete("a"))
    thing.kv.set("b", ("x"):rep(16000))
end

return M
