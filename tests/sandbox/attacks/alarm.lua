-- SPDX-License-Identifier: Apache-2.0
--
-- thing.alarm misused: a device has only so many alarms, of so many bytes, whatever is tried.
local M = { api = 1, expect = { default = "error" } }

function M.raise_flood()
    while true do thing.alarm.raise("a") end
end

function M.many_keys()
    for i = 1, 65 do thing.alarm.raise("k" .. i) end
end

function M.long_key()
    thing.alarm.raise(("k"):rep(129))
end

function M.huge_key()
    thing.alarm.get(("k"):rep(1000000))
end

function M.empty_key()
    thing.alarm.raise("")
end

function M.nul_key()
    thing.alarm.clear("a\0b")
end

function M.broken_key()
    thing.alarm.raise("\xff")
end

function M.table_key()
    thing.alarm.raise(setmetatable({}, { __tostring = function() return "a" end }))
end

function M.unknown_severity()
    thing.alarm.raise("a", { severity = "fatal" })
end

function M.number_for_severity()
    thing.alarm.raise("a", { severity = 1 })
end

function M.long_message()
    thing.alarm.raise("a", { message = ("x"):rep(1001) })
end

function M.nul_message()
    thing.alarm.raise("a", { message = "a\0b" })
end

function M.broken_message()
    thing.alarm.raise("a", { message = "\xff" })
end

function M.large_details()
    thing.alarm.raise("a", { details = ("x"):rep(16384) })
end

function M.circle()
    local t = {}
    t.t = t
    thing.alarm.raise("a", { details = t })
end

function M.function_details()
    thing.alarm.raise("a", { details = print })
end

function M.text_for_words()
    thing.alarm.raise("a", "critical")
end

function M.many_large_details()
    for _ = 1, 1000 do thing.alarm.raise("a", { details = ("x"):rep(16000) }) end
end

M.expect.lying_words = "ok"

-- Metamethods are not asked.
function M.lying_words()
    thing.alarm.raise("a", setmetatable({ message = "m" }, { __index = error, __pairs = error,
        __len = error }))
    local a = thing.alarm.get("a")
    assert(a.severity == "warning" and a.message == "m" and a.count == 1)
end

M.expect.read_flood = "cpu"

function M.read_flood()
    for i = 1, 64 do thing.alarm.raise("k" .. i, { message = ("x"):rep(1000) }) end
    while true do thing.alarm.get("k1") end
end

M.expect.under_pcall = "cpu"

function M.under_pcall()
    while true do pcall(thing.alarm.raise, "a", { details = ("x"):rep(10000) }) end
end

M.expect.over_the_cap_keeps_the_rest = "ok"

function M.over_the_cap_keeps_the_rest()
    for i = 1, 64 do assert(thing.alarm.raise("k" .. i)) end
    assert(not pcall(thing.alarm.raise, "one more"))
    assert(thing.alarm.get("one more") == nil and not thing.alarm.clear("one more"))
    assert(not thing.alarm.raise("k1") and thing.alarm.get("k1").count == 2)
    assert(thing.alarm.clear("k1") and not thing.alarm.clear("k1"))
    assert(thing.alarm.raise("one more"))
end

M.expect.copies = "ok"

-- What was read is the script's own.
function M.copies()
    thing.alarm.raise("a", { severity = "info" })
    thing.alarm.get("a").severity = "critical"
    assert(thing.alarm.get("a").severity == "info")
    assert(not pcall(function() thing.alarm.raise = nil end))
end

return M
