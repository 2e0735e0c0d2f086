-- SPDX-License-Identifier: Apache-2.0
--
-- Roles of one's own beside the built-in ones, and the catalogue of permissions.
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local problem = require "thing.problem"
local reply = require "thing.reply"
local resource = require "thing.resource"
local roles = require "api.roles"
local schema = require "thing.schema"
local types = require "api.types"

local PERMISSION = { type = "string", maxLength = 100, pattern = "^[a-z_]{1,50}:[a-z_]{1,49}$" }

local CATALOGUE = schema.named("Permissions", {
    type = "object", required = { "permissions", "roles" },
    properties = {
        permissions = { type = "array", items = {
            type = "object", required = { "permission", "level" },
            properties = { permission = { type = "string" },
                level = { type = "string", description = "Least built-in role that has it." } },
        } },
        roles = { type = "array", items = { type = "string" },
            description = "Built-in ones, from least to most." },
    },
})

-- Nobody makes a role that may do more than they may.
local function validate(ctx, whole)
    local mine = roles.everywhere(ctx.subject)
    if whole.key and roles.is_builtin(whole.key) then
        problem.raise("conflict", "This is the name of a built-in role.")
    end
    for i, name in ipairs(whole.permissions or {}) do
        if not roles.is_permission(name) then
            problem.raise("unknown_reference", "There is no permission " .. name .. ".",
                { errors = { { path = "/permissions/" .. i - 1, message = "does not exist" } } })
        elseif not mine[name] then
            problem.raise("forbidden", "A role can have only permissions that its maker has: "
                .. name)
        end
    end
end

-- Nor changes one that may: who has it would lose what its editor cannot give back.
local function check_reach(ctx, row)
    local has = roles.set(jsonio.decode(row.doc).permissions)
    if not roles.includes(roles.everywhere(ctx.subject), has) then
        problem.raise("forbidden", "This role may do more than you may.")
    end
end

local USED = [[select (select count(*) from account_grant where role = $1)
    + (select count(*) from api_token where role = $1) as v]]

local M = resource.define {
    name = "roles", type = "Role", path = "/roles", param = "role", table = "role", from = "role t",
    key = "t.key = ?", levels = { read = "admin", create = "admin", update = "admin",
        delete = "admin" },
    required = { "key", "permissions" },
    fields = {
        { "key", schema = types.KEY, write = "create" },
        { "name", schema = types.NAME, write = "always", default = "''" },
        { "description", schema = types.TEXT, write = "always", default = "''" },
        { "permissions", write = "always", default = "'{}'",
            schema = { type = "array", items = PERMISSION, maxItems = 500, uniqueItems = true } },
        { "created_at", schema = types.TIME },
        { "updated_at", schema = types.TIME },
    },
    sort = "key", sorts = { key = { sql = "t.key", type = "text" } },
    hooks = {
        validate = validate,
        before_update = check_reach,
        before_delete = function(ctx, row)
            check_reach(ctx, row)
            local used = db.value(USED, ctx.params.role)
            if used > 0 then
                problem.raise("in_use", used .. " accounts or tokens have this role.")
            end
        end,
    },
}

M.routes[#M.routes + 1] = {
    method = "GET", path = "/permissions", action = "read", global = true, id = "roles.permissions",
    summary = "All permissions and the built-in roles",
        answers = { [200] = { schema = CATALOGUE } },
    run = function()
        return reply.value { permissions = jsonio.array(roles.permissions()),
            roles = roles.BUILTIN }
    end,
}

return M
