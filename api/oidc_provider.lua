-- SPDX-License-Identifier: Apache-2.0
--
-- The provider that people may sign in with (OpenID Connect): what it says of itself, its keys, and
-- the requests that it is sent. One provider, from the configuration; several can be joined behind
-- one that federates. Functions return a value; or nil, the reason (for the log: people learn only
-- that something went wrong), and true when it did not answer at all.
--
-- Each worker keeps the provider's description and keys for an hour. At most FLYING_MAX requests
-- are under way per worker, so that a provider that hangs holds up only those who sign in there.
local cursor = require "thing.cursor"
local jsonio = require "thing.jsonio"
local params = require "thing.params"

local M = {}

local FRESH_MS = 3600 * 1000
local FAILED_MS = 3000 -- after a failure nobody asks again for this long
local CALL_MS = 7000   -- four of them in a row stay below what a request may take
local FLYING_MAX = 32

M.issuer, M.client_id = thing.conf("oidc.issuer"), thing.conf("oidc.client_id")
local secret = thing.conf("oidc.client_secret")
local public_url = thing.conf("http.public_url"):gsub("/+$", "")

M.configured = M.issuer ~= ""
M.callback = public_url .. "/api/v1/session/oidc/callback"

-- What people call it.
M.name = thing.conf("oidc.name")
if M.name == "" then
    M.name = M.issuer:match("^%w+://([^/]+)")
end

-- https, or plain http that does not leave this machine.
local function is_safe(url)
    if type(url) ~= "string" or url:find("[%s%c]") then
        return false
    end
    local host = url:match("^http://(%[[^/]*%])") or url:match("^http://([^/:@?#]+)")
    return url:find("^https://[^/]") ~= nil or host == "127.0.0.1" or host == "localhost"
        or host == "[::1]"
end

if M.configured then
    assert(is_safe(M.issuer), "oidc.issuer must be https, or on this machine")
    assert(M.client_id ~= "", "oidc.client_id is missing")
    assert(public_url ~= "", "oidc.issuer needs http.public_url")
end

-- ---- asking ----

local flying = 0

-- The decoded answer, its text.
local function ask(request)
    if flying >= FLYING_MAX then
        return nil, "too many requests to the provider are under way", true
    end
    flying = flying + 1
    request.timeout_ms = CALL_MS
    local answer, message = thing.fetch(request)
    flying = flying - 1
    if not answer then
        return nil, message, true
    end
    local value = jsonio.decode(answer.body)
    local object = type(value) == "table" and not jsonio.is_array(value)
    if answer.status ~= 200 then
        local code = object and type(value.error) == "string" and value.error:match("^[%w_]+$")
        return nil, "it answers " .. answer.status .. (code and " " .. code:sub(1, 60) or ""),
            answer.status >= 500
    elseif not object then
        return nil, "it answers what is no JSON object"
    end
    return value, answer.body
end

local function get(url, bearer)
    return ask { method = "GET", url = url,
        headers = { "Accept: application/json", bearer and "Authorization: Bearer " .. bearer } }
end

-- What is read once an hour: function(again) -> value; again: not what is kept.
local function cached(read)
    local value, reason, away
    local read_at, failed_at = -math.huge, -math.huge
    return function(again)
        local now = thing.now()
        if value and not again and now - read_at < FRESH_MS then
            return value
        elseif now - failed_at >= FAILED_MS then
            local new
            new, reason, away = read()
            if new then
                value, read_at = new, thing.now()
                return value
            end
            failed_at = thing.now()
        end
        return not again and value or nil, reason, away
    end
end

local NEEDED = { "authorization_endpoint", "token_endpoint", "jwks_uri" }

-- The provider's own description (OpenID Connect Discovery).
M.description = cached(function()
    local url = M.issuer:gsub("/$", "") .. "/.well-known/openid-configuration"
    local doc, reason, away = get(url)
    if not doc then
        return nil, reason, away
    elseif doc.issuer ~= M.issuer then
        return nil, "it says that it is another issuer"
    end
    for _, name in ipairs(NEEDED) do
        if not is_safe(doc[name]) then
            return nil, "its " .. name .. " is missing or not https"
        end
    end
    return doc
end)

-- Text of its key set.
M.keys = cached(function()
    local doc, reason, away = M.description()
    if not doc then
        return nil, reason, away
    end
    local set, text, gone = get(doc.jwks_uri)
    return set and text, text, gone
end)

-- ---- the requests of a sign-in ----

local function form(list)
    local out = {}
    for i, pair in ipairs(list) do
        out[i] = pair[1] .. "=" .. params.escape(pair[2])
    end
    return table.concat(out, "&")
end

local function scopes()
    local text = thing.conf("oidc.scopes")
    return (" " .. text .. " "):find(" openid ", 1, true) and text or "openid " .. text
end

-- Where to send the browser. kept: { state =, nonce =, verifier = }.
function M.address(kept)
    local doc, reason, away = M.description()
    if not doc then
        return nil, reason, away
    end
    local url = doc.authorization_endpoint
    return url .. (url:find("?", 1, true) and "&" or "?") .. form {
        { "response_type", "code" }, { "client_id", M.client_id }, { "redirect_uri", M.callback },
        { "scope", scopes() }, { "state", kept.state }, { "nonce", kept.nonce },
        { "code_challenge", cursor.base64url(thing.crypto.sha256(kept.verifier)) },
        { "code_challenge_method", "S256" },
    }
end

local function takes(doc, method)
    local list = doc.token_endpoint_auth_methods_supported
    for _, name in ipairs(type(list) == "table" and list or { "client_secret_basic" }) do
        if name == method then
            return true
        end
    end
    return false
end

-- Tokens for a code.
function M.redeem(code, verifier)
    local doc, reason, away = M.description()
    if not doc then
        return nil, reason, away
    end
    local headers = { "Content-Type: application/x-www-form-urlencoded",
        "Accept: application/json" }
    local members = { { "grant_type", "authorization_code" }, { "code", code },
        { "redirect_uri", M.callback }, { "code_verifier", verifier } }
    if secret ~= "" and takes(doc, "client_secret_basic") then
        headers[3] = "Authorization: Basic "
            .. cursor.base64(params.escape(M.client_id) .. ":" .. params.escape(secret))
    else
        members[#members + 1] = { "client_id", M.client_id }
        members[#members + 1] = secret ~= "" and { "client_secret", secret } or nil
    end
    return ask { method = "POST", url = doc.token_endpoint, headers = headers,
        body = form(members) }
end

-- What it says of the holder of an access token; an empty table when it has no such door.
function M.userinfo(access)
    local doc, reason, away = M.description()
    if not doc then
        return nil, reason, away
    elseif not is_safe(doc.userinfo_endpoint) or type(access) ~= "string"
        or access:find("[^\33-\126]") then
        return {}
    end
    return get(doc.userinfo_endpoint, access)
end

return M
