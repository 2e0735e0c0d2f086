-- SPDX-License-Identifier: Apache-2.0
--
-- Commands on one, by its id, or on the many that a choice picks. A command takes the argument
-- ID, options that choose, and --all; the server does so many at a time, so many rounds are asked.
local client = require "thing.cli.client"
local jsonio = require "thing.jsonio"
local out = require "thing.cli.out"
local values = require "thing.cli.values"

local M = {}

M.ID = { "ID", "Its id, as listed", optional = true }

-- Asked for in a round; what the server does at once at most.
local LIMIT = 1000

-- What the options listed in which (as call.options wants them) choose: the body of the request.
-- Refuses an ID beside a choice, --all beside a choice, and nothing at all.
function M.choice(c, ...)
    local body, names = { limit = LIMIT }, {}
    local some = false
    for _, which in ipairs { ... } do
        for _, option in ipairs(which) do
            local name = option[1]
            local given = c.options[name]
            body[name] = given and option.time and values.time(given, "--" .. name) or given
            some = some or given ~= nil
            names[#names + 1] = "--" .. name
        end
    end
    if c.args.ID and (some or c.options.all) then
        c:usage("either ID or a choice of many")
    elseif not c.args.ID and not some and not c.options.all then
        c:usage(("which? An ID, %s, or --all"):format(table.concat(names, ", ")))
    elseif some and c.options.all then
        c:usage("either --all or a choice")
    end
    return body
end

-- Asks until there are no more, or a round did nothing: what cannot be done now stays where it
-- is. gone: the set of those counts that say how many left; they add up, the others are looked at
-- anew in each round. Returns the counts, and whether some are left.
function M.rounds(c, path, body, gone)
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
                total[name] = n
            end
        end
    until not round.more or went == 0
    return total, round.more
end

-- order: the counts to show. left: what to say when some are left.
function M.report(c, total, more, order, left)
    if c.options.json then
        total.more = more
        return out.json(jsonio.encode(total))
    end
    out.record(total, order)
    if more then
        out.flush()
        out.note("thingd: " .. left)
    end
end

return M
