-- SPDX-License-Identifier: Apache-2.0
--
-- Accounts of people. Whoever manages them can neither hand out nor take over more than they have
-- themselves, and one local administrator always remains.
local db = require "thing.db"
local identities = require "api.identities"
local jsonio = require "thing.jsonio"
local passwords = require "api.passwords"
local problem = require "thing.problem"
local reply = require "thing.reply"
local resets = require "api.resets"
local resource = require "thing.resource"
local roles = require "api.roles"
local schema = require "thing.schema"
local sessions = require "api.sessions"
local totp = require "api.totp"
local types = require "api.types"

local GRANT = schema.named("Grant", {
    type = "object", required = { "role" }, additionalProperties = false,
    properties = {
        role = types.KEY,
        product = { type = { "string", "null" }, pattern = types.KEY.pattern,
            description = "The one product it holds for; null or absent: all." },
    },
})

local GRANTS = [[(select coalesce(json_agg(json_build_object('role', g.role, 'product', p.key)
    order by g.role, p.key), '[]') from account_grant g left join product p on p.id = g.product_id
    where g.account_id = t.id)]]

local ADMINISTRATORS = [[select count(distinct a.id) as v from account a
    join account_grant g on g.account_id = a.id
    where a.enabled and a.password is not null and g.role = 'admin' and g.product_id is null]]

local function grants_of(account_id)
    local row = db.row("select " .. roles.GRANTS_SQL:format("$1") .. " as grants", account_id)
    return roles.grants(row.grants)
end

-- An account that may do more than the caller is out of the caller's reach.
local function check_reach(ctx, account_id)
    db.rows(identities.LOCK)
    ctx.administrators = db.value(ADMINISTRATORS)
    if not roles.covers(ctx.subject, grants_of(account_id)) then
        problem.raise("forbidden", "This account may do more than you may.")
    end
end

local function check_administrator_left(ctx)
    if ctx.administrators > 0 and db.value(ADMINISTRATORS) == 0 then
        problem.raise("in_use", "The last enabled administrator with a password has to remain.")
    end
end

local function product_id(key)
    if type(key) ~= "string" then
        return nil
    end
    return db.value("select id as v from product where key = $1", key)
        or problem.raise("unknown_reference", "There is no product " .. key .. ".")
end

local function set_grants(ctx, account_id, list)
    db.rows("delete from account_grant where account_id = $1", account_id)
    for i, grant in ipairs(list) do
        local wanted = roles.of(grant.role)
        if not wanted then
            problem.raise("unknown_reference", "There is no role " .. grant.role .. ".",
                { errors = { { path = "/roles/" .. i - 1 .. "/role",
                    message = "does not exist" } } })
        end
        local product = product_id(grant.product)
        if not roles.covers(ctx.subject, { { permissions = wanted,
            products = product and { product } } }) then
            problem.raise("forbidden", "Nobody hands out more than they have: " .. grant.role)
        end
        db.rows([[insert into account_grant (account_id, role, product_id) values ($1, $2, $3)
            on conflict do nothing]], account_id, grant.role, product)
    end
end

local function after_create(ctx, id)
    set_grants(ctx, id, ctx.body.roles or {})
    local password = ctx.body.password or thing.crypto.secret():sub(1, 20)
    passwords.judge(password, ctx.body.key)
    passwords.set(id, password, true)
    return not ctx.body.password and { password = password } or nil
end

-- What the provider decides is not decided here as well.
local function check_local(account_id)
    if db.row("select 1 as v from account t where t.id = $1 and " .. identities.IS, account_id) then
        problem.raise("conflict", "This account signs in with the provider and follows it.")
    end
end

local function after_update(ctx, row, whole)
    if ctx.body.roles ~= nil then
        check_local(row.id)
        set_grants(ctx, row.id, whole.roles or {})
    end
    if whole.enabled == false then
        sessions.end_all(row.id)
    end
    if ctx.body.enabled ~= nil or ctx.body.email ~= nil then
        resets.forget(row.id)
    end
    check_administrator_left(ctx)
end

local function find(ctx)
    local row = db.row("select id, key, email from account where key = $1 for update",
        ctx.params.account)
    if not row then
        problem.raise("not_found")
    end
    check_reach(ctx, row.id)
    return row
end

local function send(account, token)
    local sent, reason, code = resets.send(account, token)
    if sent then
        return
    end
    db.tx(function() resets.forget(account.id) end)
    thing.log("error", "reset_mail_failed", code .. ": " .. reason)
    problem.raise("mail_failed", "The letter did not go: " .. code .. ".")
end

