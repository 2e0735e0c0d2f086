-- SPDX-License-Identifier: Apache-2.0
--
-- Sessions of accounts: a cookie whose hash is kept, and a token against cross-site requests that
-- follows from the cookie.
local cursor = require "thing.cursor"
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local problem = require "thing.problem"
local roles = require "api.roles"
local settings = require "api.settings"

local M = {}

M.COOKIE = "__Host-thingd"
M.DEVICE_COOKIE = "__Host-thingd-device"
M.AWAY_COOKIE = "__Host-thingd-away"

local DEVICE_SECONDS = 365 * 86400
local AWAY_SECONDS = 600

local FIND = [[
    select s.id as session_id, s.seen_at < now() - interval '1 minute' as unseen, a.id, a.key,
        a.must_change, a.totp_on, ]]
    .. roles.GRANTS_SQL:format("a.id") .. [[ as grants
    from session s join account a on a.id = s.account_id
    where s.hash = $1 and s.expires_at > now() and s.seen_at > now() - $2 * interval '1 minute'
        and a.enabled]]

local function cookie(ctx, name)
    for part in (ctx.headers.cookie or ""):gmatch("[^;]+") do
        local found, value = part:match("^%s*([^=%s]+)=(%S*)%s*$")
        if found == name then
            return value
        end
    end
end

local function set_cookie(name, value, seconds, same_site)
    return ("%s=%s; Path=/; Max-Age=%d; Secure; HttpOnly; SameSite=%s"):format(name, value,
        seconds, same_site or "Strict")
end

function M.csrf(token)
    return cursor.base64url(thing.crypto.sha256("csrf:" .. token))
end

-- A request that changes something must show what only our own pages can know.
local function check_csrf(ctx, token)
    if ctx.method == "GET" or ctx.method == "HEAD" then
        return
    end
    local shown = ctx.headers["x-csrf-token"] or ""
    if not thing.account.same(shown, M.csrf(token))
        or ctx.headers["sec-fetch-site"] == "cross-site" then
        problem.raise("csrf")
    end
end

-- For what is open to all: other sites can make a browser send forms here, but not JSON, and it
-- says where it comes from.
function M.check_origin(ctx)
    local site = ctx.headers["sec-fetch-site"]
    if site and site ~= "same-origin" and site ~= "none" or not ctx.headers["content-type"] then
        problem.raise("csrf", "Sign-in is for our own pages and for programs that send JSON.")
    end
end

-- The provider for api.mw.auth.
function M.subject(ctx)
    local token = cookie(ctx, M.COOKIE)
    if not token then
        return nil
    end
    local row = db.row(FIND, db.bytes(thing.crypto.token_hash(token)),
        settings.get("session_idle_minutes"))
    if not row then
        return nil
    end
    check_csrf(ctx, token)
    if row.unseen and not ctx.route.passive then
        db.rows("update session set seen_at = now() where id = $1", row.session_id)
    end
    return { kind = "account", id = row.id, name = row.key, key = "account:" .. row.id,
        session_id = row.session_id, session = token, must_change = row.must_change,
        second_factor = row.totp_on,
        grants = roles.grants(row.grants) }
end

-- What a cookie of ours holds, nil when it is none that we sealed; and the cookie itself.
local function sealed_cookie(ctx, name, about)
    local value = cookie(ctx, name)
    local sealed = value and cursor.unbase64url(value)
    local ok, text = pcall(thing.crypto.unseal, sealed or "", about)
    return ok and text or nil, value
end

-- The browser that has signed in to this account before, or nil.
function M.device(ctx, account_key)
    local known, value = sealed_cookie(ctx, M.DEVICE_COOKIE, "device_cookie")
    if known ~= account_key then
        return nil
    end
    return cursor.base64url(thing.crypto.sha256(value))
end

-- The cookie that makes a browser known for an account.
function M.device_cookie(account_key)
    local device = cursor.base64url(thing.crypto.seal(account_key, "device_cookie"))
    return set_cookie(M.DEVICE_COOKIE, device, DEVICE_SECONDS)
end

-- What has to be there again when the browser comes back from somebody else's page (texts by name):
-- it is sealed and stands in the browser, for ten minutes. It comes with a link from another site,
-- which Strict would not let it.
function M.send_away(kept)
    kept.at = thing.now()
    local sealed = thing.crypto.seal(jsonio.encode(kept), "away_cookie")
    return set_cookie(M.AWAY_COOKIE, cursor.base64url(sealed), AWAY_SECONDS, "Lax")
end

-- nil: this browser was not sent away, or too long ago.
function M.back(ctx)
    local text = sealed_cookie(ctx, M.AWAY_COOKIE, "away_cookie")
    local kept = text and jsonio.decode(text)
    return kept and kept.at > thing.now() - AWAY_SECONDS * 1000 and kept or nil
end

function M.back_cookie()
    return set_cookie(M.AWAY_COOKIE, "", 0, "Lax")
end

-- Makes a session in place of the one that this browser may have; returns its token and the cookies
-- for the answer.
function M.start(ctx, account)
    local old = cookie(ctx, M.COOKIE)
    if old then
        db.rows("delete from session where hash = $1", db.bytes(thing.crypto.token_hash(old)))
    end
    local token, days = thing.crypto.token(), settings.get("session_days")
    local agent = (ctx.headers["user-agent"] or ""):gsub("[^\32-\126]", "?"):sub(1, 300)
    db.rows([[insert into session (hash, account_id, expires_at, address, agent)
        values ($1, $2, now() + $3 * interval '1 day', $4, $5)]],
            db.bytes(thing.crypto.token_hash(token)),
            account.id,
        days, ctx.peer, agent)
    return token, { set_cookie(M.COOKIE, token, days * 86400), M.device_cookie(account.key) }
end

function M.end_one(session_id)
    db.rows("delete from session where id = $1", session_id)
end

-- except: a session that goes on, or nil.
function M.end_all(account_id, except)
    db.rows("delete from session where account_id = $1 and id is distinct from $2", account_id,
        except)
end

function M.gone()
    return set_cookie(M.COOKIE, "", 0)
end

function M.sweep()
    db.rows([[delete from session where expires_at < now()
        or seen_at < now() - $1 * interval '1 minute']], settings.get("session_idle_minutes"))
end

return M
