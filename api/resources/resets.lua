-- SPDX-License-Identifier: Apache-2.0
--
-- For those who are not signed in: what the sign-in page offers, and the way back when a password
-- is lost.
local audit = require "api.mw.audit"
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local passwords = require "api.passwords"
local problem = require "thing.problem"
local provider = require "api.oidc_provider"
local reply = require "thing.reply"
local resets = require "api.resets"
local schema = require "thing.schema"
local sessions = require "api.sessions"
local throttle = require "api.throttle"

local function set_password(ctx)
    local account = resets.redeem(ctx.body.token)
    if account then
        passwords.judge(ctx.body.password, account.key)
        passwords.set(account.id, ctx.body.password, false)
        sessions.end_all(account.id)
        audit.write(ctx, { subject = { kind = "account", id = account.id, name = account.key },
            action = "session:reset", target = account.key })
    end
    return account
end

-- Who has the token is the owner: what others do, from wherever, never holds them up, and their
-- browser is known from now on. Only those who guess are slowed down.
local function reset_password(ctx)
    sessions.check_origin(ctx)
    local account = db.tx(function() return set_password(ctx) end)
    if not account then
        throttle.network("reset", ctx.peer)
        problem.raise("wrong_credentials", "The token is not valid, or no longer.")
    end
    return reply.empty(204, { ["set-cookie"] = { sessions.device_cookie(account.key) } })
end

-- Always the same answer, before anything is looked up.
local function ask_reset(ctx)
    sessions.check_origin(ctx)
    if not resets.by_mail() then
        problem.raise("not_found", "No mail is sent from here: ask an administrator.")
    end
    throttle.network("reset_request", ctx.peer, sessions.device(ctx, ctx.body.account:lower()))
    ctx:behind(function()
        resets.request(ctx, ctx.body.account, ctx.body.language)
    end)
    return reply.empty()
end

local WAYS = schema.named("SignInWays", {
    type = "object", required = { "reset", "provider" },
    properties = {
        reset = { type = "boolean", description = "A lost password is set anew by mail." },
        provider = { type = { "object", "null" }, required = { "name", "path" },
            description = "Where people sign in instead.",
            properties = { name = { type = "string" }, path = { type = "string",
                description = "To go to, with the page to end on as `to`." } } },
    },
})

local function ways()
    return reply.value { reset = resets.by_mail(), provider = provider.configured
        and { name = provider.name, path = "/api/v1/session/oidc" } or jsonio.null }
end

local function body(name, properties, required)
    return schema.named(name, { type = "object", additionalProperties = false,
        properties = properties, required = required })
end

local ROUTES = {
    { method = "GET", path = "/session/ways", open = true, id = "session.ways",
        summary = "What the sign-in page offers", answers = { [200] = { schema = WAYS } },
        run = ways },
    { method = "POST", path = "/session/reset", open = true, id = "session.reset",
        summary = "Set a password with a reset token",
        body = body("PasswordReset", { token = { type = "string", minLength = 1, maxLength = 100 },
            password = passwords.SCHEMA }, { "token", "password" }),
        answers = { [204] = {} }, run = reset_password },
    { method = "POST", path = "/session/reset-request", open = true, id = "session.reset_request",
        summary = "Ask for a reset token by mail; the answer does not say whether one goes out",
        body = body("PasswordResetRequest", {
            account = { type = "string", minLength = 1, maxLength = 254,
                description = "Account, or its mail address." },
            language = { type = "string", enum = resets.LANGUAGES } }, { "account" }),
        answers = { [204] = {} }, run = ask_reset },
}

return { name = "resets", levels = {}, routes = ROUTES, ticks = { resets.sweep } }
