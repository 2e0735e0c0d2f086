-- SPDX-License-Identifier: Apache-2.0
--
-- Devices: below their product, and all of them as one list.
local db = require "thing.db"
local device_delete = require "api.device_delete"
local device_list = require "api.device_list"
local keys = require "api.keys"
local list = require "thing.list"
local problem = require "thing.problem"
local resource = require "thing.resource"
local schema = require "thing.schema"
local types = require "api.types"

local ATTRIBUTES = { type = "object", additionalProperties = true, maxProperties = 256,
    description = "At most 16 KiB." }

local function changed(ctx, key)
    ctx:after(function() thing.device.forget(key) end)
end

-- In product_key mode the devices sign with the product's key: none of their own is made.
local function credentials(ctx, id)
    changed(ctx, ctx.body.key)
    local mode = db.value("select settings ->> 'auth' as v from product where id = $1",
        ctx.product.id)
    local shown = { username = ctx.product.key, client_id = ctx.body.key }
    if mode ~= "product_key" then
        shown.secret = keys.make("device_key", id)
    end
    return { credentials = shown }
end

local function before_delete(ctx, row)
    local kept = ctx.query.history == "keep"
    device_delete.prepare({ row.id }, kept)
    local commands = db.value("select count(*) as v from command where device_id = $1", row.id)
    local key = ctx.device.key
    ctx:after(function() device_delete.tell(key) end)
    return { deleted = key, history = kept and "kept" or "deleted", commands = commands }
end

local function validate(_, whole)
    local key = whole.key
    if key and (key == "rmqtt_things" or key:find("^thingd")) then
        problem.raise("validation_failed", "This key is reserved.",
            { errors = { { path = "/key", message = "is reserved" } } })
    end
end

local M = resource.define {
    name = "devices", type = "Device", path = "/products/{product}/devices", param = "device",
    table = "device", from = device_list.FROM, late = true,
    key = "t.key = ?", scope = "t.product_id",
    within = function(q, ctx) q:where("t.product_id = ?", ctx.product.id) end,
    levels = { read = "viewer", create = "integrator", update = "operator", delete = "integrator" },
    required = { "key" },
    fields = {
        { "key", schema = types.KEY, write = "create" },
        { "product", schema = types.KEY, sql = "p.key" },
        { "name", schema = types.NAME, write = "always", default = "''" },
        { "tags", schema = types.TAGS, write = "always", default = "'{}'" },
        { "attributes", schema = ATTRIBUTES, write = "always", default = "'{}'" },
        { "parameters", schema = ATTRIBUTES, write = "always", default = "'{}'" },
        { "enabled", schema = types.FLAG, write = "always", default = "true" },
        { "source", schema = { type = "string", enum = { "manual", "auto", "import" } } },
        { "online", schema = types.FLAG, sql = "s.online" },
        { "seen_at", schema = types.TIME_OR_NULL, sql = "th_rfc3339(s.seen_at)" },
        { "created_at", schema = types.TIME },
        { "updated_at", schema = types.TIME },
    },
    filters = device_list.WITHIN, sorts = device_list.SORTS, sort = "key",
    once = { credentials = types.CREDENTIALS },
    delete_query = { history = device_delete.QUERY },
    deleted = schema.named("DeviceDeleted", {
        type = "object", required = { "deleted", "history", "commands" },
        properties = {
            deleted = types.KEY, history = { type = "string", enum = { "kept", "deleted" } },
            commands = { type = "integer",
                description = "Commands that had not been carried out." },
        },
    }),
    hooks = {
        validate = validate,
        columns = function(ctx) return { product_id = ctx.product.id } end,
        after_create = credentials,
        after_update = function(ctx, _, whole)
            changed(ctx, ctx.device.key)
            if whole.enabled == false then
                ctx:after(function() thing.device.kick(ctx.device.key) end)
            end
        end,
        before_delete = before_delete,
    },
}

-- The same, over all products.
M.everywhere = setmetatable({ filters = device_list.FILTERS }, { __index = M.spec })

M.routes[#M.routes + 1] = {
    method = "GET", path = "/devices", action = "read", id = "devices.list_all",
    summary = "List the devices of all products",
    query = list.parameters(device_list.FILTERS, device_list.SORTS, "key"),
    answers = { [200] = { list = M.spec.schema } },
    run = function(ctx)
        return list.page(M.everywhere, ctx.query, device_list.visible(ctx), ctx)
    end,
}

return M
