-- SPDX-License-Identifier: Apache-2.0
--
-- Floods of effects: what a message may ask the host to hold is bounded in number and bytes.
local M = { api = 1, expect = { default = "error", wide = "error|cpu" } }

function M.store_flood()
    while true do thing.store({ a = 1 }) end
end

function M.event_flood()
    while true do thing.event("e", {}) end
end

function M.reply_flood()
    while true do thing.reply(200, "x") end
end

function M.command_flood()
    while true do thing.command("c", {}, 60) end
end

function M.result_flood()
    while true do thing.result({ id = "x", code = 200 }) end
end

function M.large()
    while true do thing.store({ a = ("x"):rep(200000) }) end
end

-- Two bytes of JSON each, many times that once they are read.
function M.wide()
    local t = {}
    for i = 1, 20000 do t[i] = 1 end
    while true do thing.store({ a = t }) end
end

function M.many_ids()
    local ids = {}
    for i = 1, 1000 do ids[i] = i end
    while true do thing.result({ ids = ids, code = 200 }) end
end

M.expect.under_pcall = "cpu"

function M.under_pcall()
    while true do pcall(thing.store, { a = ("x"):rep(1000) }) end
end

function M.circle()
    local t = {}
    t.t = t
    thing.store(t)
end

function M.bad_text()
    thing.store({ ["a\0b"] = 1 })
end

return M
