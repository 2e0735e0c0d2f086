-- SPDX-License-Identifier: Apache-2.0
local call = require "thing.cli.call"
local client = require "thing.cli.client"
local out = require "thing.cli.out"
local text = require "thing.cli.text"
local values = require "thing.cli.values"

local ID = { "ID", "Its id, as listed", optional = true }

local WHICH = {
    { "product", "PRODUCT", "Of this product", query = "product" },
    { "device", "DEVICE", "Of this device", query = "device" },
    { "reason", "REASON", "For this reason", query = "reason" },
}

-- For the commands on many at once.
local MANY = call.options(WHICH, {
    { "from", "TIME", "Not before" }, { "to", "TIME", "Before" },
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

local function filter_of(c)
    local o = c.options
    local body = { product = o.product, device = o.device, reason = o.reason,
        from = o.from and values.time(o.from, "--from"), to = o.to and values.time(o.to, "--to") }
    local some = next(body) ~= nil
    if c.args.ID and (some or o.all) then
        c:usage("either ID or a choice of many")
    elseif not c.args.ID and not some and not o.all then
        c:usage("which? An ID, --product, --device, --reason, --from, --to, or --all")
    elseif some and o.all then
        c:usage("either --all or a choice")
    end
    body.limit = 1000
    return body
end

-- The server does so many at a time and says whether there are more. What cannot be stored now
-- stays where it is, so a round in which nothing went is the last.
local function rounds(c, path, body, gone)
    local total = {}
    local round, went
    repeat
        round = client.value(c:request("POST", path,
            { body = body, patient = true, timeout = 120000 }))
        went = 0
        for name, n in pairs(round) do
            if gone[name] then
                total[name], went = (total[name] or 0) + n, went + n
            elseif math.type(n) == "integer" then
                total[name] = n -- those that stayed are looked at in each round
            end
        end
    until not round.more or went == 0
    return total, round.more
end

local function report(c, total, more)
    if c.options.json then
        total.more = more
        return out.json(require("thing.jsonio").encode(total))
    end
    out.record(total, { "stored", "duplicate", "ignored", "dead", "retry", "incomplete" })
    if more then
        out.flush()
        out.note("thingd: there are more, and none of the last round could be stored")
    end
end

local function replay(c)
    local body = filter_of(c)
    if c.args.ID then
        return c:show(c:request("POST", "/dead-letters/{letter}/replay",
            { with = { letter = c.args.ID } }), { "stored", "duplicate", "ignored", "dead", "retry",
            "incomplete" })
    end
    report(c, rounds(c, "/dead-letters/replay", body,
        { stored = true, duplicate = true, ignored = true }))
end

local function discard(c)
    local body = filter_of(c)
    if c.args.ID then
        c:confirm("Discard dead letter " .. text.clean(c.args.ID) .. "?")
        return c:done(c:request("DELETE", "/dead-letters/{letter}",
            { with = { letter = c.args.ID } }), "discarded " .. c.args.ID)
    end
    c:confirm("Discard all dead letters that match?")
    report(c, rounds(c, "/dead-letters/discard", body, { discarded = true }))
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
            options = call.options(WHICH, {
                { "from", "TIME", "Not before", query = "from", time = true },
                { "to", "TIME", "Before", query = "to", time = true },
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
            name = "replay", summary = "Run one, or all that match, again", args = { ID },
            options = MANY,
            examples = { { "thingd dead-letter replay --reason script --product air-monitor" } },
            run = replay,
        },
        {
            name = "discard", summary = "Throw away one, or all that match", args = { ID },
            options = call.options(MANY, { call.YES }), run = discard,
        },
    },
}
