-- SPDX-License-Identifier: Apache-2.0
--
-- Who may do what. A permission is resource:action. Every action of a resource names the least
-- built-in role that has it (its level), so the built-in roles follow from the resources; a custom
-- role is a list of permissions.

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

function M.is_permission(permission)
    return levels[permission] ~= nil
end

-- All permissions, sorted.
function M.permissions()
    local out = {}
    for permission in pairs(levels) do
        out[#out + 1] = permission
    end
    table.sort(out)
    return out
end

-- permission -> true, or nil when there is no such role.
function M.of(role)
    return sets[role]
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
