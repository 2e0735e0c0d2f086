-- SPDX-License-Identifier: Apache-2.0
--
-- Signing in and out, and what people do with their own account.
local audit = require "api.mw.audit"
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local passwords = require "api.passwords"
local problem = require "thing.problem"
local reply = require "thing.reply"
local roles = require "api.roles"
local schema = require "thing.schema"
local sessions = require "api.sessions"
local settings = require "api.settings"
local throttle = require "api.throttle"
local totp = require "api.totp"
local types = require "api.types"

local PASSWORD = { type = "string", minLength = 1, maxLength = 256 }
local CODE = { type = "string", minLength = 6, maxLength = 12 }

local SESSION = schema.named("Session", {
    type = "object",
    required = { "kind", "name", "permissions", "scoped", "must_change_password", "csrf_token",
        "second_factor", "site_name" },
    properties = {
        kind = { type = "string", enum = { "account", "token", "system" } },
        name = { type = "string", description = "Key of the account, or name of the token." },
        permissions = { type = "array", items = { type = "string" },
            description = "What may be done, for all products or some." },
        scoped = { type = "boolean",
            description = "Some permissions hold for some products only." },
        must_change_password = types.FLAG,
        second_factor = { type = "boolean", description = "The account has one." },
        site_name = { type = "string", description = "Of the settings; empty: none." },
        csrf_token = { type = { "string", "null" },
            description = "For the header X-CSRF-Token of requests that change something." },
    },
})

local SIGN_IN = schema.named("SignIn", {
    type = "object", required = { "account", "password" }, additionalProperties = false,
    properties = { account = { type = "string", minLength = 1, maxLength = 128 },
        password = PASSWORD,
        code = CODE },
})

