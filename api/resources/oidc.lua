-- SPDX-License-Identifier: Apache-2.0
--
-- Signing in with the provider. Both routes are addresses for a browser, not for programs: it is
-- sent to the provider and comes back, and ends on a page of the dashboard either way; the sign-in
-- page says what `failed` means. Why is in the log.
local audit = require "api.mw.audit"
local db = require "thing.db"
local identities = require "api.identities"
local limits = require "api.mw.limits"
local oidc = require "api.oidc"
local problem = require "thing.problem"
local provider = require "api.oidc_provider"
local reply = require "thing.reply"
local sessions = require "api.sessions"

local TO = { type = "string", maxLength = 500,
    description = "Page of the dashboard to end on; what is no path of ours becomes /." }

-- A path of the dashboard only: no other host (//host, /\\host), no way round by the API.
local function own_path(path)
    local good = path and path:find("^/[%w%-._~!$&'()*+,;=:@/%%?#]*$")
        and not path:find("^//") and not path:find("^/api[/?#]") and path ~= "/api"
    return good and path or "/"
end

local function go(address, cookies)
    return reply.empty(303, { location = address, ["set-cookie"] = cookies })
end

-- failed: unavailable, expired, refused, no_role or disabled.
local function give_up(ctx, failed, reason, cookies)
    thing.log("warn", "oidc_" .. failed, (reason or "-"):gsub('[%c"]', "?"):sub(1, 300)
        .. " (from " .. ctx.peer .. ")")
    thing.count("sign_ins_refused")
    return go("/sign-in?failed=" .. failed, cookies)
end

local function check_configured()
    if not provider.configured then
        problem.raise("not_found", "No provider is configured.")
    end
end

local function start(ctx)
    check_configured()
    limits.outward(ctx)
    local address, kept = oidc.start()
    if not address then
        return give_up(ctx, "unavailable", kept)
    end
    kept.to = own_path(ctx.query.to)
    return go(address, { sessions.send_away(kept) })
end

-- The answer belongs to the sign-in that this very browser began.
local function is_own(ctx, kept)
    return kept and ctx.query.state and thing.account.same(ctx.query.state, kept.state)
end

local function is_code(code)
    return code and #code <= 4096 and not code:find("[^\32-\126]")
end

local function come_back(ctx)
    check_configured()
    local kept = sessions.back(ctx)
    if not is_own(ctx, kept) then
        return give_up(ctx, "expired", "the answer is not for a sign-in of this browser")
    end
    limits.outward(ctx)
    local gone = { sessions.back_cookie() }
    if ctx.query.error or not is_code(ctx.query.code) then
        return give_up(ctx, "refused", ctx.query.error or "no code", gone)
    end
    local person, reason, away = oidc.finish(ctx.query, kept)
    if not person then
        return give_up(ctx, away and "unavailable" or "refused", reason, gone)
    end
    return db.tx(function()
        local account, why = identities.enter(ctx, person)
        if not account then
            return give_up(ctx, why, person.subject, gone)
        end
        local _, cookies = sessions.start(ctx, account)
        audit.write(ctx, { subject = { kind = "account", id = account.id, name = account.key },
            action = "session:create", target = account.key, after = '{"via":"oidc"}' })
        cookies[#cookies + 1] = gone[1]
        thing.count("sign_ins")
        return go(own_path(kept.to), cookies)
    end)
end

local ROUTES = {
    { method = "GET", path = "/session/oidc", open = true, id = "session.oidc",
        summary = "Sign in with the provider: sends the browser there", query = { to = TO },
        answers = { [303] = {} }, run = start },
    { method = "GET", path = "/session/oidc/callback", open = true, id = "session.oidc_callback",
        summary = "Where the provider sends the browser back to", any_query = true,
        answers = { [303] = {} },
        run = function(ctx)
            local answer = come_back(ctx)
            thing.live.recheck() -- roles may have been taken away
            return answer
        end },
}

return { name = "oidc", levels = {}, routes = ROUTES }
