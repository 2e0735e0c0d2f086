-- SPDX-License-Identifier: Apache-2.0
--
-- Second step: may they. Sets ctx.scope (nil: all products, else a list of ids) and, when the path
-- names them, ctx.product {id, key} and ctx.device {id, key}. What lies outside of the scope is
-- answered like what does not exist.
local db = require "thing.db"
local problem = require "thing.problem"

local M = {}

-- Returns whether the subject has the permission at all, and for which products (nil: all).
function M.scope(subject, permission)
    local products, found, seen = {}, false, {}
    for _, grant in ipairs(subject.grants) do
        if grant.permissions[permission] and not grant.products then
            return true, nil
        elseif grant.permissions[permission] then
            found = true
            for _, id in ipairs(grant.products) do
                products[#products + 1] = not seen[id] and id or nil
                seen[id] = true
            end
        end
    end
    return found, products
end

local function within(scope, id)
    for _, product in ipairs(scope or {}) do
        if product == id then
            return true
        end
    end
    return scope == nil
end

local KEY = "^[%w_-]+$"

-- Things in the path exist and lie inside the scope.
local function load_path(ctx)
    local product, device = ctx.params.product, ctx.params.device
    if not product then
        return
    end
    local row
    if not product:find(KEY) or device and not device:find(KEY) then
        problem.raise("not_found")
    elseif device then
        row = db.row([[select p.id, p.key, d.id as device_id, d.key as device_key from device d
            join product p on p.id = d.product_id where d.key = $1 and p.key = $2]], device,
                product)
        ctx.device = row and { id = row.device_id, key = row.device_key }
    else
        row = db.row("select id, key from product where key = $1", product)
    end
    if not row or not within(ctx.scope, row.id) then
        problem.raise("not_found")
    end
    ctx.product = { id = row.id, key = row.key }
end

function M.step(ctx)
    local route = ctx.route
    if route.open then
        return
    end
    if route.own and ctx.subject.kind ~= "account" then
        problem.raise("forbidden", "This is for people who signed in, not for tokens.")
    elseif ctx.subject.must_change and not route.own and not route.anyone then
        problem.raise("password_change_required")
    elseif not route.permission then
        return
    end
    local found, scope = M.scope(ctx.subject, route.permission)
    if not found or route.global and scope then
        problem.raise("forbidden", "This needs the permission " .. route.permission ..
            (found and " for all products." or "."))
    end
    ctx.scope = scope
    load_path(ctx)
end

return M
