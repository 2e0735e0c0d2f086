-- SPDX-License-Identifier: Apache-2.0
--
-- Slows down those who guess passwords, without giving them a way to lock others out. An attempt
-- counts against
--   a browser that has signed in to this account before (it shows so by a cookie): only against it;
--   anybody else: the account from this network, this network for all accounts, and the account for
--   all strangers together, which alone may take a while to be let in when many guess at once.
-- The owner's own browser is never slowed down by what strangers do.
local db = require "thing.db"
local problem = require "thing.problem"

local M = {}

local TAKE = "select th_sign_in_take($1, $2, $3, $4) as v"

-- The network of an address: /24 of IPv4, /64 of IPv6.
local function network(address)
    local v4 = address:match("^(%d+%.%d+%.%d+)%.%d+$")
        or address:match("^::ffff:(%d+%.%d+%.%d+)%.%d+$")
    if v4 then
        return v4
    end
    local groups = {}
    for group in (address:match("^(.-)::") or address):gmatch("[^:]+") do
        groups[#groups + 1] = group
    end
    return table.concat(groups, ":", 1, math.min(4, #groups))
end

-- { who, source, free attempts, longest pause in seconds }
local function sources(who, address, device)
    if device then
        return { { who, "device:" .. device, 10, 900 } }
    end
    return {
        { who, "address:" .. network(address), 5, 900 },
        { "", "address:" .. network(address), 50, 900 },
        { who, "any", 100, 60 },
    }
end

local function refuse(wait)
    problem.raise("rate_limited", "Too many failed attempts. Try again in " .. wait .. " seconds.",
        { headers = { ["retry-after"] = tostring(wait) } })
end

-- What one network may do of a kind (`what`), whoever it is about: nobody elsewhere is held up by
-- it, nor a browser that is known there (`device`).
function M.network(what, address, device)
    local wait = db.value(TAKE, "", what .. ":" .. (device or network(address)), 20, 900)
    if wait > 0 then
        refuse(wait)
    end
end

-- Raises rate_limited when an attempt may not be made now. device: what names a known browser.
function M.take(who, address, device)
    for _, s in ipairs(sources(who, address, device)) do
        local wait = db.value(TAKE, s[1], s[2], s[3], s[4])
        if wait > 0 then
            refuse(wait)
        end
    end
end

-- The attempt was good: it and those before it from the same place are forgotten.
function M.release(who, address, device)
    for _, s in ipairs(sources(who, address, device)) do
        if s[1] == who and s[2] ~= "any" then
            db.rows("delete from sign_in_failure where who = $1 and source = $2", s[1], s[2])
        else
            db.rows([[update sign_in_failure set failures = greatest(failures - 1, 0)
                where who = $1 and source = $2]], s[1], s[2])
        end
    end
end

function M.sweep()
    db.rows("delete from sign_in_failure where last_at < now() - interval '1 day'")
end

return M
