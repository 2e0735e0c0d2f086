-- SPDX-License-Identifier: Apache-2.0
--
-- How many requests one caller may make: each account and token has a bucket, each address one for
-- what comes without credentials or with wrong ones. The answer says how it stands.
local problem = require "thing.problem"
local settings = require "api.settings"

local M = {}

-- The network of an address: itself for IPv4, /64 of IPv6.
local function source(address)
    local groups = {}
    if address:find(":", 1, true) and not address:find(".", 1, true) then
        for group in (address:match("^(.-)::") or address):gmatch("[^:]+") do
            groups[#groups + 1] = group
        end
        return table.concat(groups, ":", 1, math.min(4, #groups))
    end
    return address
end

local function take(ctx, key, per_minute)
    local burst = math.max(10, per_minute // 6)
    local allowed, remaining, seconds = thing.limit(key, per_minute, burst)
    ctx.request.rate = {
        ["ratelimit-limit"] = tostring(burst), ["ratelimit-remaining"] = tostring(remaining),
        ["ratelimit-reset"] = tostring(seconds),
    }
    if not allowed then
        problem.raise("rate_limited", "More requests than one caller may make.",
            { headers = { ["retry-after"] = tostring(seconds) } })
    end
end

-- A request that does not show who it comes from.
function M.stranger(ctx)
    take(ctx, "address:" .. source(ctx.peer), settings.get("rate_open_per_minute"))
end

-- A request without credentials for which somebody else is asked.
function M.outward(ctx)
    take(ctx, "outward:" .. source(ctx.peer), settings.get("rate_open_per_minute") // 5)
end

-- After authentication. A probe is never held up: whoever watches would take the process for dead.
function M.step(ctx)
    if ctx.route.probe then
        return
    end
    if not ctx.subject then
        M.stranger(ctx)
    elseif ctx.subject.kind ~= "system" then
        take(ctx, ctx.subject.key, settings.get("rate_per_minute"))
    end
end

return M
