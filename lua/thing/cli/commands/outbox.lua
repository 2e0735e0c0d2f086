-- SPDX-License-Identifier: Apache-2.0
--
-- What waits to be done after a commit, and what was given up.
local call = require "thing.cli.call"
local client = require "thing.cli.client"
local out = require "thing.cli.out"
local text = require "thing.cli.text"

local ID = { "ID", "Its id, as listed", optional = true }

local WHICH = {
    { "product", "PRODUCT", "Of this product", query = "product" },
    { "device", "DEVICE", "Of this device", query = "device" },
    { "kind", "KIND", "later: functions; notify: notifications", query = "kind" },
    { "name", "NAME", "Of this function, or for this channel", query = "name" },
}

local MANY = call.options(WHICH, {
    { "all", false, "All that were given up, when nothing else is said" },
})

local function filter_of(c)
    local o = c.options
    local body = { product = o.product, device = o.device, kind = o.kind, name = o.name }
    local some = next(body) ~= nil
    if c.args.ID and (some or o.all) then
        c:usage("either ID or a choice of many")
    elseif not c.args.ID and not some and not o.all then
        c:usage("which? An ID, --product, --device, --kind, --name, or --all")
    elseif some and o.all then
        c:usage("either --all or a choice")
    end
    body.limit = 1000
    return body
end

-- The server does so many at a time. What cannot be tried again stays where it is, so a round in
-- which nothing was done is the last.
local function rounds(c, path, body)
    local done = 0
    local round
    repeat
        round = client.value(c:request("POST", path,
            { body = body, patient = true, timeout = 120000 }))
        done = done + round.done
    until not round.more or round.done == 0
    if c.options.json then
        return out.json(require("thing.jsonio").encode {
            done = done, skipped = round.skipped, more = round.more })
    end
    out.record({ done = done, skipped = round.skipped }, { "done", "skipped" })
end

local function retry(c)
    local body = filter_of(c)
    if c.args.ID then
        return c:done(c:request("POST", "/outbox/{item}/retry", { with = { item = c.args.ID } }),
            c.args.ID .. " is tried again")
    end
    rounds(c, "/outbox/retry", body)
end

local function discard(c)
    local body = filter_of(c)
    if c.args.ID then
        c:confirm("Discard " .. text.clean(c.args.ID) .. "?")
        return c:done(c:request("DELETE", "/outbox/{item}", { with = { item = c.args.ID } }),
            "discarded " .. c.args.ID)
    end
    c:confirm("Discard all that were given up and match?")
    rounds(c, "/outbox/discard", body)
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
            name = "retry", summary = "Have one, or all that match, tried again", args = { ID },
            options = MANY,
            examples = { { "thingd outbox retry --kind notify --name night" } },
            run = retry,
        },
        {
            name = "discard", summary = "Throw away one, or all that were given up and match",
            args = { ID }, options = call.options(MANY, { call.YES }), run = discard,
        },
    },
}
