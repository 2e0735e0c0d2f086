-- SPDX-License-Identifier: Apache-2.0
--
-- What waits to be done after a commit, and what was given up.
local call = require "thing.cli.call"
local many = require "thing.cli.many"
local text = require "thing.cli.text"

local WHICH = {
    { "product", "PRODUCT", "Of this product", query = "product" },
    { "device", "DEVICE", "Of this device", query = "device" },
    { "kind", "KIND", "later: functions; notify: notifications", query = "kind" },
    { "name", "NAME", "Of this function, or for this channel", query = "name" },
}

local MANY = call.options(WHICH, {
    { "all", false, "All that were given up, when nothing else is said" },
})

local function on_many(c, verb, body)
    local total, more = many.rounds(c, "/outbox/" .. verb, body, { done = true })
    many.report(c, total, more, { "done", "skipped" },
        "there are more, and none of the last round could be changed")
end

local function retry(c)
    local body = many.choice(c, WHICH)
    if c.args.ID then
        return c:done(c:request("POST", "/outbox/{item}/retry", { with = { item = c.args.ID } }),
            c.args.ID .. " is tried again")
    end
    on_many(c, "retry", body)
end

local function discard(c)
    local body = many.choice(c, WHICH)
    if c.args.ID then
        c:confirm("Discard " .. text.clean(c.args.ID) .. "?")
        return c:done(c:request("DELETE", "/outbox/{item}", { with = { item = c.args.ID } }),
            "discarded " .. c.args.ID)
    end
    c:confirm("Discard all that were given up and match?")
    on_many(c, "discard", body)
end

return {
    name = "outbox", summary = "Functions and notifications that wait, or were given up",
    commands = {
        {
            name = "list", summary = "List them",
            options = call.options(WHICH, {
                { "state", "STATE", "waiting or dead", query = "state" },
            }, call.LIST),
            run = function(c)
                c:list("/outbox", { columns = {
                    { "ID", "id" }, { "KIND", "kind" }, { "NAME", "name" },
                    { "PRODUCT", "product" }, { "DEVICE", "device" },
                    { "STATE", "state" }, { "ATTEMPTS", "attempts" },
                    { "NEXT", "next_at", show = text.time }, { "ERROR", "error" },
                } })
            end,
        },
        {
            name = "show", summary = "Show one", args = { { "ID", "Its id, as listed" } },
            run = function(c)
                c:show(c:request("GET", "/outbox/{item}", { with = { item = c.args.ID } }),
                    { "id", "kind", "name", "product", "device", "forwarded_to", "key", "args",
                        "state", "attempts", "created_at", "due_at", "next_at", "error",
                        "dead_at" })
            end,
        },
        {
            name = "retry", summary = "Have one, or all that match, tried again",
            args = { many.ID }, options = MANY,
            examples = { { "thingd outbox retry --kind notify --name night" } },
            run = retry,
        },
        {
            name = "discard", summary = "Throw away one, or all that were given up and match",
            args = { many.ID }, options = call.options(MANY, { call.YES }), run = discard,
        },
    },
}
