-- SPDX-License-Identifier: Apache-2.0
--
-- First step: who is asking. A provider looks at the request and returns a subject, nil when the
-- request does not speak to it, or raises. The subject is
--   { kind = "token" | "account" | "system", id =, name =, key = text unique among subjects,
--     grants = { { permissions = {name = true}, products = nil for all | {id, ...} }, ... },
--     expires_at = of a token that ends; session_id =, session =, must_change =,
--     second_factor = of a session }
local db = require "thing.db"
local limits = require "api.mw.limits"
local problem = require "thing.problem"
local roles = require "api.roles"
local sessions = require "api.sessions"

local M = {}

-- %s: which token.
M.TOKEN_SQL = [[
    select t.id, t.name, (select json_build_array(json_build_object('role', t.role,
            'permissions', (select r.permissions from role r where r.key = t.role),
            'products', case when t.scoped then (select coalesce(json_agg(p.product_id), '[]')
                from api_token_product p where p.token_id = t.id) end)))::text as grants,
        t.used_at is null or t.used_at < now() - interval '1 minute' as unused,
        th_rfc3339(t.expires_at) as expires_at
    from api_token t where %s and (t.expires_at is null or t.expires_at > now())]]

local BY_HASH = M.TOKEN_SQL:format("t.hash = $1")

local function refuse(ctx, detail)
    limits.stranger(ctx)
    problem.raise("unauthenticated", detail,
        { headers = { ["www-authenticate"] = 'Bearer realm="thingd"' } })
end

-- Looked up by its hash: what an attacker could time is a comparison of hashes, which tells nothing
-- of the token.
local function bearer(ctx)
    local header = ctx.headers.authorization
    local token = header and header:match("^[Bb][Ee][Aa][Rr][Ee][Rr] +(%S+)$")
    if not header then
        return nil
    end
    local row = token and db.row(BY_HASH, db.bytes(thing.crypto.token_hash(token)))
    if not row then
        refuse(ctx, "The API token is not valid.")
    end
    if row.unused then
        db.rows("update api_token set used_at = now() where id = $1", row.id)
    end
    return { kind = "token", id = row.id, name = row.name, key = "token:" .. row.id,
        expires_at = row.expires_at, grants = roles.grants(row.grants) }
end

-- Scrapers and probes on this machine, for routes that say so. Behind a proxy everybody seems to be
-- local: its headers give it away.
local function loopback(ctx)
    local headers = ctx.headers
    local forwarded = headers["x-forwarded-for"] or headers.forwarded or headers.via
        or headers["x-real-ip"]
    if ctx.route.loopback and ctx.loopback and not forwarded then
        return { kind = "system", name = "loopback", key = "loopback",
            grants = { { permissions = { [ctx.route.permission] = true } } } }
    end
end

-- loopback first: probes and scrapers of this machine are answered while PostgreSQL is away.
M.providers = { loopback, bearer, sessions.subject }

function M.step(ctx)
    if ctx.route.open then
        return
    end
    for _, provider in ipairs(M.providers) do
        ctx.subject = provider(ctx)
        if ctx.subject then
            return
        end
    end
    refuse(ctx, "Send an API token as `Authorization: Bearer TOKEN`, or sign in.")
end

return M