local function reset(ctx)
    local row = find(ctx)
    check_local(row.id)
    local mail = ctx.body.send == true
    if mail and (row.email == "" or not resets.by_mail()) then
        problem.raise("conflict", row.email == "" and "The account has no mail address."
            or "No mail is sent from here.")
    end
    local token, expires = resets.make(row.id)
    if mail then
        ctx:after(function() send(row, token) end)
    end
    ctx:audit { target = row.key, action = "accounts:reset",
        after = jsonio.encode { sent = mail } }
    return reply.value({ token = not mail and token or jsonio.null, expires_at = expires }, 201)
end

local M = resource.define {
    name = "accounts", type = "Account", path = "/accounts", param = "account", table = "account",
    from = "account t", key = "t.key = ?",
    levels = { read = "admin", create = "admin", update = "admin", delete = "admin" },
    required = { "key" },
    fields = {
        { "key", schema = types.ACCOUNT, write = "create" },
        { "name", schema = types.NAME, write = "always", default = "''" },
        { "email", schema = { type = "string", maxLength = 254 }, write = "always",
            default = "''" },
        { "enabled", schema = types.FLAG, write = "always", default = "true" },
        { "roles", write = "always", virtual = true, default = "", sql = GRANTS,
            schema = { type = "array", items = GRANT, maxItems = 200 } },
        { "password", write = "create", virtual = true, hidden = true, schema = passwords.SCHEMA },
        { "source", schema = { type = "string", enum = { "local", "oidc" },
            description = "Where the person signs in; roles of oidc follow from groups there." },
            sql = "case when " .. identities.IS .. " then 'oidc' else 'local' end" },
        { "has_password", schema = types.FLAG, sql = "t.password is not null" },
        { "must_change_password", schema = types.FLAG, sql = "t.must_change" },
        { "second_factor", schema = types.FLAG, sql = "t.totp_on" },
        { "signed_in_at", schema = types.TIME_OR_NULL },
        { "created_at", schema = types.TIME },
        { "updated_at", schema = types.TIME },
    },
    once = { password = { type = "string",
        description = "Made when none was given; to be changed at sign-in. Shown only now." } },
    filters = {
        enabled = { schema = types.FLAG, sql = "t.enabled = ?" },
        role = { schema = types.KEY,
            sql = "exists (select 1 from account_grant g "
                .. "where g.account_id = t.id and g.role = ?)" },
    },
    sort = "key", sorts = { key = { sql = "t.key", type = "text" },
        created_at = { sql = "t.created_at", type = "timestamptz" } },
    hooks = {
        after_create = after_create,
        before_update = function(ctx, row) check_reach(ctx, row.id) end,
        after_update = after_update,
        before_delete = function(ctx, row)
            check_reach(ctx, row.id)
            if ctx.subject.kind == "account" and ctx.subject.id == row.id then
                problem.raise("in_use",
                    "You cannot delete the account that you are signed in with.")
            end
        end,
        after_delete = check_administrator_left,
    },
}

local RESET_TOKEN = schema.named("PasswordResetToken", {
    type = "object", required = { "token", "expires_at" },
    properties = { token = { type = { "string", "null" },
        description = "For POST /session/reset. Shown only now; null when it was sent." },
        expires_at = types.TIME },
})

local function add(r)
    r.action, r.global, r.write, r.method = "update", true, true, r.method or "DELETE"
    M.routes[#M.routes + 1] = r
end

add {
    method = "POST", path = "/accounts/{account}/reset", id = "accounts.reset",
    summary = "Make a token that sets a new password", body_optional = true,
    body = schema.named("PasswordResetCreate", { type = "object", additionalProperties = false,
        properties = { send = { type = "boolean",
            description = "By mail to the account's address, in place of showing it." } } }),
        answers = { [201] = { schema = RESET_TOKEN } },
    run = reset,
}
add {
    path = "/accounts/{account}/second-factor", id = "accounts.remove_second_factor",
    summary = "Remove a second factor that was lost", answers = { [204] = {} },
    run = function(ctx)
        local row = find(ctx)
        totp.remove(row.id)
        ctx:audit { target = row.key, action = "accounts:remove_second_factor" }
        return reply.empty()
    end,
}
add {
    path = "/accounts/{account}/sessions", id = "accounts.end_sessions",
        summary = "Sign the account out everywhere",
    answers = { [204] = {} },
    run = function(ctx)
        local row = find(ctx)
        sessions.end_all(row.id)
        ctx:audit { target = row.key, action = "accounts:end_sessions" }
        return reply.empty()
    end,
}

return M
