-- SPDX-License-Identifier: Apache-2.0
--
-- Who may do what. A permission is resource:action. Every action of a resource names the least
-- built-in role that has it (its level), so the built-in roles follow from the resources; a role of
-- one's own is a list of permissions.
local db = require "thing.db"
local jsonio = require "thing.jsonio"

local M = {}

-- From least to most.
M.BUILTIN = { "viewer", "operator", "integrator", "admin" }

local rank = {}
for i, name in ipairs(M.BUILTIN) do
    rank[name] = i
end

local levels = {} -- permission -> rank
local sets = {}   -- built-in role -> permission -> true

-- Takes in the levels of one resource, before the first request.
function M.declare(resource, actions)
    for action, level in pairs(actions) do
        local permission = resource .. ":" .. action
        levels[permission] = assert(rank[level], "no such role: " .. level)
        for name, r in pairs(rank) do
            sets[name] = sets[name] or {}
            sets[name][permission] = r >= levels[permission] or nil
        end
    end
end

function M.is_builtin(role)
    return rank[role] ~= nil
end

-- All permissions, sorted, with their level: { {permission =, level =}, ... }
function M.permissions()
    local out = {}
    for permission, level in pairs(levels) do
        out[#out + 1] = { permission = permission, level = M.BUILTIN[level] }
    end
    table.sort(out, function(a, b) return a.permission < b.permission end)
    return out
end

function M.is_permission(permission)
    return levels[permission] ~= nil
end

-- permission -> true of a list of names; names that no longer mean anything are left out.
function M.set(names)
    local out = {}
    for _, name in ipairs(names) do
        out[name] = levels[name] and true or nil
    end
    return out
end

-- permission -> true of a role, or nil when there is none of that name.
function M.of(role)
    if sets[role] then
        return sets[role]
    end
    local row = db.row("select to_json(permissions)::text as names from role where key = $1", role)
    return row and M.set(jsonio.decode(row.names))
end

-- SQL that gives M.grants its text: every role of an account with its products. %s: the account.
M.GRANTS_SQL = [[(select json_agg(x) from (select g.role,
    (select r.permissions from role r where r.key = g.role) as permissions,
    case when bool_or(g.product_id is null) then null else json_agg(g.product_id) end as products
    from account_grant g where g.account_id = %s group by g.role) x)::text]]

-- The grants of a subject: { { permissions = {name = true}, products = nil for all | {id, ...} } }
function M.grants(text)
    local out = {}
    for _, grant in ipairs(text and jsonio.decode(text) or {}) do
        local named = grant.permissions ~= jsonio.null and M.set(grant.permissions)
        local permissions = sets[grant.role] or named
        if permissions then
            local products = grant.products ~= jsonio.null and grant.products or nil
            out[#out + 1] = { permissions = permissions, products = products }
        end
    end
    return out
end

-- What a subject may do everywhere: permission -> true.
function M.everywhere(subject)
    local out = {}
    for _, grant in ipairs(subject.grants) do
        for permission in pairs(grant.products and {} or grant.permissions) do
            out[permission] = true
        end
    end
    return out
end

-- Whether a subject may do all that grants allow, at least for the same products.
function M.covers(subject, grants)
    local may = {} -- permission -> true, or product -> true
    for _, grant in ipairs(subject.grants) do
        for permission in pairs(grant.permissions) do
            local known = may[permission] or {}
            for _, id in ipairs(known ~= true and grant.products or {}) do
                known[id] = true
            end
            may[permission] = not grant.products or known
        end
    end
    for _, grant in ipairs(grants) do
        for permission in pairs(grant.permissions) do
            local mine = may[permission]
            if not mine or mine ~= true and not grant.products then
                return false
            end
            for _, id in ipairs(mine ~= true and grant.products or {}) do
                if not mine[id] then
                    return false
                end
            end
        end
    end
    return true
end

-- Whether one set of permissions has all of another.
function M.includes(set, other)
    for permission in pairs(other) do
        if not set[permission] then
            return false
        end
    end
    return true
end

return M
