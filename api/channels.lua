-- SPDX-License-Identifier: Apache-2.0
--
-- What makes a channel good: its notifier's schema says what config and secrets may hold, and a
-- secret never comes to lie beside an address that it was not given for.
local jsonio = require "thing.jsonio"
local problem = require "thing.problem"
local schema = require "thing.schema"

local M = {}

M.CONFIG_MAX = 16384

local known -- by name: what the notifiers say of themselves, and their compiled checks

-- The notifiers as the server loaded them, in the order of their names.
function M.notifiers()
    return jsonio.decode(thing.notifiers.list())
end

local function load()
    local found = {}
    for _, about in ipairs(M.notifiers()) do
        local secret = {}
        for name, member in pairs(about.schema.properties) do
            secret[name] = member.writeOnly == true or nil
        end
        found[about.name] = { secret = secret, check = schema.compile(about.schema) }
    end
    return found
end

-- { secret = {name = true}, check = } of a notifier, or a problem.
function M.notifier(name)
    if not known or not known[name] then
        known = load()
    end
    return known[name] or problem.raise("unknown_reference", "There is no notifier " .. name .. ".")
end

local function refuse(path, message)
    problem.raise("validation_failed", path .. " " .. message,
        { errors = jsonio.array { { path = path, message = message } } })
end

local function check_places(notifier, config, secrets)
    for name in pairs(config) do
        if notifier.secret[name] then
            refuse("/config/" .. name, "is a secret: it belongs into secrets")
        end
    end
    for name in pairs(secrets) do
        if not notifier.secret[name] then
            refuse("/secrets/" .. name, "is no secret of this notifier")
        end
    end
end

-- The config with the secrets in it, which fits the notifier's schema.
function M.whole(name, config, secrets)
    local notifier = M.notifier(name)
    check_places(notifier, config, secrets)
    local whole = {}
    for _, part in ipairs { config, secrets } do
        for member, value in pairs(part) do
            whole[member] = value
        end
    end
    local errors = notifier.check(whole)
    if not errors then
        return whole
    end
    for _, e in ipairs(errors) do
        local member = e.path:match("^/([^/]+)")
        e.path = (member and notifier.secret[member] and "/secrets" or "/config") .. e.path
    end
    problem.raise("validation_failed", errors[1].path .. " " .. errors[1].message,
        { errors = jsonio.array(errors) })
end

-- Where a channel with this config sends, as a text to compare.
function M.hosts(name, whole)
    local hosts, why = thing.notifiers.hosts(name, jsonio.encode(whole))
    return hosts or refuse("/config", why)
end

-- What the secrets become by a merge patch of them; the second value: names that were not given
-- now.
function M.merge(secrets, patch)
    local out, kept = {}, {}
    for name, value in pairs(secrets) do
        if patch[name] == nil then
            out[name] = value
            kept[#kept + 1] = name
        end
    end
    for name, value in pairs(patch) do
        out[name] = value ~= jsonio.null and value or nil
    end
    return out, kept
end

function M.seal(secrets, id)
    return thing.crypto.seal(jsonio.encode(secrets), "channel:" .. id)
end

function M.unseal(sealed, id)
    return sealed and jsonio.decode(thing.crypto.unseal(sealed, "channel:" .. id)) or {}
end

return M
