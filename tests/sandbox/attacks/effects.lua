-- SPDX-License-Identifier: Apache-2.0
--
-- Floods of effects: what a message may ask the host to hold is bounded in number and bytes.
local M = { api = 1, expect = {
    default = "error", wide = "error|cpu", send_elsewhere = "error: none was sent",
    send_flood = "error: more than 16 messages",
} }

function M.store_flood()
    while true do thing.store({ a = 1 }) end
end

function M.event_flood()
    while true do thing.event("e", {}) end
end

function M.reply_flood()
    while true do thing.reply(200, "x") end
end

function M.send_flood()
    while true do thing.send("down", "") end
end

function M.send_large()
    thing.send("down", ("x"):rep(65537))
end

function M.send_elsewhere()
    for _, topic in ipairs { "", "down", "down/", "#", "+", "down/#", "down/+", "/down/x", "../x/down", "up",
        "thing/service/property/set", "ota/upgrade", "down/a b", "down/\0", "down/\255", "DOWN/x",
        ("down/"):rep(200) .. "x" } do
        local sent = pcall(thing.send, topic, "x")
        assert(sent == (topic == "down"), topic)
    end
    error("none was sent")
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
