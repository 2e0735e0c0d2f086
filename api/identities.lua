-- SPDX-License-Identifier: Apache-2.0
--
-- Accounts of people who sign in with the provider. An account belongs to one issuer and subject,
-- never to a name or a mail address, which others may come to have. Its roles are those that
-- oidc.roles gives the person's groups, and are set anew at every sign-in. Such an account has no
-- password, so it never counts as the local administrator that has to remain.
local audit = require "api.mw.audit"
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local provider = require "api.oidc_provider"
local roles = require "api.roles"
local sessions = require "api.sessions"

local M = {}

-- SQL: whether account t is one of these.
M.IS = "exists (select 1 from account_identity i where i.account_id = t.id)"

-- GROUP=ROLE[@PRODUCT]; ... -> { { group =, role =, product = or nil }, ... }
local function read_mapping(text)
    local out = {}
    for entry in text:gmatch("[^;]+") do
        local group, right = entry:match("^%s*(.-)%s*=%s*([^=]-)%s*$")
        local role, product = (right or ""):match("^([%w_-]+)@([%w_-]+)$")
        role = role or (right or ""):match("^[%w_-]+$")
        if entry:find("%S") and (not group or group == "" or not role) then
            error("oidc.roles: `" .. entry .. "` is not GROUP=ROLE or GROUP=ROLE@PRODUCT", 0)
        end
        out[#out + 1] = role and { group = group, role = role, product = product } or nil
    end
    return out
end
M.read_mapping = read_mapping

local mapping = read_mapping(thing.conf("oidc.roles"))

-- What the groups are given, and is there to give: { { role =, product = id or nil }, ... }
local function grants_of(groups)
    local member, out = {}, {}
    for _, name in ipairs(groups) do
        member[name] = true
    end
    for _, m in ipairs(mapping) do
        local id = m.product
            and db.value("select id as v from product where key = $1", m.product)
        if member[m.group] and roles.of(m.role) and (id or not m.product) then
            out[#out + 1] = { role = m.role, product = id or nil }
        elseif member[m.group] then
            thing.log("warn", "oidc_role_unknown", m.role .. (m.product and "@" .. m.product or ""))
        end
    end
    return out
end

local SHOWN = [[select coalesce(json_agg(json_build_object('role', g.role, 'product', p.key)
    order by g.role, p.key), '[]')::text as v
    from account_grant g left join product p on p.id = g.product_id where g.account_id = $1]]

-- Makes the grants those; returns whether that changed something.
local function set_grants(ctx, account, grants)
    local before = db.value(SHOWN, account.id)
    db.rows("delete from account_grant where account_id = $1", account.id)
    for _, grant in ipairs(grants) do
        db.rows([[insert into account_grant (account_id, role, product_id) values ($1, $2, $3)
            on conflict do nothing]], account.id, grant.role, grant.product)
    end
    local after = db.value(SHOWN, account.id)
    if before == after then
        return false
    end
    db.rows("update account set rev = rev + 1, updated_at = now() where id = $1", account.id)
    audit.write(ctx, { subject = { kind = "system", name = "oidc" }, action = "accounts:update",
        target = account.key, before = '{"roles":' .. before .. "}",
        after = '{"roles":' .. after .. "}" })
    return true
end

-- A free key close to what the person is called elsewhere.
local function key_for(person)
    local wish = (person.username or person.email or ""):lower():gsub("[^a-z0-9._@+-]", "-")
        :gsub("^[^a-z0-9]+", ""):sub(1, 100)
    local key = wish ~= "" and wish or "person-" .. thing.crypto.secret():sub(1, 8):lower()
    while db.row("select 1 as v from account where key = $1", key) do
        key = (wish ~= "" and wish or "person") .. "-" .. thing.crypto.secret():sub(1, 6):lower()
    end
    return key
end

local function create(ctx, person)
    local account = { key = key_for(person), enabled = true }
    account.id = db.value("insert into account (key) values ($1) returning id as v", account.key)
    db.rows("insert into account_identity (issuer, subject, account_id) values ($1, $2, $3)",
        provider.issuer, person.subject, account.id)
    audit.write(ctx, { subject = { kind = "system", name = "oidc" }, action = "accounts:create",
        target = account.key, after = jsonio.encode { key = account.key, issuer = provider.issuer,
            subject = person.subject } })
    return account
end

local FIND = [[select a.id, a.key, a.enabled from account_identity i
    join account a on a.id = i.account_id where i.issuer = $1 and i.subject = $2 for update of a]]

-- Cut at a character's border.
local function cut(text, max)
    local stop = utf8.offset(text, max + 1)
    return stop and text:sub(1, stop - 1) or text
end

local UPDATE = [[update account set signed_in_at = now(), name = coalesce($2, name),
    email = coalesce($3, email),
    rev = rev + ((name, email) is distinct from (coalesce($2, name), coalesce($3, email)))::int
    where id = $1]]

-- In a transaction. Returns the account { id, key }, or nil and why not: "no_role", "disabled".
function M.enter(ctx, person)
    local account = db.row(FIND, provider.issuer, person.subject)
    db.rows(M.LOCK) -- after the row, like all who change an account
    account = account or db.row(FIND, provider.issuer, person.subject)
    local grants = grants_of(person.groups)
    if #grants == 0 then
        if account and set_grants(ctx, account, grants) then
            sessions.end_all(account.id)
        end
        return nil, "no_role"
    end
    account = account or create(ctx, person)
    set_grants(ctx, account, grants)
    if not account.enabled then
        return nil, "disabled"
    end
    local email = person.email and #person.email <= 254 and person.email or nil
    db.rows(UPDATE, account.id, person.name and cut(person.name, 200), email)
    return account
end

-- One change of accounts at a time, so that two cannot each remove the other administrator.
M.LOCK = "select pg_advisory_xact_lock(hashtext('thingd accounts'))"

return M
