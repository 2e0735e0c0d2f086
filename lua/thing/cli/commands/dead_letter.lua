-- SPDX-License-Identifier: Apache-2.0
local call = require "thing.cli.call"
local client = require "thing.cli.client"
local many = require "thing.cli.many"
local out = require "thing.cli.out"
local text = require "thing.cli.text"

local WHICH = {
    { "product", "PRODUCT", "Of this product", query = "product" },
    { "device", "DEVICE", "Of this device", query = "device" },
    { "reason", "REASON", "For this reason", query = "reason" },
}

local WHEN = {
    { "from", "TIME", "Not before", query = "from", time = true },
    { "to", "TIME", "Before", query = "to", time = true },
}

-- For the commands on many at once.
local MANY = call.options(WHICH, WHEN, {
    { "all", false, "All there are, when nothing else is said" },
})

local COLUMNS = {
    { "ID", "id" }, { "TIME", "time", show = text.time }, { "REASON", "reason" },
    { "PRODUCT", "product" }, { "DEVICE", "device" }, { "DETAIL", "detail" },
}

local function show(c)
    local answer = c:request("GET", "/dead-letters/{letter}", { with = { letter = c.args.ID } })
    if c.options.body then
        local letter = client.value(answer)
        if letter.encoding == "base64" and thing.host.is_terminal(1) then
            c:usage("the body is no text: send it to a file")
        end
        return out.put(letter.encoding == "base64" and thing.base64.decode(letter.body)
            or thing.host.is_terminal(1) and text.clean(letter.body) .. "\n" or letter.body)
    end
    c:show(answer, { "id", "time", "reason", "detail", "product", "device", "action", "topic",
        "node", "size", "encoding", "body" })
end

local COUNTS = { "stored", "duplicate", "ignored", "discarded", "dead", "retry", "incomplete" }

local function on_many(c, verb, body, gone)
    local total, more = many.rounds(c, "/dead-letters/" .. verb, body, gone)
    many.report(c, total, more, COUNTS,
        "there are more, and none of the last round could be stored")
end

local function replay(c)
    local body = many.choice(c, WHICH, WHEN)
    if c.args.ID then
        return c:show(c:request("POST", "/dead-letters/{letter}/replay",
            { with = { letter = c.args.ID } }), COUNTS)
    end
    on_many(c, "replay", body, { stored = true, duplicate = true, ignored = true })
end

local function discard(c)
    local body = many.choice(c, WHICH, WHEN)
    if c.args.ID then
        c:confirm("Discard dead letter " .. text.clean(c.args.ID) .. "?")
        return c:done(c:request("DELETE", "/dead-letters/{letter}",
            { with = { letter = c.args.ID } }), "discarded " .. c.args.ID)
    end
    c:confirm("Discard all dead letters that match?")
    on_many(c, "discard", body, { discarded = true })
end

return {
    name = "dead-letter", summary = "Messages that could not be accepted, with the reason",
    commands = {
        {
            name = "list", summary = "List them, newest first",
            options = call.options(WHICH, call.RANGE, call.LIST),
            run = function(c) c:list("/dead-letters", { columns = COLUMNS }) end,
        },
        {
            name = "summary", summary = "Count them by product and reason, most frequent first",
            options = call.options(WHICH, WHEN, {
                { "csv", false, "Comma-separated values" },
            }),
            run = function(c)
                c:list("/dead-letters/summary", { paged = false, columns = {
                    { "PRODUCT", "product" }, { "REASON", "reason" }, { "KEPT", "kept" },
                    { "COUNTED", "counted" }, { "FIRST", "first", show = text.time },
                    { "LAST", "last", show = text.time },
                } })
            end,
        },
        {
            name = "show", summary = "Show one with its body",
            args = { { "ID", "Its id, as listed" } },
            options = { { "body", false, "The body alone, as it came" } },
            run = show,
        },
        {
            name = "replay", summary = "Run one, or all that match, again", args = { many.ID },
            options = MANY,
            examples = { { "thingd dead-letter replay --reason script --product air-monitor" } },
            run = replay,
        },
        {
            name = "discard", summary = "Throw away one, or all that match", args = { many.ID },
            options = call.options(MANY, { call.YES }), run = discard,
        },
    },
}
