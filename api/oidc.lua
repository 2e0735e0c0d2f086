-- SPDX-License-Identifier: Apache-2.0
--
-- Signing in with the provider (authorization code with PKCE): what is sent along with the browser,
-- and what comes of it. Nothing here knows accounts. Failures are as in api.oidc_provider.
local cursor = require "thing.cursor"
local jsonio = require "thing.jsonio"
local provider = require "api.oidc_provider"

local M = {}

local function random()
    return cursor.base64url(thing.crypto.random(32))
end

-- Returns the address to send the browser to, and what has to be remembered until it comes back
-- ({ state =, nonce =, verifier = }).
function M.start()
    local kept = { state = random(), nonce = random(), verifier = random() }
    local address, reason = provider.address(kept)
    return address, address and kept or reason
end

-- RFC 9207: an answer says who gives it, so that one provider's cannot be passed off as another's.
local function check_issuer(answer)
    local doc, reason, away = provider.description()
    if not doc then
        return nil, reason, away
    end
    local must = doc.authorization_response_iss_parameter_supported == true
    if answer.iss ~= provider.issuer and (must or answer.iss ~= nil) then
        return nil, "the answer is another issuer's"
    end
    return true
end

-- A key that is not among those kept has them read again, 30 times a minute at most.
local function verify(token, nonce)
    local want = { issuer = provider.issuer, client_id = provider.client_id, nonce = nonce }
    local set, reason, away = provider.keys()
    if not set then
        return nil, reason, away
    end
    local claims, message, code = thing.account.id_token(token, set, want)
    if not claims and code == "not_found" and thing.limit("oidc keys", 30, 30) then
        set, reason, away = provider.keys(true)
        if not set then
            return nil, reason, away
        end
        claims, message = thing.account.id_token(token, set, want)
    end
    return claims and jsonio.decode(claims), message
end

-- The claim of this name, or member b of claim a for `a.b`.
local function claim(claims, path)
    if claims[path] ~= nil then
        return claims[path]
    end
    local value = claims
    for name in path:gmatch("[^.]+") do
        value = type(value) == "table" and value[name] or nil
    end
    return value
end

-- Claims that many providers say only when asked apart.
local function ask_more(access, subject)
    local more, reason, away = provider.userinfo(access)
    if more and next(more) and more.sub ~= subject then
        return nil, "its userinfo is about somebody else"
    end
    return more, reason, away
end

local function texts(value)
    local out = {}
    for _, item in ipairs(type(value) == "table" and value or { value }) do
        out[#out + 1] = type(item) == "string" and item or nil
    end
    return out
end

-- The claims of the ID token, and the access token.
local function id_claims(answer, kept)
    local good, reason, away = check_issuer(answer)
    if not good then
        return nil, reason, away
    end
    local tokens
    tokens, reason, away = provider.redeem(answer.code, kept.verifier)
    if not tokens then
        return nil, reason, away
    elseif type(tokens.id_token) ~= "string" then
        return nil, "it gives no ID token"
    end
    local claims
    claims, reason, away = verify(tokens.id_token, kept.nonce)
    if not claims then
        return nil, reason, away
    end
    return claims, tokens.access_token
end

-- What the provider says of the person who comes back with this answer ({ code =, iss = }):
-- { subject =, groups = {names}, username =, name =, email = }.
function M.finish(answer, kept)
    local claims, access, away = id_claims(answer, kept)
    if not claims then
        return nil, access, away
    end
    local path, more = thing.conf("oidc.groups_claim"), {}
    if claim(claims, path) == nil then
        local reason
        more, reason, away = ask_more(access, claims.sub)
        if not more then
            return nil, reason, away
        end
    end
    local function text(name)
        return texts(claims[name] ~= nil and claims[name] or more[name])[1]
    end
    return { subject = claims.sub, groups = texts(claim(claims, path) or claim(more, path)),
        username = text("preferred_username"), name = text("name"), email = text("email") }
end

return M