local function describe(subject)
    local names, scoped = {}, false
    for _, grant in ipairs(subject.grants) do
        scoped = scoped or grant.products ~= nil
        for permission in pairs(grant.permissions) do
            names[permission] = true
        end
    end
    local permissions = jsonio.array()
    for name in pairs(names) do
        permissions[#permissions + 1] = name
    end
    table.sort(permissions)
    return {
        kind = subject.kind, name = subject.name, permissions = permissions, scoped = scoped,
        must_change_password = subject.must_change == true,
        second_factor = subject.second_factor == true, site_name = settings.get("site_name"),
        csrf_token = subject.session and sessions.csrf(subject.session) or jsonio.null,
    }
end

local ACCOUNT = [[select id, key, enabled, password, must_change, totp_on, ]]
    .. roles.GRANTS_SQL:format("account.id") .. " as grants from account where key = $1"

local function second_factor(account, code)
    if not account.totp_on then
        return true
    elseif not code then
        problem.raise("second_factor_required")
    end
    return totp.check(account.id, code) or totp.recover(account.id, code)
end

local function refuse()
    thing.count("sign_ins_refused")
    problem.raise("wrong_credentials")
end

local function sign_in(ctx)
    sessions.check_origin(ctx)
    local who = ctx.body.account:lower()
    local device = sessions.device(ctx, who)
    throttle.take(who, ctx.peer, device)
    local account = db.row(ACCOUNT, who)
    local good, stale = passwords.check(account and account.password, ctx.body.password)
    if not good or not account.enabled or not second_factor(account, ctx.body.code) then
        refuse()
    end
    throttle.release(who, ctx.peer, device)
    local hash = stale and passwords.hash(ctx.body.password)
    local subject = { kind = "account", id = account.id, name = account.key,
        must_change = account.must_change, second_factor = account.totp_on,
        grants = roles.grants(account.grants) }
    local cookies
    db.tx(function()
        subject.session, cookies = sessions.start(ctx, account)
        db.rows([[update account set signed_in_at = now(), password = coalesce($2, password)
            where id = $1]], account.id, hash or nil)
        audit.write(ctx, { subject = subject, action = "session:create", target = account.key })
    end)
    thing.count("sign_ins")
    return reply.value(describe(subject), 201, { ["set-cookie"] = cookies })
end

local function sign_out(ctx)
    sessions.end_one(ctx.subject.session_id)
    ctx:audit { action = "session:delete", target = ctx.subject.name }
    return reply.empty(204, { ["set-cookie"] = sessions.gone() })
end

-- What can do harm asks for the password again; guessing it here is slowed down like there.
local function confirm(ctx, password)
    local device = "session:" .. ctx.subject.session_id
    throttle.take(ctx.subject.name, ctx.peer, device)
    local row = db.row("select password from account where id = $1", ctx.subject.id)
    if not passwords.check(row.password, password) then
        problem.raise("wrong_credentials", "The password is not right.")
    end
    throttle.release(ctx.subject.name, ctx.peer, device)
end

local function change_password(ctx)
    passwords.judge(ctx.body.password, ctx.subject.name)
    confirm(ctx, ctx.body.current)
    local cookies
    db.tx(function()
        passwords.set(ctx.subject.id, ctx.body.password, false)
        sessions.end_all(ctx.subject.id)
        ctx.subject.session, cookies = sessions.start(ctx,
            { id = ctx.subject.id, key = ctx.subject.name })
        ctx:audit { action = "session:password", target = ctx.subject.name }
    end)
    ctx.subject.must_change = false
    return reply.value(describe(ctx.subject), 200, { ["set-cookie"] = cookies })
end

local function begin_totp(ctx)
    confirm(ctx, ctx.body.password)
    if db.row("select 1 as v from account where id = $1 and totp_on", ctx.subject.id) then
        problem.raise("conflict", "A second factor is in force: remove it first.")
    end
    local secret = totp.begin(ctx.subject.id)
    local uri = ("otpauth://totp/thingd:%s?secret=%s&issuer=thingd"):format(ctx.subject.name,
        secret)
    return reply.value { secret = secret, uri = uri }
end

local function confirm_totp(ctx)
    throttle.take(ctx.subject.name, ctx.peer, "session:" .. ctx.subject.session_id)
    if not totp.check(ctx.subject.id, ctx.body.code) then
        problem.raise("wrong_credentials", "The code is not right.")
    end
    throttle.release(ctx.subject.name, ctx.peer, "session:" .. ctx.subject.session_id)
    local codes = totp.confirm(ctx.subject.id)
    ctx:audit { action = "session:totp", target = ctx.subject.name }
    return reply.value { recovery_codes = codes }
end

local function remove_totp(ctx)
    confirm(ctx, ctx.body.password)
    totp.remove(ctx.subject.id)
    ctx:audit { action = "session:totp_remove", target = ctx.subject.name }
    return reply.empty()
end

local OWN = [[select coalesce(json_agg(json_build_object('id', id, 'created_at',
    th_rfc3339(created_at),
    'seen_at', th_rfc3339(seen_at), 'address', address, 'agent', agent, 'current', id = $2)
    order by seen_at desc),
        '[]')::text as v from session where account_id = $1 and expires_at > now()]]

local OWN_SESSION = schema.named("OwnSession", {
    type = "object", required = { "id", "created_at", "seen_at", "address", "agent", "current" },
    properties = { id = types.ID, created_at = types.TIME, seen_at = types.TIME,
        address = { type = "string" }, agent = { type = "string" }, current = types.FLAG },
})

local function end_session(ctx)
    local id = math.tointeger(tonumber(ctx.params.session))
    local gone = id and db.row([[delete from session where id = $1 and account_id = $2
        returning 1 as v]], id, ctx.subject.id)
    if not gone then
        problem.raise("not_found")
    end
    ctx:audit { action = "session:delete", target = ctx.subject.name }
    return reply.empty()
end

local function body(name, properties, required)
    return schema.named(name, { type = "object", additionalProperties = false,
        properties = properties,
        required = required })
end

local SECRET = schema.named("TotpSecret", {
    type = "object", required = { "secret", "uri" },
    properties = { secret = { type = "string" }, uri = { type = "string" } },
})
local CODES = schema.named("RecoveryCodes", {
    type = "object", required = { "recovery_codes" },
    properties = { recovery_codes = { type = "array", items = { type = "string" } } },
})

-- The throttle has to remember what failed, so these commit piece by piece and not as one.
local ROUTES = {
    { method = "POST", path = "/session", open = true, id = "session.create", summary = "Sign in",
        body = SIGN_IN, answers = { [201] = { schema = SESSION } }, run = sign_in },
    { method = "GET", path = "/session", anyone = true, id = "session.get",
        summary = "Who am I, what may I",
        answers = { [200] = { schema = SESSION } },
        run = function(ctx) return reply.value(describe(ctx.subject)) end },
    { method = "DELETE", path = "/session", own = true, write = true, id = "session.delete",
        summary = "Sign out", answers = { [204] = {} }, run = sign_out },
    { method = "POST", path = "/session/password", own = true, id = "session.password",
        summary = "Change the password; ends all other sessions",
        body = body("PasswordChange", { current = PASSWORD, password = passwords.SCHEMA },
            { "current", "password" }),
        answers = { [200] = { schema = SESSION } }, run = change_password },
    { method = "POST", path = "/session/totp", own = true, id = "session.totp",
        summary = "Begin a second factor",
        body = body("TotpBegin", { password = PASSWORD }, { "password" }),
        answers = { [200] = { schema = SECRET } }, run = begin_totp },
    { method = "POST", path = "/session/totp/confirm", own = true, id = "session.totp_confirm",
        summary = "Put the second factor in force", body = body("TotpConfirm", { code = CODE },
            { "code" }),
        answers = { [200] = { schema = CODES } }, run = confirm_totp },
    { method = "POST", path = "/session/totp/remove", own = true, id = "session.totp_remove",
        summary = "Remove the second factor",
        body = body("TotpRemove", { password = PASSWORD }, { "password" }),
        answers = { [204] = {} }, run = remove_totp },
    { method = "GET", path = "/sessions", own = true, id = "sessions.list", summary = "My sessions",
        answers = { [200] = { list = OWN_SESSION } },
        run = function(ctx)
            local items = db.value(OWN, ctx.subject.id, ctx.subject.session_id)
            return reply.json('{"items":' .. items .. ',"next_cursor":null}')
        end },
    { method = "DELETE", path = "/sessions/{session}", own = true, write = true,
        id = "sessions.delete",
        summary = "End one of my sessions", answers = { [204] = {} }, run = end_session },
}

return { name = "session", levels = {}, routes = ROUTES,
    ticks = { throttle.sweep, sessions.sweep } }
